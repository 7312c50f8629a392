// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/time.hpp>

#include "command.hpp"

namespace blongo::app {

/// The options that every command shares, as given or from the environment.
struct Common {
    std::string config; ///< file; empty: found by the rules of config::find_file
    std::string state;  ///< url; empty: the configuration's
    std::string log_file, dump_http;
    std::string since;  ///< as given: see since_of()
    std::string format; ///< "", text, json, csv, html
    std::vector<std::string> connections, skus, orders;
    bool json = false, quiet = false, dry_run = false, exit_code = false, strict = false, no_colour = false, yes = false;
    int verbosity = 0;
    std::int64_t limit = 0; ///< 0: none
    std::optional<Milliseconds> max_duration, lock_wait;
};

/// The declarations, in the order of the help. `common` must outlive them.
[[nodiscard]] std::deque<Option> common_options(Common& common);

} // namespace blongo::app

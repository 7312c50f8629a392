// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/result.hpp>

#include "admin_client.hpp"
#include "settings.hpp"

namespace blongo::sandbox {

/// How the sandbox starts.
struct Options {
    bool help = false;
    std::optional<AdminCall> admin; ///< call a running sandbox instead of being one
    int port = 8470;
    bool demo = false;
    std::int64_t products = 0; ///< synthetic ones
    std::string token = "sandbox-token";
    std::string user = "WSI-SANDBOX";
    std::string password = "sandbox-password";
    std::int64_t goods_owner_id = 1;
    std::vector<std::string> fault_files;
    std::string world_file;
    Settings settings;
};

/// Reads the command line; errors are of kind usage.
[[nodiscard]] Result<Options> parse_options(const std::vector<std::string>& arguments);

/// The text of --help: options, faults, violations, admin interface.
[[nodiscard]] std::string help_text();

} // namespace blongo::sandbox

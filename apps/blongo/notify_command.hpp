// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/config/load.hpp>

namespace blongo::app {

/// Starts a program (no shell), gives it `message` on its standard input, and waits. Of the environment it sees PATH, HOME,
/// LANG and TZ only; what it prints is thrown away. An error (config): it cannot be started, did not end with 0, or not
/// within `time`, when it is killed with everything that it started in its group.
[[nodiscard]] Result<void> give_message(const std::vector<std::string>& argv, const std::string& message, Milliseconds time,
                                        const config::Environment& environment);

} // namespace blongo::app

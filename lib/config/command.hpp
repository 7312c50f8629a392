// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::config {

/// The longest secret, in bytes.
constexpr std::size_t max_secret_bytes = 4096;

/// How long a token_command or password_command may take.
constexpr Milliseconds secret_command_timeout{30'000};

/// Runs a program without a shell, its standard input and error at /dev/null, in a process group of
/// its own, and returns the first line of its output without the line break. Error (config): not
/// found, exit code other than 0, killed, more than 64 KB of output, or not done in `timeout`, in
/// which case the whole group is killed. No error holds any output. It does not see the environment
/// variables of these names: they hold secrets of this program.
[[nodiscard]] Result<std::string> first_line_of_command(const std::vector<std::string>& argv, Milliseconds timeout,
                                                        const std::vector<std::string>& hidden_variables);

} // namespace blongo::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace blongo::app {

inline constexpr const char* summary = "Connects a BaseLinker account to an Ongoing WMS goods owner";

/// Adds every command that exists to the tree.
void add_commands(Command& root);

/// The whole tool: parses, runs the command, answers the exit code.
[[nodiscard]] int run(const Process& process);

} // namespace blongo::app

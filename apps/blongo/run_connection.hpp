// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "run_flow.hpp"

namespace blongo::app {

/// How one flow of `blongo run` ended.
struct FlowResult {
    std::string flow; ///< empty: the connection as a whole
    int exit_code = 0;
    std::string finding; ///< what was wrong, in one sentence; empty when nothing was
};

/// All enabled flows of one connection, in their order; `only`: those of them, empty: all. What one of them meets does not
/// stop the next, unless it would meet the same: refused credentials, a blocked token, an unreachable side.
[[nodiscard]] std::vector<FlowResult> run_connection(Context& context, const config::Connection& connection,
                                                     const std::set<std::string>& only);

/// Until --max-duration ends, below 0 when it has; nullopt without it.
[[nodiscard]] std::optional<Milliseconds> time_left(Context& context);

/// The strongest of their exit codes.
[[nodiscard]] int strongest(const std::vector<FlowResult>& results);

// Between the process of one connection and that which runs them all: one JSON object a line.
[[nodiscard]] std::string to_lines(const std::vector<FlowResult>& results);
[[nodiscard]] std::vector<FlowResult> from_lines(const std::string& lines);

} // namespace blongo::app

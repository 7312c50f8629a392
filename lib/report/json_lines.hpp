// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// The version of the JSON Lines: members are added, never renamed.
inline constexpr int json_schema = 1;

// One line of `--json` output each, without the newline. Members stand in the order of the contract,
// additions behind them and only where they say something.
[[nodiscard]] std::string action_json(const Action& action, bool personal);
[[nodiscard]] std::string error_json(const std::string& connection, const Error& error);
/// warning, info, exchange.
[[nodiscard]] std::string message_json(const std::string& message_type, const std::string& connection, const std::string& text,
                                       const std::string& bodies = {});
[[nodiscard]] std::string row_json(const std::string& message_type, const std::vector<Reporter::Cell>& cells);

} // namespace blongo::report

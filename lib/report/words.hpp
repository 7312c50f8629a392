// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// Something new that a person should know of: newly parked, rejected, or of unknown outcome.
[[nodiscard]] bool is_new_problem(const Action& action) noexcept;

/// Whether text or JSON Lines show this action at all; see Reporter.
enum class Shown : std::uint8_t { nowhere, on_stdout, on_stderr };
[[nodiscard]] Shown where_shown(const Action& action, const OutputOptions& options) noexcept;

/// An action for people: "+ TSHIRT-M  T-shirt, red", and below it, indented, who acts and how
/// (problems), what changes ("weight: 0.5 -> 0.6"), and notes. Ends with a newline.
[[nodiscard]] std::string action_lines(const Action& action, const OutputOptions& options, bool colour);

/// "acme articles: 12 created, 240 same, 1 parked (2 wait) - 14 BaseLinker and 13 Ongoing calls, 0.8 s".
/// Without a newline.
[[nodiscard]] std::string summary_line(const Summary& summary);

/// "error: acme: where: message", the remedy indented below it. Ends with a newline.
[[nodiscard]] std::string problem_lines(const std::string& connection, const Error& error, bool colour);

/// "0.8 s", "45 s", "12 min 5 s", "3 h 20 min".
[[nodiscard]] std::string duration_text(std::int64_t milliseconds);

} // namespace blongo::report

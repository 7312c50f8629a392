// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace blongo::report {

// The exit codes that users script against.
inline constexpr int done = 0;         ///< also "nothing to do"
inline constexpr int failed = 1;       ///< for a cause not listed here
inline constexpr int misused = 2;      ///< usage or configuration error; nothing was written
inline constexpr int has_problems = 3; ///< finished; something new was rejected or parked
inline constexpr int refused = 4;      ///< a side refused the credentials
inline constexpr int unreachable = 5;  ///< unreachable, throttled, or time ran out with work left
inline constexpr int no_such_object = 6;
inline constexpr int guarded = 7;         ///< a guard stopped the run before the first destructive write
inline constexpr int unknown_outcome = 8; ///< a write whose outcome is unknown is waiting
inline constexpr int has_differences = 9; ///< only with --exit-code
inline constexpr int locked_out = 11;     ///< another run holds the lock
inline constexpr int stopped_by_sigint = 130;
inline constexpr int stopped_by_sigterm = 143;

/// An exit code in two or three words for tables: "ok", "not finished", ...
[[nodiscard]] std::string_view exit_code_words(int code) noexcept;
/// Whether a run that ended with this code did its work: problems of single objects, and differences, are no failure of it.
[[nodiscard]] bool is_good_end(int code) noexcept;

} // namespace blongo::report

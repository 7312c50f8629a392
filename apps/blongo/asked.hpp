// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// Where a duration such as "2h" points from now.
enum class Direction { past, future };

/// The time that an option's text names: a duration ("2h", "3d") from now, or a date or time (RFC 3339); none: no text.
/// Else ErrorKind::usage, which names the option.
[[nodiscard]] Result<std::optional<Timestamp>> read_time(const std::string& text, const char* option, Timestamp now,
                                                         Direction direction = Direction::past);

/// Whether somebody agrees to what cannot be undone: --yes, or on a terminal the answer "yes" after `what`.
[[nodiscard]] bool is_agreed(Context& context, const std::string& connection, const std::string& what);

} // namespace blongo::app

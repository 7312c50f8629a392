// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// "2h", "3d": that long ago; or a date or time; none where the text is empty.
[[nodiscard]] Result<std::optional<Timestamp>> read_since(const std::string& text, Timestamp now);

/// Compares both sides of the selected connections and prints differences and totals, as `check` does. `parts`: only these
/// of sync::check_parts(); empty: those of enabled flows. Answers the exit code.
int compare_sides(Context& context, const std::set<std::string>& parts, std::optional<Timestamp> since);

} // namespace blongo::app

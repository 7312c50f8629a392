// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// Compares both sides of the selected connections and prints differences and totals, as `check` does. `named`: only these
/// of sync::check_parts(); empty: those of enabled flows. Answers the exit code.
int compare_sides(Context& context, const std::set<std::string>& named, std::optional<Timestamp> since);

} // namespace blongo::app

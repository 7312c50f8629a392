// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/map/stock.hpp>
#include <blongo/state/stock.hpp>

namespace blongo::sync {

/// A demand as state::DemandRow keeps it: JSON, pieces by warehouse by article.
[[nodiscard]] std::string demand_text(const map::Demand& demand);
/// The same read back; of a text that is none: nothing.
[[nodiscard]] map::Demand demand_in(const std::string& text);
/// What Ongoing had been told when the row was written; of no warehouse in particular.
[[nodiscard]] map::Demand told_before(const state::DemandRow& row);
/// What is asked for beyond what Ongoing was told: BaseLinker has taken it already.
[[nodiscard]] map::Demand not_held(const map::Demand& asked, const map::Demand& told);

} // namespace blongo::sync

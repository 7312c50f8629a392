// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace blongo::state {

/// Every flow by the name under which the state keeps its runs, locks and parked objects, in the order in which a run
/// works them (cli.md: blongo run).
inline constexpr std::array<const char*, 5> all_flows = {"shipments", "orders", "articles", "stock", "returns"};

} // namespace blongo::state

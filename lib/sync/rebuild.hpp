// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Refuses (guard) when one of these connections has something to remember already: rebuild is for a state that was lost. A
/// rebuild that did not end goes on.
[[nodiscard]] Result<void> may_rebuild(const std::vector<const config::Connection*>& connections, const Runtime& runtime);

/// state rebuild of one connection, whose state was lost: reads both sides and remembers what blongo would know. Articles that
/// are alike, orders of BaseLinker that stand in Ongoing under their number with their lines, and the packages of those that
/// were sent, with their labels. Nothing leaves for either side but reads. What does not fit is parked, or left to the next
/// run, which adopts, updates or creates as always. What only people said (holds, pauses) is lost. `told` gets one summary
/// for articles, orders and shipments each. `since`: orders confirmed, or made in Ongoing, at or after, and all that wait
/// to be sent; none: start_from, at most 90 days back.
void rebuild(const config::Config& config, const config::Connection& connection, std::optional<Timestamp> since,
             const Runtime& runtime, const std::function<void(const report::Summary&)>& told);

} // namespace blongo::sync

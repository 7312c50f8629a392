// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/map/document.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// "on hold since 2026-11-24 10:42 CET, by anna@office: unpaid".
[[nodiscard]] std::string hold_words(const state::HoldRow& hold, const std::string& zone);

/// Why an order that is on hold goes no further (cause on_hold); nullopt: it is not on hold.
[[nodiscard]] Result<std::optional<map::Rejection>> held(Session& session, BaseOrderId order);
/// The same for many, by order, with one query.
[[nodiscard]] Result<std::map<BaseOrderId, map::Rejection>> held_of(Session& session, std::span<const BaseOrderId> orders);

/// orders hold: from now on these orders are neither sent to Ongoing, nor changed there, nor booked; cancellations still
/// go. What it cannot stop is said: the warehouse can pick an order that it has. Refused (3) for orders that are sent,
/// finished or cancelled. An order that is on hold already stays so, with a new reason if one is given.
[[nodiscard]] report::Summary hold_orders(const config::Config& config, const config::Connection& connection,
                                          const std::vector<BaseOrderId>& ids, const std::string& reason,
                                          const FlowOptions& options, const Runtime& runtime);
/// orders unhold: what the hold has kept is judged again by the next run.
[[nodiscard]] report::Summary unhold_orders(const config::Config& config, const config::Connection& connection,
                                            const std::vector<BaseOrderId>& ids, const FlowOptions& options,
                                            const Runtime& runtime);

} // namespace blongo::sync

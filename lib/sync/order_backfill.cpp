// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_backfill.hpp>

#include <fmt/format.h>

#include <blongo/state/intents.hpp>

namespace blongo::sync {

namespace {

const std::string due_kind = "backfill";

} // namespace

Result<void> BackfilledOrders::load() {
    BLONGO_TRY(const auto rows, state::Due(flow_.session().store(), flow_.session().key()).of_kind(due_kind));
    for (const auto& row : rows)
        if (const auto id = parse_id(row.key)) waiting_.insert(BaseOrderId{*id});
    return {};
}

Result<void> BackfilledOrders::remember(BaseOrderId order) {
    if (flow_.dry_run() || !taken_.contains(order) || !waiting_.insert(order).second) return {};
    return state::Due(flow_.session().store(), flow_.session().key())
        .put({0, due_kind, fmt::to_string(order), flow_.session().runtime().clock.now(), "{}", 0});
}

Result<void> BackfilledOrders::done(BaseOrderId order) {
    if (waiting_.erase(order) == 0 || flow_.dry_run()) return {};
    return state::Due(flow_.session().store(), flow_.session().key()).erase(due_kind, fmt::to_string(order));
}

} // namespace blongo::sync

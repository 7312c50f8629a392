// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_backfill.hpp>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/state/intents.hpp>

namespace blongo::sync {

namespace {

const std::string due_kind = "backfill", anew_kind = "reimport";

} // namespace

Result<void> BackfilledOrders::load() {
    BLONGO_TRY(const auto rows, state::Due(flow_.session().store(), flow_.session().key()).of_kind(due_kind));
    for (const auto& row : rows)
        if (const auto id = parse_id(row.key)) waiting_.insert(BaseOrderId{*id});
    BLONGO_TRY(const auto anew, state::Due(flow_.session().store(), flow_.session().key()).of_kind(anew_kind));
    for (const auto& row : anew) {
        const auto id = parse_id(row.key);
        if (!id) continue;
        BLONGO_TRY(const auto what, json::Value::parse(row.payload));
        waiting_.insert(BaseOrderId{*id});
        anew_[BaseOrderId{*id}] = {what["accept_identity"].is_true(), what["accept_copy"].is_true()};
    }
    return {};
}

Result<void> BackfilledOrders::ask_anew(BaseOrderId order, const SentAnew& what) {
    anew_[order] = what;
    waiting_.insert(order);
    if (flow_.dry_run()) return {};
    return state::Due(flow_.session().store(), flow_.session().key())
        .put({0, anew_kind, fmt::to_string(order), flow_.session().runtime().clock.now(),
              json::Value::object().set("accept_identity", what.accept_identity).set("accept_copy", what.accept_copy).dump(), 0});
}

const SentAnew* BackfilledOrders::anew(BaseOrderId order) const {
    const auto found = anew_.find(order);
    return found == anew_.end() ? nullptr : &found->second;
}

Result<void> BackfilledOrders::remember(BaseOrderId order) {
    if (flow_.dry_run() || !taken_.contains(order) || !waiting_.insert(order).second) return {};
    return state::Due(flow_.session().store(), flow_.session().key())
        .put({0, due_kind, fmt::to_string(order), flow_.session().runtime().clock.now(), "{}", 0});
}

Result<void> BackfilledOrders::done(BaseOrderId order) {
    if (waiting_.erase(order) == 0 || flow_.dry_run()) return {};
    state::Due due(flow_.session().store(), flow_.session().key());
    if (anew_.erase(order) > 0) BLONGO_CHECK(due.erase(anew_kind, fmt::to_string(order)));
    return due.erase(due_kind, fmt::to_string(order));
}

} // namespace blongo::sync

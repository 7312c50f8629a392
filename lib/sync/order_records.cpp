// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_records.hpp>

#include <fmt/format.h>

#include <blongo/sync/order_holds.hpp>

namespace blongo::sync {

Result<void> OrderRecords::keep(const LedgerOrder& order) {
    BLONGO_CHECK(backfilled_.done(order.row.order_id));
    return ledger_.put(order.row, order.lines);
}

Result<void> OrderRecords::want_after_import(BaseOrderId order, OrderStatusId status, bool is_seen) {
    // Elsewhere somebody else has moved it: theirs stays.
    if (!statuses_.is_ours(status)) return {};
    OrderStatusId target = statuses_.after_import;
    if (target.value() == 0 && statuses_.is_error_status(status)) {
        BLONGO_TRY(target, write_back_.status_before_error(order));
    }
    const std::string step = "status_after_import";
    return is_seen ? write_back_.want(order, status, target, step) : write_back_.want_once_seen(order, status, target, step);
}

Result<void> OrderRecords::together(const std::function<Result<void>()>& steps) {
    return flow_.dry_run() ? steps() : flow_.session().store().in_transaction(steps);
}

/// Once for each cause, and never where the order stands in a status of somebody else's.
Result<void> OrderRecords::want_on_error(const baselinker::Order& order, const std::string& cause_before) {
    const std::string cause = flow_.cause_of(fmt::to_string(order.order_id));
    const OrderStatusId status = order.order_status_id;
    if (cause == cause_before || !statuses_.is_ours(status)) return {};
    const OrderStatusId target = statuses_.error_status(cause);
    if (target.value() == 0) { // nothing to set: what the warehouse's status asks for stays wanted
        BLONGO_TRY(const bool of_warehouse, write_back_.is_wanted(order.order_id, "status_by_warehouse"));
        if (of_warehouse) return {};
    }
    return write_back_.want(order.order_id, status, target, "status_on_error");
}

Result<void> OrderRecords::park(const baselinker::Order& order, map::Rejection rejection, const std::string& input) {
    const std::string before = flow_.cause_of(rejection.key);
    if (rejection.label.empty()) rejection.label = rejection.key;
    return together([&]() -> Result<void> {
        BLONGO_CHECK(flow_.park(rejection, input));
        BLONGO_CHECK(backfilled_.remember(order.order_id));
        return want_on_error(order, before);
    });
}

Result<void> OrderRecords::failed(const baselinker::Order& order, const report::Action& attempted, const Error& error,
                                  const std::string& input) {
    const std::string before = flow_.cause_of(attempted.key);
    return together([&]() -> Result<void> {
        BLONGO_CHECK(flow_.item_failed(attempted, error, input));
        BLONGO_CHECK(backfilled_.remember(order.order_id));
        return want_on_error(order, before);
    });
}

Result<void> OrderRecords::keep_held(std::vector<baselinker::Order>& orders) {
    std::vector<BaseOrderId> ids;
    for (const auto& order : orders) ids.push_back(order.order_id);
    BLONGO_TRY(const auto holds, held_of(flow_.session(), ids));
    if (holds.empty()) return {};
    std::vector<baselinker::Order> free;
    for (auto& order : orders) {
        const auto hold = holds.find(order.order_id);
        if (hold == holds.end())
            free.push_back(std::move(order));
        else
            BLONGO_CHECK(park(order, hold->second, {}));
    }
    orders = std::move(free);
    return {};
}

Result<void> OrderRecords::no_longer_waits(BaseOrderId order) {
    const std::string key = fmt::to_string(order);
    if (flow_.cause_of(key).empty() && !backfilled_.waiting().contains(order)) return {};
    return together([&]() -> Result<void> {
        BLONGO_CHECK(backfilled_.done(order));
        BLONGO_CHECK(write_back_.forget(order));
        return flow_.release(key);
    });
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

/// What becomes of an order, with the status that follows from it in BaseLinker (flows.md Orders 12).
class OrderRecords {
public:
    OrderRecords(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back, BackfilledOrders& backfilled)
        : flow_(flow), statuses_(statuses), write_back_(write_back), backfilled_(backfilled),
          ledger_(flow.session().store(), flow.session().key()) {}

    /// The order is in Ongoing: its row of the ledger. Takes part in an open transaction.
    [[nodiscard]] Result<void> keep(const LedgerOrder& order);

    /// Parks an order; with a new cause status_on_error is wanted, if the order stands where it is ours to move.
    [[nodiscard]] Result<void> park(const baselinker::Order& order, map::Rejection rejection, const std::string& input);
    /// Judges the failure of an order's call (Flow::item_failed). What this parks is moved as park() moves it.
    [[nodiscard]] Result<void> failed(const baselinker::Order& order, const report::Action& attempted, const Error& error,
                                      const std::string& input);
    /// Orders that a person put on hold go no further: they are parked, and leave `orders`.
    [[nodiscard]] Result<void> keep_held(std::vector<baselinker::Order>& orders);
    /// The order is not to be sent any more: neither parked, nor to be moved.
    [[nodiscard]] Result<void> no_longer_waits(BaseOrderId order);
    /// status_after_import; without one, an order that our own status_on_error moved gets back what it had.
    /// Takes part in an open transaction. `is_seen`: it was just read; else the status is from before, and set once seen again.
    [[nodiscard]] Result<void> want_after_import(BaseOrderId order, OrderStatusId status, bool is_seen = true);

    /// The order is nobody's to move any more: nothing that was wanted of its status is set. Takes part in an open
    /// transaction.
    [[nodiscard]] Result<void> leave_status(BaseOrderId order) { return write_back_.forget(order); }

private:
    [[nodiscard]] Result<void> want_on_error(const baselinker::Order& order, const std::string& cause_before);
    [[nodiscard]] Result<void> together(const std::function<Result<void>()>& steps);
    Flow& flow_;
    const OrderStatuses& statuses_;
    StatusWriteBack& write_back_;
    BackfilledOrders& backfilled_;
    state::Orders ledger_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

/// What becomes of an order, with the status that follows from it in BaseLinker (flows.md Orders 12).
class OrderRecords {
public:
    OrderRecords(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back)
        : flow_(flow), statuses_(statuses), write_back_(write_back) {}

    /// Parks an order; with a new cause status_on_error is wanted, if the order stands where it is ours to move.
    [[nodiscard]] Result<void> park(const baselinker::Order& order, map::Rejection rejection,
                                    const std::string& input);
    /// status_after_import; without one, an order that our own status_on_error moved gets back what it had.
    /// Takes part in an open transaction.
    [[nodiscard]] Result<void> want_after_import(BaseOrderId order, OrderStatusId status);

private:
    Flow& flow_;
    const OrderStatuses& statuses_;
    StatusWriteBack& write_back_;
};

} // namespace blongo::sync

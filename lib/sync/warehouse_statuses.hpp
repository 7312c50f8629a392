// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

/// What the warehouse does with the ledger's orders: their status in Ongoing is kept in the ledger, and passed on to
/// BaseLinker as status_by_warehouse says (flows.md Orders 12): once for each change, never against a person.
class WarehouseStatuses {
public:
    WarehouseStatuses(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back);

    /// Orders whose status changed since the last poll (GET /orders, orderStatusChangedTimeFrom).
    [[nodiscard]] Result<void> poll();
    /// An order of the ledger was read in BaseLinker: its status there can be judged. True: another one is set now.
    Result<bool> tell(const baselinker::Order& order, const state::OrderRow& row);
    /// Those of the polled orders that no source brought are read by their id.
    [[nodiscard]] Result<void> finish();
    /// Moves the cursor: called when the run is complete. An order that BaseLinker did not show is polled once more.
    [[nodiscard]] Result<void> commit();

private:
    [[nodiscard]] Result<void> take(const state::OrderRow& known, std::int64_t status);
    [[nodiscard]] bool may_move(const state::OrderRow& row, OrderStatusId status) const;

    Flow& flow_;
    const OrderStatuses& statuses_;
    StatusWriteBack& write_back_;
    state::Orders ledger_;
    Timestamp polled_at_;
    std::set<BaseOrderId> pending_; ///< to be told
    bool looks_again_ = false;      ///< BaseLinker did not show one of them, and perhaps has it
};

} // namespace blongo::sync

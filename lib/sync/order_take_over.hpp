// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <blongo/ongoing/order_wire.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_records.hpp>
#include <blongo/sync/order_sources.hpp>

namespace blongo::sync {

/// Take-over (flows.md Orders 3). Orders that the ledger does not know may be in Ongoing: from another
/// connector, or from a ledger that was lost.
class OrderTakeOver {
public:
    OrderTakeOver(Flow& flow, OrderRecords& records, const OrderSources& sources)
        : flow_(flow), records_(records), sources_(sources) {}

    /// One look-up for the whole batch, before the first PUT. What is there leaves `items`: adopted without a
    /// write when goodsOwnerOrderId and lines agree, else parked exists_in_warehouse. What we wrote ourselves and the
    /// warehouse took without all of its lines stays, to be written again.
    [[nodiscard]] Result<void> look(std::vector<OrderItem>& items);

private:
    /// The last write of the order; nullopt: it was never sent.
    [[nodiscard]] Result<std::optional<state::IntentRow>> last_write(BaseOrderId order);
    [[nodiscard]] Result<void> adopt(const OrderItem& item, const ongoing::Order& there);

    Flow& flow_;
    OrderRecords& records_;
    const OrderSources& sources_;
};

} // namespace blongo::sync

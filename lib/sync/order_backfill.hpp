// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// Orders that a person took by `orders backfill` although start_from or import_delay leaves them out
/// (flows.md Orders 2). One that could not be sent is remembered until it is in Ongoing, so that it goes by itself
/// when what keeps it is gone, as every other order does.
class BackfilledOrders {
public:
    explicit BackfilledOrders(Flow& flow) : flow_(flow) {}

    [[nodiscard]] Result<void> load();
    /// Taken by an earlier backfill and not in Ongoing yet.
    [[nodiscard]] const std::set<BaseOrderId>& waiting() const noexcept { return waiting_; }
    /// This run takes the order only because it was asked to.
    void taken(BaseOrderId order) { taken_.insert(order); }
    /// The order could not be sent: remembers it if this run took it. Takes part in an open transaction.
    [[nodiscard]] Result<void> remember(BaseOrderId order);
    /// The order is in Ongoing, or no longer to be sent. Takes part in an open transaction.
    [[nodiscard]] Result<void> done(BaseOrderId order);

private:
    Flow& flow_;
    std::set<BaseOrderId> waiting_, taken_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// What a person lifts who asks for an order to be sent anew (`orders reimport`).
struct SentAnew {
    bool accept_identity = false; ///< the id is another order's now
    bool accept_copy = false;     ///< its lines may be in the warehouse twice
};

/// Orders that a person took by `orders backfill` although start_from or import_delay leaves them out
/// (flows.md Orders 2). One that could not be sent is remembered until it is in Ongoing, so that it goes by itself
/// when what keeps it is gone, as every other order does. So is one that is to be sent anew.
class BackfilledOrders {
public:
    explicit BackfilledOrders(Flow& flow) : flow_(flow) {}

    [[nodiscard]] Result<void> load();
    /// Taken by an earlier backfill, or to be sent anew, and not in Ongoing yet.
    [[nodiscard]] const std::set<BaseOrderId>& waiting() const noexcept { return waiting_; }
    /// This run takes the order only because it was asked to.
    void taken(BaseOrderId order) { taken_.insert(order); }
    /// A person asks for the order to be sent anew: remembered (not in a dry run) until done().
    [[nodiscard]] Result<void> ask_anew(BaseOrderId order, const SentAnew& what);
    /// Whether this run was started for nothing else than to send orders anew.
    [[nodiscard]] bool only_anew() const noexcept { return only_anew_; }
    void do_only_anew() noexcept { only_anew_ = true; }
    /// What was asked of an order that is to be sent anew; nullptr: it is not.
    [[nodiscard]] const SentAnew* anew(BaseOrderId order) const;
    /// The order could not be sent: remembers it if this run took it. Takes part in an open transaction.
    [[nodiscard]] Result<void> remember(BaseOrderId order);
    /// The order is in Ongoing, or no longer to be sent. Takes part in an open transaction.
    [[nodiscard]] Result<void> done(BaseOrderId order);

private:
    Flow& flow_;
    std::set<BaseOrderId> waiting_, taken_;
    std::map<BaseOrderId, SentAnew> anew_;
    bool only_anew_ = false;
};

} // namespace blongo::sync

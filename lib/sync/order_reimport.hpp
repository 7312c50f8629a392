// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include <blongo/ongoing/order_wire.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_settings.hpp>

namespace blongo::sync {

/// Judges orders that a person asked to send anew (`orders reimport`, flows.md Orders 4 and 11), by what both sides hold
/// now: cancelled in Ongoing and alive in BaseLinker, an id that is another order's now, a copy that waits, or gone from
/// Ongoing. Everything else is refused with its reason and the command that helps.
class OrderReimport {
public:
    OrderReimport(Flow& flow, const OrderStatuses& statuses, BackfilledOrders& asked)
        : flow_(flow), statuses_(statuses), asked_(asked) {}

    /// The attempt under which the order is to be sent; nullopt: it is refused, and what was asked is forgotten. By the
    /// command that asked for it a refusal is reported as rejected.
    [[nodiscard]] Result<std::optional<int>> judge(const baselinker::Order& order, const state::OrderRow* known);
    /// Behind the claim: whether the ledger still says what the order was judged by.
    [[nodiscard]] Result<bool> still_stands(BaseOrderId order);

private:
    /// Why an order is not sent anew, and what helps instead; or the attempt under which it is.
    struct Verdict {
        int attempt = 0; ///< 0: refused
        std::string reason{}, command{};
        std::string warning{}; ///< what a person who asked for this should know
    };
    [[nodiscard]] Result<Verdict> look(const baselinker::Order& order, const state::OrderRow* known, const SentAnew& asked);
    [[nodiscard]] Result<std::optional<Verdict>> not_now(const baselinker::Order& order);
    [[nodiscard]] Verdict never_sent(const baselinker::Order& order, const SentAnew& asked) const;
    [[nodiscard]] Result<Verdict> came_back(const state::OrderRow& known, const SentAnew& asked);
    [[nodiscard]] Result<Verdict> gone(const state::OrderRow& known, const SentAnew& asked);
    [[nodiscard]] Result<Verdict> again(const state::OrderRow& known, const SentAnew& asked);
    [[nodiscard]] Result<Verdict> alive(const state::OrderRow& known, const ongoing::Order& there);
    [[nodiscard]] Result<Verdict> another_order(const state::OrderRow& known, const SentAnew& asked);
    /// The order in Ongoing as it is now, by its id, else by its number.
    [[nodiscard]] Result<std::optional<ongoing::Order>> there(const state::OrderRow& known);
    /// The next attempt whose number Ongoing has not, or has cancelled; refused while an earlier attempt is alive there.
    [[nodiscard]] Result<Verdict> next_attempt(const state::OrderRow& known, bool earlier_are_ours);
    /// Words about a shipment of the order that stands; empty: there is none.
    [[nodiscard]] Result<std::string> booked(BaseOrderId order);

    Flow& flow_;
    const OrderStatuses& statuses_;
    BackfilledOrders& asked_;
    std::map<BaseOrderId, std::pair<int, OngoingOrderId>> judged_by_; ///< the ledger's attempt and id in Ongoing
};

/// Whether the warehouse ever showed the order as sent, or anything was booked for it.
[[nodiscard]] Result<bool> was_ever_sent(Session& session, const state::OrderRow& known);

} // namespace blongo::sync

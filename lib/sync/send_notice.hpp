// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <blongo/ongoing/order_wire.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// One Send that has to be judged: the order as Ongoing holds it now, and what was asked for it.
struct DueSend {
    state::OrderRow ledger;
    ongoing::Order there; ///< the order, or its back order
    SendWishes wishes;
    plan::SendMeaning meaning = plan::SendMeaning::not_sent;
    Timestamp sent_at;        ///< when Send was pressed
    bool fresh_event = false; ///< a Send event that no run has judged yet
    std::string due_key;      ///< of its row in state::Due
    std::string payload;      ///< of that row: another one means that something new was asked meanwhile
};

/// Notices what was sent (flows.md Shipments 1 and 2): tells Send events from the same ones seen again, and makes them
/// durable as due rows before the cursor moves.
class SendNotice {
public:
    explicit SendNotice(SendContext& context) : context_(context) {}

    /// Polls Ongoing from the cursor on. Holds the flow lock for the listing and the cursor only.
    [[nodiscard]] Result<void> poll();
    /// The next poll also looks at what was sent since then: the order turned out to be ours after a poll may have passed over
    /// it. Takes part in an open transaction.
    [[nodiscard]] static Result<void> look_back(state::Store& store, state::ConnectionKey key, BaseOrderId order,
                                                Timestamp since);
    /// A person has to say whether this order, which was sent, is to be booked: nothing shows whose it is. `written`: when
    /// blongo last tried to write it. Takes part in an open transaction.
    [[nodiscard]] static Result<void> ask_a_person(state::Store& store, state::ConnectionKey key, BaseOrderId order,
                                                   const ongoing::Order& there, Timestamp written);
    /// Looks at named orders at once, by BaseLinker's id or by Ongoing's. not_found when Ongoing has no such order, or blongo
    /// did not send it there.
    [[nodiscard]] Result<void> look(const std::vector<BaseOrderId>& orders, std::span<const OngoingOrderId> ongoing_orders);
    /// Those of the named orders that are ours; empty when none were named.
    [[nodiscard]] const std::set<BaseOrderId>& named_orders() const noexcept { return named_orders_; }

    /// Everything that waits to be judged, oldest Send first; named orders only, if orders were named. Without the orders
    /// themselves: see load().
    [[nodiscard]] Result<std::vector<DueSend>> due();
    /// How many Sends of the connection no run has judged yet, named or not: what the brake looks at.
    [[nodiscard]] Result<std::int64_t> unjudged();
    /// Takes what is asked for now. False: another process dealt with it meanwhile.
    [[nodiscard]] Result<bool> is_current(DueSend& send);
    /// Fills in the order as Ongoing holds it now, read again unless this run saw it. False: it is no longer Sent (people
    /// took it back, or it was cancelled): what was asked for is withdrawn.
    [[nodiscard]] Result<bool> load(DueSend& send);

    [[nodiscard]] std::int64_t not_ours() const noexcept { return not_ours_; }
    [[nodiscard]] std::int64_t before_start() const noexcept { return before_start_; }

    /// Orders of these numbers as Ongoing has them now, as many as there are.
    [[nodiscard]] Result<std::vector<ongoing::Order>> find_all(std::span<const OrderNumber> numbers);
    /// The order was read by itself and is not in a send status (any more): its next Send is an event.
    [[nodiscard]] Result<void> saw_outside(OngoingOrderId id, std::int64_t status);

private:
    struct Ours {
        state::OrderRow ledger;
        std::optional<plan::Sighting> before;
    };
    [[nodiscard]] Result<void> take(std::vector<ongoing::Order> orders, bool by_name);
    [[nodiscard]] Result<std::map<OngoingOrderId, Ours>> ours_of(const std::vector<ongoing::Order>& orders);
    [[nodiscard]] Result<void> record(ongoing::Order order, const Ours& ours, bool by_name);
    [[nodiscard]] Result<void> ask(const ongoing::Order& order, const Ours& ours, SendWishes wishes, bool fresh);
    [[nodiscard]] Result<std::optional<DueSend>> send_of(const state::DueRow& row);
    SendContext& context_;
    bool named_ = false;
    std::set<BaseOrderId> named_orders_;
    std::map<OngoingOrderId, ongoing::Order> seen_; ///< of this run
    std::map<std::string, state::DueRow> planned_;  ///< of a dry run: what would be recorded
    std::int64_t not_ours_ = 0, before_start_ = 0;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/state/intents.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// Sets statuses in BaseLinker: each one once, only where it differs, never against a person who moved
/// the order on. A status change may fire the seller's mails and shipments, so each is an intent of its
/// own, committed before the call; orders that go to the same status share one call. What is wanted is
/// recorded at once, so that a run that ends in between leaves it to the next one.
class StatusWriteBack {
public:
    explicit StatusWriteBack(Flow& flow);

    /// `step`: "status_after_import", "status_on_error". `from`: the status in which the order was read. What was
    /// wanted of the order before is wanted no longer, also when `to` is 0 or where the order is already.
    /// Takes part in an open transaction.
    [[nodiscard]] Result<void> want(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step);
    /// The same of an order that BaseLinker has just not shown: set once it is seen in `from`.
    [[nodiscard]] Result<void> want_once_seen(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step);
    /// What was wanted of the order is wanted no longer. Takes part in an open transaction.
    [[nodiscard]] Result<void> forget(BaseOrderId order);
    /// Whether a status is wanted of the order for this step, and not set yet.
    [[nodiscard]] Result<bool> is_wanted(BaseOrderId order, const std::string& step);
    /// Sends what is wanted.
    [[nodiscard]] Result<void> flush();
    /// Settles what an earlier run left open by looking: the target: done; the old status, late enough: one
    /// repeat, unless something else, or nothing, is wanted of the order meanwhile; anything else: a person moved
    /// it; no order: nothing yet (second_look.hpp). Then remembers what an earlier run wanted and did not send.
    [[nodiscard]] Result<void> recover();
    /// An order was read: what an earlier run wanted of it is wanted again if its status is still the same.
    [[nodiscard]] Result<void> seen(BaseOrderId order, OrderStatusId status);
    /// Reads those of an earlier run's orders that no source brought, and flushes.
    [[nodiscard]] Result<void> finish();
    /// The status that we set last, if that was after `since`: what was read before then is out of date.
    [[nodiscard]] Result<std::optional<OrderStatusId>> set_since(BaseOrderId order, Timestamp since);
    /// The status that an order had before status_on_error moved it; 0 if it was not moved.
    [[nodiscard]] Result<OrderStatusId> status_before_error(BaseOrderId order);

    /// What a person says of a status that was given up: it stays as it is. False: none of that order was.
    [[nodiscard]] Result<bool> leave(BaseOrderId order);

private:
    struct Wish {
        BaseOrderId order;
        OrderStatusId from, to;
        std::string step;
        int attempt = 1;
        std::int64_t intent = 0;
        std::string host = {}; ///< who wants it
        std::int64_t pid = 0;
        /// When it was last looked at, in seconds, once it is given up: sent twice, and BaseLinker shows the old status. 0: not.
        std::int64_t given_up = 0;
        [[nodiscard]] std::string payload() const;
        [[nodiscard]] static Result<Wish> parse(const std::string& payload);
    };
    static constexpr std::string_view action_name = "set_status"; ///< state::IntentRow::action
    /// The key under which the status of an order is claimed (state::IntentRow).
    [[nodiscard]] static std::string key_of(BaseOrderId order);
    [[nodiscard]] Result<void> send(std::vector<Wish> wishes);
    [[nodiscard]] Result<bool> claim(Wish& wish);
    [[nodiscard]] Result<void> settle(const Wish& wish, state::IntentState state, const std::string& result);
    /// The same inside an open transaction.
    [[nodiscard]] Result<void> settle_here(const Wish& wish, state::IntentState state, const std::string& result);
    /// What is recorded as wanted, by order.
    [[nodiscard]] Result<std::map<BaseOrderId, Wish>> recorded();
    /// `newer`: what is wanted of the order meanwhile, or null.
    [[nodiscard]] Result<void> recover_one(const state::IntentRow& intent, const Wish* newer);
    [[nodiscard]] Result<void> give_up(Wish wish);
    [[nodiscard]] Result<void> came_through(const Wish& wish, const Wish* newer);
    [[nodiscard]] Result<bool> still_wanted(const Wish& wish, const Wish* newer);
    [[nodiscard]] Result<void> remember(const Wish& wish);
    void report(const Wish& wish, plan::Outcome outcome, const std::string& detail);

    Flow& flow_;
    std::vector<Wish> wishes_;
    std::map<BaseOrderId, Wish> left_over_; ///< of an earlier run, not sent
    std::map<BaseOrderId, Wish> resting_;   ///< given up, and not looked at in this run
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include <blongo/state/intents.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// Sets statuses in BaseLinker: each one once, only where it differs, never against a person who moved
/// the order on. A status change may fire the seller's mails and shipments, so each is an intent of its
/// own, committed before the call; orders that go to the same status share one call.
class StatusWriteBack {
public:
    explicit StatusWriteBack(Flow& flow);

    /// `step`: "status_after_import", "status_on_error". `from`: the status in which the order was read.
    void want(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step);
    /// Sends what is wanted.
    [[nodiscard]] Result<void> flush();
    /// Settles what an earlier run left open by looking: the target: done; the old status, late enough: one
    /// repeat; anything else: a person moved it.
    [[nodiscard]] Result<void> recover();

private:
    struct Wish {
        BaseOrderId order;
        OrderStatusId from, to;
        std::string step;
        int attempt = 1;
        std::int64_t intent = 0;
    };
    [[nodiscard]] Result<void> send(std::vector<Wish> wishes);
    [[nodiscard]] Result<void> settle(const Wish& wish, state::IntentState state, const std::string& result);
    [[nodiscard]] Result<void> recover_one(const state::IntentRow& intent);
    void report(const Wish& wish, plan::Outcome outcome, const std::string& detail);

    Flow& flow_;
    std::vector<Wish> wishes_;
};

/// Whether the process that opened an intent may still be at work on it: alive on this host, or on
/// another host before its request can no longer arrive.
[[nodiscard]] bool may_be_alive(const state::IntentRow& intent, Timestamp now, Milliseconds call_timeout);

} // namespace blongo::sync

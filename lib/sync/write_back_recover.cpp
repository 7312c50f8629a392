// SPDX-License-Identifier: Apache-2.0
// What became of statuses whose write nobody saw the end of.
#include <unistd.h>

#include <fmt/format.h>

#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/second_look.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

namespace {

constexpr int most_attempts = 2;
constexpr std::chrono::hours between_looks{1}; ///< at a status that was given up

} // namespace

Result<void> StatusWriteBack::recover() {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(const auto open,
               state::Intents(flow_.session().store(), flow_.session().key()).unsettled(std::string(action_name)));
    BLONGO_TRY(auto wanted, recorded());
    for (const auto& intent : open) {
        BLONGO_TRY(const Wish wish, Wish::parse(intent.payload));
        const auto newer = wanted.find(wish.order);
        BLONGO_CHECK(recover_one(intent, newer == wanted.end() ? nullptr : &newer->second));
    }
    if (!open.empty()) { // settling changes what is wanted
        BLONGO_TRY(wanted, recorded());
    }
    for (auto& [order, wish] : wanted)
        if (wish.pid == getpid() || !is_running(wish.host, wish.pid)) left_over_.emplace(order, std::move(wish));
    return flush();
}

/// A repeat would come too late for an order of which something else is wanted, or that waits no longer.
Result<bool> StatusWriteBack::still_wanted(const Wish& wish, const Wish* newer) {
    if (newer != nullptr) return newer->to == wish.to;
    if (wish.step != "status_on_error") return true;
    // An order waits for its import, or for its shipment; whoever recovers, both count.
    state::Parked parked(flow_.session().store(), flow_.session().key());
    for (const char* flow : {"orders", "shipments"}) {
        BLONGO_TRY(const auto row, parked.find(flow, fmt::to_string(wish.order)));
        if (row) return true;
    }
    return false;
}

/// A lost write had been executed. What is wanted of the order meanwhile starts from there; an order that waits no
/// longer gets back the status that it had.
Result<void> StatusWriteBack::came_through(const Wish& wish, const Wish* newer) {
    report(wish, plan::Outcome::done, "settled by looking: the status is set");
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(settle_here(wish, state::IntentState::done, "seen"));
        if (newer != nullptr)
            return newer->from == wish.from ? want(wish.order, wish.to, newer->to, newer->step) : Result<void>{};
        BLONGO_TRY(const bool wanted, still_wanted(wish, newer));
        if (wanted) return {};
        BLONGO_TRY(const auto kept, state::Orders(flow_.session().store(), flow_.session().key()).find(wish.order));
        if (!kept) return {};
        BLONGO_TRY(const auto before, status_before_error(wish.order));
        return want(wish.order, wish.to, before, "status_after_import");
    });
}

Result<void> StatusWriteBack::recover_one(const state::IntentRow& intent, const Wish* newer) {
    const Milliseconds timeout = flow_.session().http().read_timeout;
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    if (intent.state == state::IntentState::open) {
        BLONGO_TRY(const bool taken_over, take_over(flow_.session(), intent, flow_.session().http().read_timeout));
        if (!taken_over) return {};
    }
    BLONGO_TRY(Wish wish, Wish::parse(intent.payload));
    wish.attempt = intent.attempt;
    wish.intent = intent.id;
    const bool rests = wish.given_up != 0 && now - from_unix_seconds(wish.given_up) < between_looks;
    if (rests && newer == nullptr) {
        resting_.emplace(wish.order, wish);
        return {};
    }
    BLONGO_TRY(const auto look, look_at_order(flow_, wish.order));
    if (!look.order) {
        if (look.is_gone) return settle(wish, state::IntentState::withdrawn, "the order is gone");
        report(wish, plan::Outcome::unknown, "BaseLinker does not show the order: looked at again in a later run");
        return {};
    }
    const OrderStatusId status = look.order->order_status_id;
    if (status == wish.to) return came_through(wish, newer);
    if (status != wish.from) {
        BLONGO_CHECK(settle(wish, state::IntentState::withdrawn, "moved by a person"));
        report(wish, plan::Outcome::done, "a person moved the order on meanwhile: left as it is");
        return {};
    }
    const bool late_enough = now >= intent.send_deadline + timeout + settle_margin;
    BLONGO_TRY(const bool wanted, still_wanted(wish, newer));
    if (late_enough && !wanted) {
        BLONGO_CHECK(settle(wish, state::IntentState::withdrawn, "not executed, no longer wanted"));
        report(wish, plan::Outcome::done, "settled by looking: the status was not set, and is no longer wanted");
        return {};
    }
    if (!late_enough) {
        report(wish, plan::Outcome::unknown, "the answer was lost; looked, not set yet, looked at again at the next run");
        return {};
    }
    if (intent.attempt >= most_attempts) return give_up(wish);
    BLONGO_CHECK(settle(wish, state::IntentState::withdrawn, "not executed"));
    ++wish.attempt;
    wishes_.push_back(wish);
    return remember(wish);
}

/// It stays open, and is told, until BaseLinker shows another status, or a person says that it stays.
Result<void> StatusWriteBack::give_up(Wish wish) {
    const std::string words = "sent twice, and the status has not changed: set it by hand in BaseLinker";
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    wish.given_up = to_unix_seconds(now);
    report(wish, plan::Outcome::unknown, words);
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        state::Intents intents(flow_.session().store(), flow_.session().key());
        BLONGO_CHECK(intents.settle(wish.intent, state::IntentState::unknown, words));
        BLONGO_CHECK(intents.update_payload(wish.intent, wish.payload()));
        return {};
    });
}

Result<bool> StatusWriteBack::leave(BaseOrderId order) {
    state::Intents intents(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto open, intents.find(key_of(order)));
    if (!open || open->state != state::IntentState::unknown) return false;
    BLONGO_TRY(const Wish wish, Wish::parse(open->payload));
    if (wish.given_up == 0) return false;
    if (flow_.dry_run()) return true;
    return intents.settle(open->id, state::IntentState::withdrawn, "a person says: it stays as it is");
}

} // namespace blongo::sync

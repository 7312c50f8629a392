// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/write_back.hpp>

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/host.hpp>
#include <blongo/json/value.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/second_look.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t reads_a_run = 20; ///< single orders, of what an earlier run wanted
const std::string due_kind = "status";

} // namespace

StatusWriteBack::StatusWriteBack(Flow& flow) : flow_(flow) {}

std::string StatusWriteBack::key_of(BaseOrderId order) {
    return fmt::format("status:{}", order);
}

std::string StatusWriteBack::Wish::payload() const {
    return json::Value::object()
        .set("order_id", order.value())
        .set("from", from.value())
        .set("to", to.value())
        .set("step", step)
        .set("host", host_name())
        .set("pid", static_cast<std::int64_t>(getpid()))
        .set("given_up", given_up)
        .dump();
}

Result<StatusWriteBack::Wish> StatusWriteBack::Wish::parse(const std::string& payload) {
    BLONGO_TRY(const auto value, json::Value::parse(payload));
    Wish wish{BaseOrderId{value["order_id"].integer()}, OrderStatusId{value["from"].integer()},
              OrderStatusId{value["to"].integer()}, std::string(value["step"].text())};
    wish.host = value["host"].text();
    wish.pid = value["pid"].integer();
    wish.given_up = value["given_up"].integer();
    return wish;
}

Result<void> StatusWriteBack::want(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step) {
    BLONGO_CHECK(forget(order));
    if (to.value() == 0 || from == to) return {};
    wishes_.push_back({order, from, to, step});
    return remember(wishes_.back());
}

Result<void> StatusWriteBack::want_once_seen(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step) {
    BLONGO_CHECK(forget(order));
    if (to.value() == 0 || from == to) return {};
    const Wish wish{order, from, to, step};
    left_over_.emplace(order, wish);
    return remember(wish);
}

Result<void> StatusWriteBack::forget(BaseOrderId order) {
    std::erase_if(wishes_, [&](const Wish& wish) { return wish.order == order; });
    left_over_.erase(order);
    if (flow_.dry_run()) return {};
    return state::Due(flow_.session().store(), flow_.session().key()).erase(due_kind, fmt::to_string(order));
}

Result<bool> StatusWriteBack::is_wanted(BaseOrderId order, const std::string& step) {
    const auto is_it = [&](const Wish& wish) { return wish.order == order && wish.step == step; };
    if (std::ranges::any_of(wishes_, is_it)) return true;
    BLONGO_TRY(const auto row, state::Due(flow_.session().store(), flow_.session().key()).find(due_kind, fmt::to_string(order)));
    if (!row) return false;
    BLONGO_TRY(const Wish recorded, Wish::parse(row->payload));
    return recorded.step == step;
}

Result<void> StatusWriteBack::remember(const Wish& wish) {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    return state::Due(flow_.session().store(), flow_.session().key())
        .put({0, due_kind, fmt::to_string(wish.order), now, wish.payload(), wish.attempt});
}

void StatusWriteBack::report(const Wish& wish, plan::Outcome outcome, const std::string& detail) {
    auto line = flow_.action(plan::Verb::update, fmt::to_string(wish.order), "status");
    line.step = wish.step;
    line.outcome = outcome;
    line.detail = detail;
    line.changes.push_back({"order_status_id", json::Value(wish.from.value()), json::Value(wish.to.value())});
    flow_.report(line);
}

Result<void> StatusWriteBack::flush() {
    std::map<OrderStatusId, std::vector<Wish>> by_target;
    for (auto& wish : wishes_) by_target[wish.to].push_back(std::move(wish));
    wishes_.clear();
    constexpr auto most = static_cast<std::size_t>(baselinker::limits::orders_per_status_call);
    for (auto& [target, wishes] : by_target)
        for (std::size_t from = 0; from < wishes.size(); from += most) {
            const auto to = std::min(wishes.size(), from + most);
            BLONGO_CHECK(
                send({wishes.begin() + static_cast<std::ptrdiff_t>(from), wishes.begin() + static_cast<std::ptrdiff_t>(to)}));
        }
    return {};
}

/// From a wish to an intent, in one transaction. False: another process is at it, or its outcome is still
/// unknown; if that one sets the same status, the wish is its business.
Result<bool> StatusWriteBack::claim(Wish& wish) {
    state::IntentRow intent;
    intent.key = key_of(wish.order);
    intent.action = action_name;
    intent.attempt = wish.attempt;
    intent.payload = wish.payload();
    intent.fingerprint = fmt::to_string(wish.to);
    bool mine = false;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        state::Intents intents(flow_.session().store(), flow_.session().key());
        state::Due due(flow_.session().store(), flow_.session().key());
        // The recorded wish is the token: whoever takes it sets the status, on whichever host.
        BLONGO_TRY(const auto standing, due.find(due_kind, fmt::to_string(wish.order)));
        if (!standing) return {};
        BLONGO_TRY(const Wish recorded, Wish::parse(standing->payload));
        if (recorded.to != wish.to) return {};
        // A call that was under way when this was wanted has set it: once is enough.
        BLONGO_TRY(const auto set, set_since(wish.order, standing->at));
        if (set && *set == wish.to) return due.erase(due_kind, fmt::to_string(wish.order));
        BLONGO_TRY(const auto opened, intents.open(intent, leave_within));
        mine = opened.has_value();
        if (opened) {
            wish.intent = opened->id;
            return due.erase(due_kind, fmt::to_string(wish.order));
        }
        BLONGO_TRY(const auto other, intents.find(intent.key));
        if (other && other->fingerprint == intent.fingerprint) return due.erase(due_kind, fmt::to_string(wish.order));
        return {};
    }));
    return mine;
}

Result<void> StatusWriteBack::send(std::vector<Wish> wishes) {
    if (flow_.dry_run()) {
        for (const auto& wish : wishes) report(wish, plan::Outcome::planned, {});
        return {};
    }
    std::vector<Wish> claimed;
    for (auto& wish : wishes) {
        BLONGO_TRY(const bool mine, claim(wish));
        if (mine) claimed.push_back(std::move(wish));
    }
    if (claimed.empty()) return {};
    std::vector<BaseOrderId> orders;
    std::vector<std::int64_t> intents;
    for (const auto& wish : claimed) {
        orders.push_back(wish.order);
        intents.push_back(wish.intent);
    }
    Session& session = flow_.session();
    const auto departure = renewing(session.store(), session.key(), std::move(intents), session.runtime().clock);
    auto& client = session.baselinker();
    const auto sent = orders.size() == 1 ? client.set_order_status(orders.front(), claimed.front().to, departure)
                                         : client.set_order_statuses(orders, claimed.front().to, departure);
    const bool unknown = !sent && is_ambiguous(sent.error());
    const bool refused = !sent && is_refusal(sent.error());
    // It never left, or a firewall stopped it, which says nothing of the order: the next run looks, and sends it.
    const bool again = !sent && !unknown && (!refused || sent.error().kind == ErrorKind::edge);
    for (const auto& wish : claimed) {
        if (sent) {
            BLONGO_CHECK(settle(wish, state::IntentState::done, {}));
            report(wish, plan::Outcome::done, {});
            continue;
        }
        BLONGO_CHECK(session.store().in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(settle_here(wish, outcome_of(sent.error()), sent.error().text()));
            return again ? remember(wish) : Result<void>{};
        }));
        if (unknown || refused) report(wish, unknown ? plan::Outcome::unknown : plan::Outcome::rejected, sent.error().text());
    }
    if (sent || unknown || refused) return {};
    return fail(sent.error());
}

Result<void> StatusWriteBack::settle(const Wish& wish, state::IntentState state, const std::string& result) {
    return flow_.session().store().in_transaction([&] { return settle_here(wish, state, result); });
}

Result<void> StatusWriteBack::settle_here(const Wish& wish, state::IntentState state, const std::string& result) {
    BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key()).settle(wish.intent, state, result));
    if (state != state::IntentState::done) return {};
    state::Orders ledger(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(auto row, ledger.find(wish.order));
    if (!row) return {};
    row->base_status = row->status_set = wish.to;
    return ledger.update(*row);
}

Result<std::map<BaseOrderId, StatusWriteBack::Wish>> StatusWriteBack::recorded() {
    std::map<BaseOrderId, Wish> out;
    BLONGO_TRY(const auto rows, state::Due(flow_.session().store(), flow_.session().key()).of_kind(due_kind));
    for (const auto& row : rows) {
        BLONGO_TRY(auto wish, Wish::parse(row.payload));
        wish.attempt = row.attempt;
        out.emplace(wish.order, std::move(wish));
    }
    return out;
}

Result<void> StatusWriteBack::seen(BaseOrderId order, OrderStatusId status) {
    if (const auto given_up = resting_.find(order); given_up != resting_.end() && status != given_up->second.from) {
        const Wish wish = given_up->second;
        resting_.erase(given_up);
        return status == wish.to ? settle(wish, state::IntentState::done, "seen")
                                 : settle(wish, state::IntentState::withdrawn, "moved by a person");
    }
    const auto found = left_over_.find(order);
    if (found == left_over_.end()) return {};
    const Wish wish = found->second;
    left_over_.erase(found);
    if (status == wish.from) {
        wishes_.push_back(wish);
        return {};
    }
    return state::Due(flow_.session().store(), flow_.session().key()).erase(due_kind, fmt::to_string(order));
}

Result<void> StatusWriteBack::finish() {
    for (std::size_t reads = 0; reads < reads_a_run && !left_over_.empty(); ++reads) {
        const BaseOrderId order = left_over_.begin()->first;
        BLONGO_TRY(const auto look, look_at_order(flow_, order));
        if (look.order) {
            BLONGO_CHECK(seen(order, look.order->order_status_id));
        } else if (look.is_gone) {
            BLONGO_CHECK(forget(order));
        } else {
            left_over_.erase(order); // it stays recorded: a later run looks again
        }
    }
    return flush();
}

Result<std::optional<OrderStatusId>> StatusWriteBack::set_since(BaseOrderId order, Timestamp since) {
    constexpr int changes = 20;
    BLONGO_TRY(const auto history,
               state::Intents(flow_.session().store(), flow_.session().key()).history(key_of(order), changes));
    for (const auto& intent : history) { // newest first
        if (intent.state != state::IntentState::done) continue;
        if (!intent.settled || *intent.settled < since) break;
        BLONGO_TRY(const auto wish, Wish::parse(intent.payload));
        return std::optional{wish.to};
    }
    return std::optional<OrderStatusId>{};
}

Result<OrderStatusId> StatusWriteBack::status_before_error(BaseOrderId order) {
    constexpr int changes = 20;
    BLONGO_TRY(const auto history,
               state::Intents(flow_.session().store(), flow_.session().key()).history(key_of(order), changes));
    OrderStatusId before;
    for (const auto& intent : history) { // newest first: back along our own moves to where they began
        if (intent.state != state::IntentState::done) continue;
        BLONGO_TRY(const auto wish, Wish::parse(intent.payload));
        if (wish.step != "status_on_error" || (before.value() != 0 && wish.to != before)) break;
        before = wish.from;
    }
    return before;
}

} // namespace blongo::sync

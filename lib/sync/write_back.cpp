// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/write_back.hpp>

#include <unistd.h>

#include <csignal>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/state/orders.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view action_name = "set_status";
constexpr Milliseconds leave_within{20'000};    ///< architecture.md: an unsafe write leaves within 20 s or not at all
constexpr Milliseconds settle_margin{60'000};   ///< after send_deadline and the call's time-out
constexpr int most_attempts = 2;

std::string key_of(BaseOrderId order) {
    return fmt::format("status:{}", order);
}

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

} // namespace

bool may_be_alive(const state::IntentRow& intent, Timestamp now, Milliseconds call_timeout) {
    if (intent.pid == static_cast<std::int64_t>(getpid()) && intent.host == host_name()) return false;
    if (intent.host == host_name()) return kill(static_cast<pid_t>(intent.pid), 0) == 0;
    return now < intent.send_deadline + call_timeout + settle_margin;
}

StatusWriteBack::StatusWriteBack(Flow& flow) : flow_(flow) {}

void StatusWriteBack::want(BaseOrderId order, OrderStatusId from, OrderStatusId to, const std::string& step) {
    if (to.value() == 0 || from == to) return;
    wishes_.push_back({order, from, to, step});
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
            BLONGO_CHECK(send({wishes.begin() + static_cast<std::ptrdiff_t>(from),
                               wishes.begin() + static_cast<std::ptrdiff_t>(to)}));
        }
    return {};
}

Result<void> StatusWriteBack::send(std::vector<Wish> wishes) {
    if (flow_.dry_run()) {
        for (const auto& wish : wishes) report(wish, plan::Outcome::planned, {});
        return {};
    }
    state::Intents intents(flow_.session().store(), flow_.session().key());
    std::vector<Wish> claimed;
    for (auto& wish : wishes) {
        state::IntentRow intent;
        intent.key = key_of(wish.order);
        intent.action = action_name;
        intent.attempt = wish.attempt;
        intent.payload = json::Value::object()
                             .set("order_id", wish.order.value())
                             .set("from", wish.from.value())
                             .set("to", wish.to.value())
                             .set("step", wish.step)
                             .dump();
        intent.fingerprint = fmt::to_string(wish.to);
        BLONGO_TRY(const auto opened, intents.open(intent, leave_within));
        if (!opened) continue; // another process is at it, or its outcome is still unknown
        wish.intent = opened->id;
        claimed.push_back(std::move(wish));
    }
    if (claimed.empty()) return {};
    std::vector<BaseOrderId> orders;
    for (const auto& wish : claimed) orders.push_back(wish.order);
    auto& client = flow_.session().baselinker();
    const auto sent = orders.size() == 1 ? client.set_order_status(orders.front(), claimed.front().to)
                                         : client.set_order_statuses(orders, claimed.front().to);
    for (const auto& wish : claimed) {
        if (sent) {
            BLONGO_CHECK(settle(wish, state::IntentState::done, {}));
            report(wish, plan::Outcome::done, {});
            continue;
        }
        const Error& error = sent.error();
        const bool unknown = error.kind == ErrorKind::ambiguous || error.kind == ErrorKind::unavailable;
        const bool refused = error.kind == ErrorKind::rejected || error.kind == ErrorKind::edge;
        BLONGO_CHECK(settle(wish,
                            unknown   ? state::IntentState::unknown
                            : refused ? state::IntentState::refused
                                      : state::IntentState::withdrawn,
                            error.text()));
        if (unknown || refused)
            report(wish, unknown ? plan::Outcome::unknown : plan::Outcome::rejected, error.text());
        if (!unknown && !refused) return fail(error);
    }
    return {};
}

Result<void> StatusWriteBack::settle(const Wish& wish, state::IntentState state, const std::string& result) {
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY([[maybe_unused]] const bool settled,
                   state::Intents(flow_.session().store(), flow_.session().key()).settle(wish.intent, state, result));
        if (state != state::IntentState::done) return {};
        state::Orders ledger(flow_.session().store(), flow_.session().key());
        BLONGO_TRY(auto row, ledger.find(wish.order));
        if (!row) return {};
        row->base_status = row->status_set = wish.to;
        return ledger.update(*row);
    });
}

Result<void> StatusWriteBack::recover() {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(const auto open, state::Intents(flow_.session().store(), flow_.session().key())
                                    .unsettled(std::string(action_name)));
    for (const auto& intent : open) BLONGO_CHECK(recover_one(intent));
    return flush();
}

Result<void> StatusWriteBack::recover_one(const state::IntentRow& intent) {
    const Milliseconds timeout = flow_.session().http().read_timeout;
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    if (intent.state == state::IntentState::open && may_be_alive(intent, now, timeout)) return {};
    auto payload = json::Value::parse(intent.payload);
    if (!payload) return fail(payload.error());
    Wish wish{BaseOrderId{(*payload)["order_id"].integer()}, OrderStatusId{(*payload)["from"].integer()},
              OrderStatusId{(*payload)["to"].integer()}, std::string((*payload)["step"].text()), intent.attempt,
              intent.id};
    baselinker::OrderQuery query;
    query.order_id = wish.order;
    query.get_unconfirmed_orders = true;
    BLONGO_TRY(const auto page, flow_.session().baselinker().get_orders(query));
    if (page.orders.empty()) return settle(wish, state::IntentState::withdrawn, "the order is gone");
    const OrderStatusId status = page.orders.front().order_status_id;
    if (status == wish.to) {
        BLONGO_CHECK(settle(wish, state::IntentState::done, "seen"));
        report(wish, plan::Outcome::done, "settled by looking: the status is set");
        return {};
    }
    if (status != wish.from) {
        BLONGO_CHECK(settle(wish, state::IntentState::withdrawn, "moved by a person"));
        report(wish, plan::Outcome::done, "a person moved the order on meanwhile: left as it is");
        return {};
    }
    const bool late_enough = now >= intent.send_deadline + timeout + settle_margin;
    if (!late_enough || intent.attempt >= most_attempts) {
        report(wish, plan::Outcome::unknown,
               late_enough ? "sent twice, and the status has not changed: set it by hand in BaseLinker"
                           : "the answer was lost; looked, not set yet, looked at again at the next run");
        if (late_enough) BLONGO_CHECK(settle(wish, state::IntentState::refused, "sent twice without effect"));
        return {};
    }
    BLONGO_CHECK(settle(wish, state::IntentState::withdrawn, "not executed"));
    ++wish.attempt;
    wishes_.push_back(wish);
    return {};
}

} // namespace blongo::sync

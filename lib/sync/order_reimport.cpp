// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_reimport.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <blongo/map/order.hpp>
#include <blongo/plan/causes.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/sync/order_family.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr int numbers_looked_at = 5; ///< free numbers of one order: the ones behind its last attempt

std::string in_words(const ongoing::Order& order) {
    return fmt::format("status {} {}", order.status_number, order.status_text);
}

} // namespace

Result<bool> was_ever_sent(Session& session, const state::OrderRow& known) {
    BLONGO_TRY(const auto shipped, state::Deliveries(session.store(), session.key()).of_order(known.order_id));
    if (!shipped.empty()) return true;
    const std::int64_t lowest = plan::lowest_sent(session.connection().shipments.send);
    if (known.ongoing_status >= lowest && known.ongoing_status != plan::cancelled_in_ongoing) return true;
    BLONGO_TRY(const auto seen, state::Sightings(session.store(), session.key()).find(known.ongoing_id));
    return seen && (seen->first_send_seen || (seen->status >= lowest && seen->status != plan::cancelled_in_ongoing));
}

Result<std::optional<int>> OrderReimport::judge(const baselinker::Order& order, const state::OrderRow* known) {
    const SentAnew* asked = asked_.anew(order.order_id);
    if (asked == nullptr) return std::optional<int>{};
    BLONGO_TRY(const Verdict verdict, look(order, known, *asked));
    const std::string key = fmt::to_string(order.order_id);
    const bool by_command = asked_.only_anew();
    if (verdict.attempt > 0) {
        if (known != nullptr) judged_by_[order.order_id] = {known->attempt, known->ongoing_id};
        if (!verdict.warning.empty() && by_command)
            flow_.session().runtime().reporter.warning(flow_.session().connection().name,
                                                       fmt::format("order {}: {}", key, verdict.warning));
        return std::optional{verdict.attempt};
    }
    if (!flow_.dry_run()) BLONGO_CHECK(asked_.done(order.order_id));
    auto line = flow_.action(by_command ? plan::Verb::create : plan::Verb::skip, key, "reimport");
    if (by_command) line.outcome = plan::Outcome::rejected;
    if (known != nullptr) line.order_number = known->number.value();
    line.detail = verdict.reason;
    if (!verdict.command.empty()) line.detail += ": " + verdict.command;
    flow_.report(line);
    return std::optional<int>{};
}

Result<bool> OrderReimport::still_stands(BaseOrderId order) {
    const auto judged = judged_by_.find(order);
    if (judged == judged_by_.end()) return true;
    BLONGO_TRY(const auto now, state::Orders(flow_.session().store(), flow_.session().key()).find(order));
    return now && std::pair{now->attempt, now->ongoing_id} == judged->second;
}

Result<OrderReimport::Verdict> OrderReimport::look(const baselinker::Order& order, const state::OrderRow* known,
                                                   const SentAnew& asked) {
    BLONGO_TRY(auto not_yet, not_now(order));
    if (not_yet) return std::move(*not_yet);
    if (known == nullptr) return never_sent(order, asked);
    if (!map::is_same_order(known->identity, map::order_identity(order))) return another_order(*known, asked);
    BLONGO_TRY(const auto now, there(*known));
    if (!now) return gone(*known, asked);
    if (now->status_number == plan::cancelled_in_ongoing) return came_back(*known, asked);
    return alive(*known, *now);
}

/// What stands in the way of any order.
Result<std::optional<OrderReimport::Verdict>> OrderReimport::not_now(const baselinker::Order& order) {
    const auto no = [](std::string reason, std::string command = {}) {
        return std::optional<Verdict>{{.attempt = 0, .reason = std::move(reason), .command = std::move(command)}};
    };
    const BaseOrderId id = order.order_id;
    // A later run parks what is on hold, and goes on with it when it is released.
    BLONGO_TRY(const auto hold, held(flow_.session(), id));
    if (hold && asked_.only_anew()) return no("it is " + hold->reason, fmt::format("blongo orders unhold {}", id));
    BLONGO_TRY(const auto open, state::Intents(flow_.session().store(), flow_.session().key()).find(order_intent_key(id)));
    if (open) return no("a write of this order is not settled yet; the next run of the orders flow looks", "blongo orders sync");
    if (!order.confirmed) return no("it is not confirmed in BaseLinker");
    // A copy that waits was admitted where a write-back had put the order that it was split off.
    const bool waits = statuses_.waits(order.order_status_id) || flow_.cause_of(fmt::to_string(id)) == "split_waiting";
    if (!waits) return no(fmt::format("its status in BaseLinker, {}, is none of the accepted ones", order.order_status_id));
    return std::optional<Verdict>{};
}

OrderReimport::Verdict OrderReimport::never_sent(const baselinker::Order& order, const SentAnew& asked) const {
    const std::string key = fmt::to_string(order.order_id);
    const std::string cause = flow_.cause_of(key);
    if (cause == "split_waiting" && asked.accept_copy)
        return {.attempt = 1, .warning = "sent although another order may hold its lines: they may be in the warehouse twice"};
    if (cause == "split_waiting")
        return {.reason = "it waits until the order that it was split off gave up its lines; to have them in the warehouse "
                          "twice, if that is meant",
                .command = fmt::format("blongo orders reimport {} --accept-copy", key)};
    if (const auto* waits = plan::find_cause(cause); waits != nullptr)
        return {.reason = fmt::format("it was never sent, it waits: {}", cause), .command = plan::command_for(*waits, key)};
    return {.reason = "it was never sent", .command = fmt::format("blongo orders sync --order {}", key)};
}

Result<std::optional<ongoing::Order>> OrderReimport::there(const state::OrderRow& known) {
    if (known.ongoing_id.value() != 0) {
        BLONGO_TRY(auto by_id, flow_.session().ongoing().get_order(known.ongoing_id));
        if (by_id) return by_id;
    }
    const std::vector<OrderNumber> number{known.number};
    BLONGO_TRY(auto found, flow_.session().ongoing().find_orders(number));
    if (found.empty()) return std::optional<ongoing::Order>{};
    return std::optional{std::move(found.front())};
}

Result<std::string> OrderReimport::booked(BaseOrderId order) {
    BLONGO_TRY(const auto rows, state::Deliveries(flow_.session().store(), flow_.session().key()).of_order(order));
    for (const auto& row : rows) {
        if (row.state == state::DeliveryState::due || row.state == state::DeliveryState::cancelled) continue;
        return row.package_number.empty() ? "a shipment of it may be booked" : "its package " + row.package_number + " is booked";
    }
    return std::string{};
}

Result<OrderReimport::Verdict> OrderReimport::came_back(const state::OrderRow& known, const SentAnew& asked) {
    if (known.state == state::OrderState::finished_before_adoption)
        return Verdict{.reason = "it was cancelled before blongo adopted it"};
    BLONGO_TRY(const std::string shipment, booked(known.order_id));
    if (!shipment.empty())
        return Verdict{.reason = shipment, .command = fmt::format("blongo shipments cancel {}", known.order_id)};
    if (known.merged_into.value() != 0 && !asked.accept_copy)
        return Verdict{.reason =
                           fmt::format("its lines went into order {}; to have them in the warehouse twice, if that is meant",
                                       known.merged_into),
                       .command = fmt::format("blongo orders reimport {} --accept-copy", known.order_id)};
    return again(known, asked);
}

/// Under the next number, where its lines are nobody else's by now: what its cancellation freed, and no other order took
/// over, covers it.
Result<OrderReimport::Verdict> OrderReimport::again(const state::OrderRow& known, const SentAnew& asked) {
    BLONGO_TRY(const auto lines, state::Orders(flow_.session().store(), flow_.session().key()).lines(known.order_id));
    const bool free = known.state != state::OrderState::cancelled || plan::covers(freed_of(known), pieces_of(lines));
    if (!free && !asked.accept_copy)
        return Verdict{.reason = "an order that was split off it, or copied, took its lines over; to have them in the warehouse "
                                 "twice, if that is meant",
                       .command = fmt::format("blongo orders reimport {} --accept-copy", known.order_id)};
    return next_attempt(known, true);
}

Result<OrderReimport::Verdict> OrderReimport::gone(const state::OrderRow& known, const SentAnew& asked) {
    if (known.state == state::OrderState::finished_before_adoption)
        return Verdict{.reason = "it was finished before blongo adopted it, and is gone from Ongoing"};
    if (known.state == state::OrderState::cancelled) return again(known, asked);
    BLONGO_TRY(const bool sent, was_ever_sent(flow_.session(), known));
    if (sent)
        return Verdict{.reason =
                           "it was sent or booked before it vanished from Ongoing: settle with the warehouse what became of it"};
    return Verdict{.attempt = known.attempt};
}

Result<OrderReimport::Verdict> OrderReimport::alive(const state::OrderRow& known, const ongoing::Order& there) {
    const std::string where = fmt::format("Ongoing has it as {}, {}", there.order_number, in_words(there));
    if (there.status_number >= plan::lowest_sent(flow_.session().connection().shipments.send))
        return Verdict{.reason = "the warehouse has sent it: " + where};
    if (known.state == state::OrderState::cancelled)
        return Verdict{.reason = where + ", so that its cancellation is not proven; cancel it there first, or go on with it",
                       .command = fmt::format("blongo orders sync --order {}", known.order_id)};
    return Verdict{.reason = where + ", which updates reach",
                   .command = fmt::format("blongo orders sync --order {}", known.order_id)};
}

Result<OrderReimport::Verdict> OrderReimport::another_order(const state::OrderRow& known, const SentAnew& asked) {
    if (!asked.accept_identity)
        return Verdict{.reason =
                           fmt::format("BaseLinker gave the id to another order than the one in Ongoing as {}; compare both, "
                                       "then, to send the new one",
                                       known.number),
                       .command = fmt::format("blongo orders reimport {} --accept-identity", known.order_id)};
    BLONGO_TRY(auto verdict, next_attempt(known, false));
    if (verdict.attempt == 0) return verdict;
    BLONGO_TRY(const auto before, there(known));
    if (before && before->status_number != plan::cancelled_in_ongoing)
        verdict.warning = fmt::format("the order of before stays in Ongoing as {} ({}), and blongo does not watch it any more: "
                                      "cancel it there if nobody waits for it",
                                      before->order_number, in_words(*before));
    return verdict;
}

Result<OrderReimport::Verdict> OrderReimport::next_attempt(const state::OrderRow& known, bool earlier_are_ours) {
    const auto options = order_map_options(flow_.session().connection());
    std::map<OrderNumber, int> attempts;
    std::vector<OrderNumber> numbers;
    for (int attempt = 1; attempt <= known.attempt + numbers_looked_at; ++attempt) {
        numbers.push_back(map::order_number(options, known.order_id, attempt));
        attempts.emplace(numbers.back(), attempt);
    }
    BLONGO_TRY(const auto found, flow_.session().ongoing().find_orders(numbers));
    std::map<int, bool> cancelled; // by attempt, those that are there
    for (const auto& order : found) {
        const auto attempt = attempts.find(order.order_number);
        if (attempt == attempts.end()) continue;
        const bool is_cancelled = order.status_number == plan::cancelled_in_ongoing;
        cancelled[attempt->second] = is_cancelled;
        if (earlier_are_ours && attempt->second <= known.attempt && !is_cancelled)
            return Verdict{.reason = fmt::format("an earlier attempt of it is not cancelled: Ongoing has {}, {}",
                                                 order.order_number, in_words(order))};
    }
    // One that is there and alive was sent by an earlier reimport whose answer was lost: the take-over judges it.
    int next = known.attempt + 1;
    while (cancelled.contains(next) && cancelled.at(next)) ++next;
    return Verdict{.attempt = next};
}

} // namespace blongo::sync

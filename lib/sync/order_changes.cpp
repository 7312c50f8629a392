// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_changes.hpp>

#include <fmt/format.h>

#include <blongo/map/order_lines.hpp>
#include <blongo/map/order_marks.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_actions.hpp>

namespace blongo::sync {

namespace {

bool is_delivered(const std::vector<state::DeliveryRow>& deliveries) {
    if (deliveries.empty()) return false;
    const auto& last = deliveries.back();
    return (last.state == state::DeliveryState::done || last.state == state::DeliveryState::no_shipment) && !last.is_short;
}

} // namespace

Result<bool> has_left_for_good(Session& session, const state::OrderRow& row) {
    const auto& shipments = session.connection().shipments;
    if (row.ongoing_status < plan::lowest_sent(shipments.send) || row.ongoing_status >= plan::cancelled_in_ongoing) return false;
    if (!shipments.enabled || row.ongoing_status == plan::returned_in_ongoing) return true;
    if (row.imported_at + shipments.max_order_age < session.runtime().clock.now()) return true;
    BLONGO_TRY(const auto deliveries, state::Deliveries(session.store(), session.key()).of_order(row.order_id));
    return is_delivered(deliveries);
}

bool is_tried(const state::OrderRow& row, const std::string& fingerprint) {
    return row.tried == plan::attempt_mark(fingerprint, row.ongoing_status);
}

OrderChanges::OrderChanges(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back, OrderRecords& records,
                           OrderFamily& family, const map::OrderOptions& options)
    : flow_(flow), statuses_(statuses), write_back_(write_back), records_(records), family_(family), options_(options),
      ledger_(flow.session().store(), flow.session().key()), intents_(flow.session().store(), flow.session().key()) {}

report::Action OrderChanges::line(plan::Verb verb, const state::OrderRow& row, std::string reason) const {
    auto out = flow_.action(verb, fmt::to_string(row.order_id), std::move(reason));
    out.order_number = row.number.value();
    return out;
}

Result<std::optional<state::IntentRow>> OrderChanges::claim(const state::OrderRow& row, std::string_view action,
                                                            const json::Value& payload) {
    state::IntentRow intent;
    intent.key = order_intent_key(row.order_id);
    intent.action = action;
    intent.payload = payload.dump();
    BLONGO_TRY(auto claimed, intents_.open(intent, leave_within));
    if (!claimed) flow_.report(line(plan::Verb::skip, row, "another run is at this order"));
    return claimed;
}

Result<void> OrderChanges::settle(std::int64_t intent, state::IntentState state, const std::string& words) {
    BLONGO_CHECK(intents_.settle(intent, state, words));
    return {};
}

Result<bool> OrderChanges::judge(const baselinker::Order& order, const state::OrderRow& row) {
    const std::string key = fmt::to_string(order.order_id);
    BLONGO_TRY(const bool closed, close_if_finished(order.order_status_id, row));
    if (closed || row.state != state::OrderState::imported) {
        if (row.state == state::OrderState::cancelled) {
            BLONGO_CHECK(came_back(order, row));
            return false;
        }
        BLONGO_CHECK(note_gain(order, row));
        BLONGO_CHECK(fine(order, row, "in Ongoing"));
        return false;
    }
    const bool is_cancelled = statuses_.cancel.contains(order.order_status_id);
    const bool refused_before = row.tried.starts_with(cancel_action);
    if (is_cancelled || (refused_before && order.order_status_id == statuses_.cancel_refused)) {
        BLONGO_CHECK(cancel(&order, row));
        return false;
    }
    state::OrderRow now = row;
    if (refused_before) BLONGO_CHECK(take_back_stop(now)); // the seller wants it after all
    if (!order.confirmed) {
        BLONGO_CHECK(
            records_.park(order,
                          {"not_confirmed",
                           key,
                           "confirmed",
                           fmt::format("the order is in Ongoing as {}, and no longer confirmed in BaseLinker", row.number),
                           key,
                           {}},
                          {}));
        return false;
    }
    if (!now.source_mark.empty() && now.source_mark == map::order_source_mark(order, options_)) {
        BLONGO_CHECK(fine(order, now, "in Ongoing"));
        return false;
    }
    return true;
}

Result<void> OrderChanges::fine(const baselinker::Order& order, const state::OrderRow& row, const std::string& reason) {
    flow_.report(line(plan::Verb::same, row, reason));
    return released(order);
}

/// What kept the order is gone: it gets back the status from which status_on_error took it.
Result<void> OrderChanges::released(const baselinker::Order& order) {
    const std::string key = fmt::to_string(order.order_id);
    if (!flow_.parked().contains(key)) return {};
    BLONGO_CHECK(flow_.release(key));
    return statuses_.is_error_status(order.order_status_id) ? records_.want_after_import(order.order_id, order.order_status_id)
                                                            : Result<void>{};
}

/// A finished order is not looked at any more: it left the warehouse and all of it is booked, or BaseLinker says so.
Result<bool> OrderChanges::close_if_finished(OrderStatusId status, state::OrderRow row) {
    if (row.closed_at != Timestamp{}) return true;
    if (row.state != state::OrderState::imported) return false;
    bool finished = statuses_.finished.contains(status);
    if (!finished) {
        BLONGO_TRY(finished, has_left_for_good(flow_.session(), row));
    }
    if (!finished) return false;
    if (flow_.dry_run()) return true;
    row.closed_at = flow_.session().runtime().clock.now();
    BLONGO_CHECK(ledger_.update(row));
    return true;
}

/// It takes no changes any more, and may be the one that another order was merged into.
Result<void> OrderChanges::note_gain(const baselinker::Order& order, const state::OrderRow& row) {
    if (row.source_mark == map::order_source_mark(order, options_)) return {};
    BLONGO_TRY(const auto lines, ledger_.lines(row.order_id));
    const map::NumberLookup nothing = [](ProductId, bool) { return std::optional<ArticleNumber>{}; };
    plan::Pieces now;
    for (const auto& chosen : map::choose_lines(order, options_, nothing).lines) now[chosen.article.value()] += chosen.quantity;
    auto gained = plan::lost_pieces(now, pieces_of(lines));
    if (!gained.empty()) family_.note_gain(row.order_id, std::move(gained));
    return {};
}

Result<void> OrderChanges::came_back(const baselinker::Order& order, const state::OrderRow& row) {
    const std::string key = fmt::to_string(order.order_id);
    if (!order.confirmed || !statuses_.waits(order.order_status_id)) return fine(order, row, "cancelled");
    BLONGO_TRY(const bool moving, write_back_.is_wanted(row.order_id, "status_by_warehouse"));
    if (moving) { // out of the statuses of orders to send, as soon as its status can be set
        flow_.report(line(plan::Verb::same, row, "cancelled"));
        return {};
    }
    return records_.park(order,
                         {"cancelled_came_back",
                          key,
                          "order_status_id",
                          fmt::format("cancelled in Ongoing as {}, and in a status of orders to send in BaseLinker", row.number),
                          key,
                          {}},
                         {});
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/map/packer_text.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_changes.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view stop_cause = "cancelled_in_base";
constexpr std::int64_t no_status = -1; ///< in OrderRow::tried: tried in none, so it is tried again in whatever it stands

} // namespace

Result<void> OrderChanges::cancel(const baselinker::Order* order, state::OrderRow row) {
    const std::string key = fmt::to_string(row.order_id);
    const std::string mark = plan::attempt_mark(std::string(cancel_action), row.ongoing_status);
    const bool waits = flow_.parked().contains(key);
    const bool tried = waits && row.tried == mark && plan::changeable(row.ongoing_status) != plan::Changeable::yes;
    if (tried || (waits && row.tried.starts_with(cancel_action) && flow_.must_wait(key, mark))) return flow_.keep_parked(key);
    BLONGO_TRY(const auto writing, intents_.find(order_intent_key(row.order_id)));
    if (writing && !flow_.dry_run()) {
        flow_.report(line(plan::Verb::skip, row, "another run is at this order"));
        return {};
    }
    if (flow_.limit_reached()) {
        flow_.report(line(plan::Verb::skip, row, "limit"));
        return {};
    }
    const auto attempted = line(plan::Verb::cancel, row, order == nullptr ? "deleted" : "cancelled");
    if (order != nullptr && !flow_.dry_run()) {
        BLONGO_TRY(const auto page, flow_.session().baselinker().get_order(row.order_id));
        const bool still = !page.orders.empty() && page.orders.front().order_status_id == order->order_status_id;
        if (!still) {
            auto waiting = attempted;
            waiting.outcome = plan::Outcome::queued;
            waiting.detail = "moved once more since it was read: looked at again in the next run";
            flow_.report(waiting);
            return {};
        }
    }
    const auto there = flow_.session().ongoing().get_order(row.ongoing_id);
    if (!there && !ends_run(there.error())) return flow_.item_failed(attempted, there.error(), mark);
    if (!there) return fail(there.error());
    if (!*there) return record_cancelled(std::move(row), {}, "Ongoing has it no more");
    row.ongoing_status = (*there)->status_number;
    if (row.ongoing_status == plan::cancelled_in_ongoing) return record_cancelled(std::move(row), {}, "cancelled there already");
    const auto may = plan::changeable(row.ongoing_status);
    const std::string mark_now = plan::attempt_mark(std::string(cancel_action), row.ongoing_status);
    if (may == plan::Changeable::no || (may == plan::Changeable::try_once && row.tried == mark_now))
        return cancel_refused(order, std::move(row), **there, "the warehouse has started", true);
    flow_.count_write();
    if (flow_.dry_run()) {
        flow_.report(attempted);
        return {};
    }
    BLONGO_TRY(const auto claimed, claim(row, cancel_action, json::Value::object().set("order_id", row.order_id.value())));
    if (!claimed) return {};
    std::string words;
    const auto outcome = delete_and_look(row, words);
    if (!outcome) {
        BLONGO_CHECK(settle(claimed->id, state::IntentState::unknown, outcome.error().text()));
        return fail(outcome.error());
    }
    switch (*outcome) {
    case Cancelled::proven: return record_cancelled(std::move(row), claimed->id, attempted.reason);
    case Cancelled::refused:
    case Cancelled::walled:
        BLONGO_CHECK(settle(claimed->id, state::IntentState::refused, words));
        return cancel_refused(order, std::move(row), **there, words, *outcome == Cancelled::refused);
    case Cancelled::unknown: break;
    }
    BLONGO_CHECK(settle(claimed->id, state::IntentState::unknown, words));
    return flow_.item_failed(attempted, make_error(ErrorKind::ambiguous, words, fmt::format("order {}", row.number)), mark);
}

Result<OrderChanges::Cancelled> OrderChanges::delete_and_look(const state::OrderRow& row, std::string& words) {
    const auto deleted = flow_.session().ongoing().delete_order(row.ongoing_id);
    if (!deleted && ends_run(deleted.error())) return fail(deleted.error());
    words = deleted ? std::string{} : deleted.error().text();
    const auto there = flow_.session().ongoing().get_order(row.ongoing_id);
    if (!there) {
        words += (words.empty() ? "" : "; ") + there.error().text();
        return Cancelled::unknown;
    }
    if (!*there || (*there)->status_number == plan::cancelled_in_ongoing) return Cancelled::proven;
    if (!deleted && is_ambiguous(deleted.error())) return Cancelled::unknown;
    if (!deleted && deleted.error().kind == ErrorKind::edge) return Cancelled::walled;
    if (deleted) words = fmt::format("Ongoing said yes, and the order still is in status {}", (*there)->status_number);
    return Cancelled::refused;
}

Result<void> OrderChanges::record_cancelled(state::OrderRow row, std::optional<std::int64_t> intent, const std::string& reason,
                                            std::optional<BaseOrderId> merged_into) {
    const std::string key = fmt::to_string(row.order_id);
    const auto told = line(plan::Verb::cancel, row, reason);
    if (!flow_.dry_run()) {
        BLONGO_TRY(const auto lines, ledger_.lines(row.order_id));
        row.state = state::OrderState::cancelled;
        row.ongoing_status = row.warehouse_told = plan::cancelled_in_ongoing;
        row.tried.clear();
        row.merged_into = merged_into.value_or(BaseOrderId{});
        if (!merged_into) set_freed(row, plan::sum_of(freed_of(row), pieces_of(lines)));
        BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
            if (intent) BLONGO_CHECK(settle(*intent, state::IntentState::done, "cancelled"));
            return ledger_.update(row);
        }));
    }
    BLONGO_CHECK(flow_.item_succeeded(key));
    flow_.report(told);
    return {};
}

/// People in the warehouse cancelled it; whether BaseLinker agrees is for came_back() to say.
Result<void> OrderChanges::cancelled_by_people(state::OrderRow row) {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(const auto lines, ledger_.lines(row.order_id));
    row.state = state::OrderState::cancelled;
    row.tried.clear();
    set_freed(row, plan::sum_of(freed_of(row), pieces_of(lines)));
    return ledger_.update(row);
}

/// Told on both sides: a status in BaseLinker, a STOP in the warehouse instruction. `is_final`: the order is not asked for
/// again while it stands in this status.
Result<void> OrderChanges::cancel_refused(const baselinker::Order* order, state::OrderRow row, const ongoing::Order& there,
                                          const std::string& why, bool is_final) {
    const std::string key = fmt::to_string(row.order_id);
    const std::string mark = plan::attempt_mark(std::string(cancel_action), row.ongoing_status);
    const std::string open_mark = plan::attempt_mark(std::string(cancel_action), no_status);
    const bool told_before = row.tried.starts_with(cancel_action) && row.tried != open_mark;
    row.tried = is_final ? mark : open_mark;
    // Once it is sent the label flow tells the packer.
    if (!flow_.dry_run() && row.ongoing_status < plan::lowest_sent(flow_.session().connection().shipments.send))
        BLONGO_CHECK(tell_packer(row, there));
    const map::Rejection rejection{
        "locked_in_warehouse",
        key,
        "order_status_id",
        fmt::format("{} in BaseLinker, and in status {} ({}) in Ongoing, which does not cancel it: {}. Stop it by hand",
                    order == nullptr ? "deleted" : "cancelled", row.ongoing_status, there.status_text, why),
        row.number.value(),
        {}};
    const auto steps = [&]() -> Result<void> {
        if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(row));
        BLONGO_CHECK(flow_.park(rejection, mark));
        if (order == nullptr || told_before || !is_final) return {};
        return write_back_.want(row.order_id, order->order_status_id, statuses_.cancel_refused, "status_after_cancel_refused");
    };
    return flow_.dry_run() ? steps() : flow_.session().store().in_transaction(steps);
}

Result<void> OrderChanges::tell_packer(state::OrderRow& row, const ongoing::Order& there) {
    auto agreed = json::Value::parse(row.agreed.empty() ? "{}" : row.agreed);
    if (!agreed) return fail(agreed.error());
    const std::string stands = there.warehouse_instruction;
    if (!(*agreed)["stop"]["ours"].text().empty() || map::is_packer_text(stands)) return {};
    const auto& connection = flow_.session().connection();
    const std::string text = map::packer_text(map::PackerMessage::stop, stop_cause, {}, flow_.session().runtime().clock.now(),
                                              connection.time_zone, connection.shipments.label_texts, row.number.value(), stands);
    const auto written = flow_.session().ongoing().patch_warehouse_instruction(row.ongoing_id, text);
    if (!written && ends_run(written.error())) return fail(written.error());
    if (!written) {
        flow_.session().runtime().reporter.warning(connection.name,
                                                   "the packer's text was not written: " + written.error().text());
        return {};
    }
    agreed->set("stop", json::Value::object().set("ours", text).set("before", stands));
    row.agreed = agreed->dump();
    return {};
}

Result<void> OrderChanges::take_back_stop(state::OrderRow& row) {
    auto agreed = json::Value::parse(row.agreed.empty() ? "{}" : row.agreed);
    if (!agreed) return fail(agreed.error());
    const json::Value stop = std::as_const(*agreed)["stop"];
    if (flow_.dry_run()) return {};
    if (!stop["ours"].text().empty()) {
        const auto there = flow_.session().ongoing().get_order(row.ongoing_id);
        if (!there && ends_run(there.error())) return fail(there.error());
        if (!there) return {};                                                  // the next run tries again
        if (*there && (*there)->warehouse_instruction == stop["ours"].text()) { // else somebody wrote there: theirs stays
            const auto restored =
                flow_.session().ongoing().patch_warehouse_instruction(row.ongoing_id, std::string(stop["before"].text()));
            if (!restored) return ends_run(restored.error()) ? fail(restored.error()) : Result<void>{};
        }
        agreed->erase("stop");
        row.agreed = agreed->dump();
    }
    row.tried.clear();
    return ledger_.update(row);
}

Result<void> OrderChanges::brake_absent() {
    std::size_t gone = 0;
    for (const auto& id : family_.absent()) {
        BLONGO_TRY(const auto row, ledger_.find(id));
        if (row && row->state == state::OrderState::imported && row->closed_at == Timestamp{}) ++gone;
    }
    if (flow_.options().allow_cancelling || !plan::too_many_gone(gone, family_.looked_at())) return {};
    const std::string& connection = flow_.session().connection().name;
    return fail(
        ErrorKind::guard,
        fmt::format("BaseLinker has {} of {} imported orders no more: none of them is cancelled", gone, family_.looked_at()),
        fmt::format("[connections.{}]", connection),
        fmt::format("see whether the token is that of this account; if they were deleted: blongo orders sync "
                    "--allow-cancelling -C {}",
                    connection));
}

Result<void> OrderChanges::cancel_absent(Timestamp looked_at) {
    BLONGO_CHECK(brake_absent());
    if (flow_.session().out_of_time()) return {}; // an order may be unread whose lines those are
    for (const auto& id : family_.absent()) {
        BLONGO_TRY(auto row, ledger_.find(id));
        if (!row || row->state != state::OrderState::imported || row->closed_at != Timestamp{}) {
            BLONGO_CHECK(records_.no_longer_waits(id));
            continue;
        }
        const bool first_look = row->absent_at == Timestamp{};
        if (first_look) {
            row->absent_at = looked_at;
            if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(*row));
        }
        if (row->merged_into.value() != 0) { // its merge waits, or is not settled yet
            const std::string main = fmt::to_string(row->merged_into);
            BLONGO_TRY(const auto writing, intents_.find(order_intent_key(row->merged_into)));
            if (writing) continue;
            if (flow_.cause_of(main) == "merged_in_base") {
                BLONGO_CHECK(flow_.keep_parked(fmt::to_string(id)));
                continue;
            }
            row->merged_into = {};
        }
        BLONGO_TRY(const bool closed, close_if_finished({}, *row));
        if (closed) {
            BLONGO_CHECK(records_.no_longer_waits(id));
            continue;
        }
        if (first_look) {
            auto waiting = line(plan::Verb::cancel, *row, "deleted");
            waiting.outcome = plan::Outcome::queued;
            waiting.detail = "BaseLinker has no such order: looked at once more in the next run";
            flow_.report(waiting);
            continue;
        }
        if (row->absent_at >= looked_at || family_.is_kept(id)) continue;
        if (!family_.all_read()) { // the order that has its lines may not have been read
            auto waiting = line(plan::Verb::cancel, *row, "deleted");
            waiting.outcome = plan::Outcome::queued;
            waiting.detail = "waits for the run that reads all statuses";
            flow_.report(waiting);
            continue;
        }
        BLONGO_TRY(const auto holder, family_.holder_of(*row));
        if (holder.value() != 0) {
            BLONGO_CHECK(flow_.park({"merged_in_base",
                                     fmt::to_string(id),
                                     "orders",
                                     fmt::format("BaseLinker merged it into order {}, which takes no changes any more: it is "
                                                 "neither sent nor cancelled by itself",
                                                 holder),
                                     row->number.value(),
                                     {}},
                                    fmt::to_string(holder)));
            continue;
        }
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            return {};
        }
        BLONGO_CHECK(cancel(nullptr, std::move(*row)));
    }
    return {};
}

} // namespace blongo::sync

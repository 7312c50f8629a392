// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_changes.hpp>

namespace blongo::sync {

namespace {

/// `held` without what a merge that went no further had added: `sent` are the marks of what it sent.
json::Value without_gains(json::Value held, const std::vector<state::OrderLineRow>& lines, const json::Value& sent) {
    json::Value kept = json::Value::array();
    for (json::Value row : std::as_const(held)["orderLines"].elements()) {
        const std::string number(std::as_const(row)["rowNumber"].text());
        const auto known = std::ranges::find(lines, number, &state::OrderLineRow::row_number);
        const json::Value& marks = sent["lines"][number];
        const bool ours = !marks.is_null() && marks["numberOfItems"].text() ==
                                                  map::value_mark("numberOfItems", std::as_const(row)["numberOfItems"]);
        if (known == lines.end() && !marks.is_null()) continue;
        if (known != lines.end() && ours) row.set("numberOfItems", known->quantity);
        kept.push_back(std::move(row));
    }
    held.set("orderLines", std::move(kept));
    return held;
}

std::string merge_mark(const std::string& fingerprint, const state::OrderRow& main, const state::OrderRow& gone) {
    return fmt::format("merge {}@{}+{}", fingerprint, main.ongoing_status, gone.ongoing_status);
}

} // namespace

/// One decision: the main order takes the lines, then the vanished one is cancelled; or neither.
Result<void> OrderChanges::merge(OrderItem& item, state::OrderRow row, OrderUpdate& update, OrderFamily::Vanished gone) {
    if (gone.row.closed_at != Timestamp{}) return refuse_merge(row, gone.row, item.fingerprint, "it was sent already");
    BLONGO_TRY(const auto other, flow_.session().ongoing().get_order(gone.row.ongoing_id));
    if (!other || other->status_number == plan::cancelled_in_ongoing) {
        BLONGO_CHECK(record_cancelled(std::move(gone.row), {}, "merged", row.order_id));
        return put(item, std::move(row), update);
    }
    gone.row.ongoing_status = other->status_number;
    const auto may = plan::changeable(row.ongoing_status), may_cancel = plan::changeable(gone.row.ongoing_status);
    if (may == plan::Changeable::no || may_cancel == plan::Changeable::no)
        return refuse_merge(row, gone.row, item.fingerprint, "the warehouse has started");
    const bool tried = row.tried == merge_mark(item.fingerprint, row, gone.row);
    if (tried && (may == plan::Changeable::try_once || may_cancel == plan::Changeable::try_once))
        return refuse_merge(row, gone.row, item.fingerprint, "the warehouse refused it");
    auto told = line(plan::Verb::update, row, "merged");
    told.detail = fmt::format("takes over the lines of order {}, which BaseLinker has no more", gone.row.order_id);
    told.changes = update.overlay.changes;
    flow_.count_write();
    if (flow_.dry_run()) {
        flow_.report(told);
        flow_.report(line(plan::Verb::cancel, gone.row, "merged"));
        return {};
    }
    BLONGO_TRY(const auto writing, intents_.find(order_intent_key(gone.row.order_id)));
    if (writing) {
        flow_.report(line(plan::Verb::skip, gone.row, "another run is at this order"));
        return {};
    }
    LedgerOrder sent = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    sent.row.source_mark = map::order_source_mark(item.order, options_);
    const auto payload =
        json::Value::object().set("order", sent.to_json()).set("vanished", gone.row.order_id.value());
    BLONGO_TRY(const auto claimed, claim(row, merge_action, payload));
    if (!claimed) return {};
    gone.row.merged_into = row.order_id;
    BLONGO_CHECK(ledger_.update(gone.row));
    const auto written = flow_.session().ongoing().put_order(row.ongoing_id, update.overlay.body);
    if (!written) {
        const auto outcome = outcome_of(written.error());
        BLONGO_CHECK(settle(claimed->id, outcome, written.error().text()));
        if (outcome == state::IntentState::unknown) return records_.failed(item.order, told, written.error(), item.fingerprint);
        return outcome == state::IntentState::refused
                   ? refuse_merge(row, gone.row, item.fingerprint, written.error().text())
                   : fail(written.error());
    }
    BLONGO_CHECK(finish_merge(sent, gone.row, *claimed));
    if (flow_.cause_of(told.key).empty()) flow_.report(told);
    return {};
}

/// The main order has the lines; now the vanished one goes, or the main one gives them back.
Result<void> OrderChanges::finish_merge(const LedgerOrder& main, state::OrderRow gone, const state::IntentRow& intent) {
    std::string words;
    BLONGO_TRY(auto row, ledger_.find(main.row.order_id));
    if (!row) return settle(intent.id, state::IntentState::withdrawn, "the ledger does not know it");
    const auto outcome = delete_and_look(gone, words);
    if (!outcome || *outcome == Cancelled::unknown) {
        BLONGO_CHECK(settle(intent.id, state::IntentState::unknown, outcome ? words : outcome.error().text()));
        if (!outcome) return fail(outcome.error());
        return flow_.item_failed(line(plan::Verb::cancel, gone, "merged"), make_error(ErrorKind::ambiguous, words), {});
    }
    if (*outcome == Cancelled::proven) {
        LedgerOrder kept = main;
        keep_history(kept.row, *row);
        kept.row.ongoing_status = row->ongoing_status;
        BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(settle(intent.id, state::IntentState::done, "merged"));
            return ledger_.put(kept.row, kept.lines);
        }));
        BLONGO_CHECK(flow_.item_succeeded(fmt::to_string(kept.row.order_id)));
        return record_cancelled(std::move(gone), {}, "merged", main.row.order_id);
    }
    const auto agreed = json::Value::parse(main.row.agreed);
    const auto put_back_now = put_back(*row, agreed ? (*agreed)["told"] : json::Value{});
    if (!put_back_now) {
        BLONGO_CHECK(settle(intent.id, state::IntentState::unknown, put_back_now.error().text()));
        return is_refused(put_back_now.error()) || is_unknown_outcome(put_back_now.error())
                   ? flow_.item_failed(line(plan::Verb::update, *row, "merge taken back"), put_back_now.error(), {})
                   : fail(put_back_now.error());
    }
    BLONGO_CHECK(settle(intent.id, state::IntentState::refused, words));
    return refuse_merge(*row, gone, main.row.fingerprint, words);
}

Result<void> OrderChanges::put_back(state::OrderRow& main, const json::Value& sent) {
    BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(main.ongoing_id));
    if (!there) return {};
    BLONGO_TRY(const auto lines, ledger_.lines(main.order_id));
    BLONGO_TRY(const auto held, ongoing::post_model_of_order(there->document));
    const json::Value body = without_gains(held, lines, sent);
    BLONGO_CHECK(flow_.session().ongoing().put_order(main.ongoing_id, body));
    set_told(main, plan::settled_marks(body, sent, told_of(main, lines)));
    return {};
}

/// `fingerprint`: of what the main order would have become.
Result<void> OrderChanges::refuse_merge(state::OrderRow main, state::OrderRow gone, const std::string& fingerprint,
                                        const std::string& why) {
    const auto about = [&](const state::OrderRow& row, const std::string& what) {
        return map::Rejection{"merged_in_base", fmt::to_string(row.order_id), "orderLines",
                              fmt::format("{} ({} in status {}, {} in status {} in Ongoing): {}", what, main.number,
                                          main.ongoing_status, gone.number, gone.ongoing_status, why),
                              row.number.value(), {}};
    };
    const auto steps = [&]() -> Result<void> {
        if (!flow_.dry_run()) {
            main.tried = merge_mark(fingerprint, main, gone);
            gone.merged_into = main.order_id;
            BLONGO_CHECK(ledger_.update(main));
            if (gone.closed_at == Timestamp{}) BLONGO_CHECK(ledger_.update(gone));
        }
        BLONGO_CHECK(flow_.park(about(main, fmt::format("BaseLinker merged order {} into this one", gone.order_id)), fingerprint));
        if (gone.closed_at != Timestamp{}) return {};
        return flow_.park(about(gone, fmt::format("BaseLinker merged it into order {}", main.order_id)), fingerprint);
    };
    return flow_.dry_run() ? steps() : flow_.session().store().in_transaction(steps);
}

} // namespace blongo::sync

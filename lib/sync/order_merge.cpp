// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

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
        const bool ours = !marks.is_null() &&
                          marks["numberOfItems"].text() == map::value_mark("numberOfItems", std::as_const(row)["numberOfItems"]);
        if (known == lines.end() && !marks.is_null()) continue;
        if (known != lines.end() && ours) row.set("numberOfItems", known->quantity);
        kept.push_back(std::move(row));
    }
    held.set("orderLines", std::move(kept));
    return held;
}

std::string merge_mark(const std::string& fingerprint, const state::OrderRow& main, const std::vector<state::OrderRow>& gone) {
    std::string out = fmt::format("merge {}@{}", fingerprint, main.ongoing_status);
    for (const auto& row : gone) out += fmt::format("+{}", row.ongoing_status);
    return out;
}

bool is_changeable(const state::OrderRow& row, plan::Changeable how) {
    return plan::changeable(row.ongoing_status) == how;
}

} // namespace

/// One decision: the main order takes the lines, then the vanished ones are cancelled; or neither.
Result<void> OrderChanges::merge(OrderItem& item, state::OrderRow row, OrderUpdate& update,
                                 std::vector<OrderFamily::Vanished> vanished) {
    const auto refuse_all = [&](const std::string& why) {
        std::vector<state::OrderRow> all;
        for (auto& other : vanished) all.push_back(std::move(other.row));
        return refuse_merge(row, std::move(all), item.fingerprint, why);
    };
    if (std::ranges::any_of(vanished, [](const auto& other) { return other.row.closed_at != Timestamp{}; }))
        return refuse_all("one of them was sent already");
    if (item.debt.waits_for.value() != 0) { // the merge brought lines that are not free yet as well
        BLONGO_CHECK(refuse_all(fmt::format("it took over order {} as well, which waits until order {} has given its pieces up "
                                            "in Ongoing",
                                            item.debt.merged.front(), item.debt.waits_for)));
        row.tried.clear(); // nothing was tried
        return flow_.dry_run() ? Result<void>{} : ledger_.update(row);
    }
    std::vector<state::OrderRow> gone;
    for (auto& other : vanished) {
        BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(other.row.ongoing_id));
        if (!there || there->status_number == plan::cancelled_in_ongoing) {
            BLONGO_CHECK(record_cancelled(std::move(other.row), {}, "merged", row.order_id));
            continue;
        }
        other.row.ongoing_status = there->status_number;
        gone.push_back(std::move(other.row));
    }
    if (gone.empty()) return put(item, std::move(row), update);
    // What may be refused comes first: before anything is cancelled that cannot be taken back.
    std::ranges::stable_sort(gone, std::greater<>{}, &state::OrderRow::ongoing_status);
    std::vector<state::OrderRow> all = gone;
    all.push_back(row);
    const auto any = [&](plan::Changeable how) {
        return std::ranges::any_of(all, [&](const state::OrderRow& each) { return is_changeable(each, how); });
    };
    if (any(plan::Changeable::no)) return refuse_merge(row, gone, item.fingerprint, "the warehouse has started");
    if (row.tried == merge_mark(item.fingerprint, row, gone) && any(plan::Changeable::try_once))
        return refuse_merge(row, gone, item.fingerprint, "the warehouse refused it");
    auto told = line(plan::Verb::update, row, "merged");
    told.detail = fmt::format("takes over the lines of order {}, which BaseLinker has no more", gone.front().order_id);
    told.changes = plan::masked(update.overlay.changes);
    flow_.count_write();
    if (flow_.dry_run()) {
        flow_.report(told);
        for (const auto& other : gone) flow_.report(line(plan::Verb::cancel, other, "merged"));
        return {};
    }
    json::Value ids = json::Value::array(), waiting = json::Value::array();
    for (const auto& order : item.debt.merged) waiting.push_back(order.value());
    for (auto& other : gone) {
        BLONGO_TRY(const auto writing, intents_.find(order_intent_key(other.order_id)));
        if (writing) {
            flow_.report(line(plan::Verb::skip, other, "another run is at this order"));
            return {};
        }
        other.merged_into = row.order_id;
        ids.push_back(other.order_id.value());
    }
    LedgerOrder sent = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    sent.row.source_mark = map::order_source_mark(item.order, options_);
    sent.takes = item.debt.takes;
    const auto payload =
        json::Value::object().set("order", sent.to_json()).set("vanished", std::move(ids)).set("waiting", std::move(waiting));
    BLONGO_TRY(const auto claimed, claim(row, merge_action, payload));
    if (!claimed) return {};
    for (const auto& other : gone) BLONGO_CHECK(ledger_.update(other));
    const auto written = flow_.session().ongoing().put_order(row.ongoing_id, update.overlay.body);
    if (!written) {
        const auto outcome = outcome_to_look_up(written.error());
        BLONGO_CHECK(settle(claimed->id, outcome, result_to_look_up(written.error())));
        if (outcome == state::IntentState::unknown) return records_.failed(item.order, told, written.error(), item.fingerprint);
        return outcome == state::IntentState::refused ? refuse_merge(row, gone, item.fingerprint, written.error().text())
                                                      : fail(written.error());
    }
    BLONGO_CHECK(finish_merge(sent, gone, *claimed, update.overlay.body));
    if (flow_.cause_of(told.key).empty()) flow_.report(told);
    return {};
}

/// The main order has the lines; now the vanished ones go, or the main one gives the lines back.
Result<void> OrderChanges::finish_merge(const LedgerOrder& main, std::vector<state::OrderRow> gone,
                                        const state::IntentRow& intent, const json::Value& held) {
    BLONGO_TRY(auto row, ledger_.find(main.row.order_id));
    if (!row) return settle(intent.id, state::IntentState::withdrawn, "the ledger does not know it");
    while (!gone.empty()) {
        std::string words;
        const auto outcome = delete_and_look(gone.front(), words);
        if (!outcome || *outcome == Cancelled::unknown) {
            BLONGO_CHECK(settle(intent.id, state::IntentState::unknown, outcome ? words : outcome.error().text()));
            if (!outcome) return fail(outcome.error());
            return flow_.item_failed(line(plan::Verb::cancel, gone.front(), "merged"), make_error(ErrorKind::ambiguous, words),
                                     {});
        }
        if (*outcome == Cancelled::refused || *outcome == Cancelled::walled) {
            const auto agreed = json::Value::parse(main.row.agreed);
            const auto back = put_back(*row, agreed ? (*agreed)["told"] : json::Value{});
            if (!back) {
                BLONGO_CHECK(settle(intent.id, state::IntentState::unknown, back.error().text()));
                return ends_run(back.error())
                           ? fail(back.error())
                           : flow_.item_failed(line(plan::Verb::update, *row, "merge taken back"), back.error(), {});
            }
            BLONGO_CHECK(settle(intent.id, state::IntentState::refused, words));
            return refuse_merge(*row, std::move(gone), main.row.fingerprint, words);
        }
        BLONGO_CHECK(record_cancelled(gone.front(), {}, "merged", main.row.order_id));
        gone.erase(gone.begin());
    }
    LedgerOrder kept = main;
    keep_history(kept.row, *row);
    kept.row.ongoing_status = row->ongoing_status;
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    OrderDebt debt{{}, {}, main.takes};
    for (const auto& id : payload["waiting"].elements()) debt.merged.emplace_back(id.integer());
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(settle(intent.id, state::IntentState::done, "merged"));
        BLONGO_CHECK(share_freed(kept, payload, held));
        BLONGO_CHECK(ledger_.put(kept.row, kept.lines));
        return family_.paid(kept.row.order_id, debt);
    }));
    return flow_.item_succeeded(fmt::to_string(kept.row.order_id));
}

/// Pieces of the merged orders that the main one has no more when it takes their lines: they went into another order
/// before. `held`: what Ongoing holds of the main order now.
Result<void> OrderChanges::share_freed(LedgerOrder& main, const json::Value& payload, const json::Value& held) {
    BLONGO_TRY(const auto lines, ledger_.lines(main.row.order_id));
    BLONGO_TRY(const auto agreed, json::Value::parse(main.row.agreed));
    plan::Pieces before = pieces_of(lines);
    const plan::Pieces after = pieces_of(main.lines);
    std::vector<std::pair<state::OrderRow, plan::Pieces>> merged;
    for (const auto& id : payload["vanished"].elements()) {
        BLONGO_TRY(auto row, ledger_.find(BaseOrderId{id.integer()}));
        if (!row || row->merged_into != main.row.order_id) continue;
        BLONGO_TRY(const auto had, ledger_.lines(row->order_id));
        plan::Pieces lost;
        for (const auto& line : had) {
            const auto now = std::ranges::find(main.lines, line.row_number, &state::OrderLineRow::row_number);
            lost[line.article.value()] +=
                std::max<std::int64_t>(0, line.quantity - (now == main.lines.end() ? 0 : now->quantity));
        }
        before = plan::sum_of(std::move(before), pieces_of(had));
        merged.emplace_back(std::move(*row), std::move(lost));
    }
    plan::Pieces freed = plan::given_up(before, after, plan::pieces_of(held, agreed["told"]));
    for (auto& [row, lost] : merged) {
        plan::Pieces share;
        for (const auto& [article, pieces] : freed)
            if (const auto most = lost.find(article); most != lost.end()) share[article] = std::min(pieces, most->second);
        freed = plan::lost_pieces(freed, share);
        set_freed(row, plan::sum_of(freed_of(row), share));
        BLONGO_CHECK(ledger_.update(row));
    }
    set_freed(main.row, plan::sum_of(plan::lost_pieces(freed_of(main.row), plan::lost_pieces(after, before)), freed));
    return {};
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
Result<void> OrderChanges::refuse_merge(state::OrderRow main, std::vector<state::OrderRow> gone, const std::string& fingerprint,
                                        const std::string& why) {
    std::string others;
    for (const auto& row : gone)
        others += fmt::format("{}{} in status {}", others.empty() ? "" : ", ", row.number, row.ongoing_status);
    const auto about = [&](const state::OrderRow& row, const std::string& what) {
        return map::Rejection{
            "merged_in_base",
            fmt::to_string(row.order_id),
            "orderLines",
            fmt::format("{} ({} in status {}, {} in Ongoing): {}", what, main.number, main.ongoing_status, others, why),
            row.number.value(),
            {}};
    };
    const auto steps = [&]() -> Result<void> {
        main.tried = merge_mark(fingerprint, main, gone);
        if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(main));
        BLONGO_CHECK(
            flow_.park(about(main, fmt::format("BaseLinker merged order {} into this one", gone.front().order_id)), fingerprint));
        for (auto& row : gone) {
            if (row.closed_at != Timestamp{}) continue;
            row.merged_into = main.order_id;
            if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(row));
            BLONGO_CHECK(flow_.park(about(row, fmt::format("BaseLinker merged it into order {}", main.order_id)), fingerprint));
        }
        return {};
    };
    return flow_.dry_run() ? steps() : flow_.session().store().in_transaction(steps);
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
// What changed in BaseLinker since Ongoing was told, and what of it the warehouse still takes (flows.md Orders 10).
#include <blongo/sync/order_changes.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/order_marks.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_holds.hpp>

namespace blongo::sync {

namespace {

std::string names_of(const std::vector<plan::Change>& changes) {
    std::vector<std::string> names;
    for (const auto& change : changes) names.push_back(change.member);
    constexpr std::size_t shown = 8;
    const std::size_t more = names.size() > shown ? names.size() - shown : 0;
    if (more > 0) names.resize(shown);
    return join(names, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

} // namespace

Result<std::optional<OrderUpdate>> compute_update(Session& session, const state::OrderRow& row,
                                                  const map::OrderDocument& document) {
    BLONGO_TRY(auto there, session.ongoing().get_order(row.ongoing_id));
    if (!there) return std::optional<OrderUpdate>{};
    OrderUpdate out;
    out.there = std::move(*there);
    BLONGO_TRY(out.lines_before, state::Orders(session.store(), session.key()).lines(row.order_id));
    out.told = told_of(row, out.lines_before);
    BLONGO_TRY(const auto held, ongoing::post_model_of_order(out.there.document));
    out.overlay = plan::overlay_order(held, document, out.told, ongoing::reads_back_of_order);
    return std::optional{std::move(out)};
}

/// Right before a write the order is read once more. False: it is another one by now, and a later run takes it.
Result<bool> OrderChanges::read_again(OrderItem& item, state::OrderRow& row) {
    BLONGO_TRY(const auto page, flow_.session().baselinker().get_order(item.order.order_id));
    if (!page.orders.empty()) {
        const auto& now = page.orders.front();
        const bool same = map::order_source_mark(now, options_) == map::order_source_mark(item.order, options_);
        if (same && !statuses_.cancel.contains(now.order_status_id)) {
            item.order.order_status_id = now.order_status_id;
            return true;
        }
    }
    auto waiting = line(plan::Verb::update, row, "changed once more since it was read");
    waiting.outcome = plan::Outcome::queued;
    flow_.report(waiting);
    flow_.incomplete();
    return false;
}

Result<void> OrderChanges::update(OrderItem& item, const state::OrderRow& row) {
    const std::string key = fmt::to_string(row.order_id);
    // One that is locked is looked at again, with the backoff of its cause: people may have made the change by hand.
    const bool tried = flow_.parked().contains(key) && is_tried(row, item.fingerprint);
    if (tried && flow_.cause_of(key) != "locked_in_warehouse") return flow_.keep_parked(key);
    BLONGO_TRY(const auto writing, intents_.find(order_intent_key(row.order_id)));
    if (writing && !flow_.dry_run()) {
        flow_.report(line(plan::Verb::skip, row, "another run is at this order"));
        return {};
    }
    state::OrderRow now = row;
    if (item.fingerprint == row.fingerprint) { // what changed is nothing that Ongoing is told
        BLONGO_TRY(const auto lines, ledger_.lines(row.order_id));
        if (told_of(row, lines)["members"].size() == 0) set_told(now, map::document_marks(item.document));
        now.source_mark = map::order_source_mark(item.order, options_);
        now.tried.clear();
        if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(now));
        return fine(item.order, now, "in Ongoing");
    }
    BLONGO_TRY(auto hold, held(flow_.session(), row.order_id));
    if (hold) return records_.park(item.order, std::move(*hold), item.fingerprint);
    if (!flow_.dry_run()) {
        BLONGO_TRY(const bool still, read_again(item, now));
        if (!still) return {};
    }
    auto computed = compute_update(flow_.session(), row, item.document);
    if (!computed && computed.error().kind == ErrorKind::rejected)
        return records_.park(item.order, {"edited_in_warehouse", key, "orderLines", computed.error().text(), key, {}},
                             item.fingerprint);
    if (!computed)
        return records_.failed(item.order, line(plan::Verb::update, row, "changed"), computed.error(), item.fingerprint);
    if (!*computed)
        return records_.park(
            item.order,
            {"remote_rejected",
             key,
             "orderNumber",
             fmt::format("Ongoing has no order {} any more; blongo orders sync --order {} sends it again", row.number, key),
             key,
             {}},
            item.fingerprint);
    OrderUpdate& update = **computed;
    now.ongoing_status = update.there.status_number;
    if (now.ongoing_status == plan::cancelled_in_ongoing) {
        BLONGO_CHECK(cancelled_by_people(now));
        now.state = state::OrderState::cancelled;
        return came_back(item.order, now);
    }
    const auto gained = plan::lost_pieces(pieces_of(ledger_lines(item.document)), pieces_of(update.lines_before));
    return gained.empty() ? put(item, std::move(now), update) : put_gaining(item, std::move(now), update, gained);
}

/// Pieces came to it: its own, or those of orders that BaseLinker merged into it.
Result<void> OrderChanges::put_gaining(OrderItem& item, state::OrderRow row, OrderUpdate& update, const plan::Pieces& gained) {
    const std::string key = fmt::to_string(row.order_id);
    BLONGO_TRY(auto gone, family_.vanished_into(item.document, gained, OrderFamily::Among::all));
    const auto unproven = std::ranges::find(gone, false, &OrderFamily::Vanished::proven);
    if (unproven != gone.end()) {
        for (const auto& other : gone) family_.keep(other.row.order_id);
        auto waiting = line(plan::Verb::update, row, "merged");
        waiting.outcome = plan::Outcome::queued;
        waiting.detail = fmt::format("BaseLinker has no order {} any more, whose lines this one has now: looked at once "
                                     "more in the next run",
                                     unproven->row.order_id);
        flow_.report(waiting);
        return {};
    }
    plan::Pieces others = gained;
    for (const auto& other : gone) {
        BLONGO_TRY(const auto lines, ledger_.lines(other.row.order_id));
        others = plan::lost_pieces(others, pieces_of(lines));
    }
    BLONGO_TRY(item.debt, family_.debt_of(item.document, others));
    if (!gone.empty()) return merge(item, std::move(row), update, std::move(gone));
    if (item.debt.waits_for.value() != 0)
        return records_.park(item.order,
                             {"split_waiting",
                              key,
                              "products",
                              fmt::format("BaseLinker merged order {} into it, which waits until order {} has given its "
                                          "pieces up in Ongoing",
                                          item.debt.merged.front(), item.debt.waits_for),
                              key,
                              {}},
                             item.fingerprint);
    return put(item, std::move(row), update);
}

Result<void> OrderChanges::put(OrderItem& item, state::OrderRow row, OrderUpdate& update) {
    if (update.overlay.body["orderLines"].size() == 0)
        return records_.park(item.order,
                             {"edited_in_warehouse",
                              fmt::to_string(row.order_id),
                              "orderLines",
                              "people took all of its lines off the order in Ongoing",
                              fmt::to_string(row.order_id),
                              {}},
                             item.fingerprint);
    if (update.overlay.is_empty()) return record(item, row, update, {});
    const auto may = plan::changeable(row.ongoing_status);
    const std::string mark = plan::attempt_mark(item.fingerprint, row.ongoing_status);
    if (may == plan::Changeable::no || (may == plan::Changeable::try_once && row.tried == mark))
        return locked(item, std::move(row), update);
    auto told = line(plan::Verb::update, row, "changed");
    told.changes = plan::masked(update.overlay.changes);
    told.notes = item.document.notes;
    flow_.count_write();
    if (flow_.dry_run()) {
        for (const auto& kept : update.overlay.kept) told.notes.push_back("kept: " + kept);
        flow_.report(told);
        return {};
    }
    LedgerOrder sent = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    sent.row.source_mark = map::order_source_mark(item.order, options_);
    BLONGO_TRY(const auto claimed, claim(row, update_action, json::Value::object().set("order", sent.to_json())));
    if (!claimed) return {};
    BLONGO_TRY(auto hold, held(flow_.session(), row.order_id)); // it may have come since
    if (hold) {
        BLONGO_CHECK(settle(claimed->id, state::IntentState::withdrawn, "on hold"));
        return records_.park(item.order, std::move(*hold), item.fingerprint);
    }
    const auto written = flow_.session().ongoing().put_order(row.ongoing_id, update.overlay.body);
    if (written) return record(item, row, update, claimed->id);
    BLONGO_CHECK(settle(claimed->id, outcome_of(written.error()), written.error().text()));
    if (written.error().kind == ErrorKind::rejected && may == plan::Changeable::try_once)
        return locked(item, std::move(row), update);
    if (written.error().kind == ErrorKind::rejected) {
        row.tried = mark;
        BLONGO_CHECK(ledger_.update(row));
    }
    return records_.failed(item.order, told, written.error(), item.fingerprint);
}

Result<void> OrderChanges::record(const OrderItem& item, const state::OrderRow& row, const OrderUpdate& update,
                                  std::optional<std::int64_t> intent) {
    LedgerOrder kept = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    keep_history(kept.row, row);
    kept.row.source_mark = map::order_source_mark(item.order, options_);
    kept.row.ongoing_status = row.ongoing_status;
    const auto before = pieces_of(update.lines_before), after = pieces_of(kept.lines);
    set_freed(kept.row, plan::sum_of(plan::lost_pieces(freed_of(row), plan::lost_pieces(after, before)),
                                     plan::given_up(before, after, plan::pieces_of(update.overlay.body, update.told))));
    auto told = line(intent ? plan::Verb::update : plan::Verb::same, row, intent ? "changed" : "in Ongoing");
    told.changes = plan::masked(update.overlay.changes);
    told.notes = item.document.notes;
    for (const auto& member : update.overlay.kept) told.notes.push_back("kept: " + member);
    if (!flow_.dry_run())
        BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
            if (intent) BLONGO_CHECK(settle(*intent, state::IntentState::done, {}));
            BLONGO_CHECK(ledger_.put(kept.row, kept.lines));
            BLONGO_CHECK(family_.paid(row.order_id, item.debt));
            return released(item.order);
        }));
    BLONGO_CHECK(flow_.item_succeeded(told.key));
    flow_.report(told);
    return {};
}

/// The warehouse has started: what may still be said is patched, the rest waits for people.
Result<void> OrderChanges::locked(const OrderItem& item, state::OrderRow row, OrderUpdate& update) {
    const std::string mark = plan::attempt_mark(item.fingerprint, row.ongoing_status);
    if (row.tried != mark) { // a refused patch is not repeated
        BLONGO_TRY(const bool all, patch(item, row, update));
        if (all) return {};
    }
    row.tried = mark;
    if (!flow_.dry_run()) BLONGO_CHECK(ledger_.update(row));
    const std::string key = fmt::to_string(row.order_id);
    return records_.park(item.order,
                         {"locked_in_warehouse",
                          key,
                          "order_status_id",
                          fmt::format("changed in BaseLinker, and in status {} ({}) in Ongoing: {}", row.ongoing_status,
                                      update.there.status_text, names_of(update.overlay.changes)),
                          row.number.value(),
                          {}},
                         item.fingerprint);
}

/// True: nothing is left to be told.
Result<bool> OrderChanges::patch(const OrderItem& item, state::OrderRow& row, OrderUpdate& update) {
    struct Patchable {
        std::string_view setting, member;
        Result<void> (ongoing::Client::*call)(OngoingOrderId, const std::string&);
    };
    static constexpr std::array<Patchable, 3> table{{
        {"service_point", "servicePointCode", &ongoing::Client::patch_service_point_code},
        {"remark", "orderRemark", &ongoing::Client::patch_order_remark},
        {"instruction", "warehouseInstruction", &ongoing::Client::patch_warehouse_instruction},
    }};
    if (row.ongoing_status >= plan::lowest_sent(flow_.session().connection().shipments.send)) return false;
    const auto& wanted = flow_.session().connection().orders.patch_when_started;
    json::Value told = update.told;
    for (const auto& row_of_table : table) {
        if (std::ranges::find(wanted, row_of_table.setting) == wanted.end()) continue;
        auto& changes = update.overlay.changes;
        const auto change = std::ranges::find(changes, row_of_table.member, &plan::Change::member);
        if (change == changes.end() || change->after.text().empty()) continue; // PATCH takes no empty text
        auto step = line(plan::Verb::update, row, "changed");
        step.step = row_of_table.setting;
        step.changes = plan::masked({*change});
        if (!flow_.dry_run()) {
            const auto patched =
                (flow_.session().ongoing().*row_of_table.call)(row.ongoing_id, std::string(change->after.text()));
            if (!patched && ends_run(patched.error())) return fail(patched.error());
            if (!patched) {
                step.outcome = plan::Outcome::rejected;
                step.detail = patched.error().text();
                flow_.report(step);
                continue;
            }
            step.outcome = plan::Outcome::done;
            told["members"].set(row_of_table.member, map::value_mark(row_of_table.member, change->after));
        }
        flow_.report(step);
        changes.erase(change);
    }
    set_told(row, told);
    update.told = told;
    if (!update.overlay.changes.empty()) return false;
    BLONGO_CHECK(record(item, row, update, {}));
    return true;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_changes.hpp>

namespace blongo::sync {

void keep_history(state::OrderRow& fresh, const state::OrderRow& before) {
    fresh.number = before.number;
    fresh.ongoing_id = before.ongoing_id;
    fresh.state = before.state;
    fresh.adopted = before.adopted;
    fresh.attempt = before.attempt;
    fresh.imported_at = before.imported_at;
    fresh.base_status = fresh.base_status.value() == 0 ? before.base_status : fresh.base_status;
    fresh.status_set = before.status_set;
    fresh.newest_id = before.newest_id;
    fresh.warehouse_told = before.warehouse_told;
    fresh.freed = before.freed;
    fresh.closed_at = before.closed_at;
}

Result<void> OrderChanges::recover() {
    if (flow_.dry_run()) return {};
    for (const auto action : {merge_action, update_action, cancel_action}) {
        BLONGO_TRY(const auto open, intents_.unsettled(std::string(action)));
        for (const auto& intent : open) {
            BLONGO_TRY(const bool ours, is_ours_to_settle(intent));
            if (!ours) continue;
            BLONGO_CHECK(action == merge_action    ? recover_merge(intent)
                         : action == update_action ? recover_update(intent)
                                                   : recover_cancel(intent));
        }
    }
    return {};
}

/// Not while the process that opened it may be at work on it.
Result<bool> OrderChanges::is_ours_to_settle(const state::IntentRow& intent) {
    if (intent.state != state::IntentState::open) return true;
    return take_over(flow_.session(), intent, flow_.session().http().read_timeout);
}

/// A request whose answer was lost may reach Ongoing late.
Result<bool> OrderChanges::may_still_arrive(const state::IntentRow& intent) {
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    return now < intent.send_deadline + flow_.session().http().read_timeout + settle_margin;
}

Result<void> OrderChanges::recover_update(const state::IntentRow& intent) {
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    const LedgerOrder sent = LedgerOrder::from_json(payload["order"]);
    BLONGO_TRY(auto row, ledger_.find(sent.row.order_id));
    if (!row) return settle(intent.id, state::IntentState::withdrawn, "the ledger does not know it");
    BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(row->ongoing_id));
    if (!there) return settle(intent.id, state::IntentState::withdrawn, "not there");
    const auto held = ongoing::post_model_of_order(there->document);
    BLONGO_TRY(const auto lines, ledger_.lines(row->order_id));
    const auto agreed = json::Value::parse(sent.row.agreed);
    if (!held || !agreed) return settle(intent.id, state::IntentState::withdrawn, "cannot be compared");
    const json::Value told = told_of(*row, lines);
    const bool arrived = plan::has_arrived(*held, (*agreed)["told"], told);
    BLONGO_TRY(const bool late, may_still_arrive(intent));
    if (!arrived && late) {
        auto waiting = line(plan::Verb::update, *row, "changed");
        waiting.outcome = plan::Outcome::unknown;
        waiting.detail = "the answer was lost; looked, not there yet, looked at again in the next run";
        flow_.report(waiting);
        return {};
    }
    set_told(*row, plan::settled_marks(*held, (*agreed)["told"], told));
    if (!arrived) {
        BLONGO_CHECK(settle(intent.id, state::IntentState::withdrawn, "not there"));
        return ledger_.update(*row);
    }
    LedgerOrder kept = sent;
    keep_history(kept.row, *row);
    kept.row.agreed = row->agreed;
    kept.row.receiver = row->receiver;
    kept.row.ongoing_status = there->status_number;
    const auto before = pieces_of(lines), after = pieces_of(kept.lines);
    set_freed(kept.row, plan::sum_of(plan::lost_pieces(freed_of(*row), plan::lost_pieces(after, before)),
                                     plan::given_up(before, after, plan::pieces_of(*held, told))));
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(settle(intent.id, state::IntentState::done, "seen"));
        return ledger_.put(kept.row, kept.lines);
    }));
    BLONGO_CHECK(flow_.item_succeeded(fmt::to_string(row->order_id)));
    auto told_line = line(plan::Verb::update, *row, "recovered");
    told_line.detail = "an earlier run was interrupted; Ongoing has the change";
    flow_.report(told_line);
    return {};
}

Result<void> OrderChanges::recover_cancel(const state::IntentRow& intent) {
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    BLONGO_TRY(auto row, ledger_.find(BaseOrderId{payload["order_id"].integer()}));
    if (!row) return settle(intent.id, state::IntentState::withdrawn, "the ledger does not know it");
    BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(row->ongoing_id));
    if (!there || there->status_number == plan::cancelled_in_ongoing)
        return record_cancelled(std::move(*row), intent.id, "recovered");
    BLONGO_TRY(const bool late, may_still_arrive(intent));
    if (!late) return settle(intent.id, state::IntentState::withdrawn, "not cancelled");
    auto waiting = line(plan::Verb::cancel, *row, "cancelled");
    waiting.outcome = plan::Outcome::unknown;
    waiting.detail = "the answer was lost; looked, not cancelled yet, looked at again in the next run";
    flow_.report(waiting);
    return {};
}

Result<void> OrderChanges::recover_merge(const state::IntentRow& intent) {
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    LedgerOrder main = LedgerOrder::from_json(payload["order"]);
    BLONGO_TRY(const auto row, ledger_.find(main.row.order_id));
    std::vector<state::OrderRow> gone;
    for (const auto& id : payload["vanished"].elements()) {
        BLONGO_TRY(auto other, ledger_.find(BaseOrderId{id.integer()}));
        if (other && other->state == state::OrderState::imported) gone.push_back(std::move(*other));
    }
    if (!row) return settle(intent.id, state::IntentState::withdrawn, "the ledger does not know it");
    BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(row->ongoing_id));
    const auto agreed = json::Value::parse(main.row.agreed);
    if (!there || !agreed) return settle(intent.id, state::IntentState::withdrawn, "not there");
    const auto held = ongoing::post_model_of_order(there->document);
    BLONGO_TRY(const auto lines, ledger_.lines(row->order_id));
    if (held && plan::has_arrived(*held, (*agreed)["told"], told_of(*row, lines)))
        return finish_merge(main, std::move(gone), intent, *held);
    BLONGO_TRY(const bool late, may_still_arrive(intent));
    if (late) {
        auto waiting = line(plan::Verb::update, *row, "merged");
        waiting.outcome = plan::Outcome::unknown;
        waiting.detail = "the answer was lost; looked, not there yet, looked at again in the next run";
        flow_.report(waiting);
        return {};
    }
    for (auto& other : gone) {
        other.merged_into = {};
        BLONGO_CHECK(ledger_.update(other));
    }
    return settle(intent.id, state::IntentState::withdrawn, "not there");
}

} // namespace blongo::sync

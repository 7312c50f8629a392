// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/return_status.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/second_look.hpp>

namespace blongo::sync {

namespace {

using state::IntentState;
using state::ReturnStatusFate;

const std::string action_name = "set_return_status";
const std::string not_executed = "not executed"; ///< the result of an attempt that is to be repeated
constexpr int most_attempts = 2;
constexpr int writes_a_run = 200;

std::string key_of(ReturnId id) {
    return fmt::format("return-status/{}", id);
}

const std::string not_shown = "BaseLinker does not show the return: looked at again in a later run";

std::string object_of(ReturnId id) {
    return fmt::format("return:{}", id);
}

struct Move {
    ReturnId id;
    ReturnStatusId from, to;
};

Result<Move> move_in(const state::IntentRow& intent) {
    BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
    return Move{ReturnId{payload["return_id"].integer()}, ReturnStatusId{payload["from"].integer()},
                ReturnStatusId{payload["to"].integer()}};
}

} // namespace

std::string return_key(ReturnId id) {
    return fmt::to_string(id);
}

void ReturnStatusWriteBack::report(ReturnId id, ReturnStatusId from, ReturnStatusId to, plan::Outcome outcome,
                                   const std::string& detail) {
    auto line = flow_.action(plan::Verb::update, return_key(id), "status");
    line.step = "status_after_received";
    line.outcome = outcome;
    line.detail = detail;
    line.changes.push_back({"status_id", json::Value(from.value()), json::Value(to.value())});
    flow_.report(line);
}

void ReturnStatusWriteBack::plan(const state::ReturnRow& row) {
    if (row.base_status != statuses_.after_received && may_move_from(row, row.base_status))
        report(row.return_id, row.base_status, statuses_.after_received, plan::Outcome::planned, {});
}

bool ReturnStatusWriteBack::may_move_from(const state::ReturnRow& row, ReturnStatusId status) const {
    return statuses_.accepted.contains(status) || status == row.sent_status;
}

Result<std::optional<ReturnStatusId>> ReturnStatusWriteBack::status_of(ReturnId id) {
    BLONGO_TRY(const auto page, client_.get_return(id));
    if (!page.bad.empty())
        return fail(ErrorKind::protocol, fmt::format("return {} could not be read: {}", id, page.bad.front().reason),
                    page.bad.front().path);
    if (page.returns.empty()) return std::optional<ReturnStatusId>{};
    BLONGO_CHECK(is_there(flow_, object_of(id)));
    return std::optional{page.returns.front().status_id};
}

Result<void> ReturnStatusWriteBack::keep_fate(ReturnId id, ReturnStatusFate fate) {
    BLONGO_TRY(auto entry, ledger_.find(id));
    if (!entry) return {};
    entry->row.fate = fate;
    if (fate == ReturnStatusFate::set) entry->row.base_status = statuses_.after_received;
    return ledger_.put(*entry);
}

Result<void> ReturnStatusWriteBack::settle(const state::IntentRow& intent, ReturnId id, IntentState state, ReturnStatusFate fate,
                                           const std::string& result) {
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const bool ours, intents_.settle(intent.id, state, result));
        if (!ours) return {}; // somebody else settled it, and knows what it means
        return keep_fate(id, fate);
    });
}

Result<void> ReturnStatusWriteBack::recover() {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(const auto open, intents_.unsettled(action_name));
    for (const auto& intent : open) BLONGO_CHECK(recover_one(intent));
    return {};
}

Result<void> ReturnStatusWriteBack::recover_one(const state::IntentRow& intent) {
    const Milliseconds timeout = flow_.session().http().read_timeout;
    if (intent.state == IntentState::open) {
        BLONGO_TRY(const bool taken_over, take_over(flow_.session(), intent, timeout));
        if (!taken_over) return {};
    }
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    BLONGO_TRY(const Move move, move_in(intent));
    BLONGO_TRY(const auto status, status_of(move.id));
    if (!status) {
        BLONGO_TRY(const bool gone, is_gone(flow_, object_of(move.id)));
        if (gone) return settle(intent, move.id, IntentState::withdrawn, ReturnStatusFate::left, "the return is gone");
        report(move.id, move.from, move.to, plan::Outcome::unknown, not_shown);
        return {};
    }
    if (*status == move.to) {
        report(move.id, move.from, move.to, plan::Outcome::done, "settled by looking: the status is set");
        return settle(intent, move.id, IntentState::done, ReturnStatusFate::set, "seen");
    }
    if (*status != move.from) {
        report(move.id, move.from, move.to, plan::Outcome::done, "a person moved the return on meanwhile: left as it is");
        return settle(intent, move.id, IntentState::withdrawn, ReturnStatusFate::left, "moved by a person");
    }
    const bool late_enough = now >= intent.send_deadline + timeout + settle_margin;
    if (!late_enough) {
        report(move.id, move.from, move.to, plan::Outcome::unknown,
               "the answer was lost; looked, not set yet, looked at again at the next run");
        return {};
    }
    if (intent.attempt < most_attempts)
        return settle(intent, move.id, IntentState::withdrawn, ReturnStatusFate::wanted, not_executed);
    report(move.id, move.from, move.to, plan::Outcome::unknown,
           "sent twice, and the status has not changed: set it by hand in BaseLinker");
    return settle(intent, move.id, IntentState::refused, ReturnStatusFate::refused, "sent twice without effect");
}

Result<void> ReturnStatusWriteBack::send(const std::vector<ReturnId>* only) {
    if (flow_.dry_run() || statuses_.after_received.value() == 0) return {};
    BLONGO_TRY(const auto wanted, ledger_.wanted(writes_a_run));
    for (const auto& entry : wanted) {
        if (only != nullptr && std::find(only->begin(), only->end(), entry.row.return_id) == only->end()) continue;
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
        if (flow_.limit_reached()) break;
        BLONGO_CHECK(send_one(entry));
    }
    return {};
}

/// Nullopt: another process is at it, or it is not wanted any more.
Result<std::optional<state::IntentRow>> ReturnStatusWriteBack::claim(const state::ReturnRow& row, ReturnStatusId from) {
    state::IntentRow intent;
    intent.key = key_of(row.return_id);
    intent.action = action_name;
    intent.fingerprint = fmt::to_string(statuses_.after_received);
    intent.payload = json::Value::object()
                         .set("return_id", row.return_id.value())
                         .set("order_id", row.order_id.value())
                         .set("from", from.value())
                         .set("to", statuses_.after_received.value())
                         .dump();
    std::optional<state::IntentRow> mine;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        // Read again in here: whoever finds it wanted sets it, on whichever host, and once.
        BLONGO_TRY(const auto now, ledger_.find(row.return_id));
        if (!now || now->row.fate != ReturnStatusFate::wanted) return {};
        BLONGO_TRY(const auto before, intents_.history(intent.key, 1));
        if (!before.empty() && before.front().result == not_executed) intent.attempt = before.front().attempt + 1;
        BLONGO_TRY(mine, intents_.open(intent, leave_within));
        return {};
    }));
    return mine;
}

Result<void> ReturnStatusWriteBack::send_one(const state::ReturnEntry& entry) {
    const ReturnId id = entry.row.return_id;
    const ReturnStatusId to = statuses_.after_received;
    BLONGO_TRY(const auto status, status_of(id));
    const auto leave = [&] {
        return flow_.session().store().in_transaction([&] { return keep_fate(id, ReturnStatusFate::left); });
    };
    if (!status) {
        BLONGO_TRY(const bool gone, is_gone(flow_, object_of(id)));
        if (gone) return leave();
        report(id, entry.row.base_status, to, plan::Outcome::queued, not_shown);
        return {};
    }
    if (*status == to) return leave();
    if (!may_move_from(entry.row, *status)) {
        report(id, *status, to, plan::Outcome::done, "a person moved the return on: left as it is");
        return leave();
    }
    BLONGO_TRY(const auto intent, claim(entry.row, *status));
    if (!intent) return {};
    flow_.count_write();
    Session& session = flow_.session();
    const auto sent =
        client_.set_return_status(id, to, renewing(session.store(), session.key(), {intent->id}, session.runtime().clock));
    if (sent) {
        BLONGO_CHECK(settle(*intent, id, IntentState::done, ReturnStatusFate::set, {}));
        report(id, *status, to, plan::Outcome::done, {});
        return {};
    }
    switch (sent.error().kind) {
    case ErrorKind::ambiguous:
    case ErrorKind::unavailable:
        BLONGO_CHECK(settle(*intent, id, IntentState::unknown, ReturnStatusFate::wanted, sent.error().text()));
        report(id, *status, to, plan::Outcome::unknown, sent.error().text());
        return {};
    case ErrorKind::edge: // a firewall says nothing of the return: the next run looks, and sends it
        BLONGO_CHECK(settle(*intent, id, IntentState::refused, ReturnStatusFate::wanted, sent.error().text()));
        report(id, *status, to, plan::Outcome::rejected, sent.error().text());
        return {};
    case ErrorKind::rejected:
    case ErrorKind::not_found:
        BLONGO_CHECK(settle(*intent, id, IntentState::refused, ReturnStatusFate::refused, sent.error().text()));
        report(id, *status, to, plan::Outcome::rejected, sent.error().text());
        return {};
    default: // it never left: the next run sends it
        BLONGO_CHECK(settle(*intent, id, IntentState::withdrawn, ReturnStatusFate::wanted, sent.error().text()));
        return fail(sent.error());
    }
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/baselinker/returns.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/returns.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/return_settings.hpp>

namespace blongo::sync {

/// The name under which a return stands in lines and parked rows.
[[nodiscard]] std::string return_key(ReturnId id);

/// status_after_received: set once when all pieces of a return have come, never against a person who moved it on. A change
/// of status may fire the seller's mails and refunds, so each is an intent of its own, committed before the call; a lost
/// answer is settled by looking. What is wanted stands in the ledger (ReturnStatusFate), so that a run that ends in between
/// leaves it to the next one.
class ReturnStatusWriteBack {
public:
    ReturnStatusWriteBack(Flow& flow, const ReturnStatuses& statuses)
        : flow_(flow), statuses_(statuses), client_(flow.session().baselinker()),
          ledger_(flow.session().store(), flow.session().key()), intents_(flow.session().store(), flow.session().key()) {}

    /// Settles what earlier runs left open: the target: done; the old status, late enough: one repeat; anything else: a
    /// person moved it.
    [[nodiscard]] Result<void> recover();
    /// Sets what is wanted, of these returns (null: of all). Each is read again before.
    [[nodiscard]] Result<void> send(const std::vector<ReturnId>* only);
    /// In a dry run: what send() would do.
    void plan(const state::ReturnRow& row);

private:
    [[nodiscard]] Result<void> recover_one(const state::IntentRow& intent);
    [[nodiscard]] Result<void> send_one(const state::ReturnEntry& entry);
    [[nodiscard]] Result<std::optional<state::IntentRow>> claim(const state::ReturnRow& row, ReturnStatusId from);
    /// The status in BaseLinker now; nullopt: it does not show the return.
    [[nodiscard]] Result<std::optional<ReturnStatusId>> status_of(ReturnId id);
    /// Whether nobody but us has moved the return since it was sent.
    [[nodiscard]] bool may_move_from(const state::ReturnRow& row, ReturnStatusId status) const;
    /// The end of an intent with what it means for the return.
    [[nodiscard]] Result<void> settle(const state::IntentRow& intent, ReturnId id, state::IntentState state,
                                      state::ReturnStatusFate fate, const std::string& result);
    /// Takes part in an open transaction.
    [[nodiscard]] Result<void> keep_fate(ReturnId id, state::ReturnStatusFate fate);
    void report(ReturnId id, ReturnStatusId from, ReturnStatusId to, plan::Outcome outcome, const std::string& detail);

    Flow& flow_;
    const ReturnStatuses& statuses_;
    baselinker::Returns client_;
    state::Returns ledger_;
    state::Intents intents_;
};

} // namespace blongo::sync

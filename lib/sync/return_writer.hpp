// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <blongo/map/order_return.hpp>
#include <blongo/ongoing/returns.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/returns.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/return_settings.hpp>
#include <blongo/sync/return_status.hpp>

namespace blongo::sync {

/// Brings returns of BaseLinker to Ongoing and reads back what the warehouse received. One return, one intent; a bad
/// return never stops the others.
class ReturnWriter {
public:
    ReturnWriter(Flow& flow, const ReturnStatuses& statuses, ReturnStatusWriteBack& status);

    /// Settles writes that earlier runs left open, by looking each return order up by its number.
    [[nodiscard]] Result<void> recover();
    /// Returns whose last write may still arrive.
    [[nodiscard]] std::set<ReturnId> unresolved() const;
    /// Oldest first. `named`: a person named them, so what is left out is said.
    [[nodiscard]] Result<void> process(std::vector<baselinker::OrderReturn> returns, bool named);
    [[nodiscard]] Result<void> park_unreadable(const baselinker::BadReturn& bad);
    /// BaseLinker has no such return any more.
    [[nodiscard]] Result<void> gone(ReturnId id);
    /// Received quantities of what has not come yet; of the named returns only, if some were.
    [[nodiscard]] Result<void> read_back(bool named);

    /// How many returns belong to orders that blongo did not send.
    [[nodiscard]] std::int64_t not_ours() const noexcept { return not_ours_; }
    /// --limit left some out: the next run has to meet them again.
    [[nodiscard]] bool left_some() const noexcept { return left_some_; }
    /// The returns that this run met.
    [[nodiscard]] const std::vector<ReturnId>& met() const noexcept { return met_; }

private:
    /// A return that is to be written.
    struct Item {
        baselinker::OrderReturn source;
        map::ReturnDocument document;
        map::MatchedLines matched;
        state::OrderRow order;
        std::optional<state::ReturnEntry> known;
        std::string input;
    };
    [[nodiscard]] Result<std::optional<Item>> judge(baselinker::OrderReturn&& one, const state::OrderRow* order,
                                                    std::optional<state::ReturnEntry> known, bool named);
    [[nodiscard]] Result<std::optional<state::OrderRow>> order_of(const state::OrderRow& order);
    [[nodiscard]] Result<void> skip(const baselinker::OrderReturn& one, const std::string& why, bool said);
    [[nodiscard]] Result<void> call_off(state::ReturnEntry entry, const std::string& why);
    [[nodiscard]] Result<bool> may_write(const Item& item);
    [[nodiscard]] Result<void> apply(const Item& item, const ongoing::ReturnOrder* there);
    [[nodiscard]] Result<bool> is_ours(const Item& item, const ongoing::ReturnOrder& there, const map::ReturnBody& body);
    [[nodiscard]] Result<void> put(const Item& item, const map::ReturnBody& body, state::ReturnEntry entry);
    [[nodiscard]] Result<void> keep(const state::ReturnEntry& entry);
    [[nodiscard]] state::ReturnEntry entry_of(const Item& item, const ongoing::ReturnOrder* there) const;
    /// Takes over what came; true if that is news.
    [[nodiscard]] bool receive(state::ReturnEntry& entry, const ongoing::ReturnOrder& there) const;
    void report_received(const state::ReturnEntry& entry);
    [[nodiscard]] report::Action line_of(const Item& item, plan::Verb verb, std::string reason) const;
    [[nodiscard]] map::Rejection labelled(map::Rejection rejection, BaseOrderId order) const;

    Flow& flow_;
    const ReturnStatuses& statuses_;
    ReturnStatusWriteBack& status_;
    ongoing::Returns client_;
    state::Returns ledger_;
    state::Orders orders_;
    state::Intents intents_;
    std::map<ReturnId, state::IntentRow> unresolved_;
    std::set<ReturnId> read_; ///< Ongoing's return order was read or written by this run
    std::vector<ReturnId> met_;
    std::int64_t not_ours_ = 0;
    bool left_some_ = false;
};

} // namespace blongo::sync

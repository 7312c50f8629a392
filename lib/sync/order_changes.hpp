// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/ongoing/order_wire.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/order_overlay.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/sync/order_family.hpp>
#include <blongo/sync/order_records.hpp>

namespace blongo::sync {

/// An update of an order that Ongoing holds, computed and not written: for the flow, `orders diff` and dry runs.
struct OrderUpdate {
    ongoing::Order there; ///< as Ongoing holds it now
    std::vector<state::OrderLineRow> lines_before;
    json::Value told; ///< marks of what was sent last
    plan::OrderOverlay overlay;
};
/// Reads the order in Ongoing. Nullopt: it is not there. Error (rejected): a line of it cannot be said again.
[[nodiscard]] Result<std::optional<OrderUpdate>> compute_update(Session& session, const state::OrderRow& row,
                                                                const map::OrderDocument& document);

/// The life of an order after its import (flows.md Orders 10 and 11): changes by whole orders while the warehouse allows
/// it, cancellations that a GET proves, merges as one decision, orders that come back. Every write is an intent.
class OrderChanges {
public:
    OrderChanges(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back, OrderRecords& records,
                 OrderFamily& family, const map::OrderOptions& options);

    /// Settles by looking what earlier runs left open.
    [[nodiscard]] Result<void> recover();

    /// An order of the ledger was read. True: its content may have changed: map it, and call update(). Everything else
    /// is done: it is the same, was cancelled, came back, is closed.
    [[nodiscard]] Result<bool> judge(const baselinker::Order& order, const state::OrderRow& row);
    /// Brings a changed order to Ongoing.
    [[nodiscard]] Result<void> update(OrderItem& item, const state::OrderRow& row);
    /// Orders that BaseLinker has no more: at the second look they are cancelled.
    /// Error (guard): so many at once that BaseLinker's answers are not to be trusted.
    [[nodiscard]] Result<void> cancel_absent(Timestamp looked_at);

private:
    [[nodiscard]] Result<bool> read_again(OrderItem& item, state::OrderRow& row);
    [[nodiscard]] Result<void> put(OrderItem& item, state::OrderRow row, OrderUpdate& update);
    [[nodiscard]] Result<void> put_gaining(OrderItem& item, state::OrderRow row, OrderUpdate& update, const plan::Pieces& gained);
    [[nodiscard]] Result<void> record(const OrderItem& item, const state::OrderRow& row, const OrderUpdate& update,
                                      std::optional<std::int64_t> intent);
    [[nodiscard]] Result<void> locked(const OrderItem& item, state::OrderRow row, OrderUpdate& update);
    [[nodiscard]] Result<bool> patch(const OrderItem& item, state::OrderRow& row, OrderUpdate& update);
    [[nodiscard]] Result<void> merge(OrderItem& item, state::OrderRow row, OrderUpdate& update,
                                     std::vector<OrderFamily::Vanished> vanished);
    [[nodiscard]] Result<void> finish_merge(const LedgerOrder& main, std::vector<state::OrderRow> gone,
                                            const state::IntentRow& intent, const json::Value& held);
    [[nodiscard]] Result<void> share_freed(LedgerOrder& main, const json::Value& payload, const json::Value& held);
    [[nodiscard]] Result<void> refuse_merge(state::OrderRow main, std::vector<state::OrderRow> gone,
                                            const std::string& fingerprint, const std::string& why);
    [[nodiscard]] Result<void> put_back(state::OrderRow& main, const json::Value& sent);

    /// `order`: null when BaseLinker has no such order.
    [[nodiscard]] Result<void> cancel(const baselinker::Order* order, state::OrderRow row);
    /// walled: a firewall answered for Ongoing, and the order stands.
    enum class Cancelled : std::uint8_t { proven, refused, walled, unknown };
    /// DELETE, and a GET that proves it.
    [[nodiscard]] Result<Cancelled> delete_and_look(const state::OrderRow& row, std::string& words);
    [[nodiscard]] Result<void> record_cancelled(state::OrderRow row, std::optional<std::int64_t> intent,
                                                const std::string& reason, std::optional<BaseOrderId> merged_into = {});
    [[nodiscard]] Result<void> cancel_refused(const baselinker::Order* order, state::OrderRow row, const ongoing::Order& there,
                                              const std::string& why, bool is_final);
    [[nodiscard]] Result<void> brake_absent();
    [[nodiscard]] Result<void> tell_packer(state::OrderRow& row, const ongoing::Order& there);
    [[nodiscard]] Result<void> take_back_stop(state::OrderRow& row);

    [[nodiscard]] Result<bool> close_if_finished(OrderStatusId status, state::OrderRow row);
    [[nodiscard]] Result<void> note_gain(const baselinker::Order& order, const state::OrderRow& row);
    [[nodiscard]] Result<void> came_back(const baselinker::Order& order, const state::OrderRow& row);
    [[nodiscard]] Result<void> fine(const baselinker::Order& order, const state::OrderRow& row, const std::string& reason);
    [[nodiscard]] Result<void> released(const baselinker::Order& order);
    [[nodiscard]] Result<void> cancelled_by_people(state::OrderRow row);
    [[nodiscard]] Result<std::optional<state::IntentRow>> claim(const state::OrderRow& row, std::string_view action,
                                                                const json::Value& payload);
    [[nodiscard]] Result<void> settle(std::int64_t intent, state::IntentState state, const std::string& words);
    [[nodiscard]] Result<void> recover_update(const state::IntentRow& intent);
    [[nodiscard]] Result<void> recover_cancel(const state::IntentRow& intent);
    [[nodiscard]] Result<void> recover_merge(const state::IntentRow& intent);
    [[nodiscard]] Result<bool> is_ours_to_settle(const state::IntentRow& intent);
    [[nodiscard]] Result<bool> may_still_arrive(const state::IntentRow& intent);
    [[nodiscard]] report::Action line(plan::Verb verb, const state::OrderRow& row, std::string reason) const;

    Flow& flow_;
    const OrderStatuses& statuses_;
    StatusWriteBack& write_back_;
    OrderRecords& records_;
    OrderFamily& family_;
    const map::OrderOptions& options_;
    state::Orders ledger_;
    state::Intents intents_;
};

} // namespace blongo::sync

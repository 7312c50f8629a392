// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/order.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/plan/order_overlay.hpp>
#include <blongo/state/orders.hpp>

namespace blongo::sync {

/// Which freed pieces of which orders an order takes over.
using TakenPieces = std::map<BaseOrderId, plan::Pieces>;

/// What an order has to do with waiting orders that BaseLinker merged into it (OrderFamily::debt_of).
struct OrderDebt {
    BaseOrderId waits_for; ///< the order whose reduction has to come first; 0: it may go
    std::vector<BaseOrderId> merged;
    TakenPieces takes;
};

/// An order that may be sent: what would be sent, and its fingerprint.
struct OrderItem {
    baselinker::Order order;
    map::OrderDocument document;
    std::string fingerprint;
    TakenPieces takes; ///< pieces that other orders freed and this one takes over
    OrderDebt debt;
    int attempt = 1; ///< the one that its number tells
};

/// What the ledger keeps of an order that is accepted by Ongoing.
struct LedgerOrder {
    state::OrderRow row;
    std::vector<state::OrderLineRow> lines;
    TakenPieces takes; ///< pieces that other orders freed and this one takes over

    /// As it travels in an intent's payload, so that recovery can write the row.
    [[nodiscard]] json::Value to_json() const;
    [[nodiscard]] static LedgerOrder from_json(const json::Value& value);
};
[[nodiscard]] std::vector<state::OrderLineRow> ledger_lines(const map::OrderDocument& document);
[[nodiscard]] LedgerOrder ledger_order(const baselinker::Order& order, const map::OrderDocument& document,
                                       const std::string& fingerprint, Timestamp now);

/// map::document_marks of what was sent last, out of OrderRow::agreed. Of an order from before marks were kept: its lines,
/// without marks.
[[nodiscard]] json::Value told_of(const state::OrderRow& row, const std::vector<state::OrderLineRow>& lines);
/// state::OrderRow::receiver of an order whose receiver has no name.
inline constexpr std::string_view no_receiver = "none";
/// state::OrderRow::receiver of an order of which this was told.
[[nodiscard]] std::string receiver_of(const json::Value& told);
/// Puts other marks into OrderRow::agreed.
void set_told(state::OrderRow& row, const json::Value& marks);

/// The number by which the order's shop or market place knows it; empty: none.
[[nodiscard]] std::string market_number_of(const baselinker::Order& order);

/// The key under which writes of an order are claimed (state::IntentRow).
[[nodiscard]] std::string order_intent_key(BaseOrderId order);
/// What the result of a write begins with whose order was not there when it was looked for, although the write may still be on
/// its way: an order that turns up later is ours. After a refusal, or a request that never left, somebody else made it.
inline constexpr std::string_view in_doubt = "in doubt: ";
/// The result of a write that reached Ongoing without all of its lines, and has to be repeated.
inline constexpr std::string_view lines_lost = "lines lost";

/// As what an order counts that was found in Ongoing in this status. `is_somebody_elses`: it is finished there, and nothing
/// shows that blongo made it.
[[nodiscard]] state::OrderState state_of_found(std::int64_t ongoing_status, bool is_somebody_elses) noexcept;

/// Whether the lines in Ongoing are the ledger's: line by line, or, where the warehouse merges equal lines,
/// article by article.
[[nodiscard]] bool lines_agree(const std::vector<state::OrderLineRow>& lines, const ongoing::Order& there);
/// Whether an article stands on several lines, which a warehouse may merge or lose.
[[nodiscard]] bool has_equal_lines(const std::vector<state::OrderLineRow>& lines);

} // namespace blongo::sync

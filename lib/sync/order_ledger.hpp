// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/order.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/state/orders.hpp>

namespace blongo::sync {

/// An order that may be sent: what would be sent, and its fingerprint.
struct OrderItem {
    baselinker::Order order;
    map::OrderDocument document;
    std::string fingerprint;
};

/// What the ledger keeps of an order that is accepted by Ongoing.
struct LedgerOrder {
    state::OrderRow row;
    std::vector<state::OrderLineRow> lines;

    /// As it travels in an intent's payload, so that recovery can write the row.
    [[nodiscard]] json::Value to_json() const;
    [[nodiscard]] static LedgerOrder from_json(const json::Value& value);
};
[[nodiscard]] LedgerOrder ledger_order(const baselinker::Order& order, const map::OrderDocument& document,
                                       const std::string& fingerprint, Timestamp now);

/// Whether the lines in Ongoing say what the document says: line by line, or, where the warehouse merges
/// equal lines, article by article.
[[nodiscard]] bool lines_agree(const map::OrderDocument& document, const ongoing::Order& there);

} // namespace blongo::sync

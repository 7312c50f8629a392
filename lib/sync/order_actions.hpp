// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <blongo/state/orders.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

// Actions of intents of the orders flow; the key is order_intent_key().
inline constexpr std::string_view put_action = "put_order";       ///< a new order
inline constexpr std::string_view update_action = "update_order"; ///< a change of an order
inline constexpr std::string_view cancel_action = "cancel_order"; ///< DELETE
inline constexpr std::string_view merge_action = "merge_orders";  ///< a change, and the cancellation of another order

/// Whether the warehouse refused this content in the status in which it last was.
[[nodiscard]] bool is_tried(const state::OrderRow& row, const std::string& fingerprint);
/// Whether an order has left the warehouse and nothing of it is to be booked any more: all of it is delivered, or returned;
/// shipments are off; or it was imported longer ago than a Send is booked by itself (max_order_age).
[[nodiscard]] Result<bool> has_left_for_good(Session& session, const state::OrderRow& row);
/// What a row of the ledger keeps when the order's content is recorded anew.
void keep_history(state::OrderRow& fresh, const state::OrderRow& before);

} // namespace blongo::sync

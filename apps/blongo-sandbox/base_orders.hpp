// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// Puts the given members over the order with the same order_id (or makes it), records the
/// journal events of the difference (baselinker.md 3.3), and moves the stock when the setting
/// lower_stock_at_confirmation says so. Returns the order as stored.
Result<json::Value> change_base_order(Account& account, const json::Value& given, const Context& context);

/// Removes an order, as a seller does who deletes it. False: there is none.
bool erase_base_order(Account& account, std::int64_t order_id, const Context& context);

/// Remembers which pieces each order holds, so that later changes move the difference only.
/// `move` also takes them from and gives them back to the stock.
void settle_stock(Account& account, std::int64_t order_id, bool move);

} // namespace blongo::sandbox

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/json/value.hpp>

#include "ongoing.hpp"

namespace blongo::sandbox {

/// GetOrderModel of an order: every member there, absent ones null.
[[nodiscard]] json::Value order_view(GoodsOwner& owner, const WarehouseOrder& order);

/// The order that {orderId} of the path names, or nullptr.
[[nodiscard]] WarehouseOrder* order_of_path(OngoingCall& call);

/// Fills a way bill row with what a call or a person says; a parcel type of the dictionary is named by
/// its code or id.
void fill_way_bill_row(json::Value& row, const GoodsOwner& owner, const json::Value& given);

/// {"orderId":..., "message":...}
[[nodiscard]] OngoingAnswer order_answer(std::int64_t order_id, std::string_view message, int status = 200);
[[nodiscard]] OngoingAnswer order_not_found();

} // namespace blongo::sandbox

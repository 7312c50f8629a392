// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/result.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::ongoing {

/// GetOrderModel. Error (protocol) if it has no orderId; `name` is the operation.
[[nodiscard]] Result<Order> decode_order(json::Node item, const std::string& name);

} // namespace blongo::ongoing

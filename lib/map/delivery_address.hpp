// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/order.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::map {

/// Where an order goes: members of PostOrderModel and their values ("consignee.address1", "servicePointCode").
using DeliveryAddress = std::map<std::string, std::string>;

/// As BaseLinker's order maps to it.
[[nodiscard]] DeliveryAddress delivery_address(const baselinker::Order& order, const OrderOptions& options);
/// As it stands in the document that goes to Ongoing.
[[nodiscard]] DeliveryAddress delivery_address(const OrderDocument& document);
/// As Ongoing holds it now.
[[nodiscard]] DeliveryAddress delivery_address(const ongoing::Order& order);

/// A hash of each member: tells later whether it is still the same, without keeping anybody's address.
[[nodiscard]] json::Value address_marks(const DeliveryAddress& address);
/// Whether `address` has another value of `member` than the one that was marked; false when none was marked.
[[nodiscard]] bool differs_from_mark(const json::Value& marks, const std::string& member, const DeliveryAddress& address);

} // namespace blongo::map

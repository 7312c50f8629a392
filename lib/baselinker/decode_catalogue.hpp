// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/json/reader.hpp>

/// Decoders of the catalogue's answers (contract section 2), from the root of a SUCCESS answer.
/// An item that cannot be read is set aside, the others go on; only an answer without the
/// promised list is an error (protocol). The strings of an answer are copied once.
namespace blongo::baselinker {

[[nodiscard]] Result<std::vector<Inventory>> decode_inventories(json::Node root);
[[nodiscard]] Result<std::vector<Warehouse>> decode_warehouses(json::Node root);
[[nodiscard]] Result<std::vector<OrderStatus>> decode_order_statuses(json::Node root);
/// getOrderSources: "shop" -> {id -> name}.
[[nodiscard]] Result<OrderSources> decode_order_sources(json::Node root);

/// One page of getInventoryProductsList. Rows that cannot be read carry `bad`.
[[nodiscard]] Result<std::vector<ProductListRow>> decode_product_list(json::Node root);
/// One page of getInventoryProductsStock.
[[nodiscard]] Result<std::vector<ProductStock>> decode_product_stock(json::Node root);
/// getInventoryProductsData: products in ascending id order and bad ones; `missing` stays empty.
[[nodiscard]] Result<ProductsData> decode_products_data(json::Node root);

} // namespace blongo::baselinker

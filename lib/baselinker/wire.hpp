// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>

/// What BaseLinker's answers hold, as plain values: the tolerant decoders have undone every
/// quirk (contract section 1.3). Empty text and 0 mean "not filled in".
namespace blongo::baselinker {

/// getInventories.inventories[]
struct Inventory {
    InventoryId inventory_id;
    std::string name;
    std::vector<std::string> languages;
    std::string default_language;
    std::vector<std::int64_t> price_groups;
    std::vector<WarehouseKey> warehouses;
    WarehouseKey default_warehouse;
    bool reservations = false;
    bool is_default = false;
};

/// getInventoryWarehouses.warehouses[]
struct Warehouse {
    WarehouseKey key; ///< warehouse_type + "_" + warehouse_id
    std::string name;
    bool stock_edition = false;
};

/// A product whose data could not be read: the others of the batch go on.
struct BadProduct {
    ProductId id;
    std::string path;   ///< JSON path
    std::string reason; ///< what was expected and what stands there
};

/// A row of getInventoryProductsList (with include_variants: variants are rows of their own).
struct ProductListRow {
    ProductId id;
    ProductId parent_id; ///< 0: a main product
    std::string sku, ean, name;
    std::optional<BadProduct> bad{}; ///< set: a member could not be read and is empty here
};

/// getInventoryProductsData.products[].variants[]
struct Variant {
    ProductId id;
    std::string name, sku, ean;
};

struct AdditionalEan {
    std::string ean;
    std::int64_t quantity = 1; ///< pieces in the pack that carries it
};

/// getInventoryProductsData.products[]
struct Product {
    ProductId id;
    ProductId parent_id; ///< 0: a main product
    bool is_bundle = false;
    std::string sku, ean;
    std::vector<AdditionalEan> additional_eans;
    std::vector<std::string> tags;
    std::int64_t category_id = 0, manufacturer_id = 0;
    Decimal weight;                                    ///< kg; 0: not filled in
    Decimal height, width, length;                     ///< cm; 0: not filled in
    std::map<std::string, std::string> text_fields;    ///< "name", "description|de", "extra_field_5", ...
    std::map<ProductId, std::int64_t> bundle_products; ///< product id -> pieces
    std::vector<Variant> variants;                     ///< in the order of the answer
    std::map<WarehouseKey, std::int64_t> stock;        ///< may be negative
    /// `field|language` if that is filled in, else `field` (the catalogue's default language).
    [[nodiscard]] std::string text_field(const std::string& field, const std::string& language) const;
};

struct ProductsData {
    std::vector<Product> products; ///< in ascending id order
    std::vector<BadProduct> bad;
    std::vector<ProductId> missing; ///< asked for and not in the answer
    bool in_parts = false;          ///< the side refused all of them in one call: it is made of several answers
};

/// getInventoryProductsStock.products[]
struct ProductStock {
    ProductId product_id;
    std::map<WarehouseKey, std::int64_t> stock;
    std::map<ProductId, std::map<WarehouseKey, std::int64_t>> variants;
    std::optional<BadProduct> bad{}; ///< set: a figure could not be read and is missing here
};

/// getOrderSources.sources: kind ("shop", "allegro", ...) -> account id -> name
using OrderSources = std::map<std::string, std::map<std::string, std::string>>;

/// getOrderStatusList.statuses[]
struct OrderStatus {
    OrderStatusId id;
    std::string name;
};

} // namespace blongo::baselinker

// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/decode_catalogue.hpp>
#include <blongo/baselinker/verdict.hpp>

namespace blongo::baselinker {

Result<std::vector<Inventory>> Client::get_inventories() {
    BLONGO_TRY(const auto document, read("getInventories", "{}"));
    return located(decode_inventories(document.root()), "getInventories");
}

Result<std::vector<Warehouse>> Client::get_inventory_warehouses() {
    BLONGO_TRY(const auto document, read("getInventoryWarehouses", "{}"));
    return located(decode_warehouses(document.root()), "getInventoryWarehouses");
}

Result<std::vector<OrderStatus>> Client::get_order_status_list() {
    BLONGO_TRY(const auto document, read("getOrderStatusList", "{}"));
    return located(decode_order_statuses(document.root()), "getOrderStatusList");
}

Result<OrderSources> Client::get_order_sources() {
    BLONGO_TRY(const auto document, read("getOrderSources", "{}"));
    return located(decode_order_sources(document.root()), "getOrderSources");
}

} // namespace blongo::baselinker

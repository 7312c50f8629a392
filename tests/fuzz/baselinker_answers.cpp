// SPDX-License-Identifier: Apache-2.0
// Whatever the connector answers to whichever method: a result or an error that says something, never more.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/couriers.hpp>
#include <blongo/baselinker/returns.hpp>

#include "answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace blongo;
    fuzz::SameAnswer transport(200, std::string(reinterpret_cast<const char*>(data), size));
    ManualClock clock(Timestamp{std::chrono::hours{24 * 365 * 56}});
    baselinker::Client client(transport, clock, {.url = "https://api.baselinker.com/connector.php", .token = Secret("t")});
    baselinker::Couriers couriers(client);
    baselinker::Returns returns(client);
    const auto any = [](auto&&) -> Result<void> { return {}; };
    const std::array products{ProductId{1}, ProductId{5434}};
    const std::array packages{baselinker::PackageId{1}};
    const std::array log_types{1, 7};
    const BaseOrderId order{1};
    transport.ask([&] { return client.get_inventories(); });
    transport.ask([&] { return client.get_inventory_warehouses(); });
    transport.ask([&] { return client.get_order_status_list(); });
    transport.ask([&] { return client.get_order_sources(); });
    transport.ask([&] { return client.each_product(InventoryId{1}, any); });
    transport.ask([&] { return client.find_products(InventoryId{1}, "SKU"); });
    transport.ask([&] { return client.get_products_data(InventoryId{1}, products); });
    transport.ask([&] { return client.each_product_stock(InventoryId{1}, any); });
    transport.ask([&] { return client.update_products_stock(InventoryId{1}, {{ProductId{1}, {{WarehouseKey{"bl_1"}, 3}}}}); });
    transport.ask([&] { return client.get_order(order); });
    transport.ask([&] { return client.each_order({.date_confirmed_from = Timestamp{}}, any, any); });
    transport.ask([&] { return client.each_order({.date_confirmed_from = Timestamp{}, .get_unconfirmed_orders = true}, any, any); });
    transport.ask([&] { return client.get_journal_list(0, log_types); });
    transport.ask([&] { return client.set_order_status(order, OrderStatusId{1}); });
    transport.ask([&] { return couriers.get_couriers_list(); });
    transport.ask([&] { return couriers.get_courier_accounts("dpd"); });
    transport.ask([&] { return couriers.get_courier_fields("dpd"); });
    transport.ask([&] { return couriers.get_courier_services({}); });
    transport.ask([&] { return couriers.create_package({}); });
    transport.ask([&] { return couriers.packages_of(order); });
    transport.ask([&] { return couriers.get_package_details(packages[0]); });
    transport.ask([&] { return couriers.get_label("dpd", packages[0]); });
    transport.ask([&] { return couriers.get_courier_document("dpd", "manifest", {}); });
    transport.ask([&] { return couriers.get_request_parcel_pickup_fields("dpd"); });
    transport.ask([&] { return returns.each_return({}, any, any); });
    transport.ask([&] { return returns.get_return_status_list(); });
    transport.ask([&] { return returns.get_journal_list(0, log_types); });
    return 0;
}

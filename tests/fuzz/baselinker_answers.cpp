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

namespace {

using namespace blongo;

template <typename T> void look_at(const Result<T>& result) {
    if (!result && result.error().text().empty()) __builtin_trap();
}

} // namespace

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
    const auto ask = [&](const auto& question) {
        transport.start();
        look_at(question());
    };
    ask([&] { return client.get_inventories(); });
    ask([&] { return client.get_inventory_warehouses(); });
    ask([&] { return client.get_order_status_list(); });
    ask([&] { return client.get_order_sources(); });
    ask([&] { return client.each_product(InventoryId{1}, any); });
    ask([&] { return client.find_products(InventoryId{1}, "SKU"); });
    ask([&] { return client.get_products_data(InventoryId{1}, products); });
    ask([&] { return client.each_product_stock(InventoryId{1}, any); });
    ask([&] { return client.update_products_stock(InventoryId{1}, {{ProductId{1}, {{WarehouseKey{"bl_1"}, 3}}}}); });
    ask([&] { return client.get_order(order); });
    ask([&] { return client.each_order({.date_confirmed_from = Timestamp{}}, any, any); });
    ask([&] { return client.each_order({.date_confirmed_from = Timestamp{}, .get_unconfirmed_orders = true}, any, any); });
    ask([&] { return client.get_journal_list(0, log_types); });
    ask([&] { return client.set_order_status(order, OrderStatusId{1}); });
    ask([&] { return couriers.get_couriers_list(); });
    ask([&] { return couriers.get_courier_accounts("dpd"); });
    ask([&] { return couriers.get_courier_fields("dpd"); });
    ask([&] { return couriers.get_courier_services({}); });
    ask([&] { return couriers.create_package({}); });
    ask([&] { return couriers.packages_of(order); });
    ask([&] { return couriers.get_package_details(packages[0]); });
    ask([&] { return couriers.get_label("dpd", packages[0]); });
    ask([&] { return couriers.get_courier_document("dpd", "manifest", {}); });
    ask([&] { return couriers.get_request_parcel_pickup_fields("dpd"); });
    ask([&] { return returns.each_return({}, any, any); });
    ask([&] { return returns.get_return_status_list(); });
    ask([&] { return returns.get_journal_list(0, log_types); });
    return 0;
}

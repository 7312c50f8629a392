// SPDX-License-Identifier: Apache-2.0
// Whatever the connector answers to whichever method: a result or an error that says something, never more.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/couriers.hpp>
#include <blongo/baselinker/returns.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;

const auto any = [](auto&&) -> Result<void> { return {}; };
const std::array products{ProductId{1}, ProductId{5434}};
const std::array packages{baselinker::PackageId{1}};
const std::array log_types{1, 7};
const BaseOrderId order{1};

/// Both sides of the client with one answer.
struct Side {
    Side(int status, const std::string& body) : transport(status, body) {}
    fuzz::SameAnswer transport;
    ManualClock clock{Timestamp{std::chrono::hours{24 * 365 * 56}}};
    baselinker::Client client{transport, clock, {.url = "https://api.baselinker.com/connector.php", .token = Secret("t")}};
    baselinker::Couriers couriers{client};
    baselinker::Returns returns{client};
};

void catalogue(Side& side) {
    auto& transport = side.transport;
    auto& client = side.client;
    transport.ask([&] { return client.get_inventories(); });
    transport.ask([&] { return client.get_inventory_warehouses(); });
    transport.ask([&] { return client.get_order_status_list(); });
    transport.ask([&] { return client.get_order_sources(); });
    transport.ask([&] { return client.each_product(InventoryId{1}, any); });
    transport.ask([&] { return client.find_products(InventoryId{1}, "SKU"); });
    transport.ask([&] { return client.get_products_data(InventoryId{1}, products); });
    transport.ask([&] { return client.each_product_stock(InventoryId{1}, any); });
    transport.ask([&] { return client.update_products_stock(InventoryId{1}, {{ProductId{1}, {{WarehouseKey{"bl_1"}, 3}}}}); });
}

void orders(Side& side) {
    auto& transport = side.transport;
    auto& client = side.client;
    auto& returns = side.returns;
    transport.ask([&] { return client.get_order(order); });
    transport.ask([&] { return client.each_order({.date_confirmed_from = Timestamp{}}, any, any); });
    transport.ask(
        [&] { return client.each_order({.date_confirmed_from = Timestamp{}, .get_unconfirmed_orders = true}, any, any); });
    transport.ask([&] { return client.get_journal_list(0, log_types); });
    transport.ask([&] { return client.set_order_status(order, OrderStatusId{1}); });
    transport.ask([&] { return client.set_order_statuses(std::array{order}, OrderStatusId{1}); });
    transport.ask([&] { return client.set_order_fields(order, json::Value::object().set("admin_comments", "x")); });
    transport.ask([&] { return client.run_order_macro_trigger(order, 1); });
    transport.ask([&] { return returns.get_return(ReturnId{1}); });
    transport.ask([&] { return returns.each_return({}, any, any); });
    transport.ask([&] { return returns.get_return_status_list(); });
    transport.ask([&] { return returns.get_journal_list(0, log_types); });
    transport.ask([&] { return returns.set_return_status(ReturnId{1}, ReturnStatusId{1}); });
}

void shipments(Side& side) {
    auto& transport = side.transport;
    auto& couriers = side.couriers;
    transport.ask([&] { return couriers.get_couriers_list(); });
    transport.ask([&] { return couriers.get_courier_accounts("dpd"); });
    transport.ask([&] { return couriers.get_courier_fields("dpd"); });
    transport.ask([&] { return couriers.get_courier_services({}); });
    transport.ask([&] { return couriers.create_package({}); });
    transport.ask([&] { return couriers.create_package_manual(order, "dpd", "1", Timestamp{}); });
    transport.ask([&] { return couriers.delete_courier_package("dpd", packages[0]); });
    transport.ask([&] { return couriers.packages_of(order); });
    transport.ask([&] { return couriers.get_package_details(packages[0]); });
    transport.ask([&] { return couriers.get_protocol("dpd", packages, {}); });
    transport.ask([&] { return couriers.get_courier_document("dpd", "manifest", {}); });
    transport.ask([&] { return couriers.get_request_parcel_pickup_fields("dpd"); });
    transport.ask([&] { return couriers.run_request_parcel_pickup("dpd", packages, {}, {}); });
    transport.ask([&] {
        auto label = couriers.get_label("dpd", packages[0]);
        if (label) (void)baselinker::has_signature(*label);
        return label;
    });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body = fuzz::text_of(data, size);
    Side good(200, body);
    catalogue(good);
    orders(good);
    shipments(good);
    // Of another status the body tells why at most: a read and a write show all there is.
    constexpr std::array statuses{302, 401, 403, 404, 408, 429, 500, 502};
    Side bad(statuses[size % statuses.size()], body);
    bad.transport.ask([&] { return bad.client.get_inventories(); });
    bad.transport.ask([&] { return bad.couriers.create_package({}); });
    return 0;
}

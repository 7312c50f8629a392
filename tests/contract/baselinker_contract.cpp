// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/couriers.hpp>
#include <blongo/baselinker/returns.hpp>

#include "shape.hpp"
#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

/// The request parameters of each method, from the vendor's documentation.
const std::map<std::string, std::string> parameters_of{
    {"getInventories", "{}"},
    {"getInventoryWarehouses", "{}"},
    {"getOrderStatusList", "{}"},
    {"getOrderSources", "{}"},
    {"getInventoryProductsList",
     "{inventory_id!:int, filter_id:int, filter_category_id:int, filter_sku:str(50), filter_ean:str(32),"
     " filter_asin:str(50), filter_name:str(200), filter_price_from:float, filter_price_to:float,"
     " filter_stock_from:int, filter_stock_to:int, filter_locations:str(20), filter_sort:str(30),"
     " include_variants:bool, page:int}"},
    {"getInventoryProductsStock", "{inventory_id!:int, page:int}"},
    {"getInventoryProductsData", "{inventory_id!:int, products!:[int], include_erp_units:bool, include_wms_units:bool,"
                                 " include_additional_eans:bool, include_suppliers:bool}"},
    {"updateInventoryProductsStock", "{inventory_id!:int, products!:<<int>>}"},
    {"getOrders", "{order_id:int, date_confirmed_from:int, date_from:int, id_from:int, get_unconfirmed_orders:bool, "
                  "status_id:int,"
                  " filter_email:str(50), filter_order_source:str(20), filter_order_source_id:int, "
                  "filter_shop_order_id:int,"
                  " filter_external_order_id:str(50), include_custom_extra_fields:bool, include_commissions:bool,"
                  " include_connect_data:bool, include_discounts_data:bool}"},
    {"getJournalList", "{last_log_id!:int, logs_types!:[int], order_id:int}"},
    {"setOrderStatus", "{order_id!:int, status_id!:int}"},
    {"setOrderStatuses", "{order_ids!:[int], status_id!:int}"},
    {"setOrderFields", "{order_id!:int, admin_comments:str(200), user_comments:str(510), email:str(150), phone:str(100),"
                       " delivery_method:str(30), delivery_price:float, delivery_fullname:str(100), delivery_company:str(100),"
                       " delivery_address:str(156), delivery_postcode:str(100), delivery_city:str(100), delivery_state:str(35),"
                       " delivery_country_code:str(2), delivery_point_id:str(40), delivery_point_name:str(100),"
                       " delivery_point_address:str(100), delivery_point_postcode:str(100), delivery_point_city:str(100),"
                       " extra_field_1:str(50), extra_field_2:str(50), custom_extra_fields:<str>, pick_state:int, "
                       "pack_state:int, star:int}"},
    {"getOrderReturns",
     "{order_id:int, return_id:int, date_from:int, id_from:int, status_id:int, filter_order_return_source:str(20),"
     " filter_order_return_source_id:int, include_custom_extra_fields:bool, include_connect_data:bool}"},
    {"getOrderReturnStatusList", "{}"},
    {"getOrderReturnJournalList", "{last_log_id!:int, logs_types!:[int], return_id:int}"},
    {"setOrderReturnStatus", "{return_id!:int, status_id!:int}"},
    {"runOrderMacroTrigger", "{order_id!:int, trigger_id!:int}"},
    {"getCouriersList", "{}"},
    {"getCourierAccounts", "{courier_code!:str(20)}"},
    {"getCourierFields", "{courier_code!:str(20)}"},
    {"getCourierServices", "{order_id!:int, courier_code!:str(20), account_id:int, fields!:[{id!:str(50), "
                           "value!:str}], packages!:[<str>]}"},
    {"createPackage", "{order_id!:int, courier_code!:str(20), account_id:int, fields!:[{id!:str(50), "
                      "value!:str}], packages!:[<str>]}"},
    {"createPackageManual",
     "{order_id!:int, courier_code!:str, package_number!:str(40), pickup_date!:int, return_shipment:bool}"},
    {"getLabel", "{courier_code!:str(20), package_id!:int, package_number:str(40)}"},
    {"getProtocol", "{courier_code!:str(20), package_ids!:[int], package_numbers:[str], account_id:int}"},
    {"getCourierDocument", "{courier_code!:str(20), document_type!:str(10), account_id:int, "
                           "package_ids:[int], package_numbers:[str]}"},
    {"getOrderPackages", "{order_id!:int}"},
    {"getPackageDetails", "{package_id!:int}"},
    {"deleteCourierPackage", "{courier_code!:str(20), package_id!:int, package_number:str(40), force_delete:bool}"},
    {"getRequestParcelPickupFields", "{courier_code!:str(20)}"},
    {"runRequestParcelPickup", "{courier_code!:str(20), package_ids!:[int], package_numbers:[str], "
                               "account_id:int, fields!:[{id!:str(50), value!:str}]}"},
};

/// Decodes the form of a request: exactly the fields method and parameters.
std::map<std::string, std::string> form_of(const http::Request& request) {
    std::map<std::string, std::string> form;
    for (const std::string& part : split(request.body, '&')) {
        const std::size_t equals = part.find('=');
        form[percent_decode(part.substr(0, equals), true)] = percent_decode(part.substr(equals + 1), true);
    }
    return form;
}

/// Keeps every request to the contract and answers with an empty SUCCESS.
struct Gate {
    std::set<std::string> methods;
    std::map<std::string, http::Effect> effects;
    test::FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        const auto form = form_of(request);
        REQUIRE(form.size() == 2);
        const std::string& method = form.at("method");
        CAPTURE(method, form.at("parameters"));
        CHECK(request.method == "POST");
        CHECK(request.name == "baselinker " + method);
        REQUIRE(parameters_of.count(method) == 1);
        CHECK(test::shape_violations(parameters_of.at(method), json::Value::parse(form.at("parameters")).value()) ==
              std::vector<std::string>{});
        std::map<std::string, std::string> headers;
        for (const auto& header : request.headers) headers[header.name] = header.value;
        CHECK(headers["Content-Type"] == "application/x-www-form-urlencoded");
        CHECK(headers["X-BLToken"] == "TOKEN");
        CHECK(request.body.find("TOKEN") == std::string::npos);
        CHECK(request.url.find("TOKEN") == std::string::npos);
        methods.insert(method);
        effects[method] = request.effect;
        return test::response(200, answers.count(method) ? answers.at(method) : R"({"status":"SUCCESS"})");
    }};
    std::map<std::string, std::string> answers;
};

/// Every order method, with every filter.
void send_order_requests(Client& client) {
    const BaseOrderId order(184400101);
    OrderQuery query;
    query.order_id = order;
    query.date_confirmed_from = query.date_from = from_unix_seconds(1795442106);
    query.id_from = order;
    query.status_id = OrderStatusId(301122);
    query.get_unconfirmed_orders = query.include_custom_extra_fields = query.include_discounts_data = true;
    query.filter_order_source = "shop";
    query.filter_order_source_id = 5012233;
    (void)client.get_orders(query);
    (void)client.get_orders({});
    const std::vector<int> types{1, 2, 4, 5, 6, 18};
    (void)client.get_journal_list(5566001201, types);
    const std::vector<BaseOrderId> orders{order, BaseOrderId(184400102)};
    (void)client.set_order_status(order, OrderStatusId(301125));
    (void)client.set_order_statuses(orders, OrderStatusId(301125));
    (void)client.set_order_fields(
        order,
        json::Value::object().set("extra_field_1", "WMS").set("custom_extra_fields", json::Value::object().set("1", "WMS")));
    (void)client.run_order_macro_trigger(order, 12413);
}

/// Every method about returns, with every filter that is used.
void send_return_requests(Client& client) {
    Returns returns(client);
    const ReturnId id(880122);
    ReturnQuery query;
    query.order_id = BaseOrderId(184400101);
    query.return_id = query.id_from = id;
    query.date_from = from_unix_seconds(1796010000);
    query.status_id = ReturnStatusId(51006);
    (void)returns.get_returns(query);
    (void)returns.get_return(id);
    (void)returns.each_return(
        {}, [](OrderReturn&&) -> Result<void> { return {}; }, [](BadReturn&&) -> Result<void> { return {}; });
    (void)returns.get_return_status_list();
    const std::vector<int> types{1, 11};
    (void)returns.get_journal_list(77001, types);
    (void)returns.set_return_status(id, ReturnStatusId(51006));
}

void send_courier_requests(Client& client) {
    const BaseOrderId order(184400101);
    const PackageId package(77880011);
    const std::vector<PackageId> packages{package};
    const std::vector<std::pair<std::string, std::string>> fields{{"pickup_date", "1795478400"}};
    const PackageRequest request{order,
                                 "dpd",
                                 CourierAccountId(58381),
                                 {{"service", "classic"}, {"cod", "195.50"}},
                                 {{{"weight", "2.4"}, {"size_length", "30"}}, {{"weight", "1.1"}}}};
    Couriers couriers(client);
    (void)couriers.get_couriers_list();
    (void)couriers.get_courier_accounts("dpd");
    (void)couriers.get_courier_fields("dpd");
    (void)couriers.get_courier_services(request);
    (void)couriers.create_package(request);
    (void)couriers.create_package({order, "dpd", std::nullopt, {}, {{{"weight", "1"}}}});
    (void)couriers.create_package_manual(order, "inpostkurier", "620011345566778899", from_unix_seconds(1795478400));
    (void)couriers.delete_courier_package("dpd", package);
    (void)couriers.get_order_packages(order);
    (void)couriers.get_package_details(package);
    (void)couriers.get_label("dpd", package);
    (void)couriers.get_protocol("dpd", packages, CourierAccountId(58381));
    (void)couriers.get_courier_document("dpd", "manifest", CourierAccountId(58381));
    (void)couriers.get_request_parcel_pickup_fields("dpd");
    (void)couriers.run_request_parcel_pickup("dpd", packages, CourierAccountId(58381), fields);
}

} // namespace

TEST_CASE("every BaseLinker request keeps the documented parameters, types and lengths") {
    Gate gate;
    for (const char* list : {"getInventoryProductsList", "getInventoryProductsStock", "getInventoryProductsData"})
        gate.answers[list] = R"({"status":"SUCCESS","products":[]})";
    gate.answers["getInventoryProductsList"] = test::read_data("baselinker/getInventoryProductsList.json");
    ManualClock clock;
    Client client(gate.transport, clock, {.url = "https://api.baselinker.com/connector.php", .token = Secret("TOKEN")});
    const InventoryId inventory(48120);
    const std::vector<ProductId> ids{ProductId(701450010), ProductId(701450012)};

    (void)client.get_inventories();
    (void)client.get_inventory_warehouses();
    (void)client.get_order_status_list();
    (void)client.get_order_sources();
    REQUIRE(client.each_product(inventory, [](ProductListRow&&) -> Result<void> { return {}; }));
    REQUIRE(client.each_product_stock(inventory, [](ProductStock&&) -> Result<void> { return {}; }));
    REQUIRE(client.get_products_data(inventory, ids));
    REQUIRE(client.find_products(inventory, "KUB-CER-330"));

    REQUIRE(client.update_products_stock(inventory, {{ProductId(701450012), {{WarehouseKey("bl_70455"), 9}}}}));

    send_order_requests(client);
    send_courier_requests(client);
    send_return_requests(client);

    const std::set<std::string> repeatable_writes{"updateInventoryProductsStock", "setOrderFields"};
    for (const auto& [method, parameters] : parameters_of) {
        CAPTURE(method);
        CHECK(gate.methods.count(method) == 1); // every method of the table was called
        const http::Effect wanted = method.starts_with("get")            ? http::Effect::read
                                    : repeatable_writes.contains(method) ? http::Effect::idempotent_write
                                                                         : http::Effect::unsafe_write;
        CHECK(gate.effects[method] == wanted);
    }
}

TEST_CASE("the parameter table agrees with the documented example requests") {
    const auto examples = json::Value::parse(test::read_data("baselinker/requests.examples.json")).value();
    int checked = 0;
    for (const auto& [method, parameters] : examples.members()) {
        if (parameters_of.count(method) == 0) continue;
        CAPTURE(method);
        CHECK(test::shape_violations(parameters_of.at(method), parameters) == std::vector<std::string>{});
        ++checked;
    }
    CHECK(checked >= 15);
}

TEST_CASE("the BaseLinker gate of these tests refuses what the contract forbids") {
    const auto violations = [](const std::string& method, const std::string& parameters) {
        return test::shape_violations(parameters_of.at(method), json::Value::parse(parameters).value()).size();
    };
    CHECK(violations("getInventoryProductsList", R"({"inventory_id":1,"page":1})") == 0);
    CHECK(violations("getInventoryProductsList", R"({"page":1})") == 1);
    CHECK(violations("getInventoryProductsList", R"({"inventory_id":"1"})") == 1);
    CHECK(violations("getInventoryProductsList", R"({"inventory_id":1,"pageSize":5})") == 1);
    CHECK(violations("getInventoryProductsData", R"({"inventory_id":1,"products":[1,"2"]})") == 1);
    CHECK(violations("getInventories", "[]") == 1);
}

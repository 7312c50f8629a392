// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>

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
    {"getInventoryProductsData",
     "{inventory_id!:int, products!:[int], include_erp_units:bool, include_wms_units:bool,"
     " include_additional_eans:bool, include_suppliers:bool}"},
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

    for (const auto& [method, parameters] : parameters_of) {
        CAPTURE(method);
        CHECK(gate.methods.count(method) == 1); // every method of the table was called
        const bool is_read = method.starts_with("get");
        CHECK((gate.effects[method] == http::Effect::read) == is_read);
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
    CHECK(checked >= 3);
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

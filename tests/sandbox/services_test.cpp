// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "running.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

sandbox::Options with_products(std::int64_t number) {
    sandbox::Options options;
    options.products = number;
    return options;
}

sandbox::Options with_demo() {
    sandbox::Options options;
    options.demo = true;
    return options;
}

json::Value page(int number, const char* more = "") {
    return parsed(fmt::format(R"({{"inventory_id":307,"filter_sort":"id ASC","page":{}{}}})", number, more));
}

/// The names of the members of a fixture, which the sandbox must answer with all of them.
std::vector<std::string> names(const json::Value& object) {
    std::vector<std::string> list;
    for (const auto& [name, value] : object.members()) list.push_back(name);
    std::sort(list.begin(), list.end());
    return list;
}

json::Value fixture(const char* file) {
    std::string text = read_data(file);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return parsed(text);
}

} // namespace

TEST_CASE("product pages hold 1000 rows and end with an empty list") {
    Running world(with_products(2300));
    CHECK(world.base("getInventoryProductsList", page(1))["products"].size() == 1000);
    CHECK(world.base("getInventoryProductsList", page(3))["products"].size() == 300);
    const Answer end = world.base("getInventoryProductsList", page(4));
    CHECK(end["products"].is_array());
    CHECK(end["products"].size() == 0);
    CHECK(world.base("getInventoryProductsStock", parsed(R"({"inventory_id":307,"page":3})"))["products"].size() == 300);
    world.options(parsed(R"({"past_end_repeats":true})"));
    CHECK(world.base("getInventoryProductsList", page(9))["products"].size() == 300);
    CHECK(world.violations().empty());
}

TEST_CASE("synthetic products are complete and the same every time") {
    Running world(with_products(12));
    const Answer answer = world.base("getInventoryProductsData", parsed(R"({"inventory_id":307,"products":[900000012]})"));
    const json::Value& product = answer["products"]["900000012"];
    CHECK(product["sku"].text() == "P000012");
    CHECK(product["ean"].text().size() == 13);
    CHECK(product["weight"].text() == "6.12");
    CHECK(product["length"].text() == "19.5");
    CHECK(product["text_fields"]["name"].text() == "Produkt 000012");
    CHECK(product["variants"].is_array());
}

TEST_CASE("the catalogue filters by SKU, EAN, name, and lists variants beside their products") {
    Running world(with_demo());
    const auto count = [&](const char* filter) {
        return world.base("getInventoryProductsList", page(1, filter))["products"].size();
    };
    CHECK(count("") == 40);
    CHECK(count(R"(,"include_variants":true)") == 49);
    CHECK(count(R"(,"filter_sku":"OBRUS-140")") == 2);
    CHECK(count(R"(,"filter_ean":"5900000009018")") == 1);
    CHECK(count(R"(,"filter_name":"KUBEK")") == 3);
    CHECK(count(R"(,"filter_price_from":200)") == 4);
    CHECK(count(R"(,"filter_stock_to":-1)") == 1);
    const Answer parent =
        world.base("getInventoryProductsData", parsed(R"({"inventory_id":307,"products":[701450013,701450015]})"));
    CHECK(parent["products"]["701450013"]["variants"].size() == 4);
    CHECK(parent["products"]["701450013"]["stock"]["bl_206"].integer() == 25);
    CHECK(parent["products"]["701450015"]["parent_id"].integer() == 701450013);
    CHECK(world.base("getInventoryProductsList", parsed(R"({"inventory_id":999})"))["error_code"].text() == "ERROR_STORAGE_ID");
    CHECK(world.violations().empty());
}

TEST_CASE("answers of BaseLinker carry the members of the contract's fixtures") {
    Running world(with_demo());
    const auto same = [&](const Answer& answer, const char* file, const char* list) {
        const json::Value expected = fixture(file);
        const auto row = [&](const json::Value& rows) -> const json::Value& {
            return rows.is_object() ? rows.members().front().second : rows.elements().front();
        };
        INFO(file);
        CHECK(names(row(answer[list])) == names(row(expected[list])));
    };
    same(world.base("getInventories"), "baselinker/getInventories.json", "inventories");
    same(world.base("getInventoryWarehouses"), "baselinker/getInventoryWarehouses.json", "warehouses");
    same(world.base("getInventoryProductsList", page(1)), "baselinker/getInventoryProductsList.json", "products");
    same(world.base("getOrderStatusList"), "baselinker/getOrderStatusList.json", "statuses");
    same(world.base("getOrders"), "baselinker/getOrders.json", "orders");
    const json::Value orders = fixture("baselinker/getOrders.json");
    const json::Value& line = orders["orders"].elements().front()["products"].elements().front();
    CHECK(names(world.base("getOrders")["orders"].elements().front()["products"].elements().front()) == names(line));
    CHECK(world.base("getOrders").text.find("\\u") != std::string::npos);
    CHECK(world.base("getOrderSources")["sources"]["shop"].size() == 1);
    CHECK(world.base("getOrderExtraFields")["extra_fields"].size() == 3);
    CHECK(world.base("getInventoryPriceGroups")["price_groups"].size() == 2);
    CHECK(world.base("getInventoryExtraFields")["extra_fields"].size() == 3);
    CHECK(world.base("getInventoryAvailableTextFieldKeys", parsed(R"({"inventory_id":307})"))["text_field_keys"].size() > 3);
}

TEST_CASE("orders come in pages of 100 by confirmation, unconfirmed ones only when asked for") {
    Running world;
    for (int i = 1; i <= 130; ++i)
        (void)world.admin("POST", "/baselinker/orders",
                          parsed(fmt::format(R"({{"order_id":{},"order_status_id":8069,"date_confirmed":{},"date_add":5}})",
                                             1000 - i, i < 31 ? 1000 : 2000)));
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":5,"confirmed":false,"order_status_id":8068})"));
    const auto orders = [&](const char* parameters) { return world.base("getOrders", parsed(parameters)).body; };
    const json::Value first = orders(R"({"date_confirmed_from":1000})");
    REQUIRE(first["orders"].size() == 100);
    CHECK(first["orders"].elements().front()["date_confirmed"].integer() == 1000);
    CHECK(first["orders"].elements().back()["date_confirmed"].integer() == 2000);
    CHECK(orders(R"({"date_confirmed_from":2000})")["orders"].size() == 100);
    CHECK(orders(R"({"date_confirmed_from":2001})")["orders"].size() == 0);
    CHECK(orders(R"({"date_confirmed_from":2000,"id_from":960})")["orders"].size() == 10);
    CHECK(orders(R"({"order_id":5})")["orders"].size() == 0);
    CHECK(orders(R"({"order_id":5,"get_unconfirmed_orders":true})")["orders"].size() == 1);
    CHECK(orders(R"({"status_id":8068,"get_unconfirmed_orders":true})")["orders"].size() == 1);
}

TEST_CASE("status writes move orders, leave journal events, and reach only what exists") {
    Running world(with_demo());
    CHECK(world.base("getJournalList", parsed(R"({"last_log_id":0})"))["logs"].size() == 0);
    CHECK(world.base("setOrderStatus", parsed(R"({"order_id":184400101,"status_id":8070})"))["status"].text() == "SUCCESS");
    CHECK(world.base("setOrderStatus", parsed(R"({"order_id":1,"status_id":8070})"))["error_code"].text() ==
          "ERROR_ORDER_NOT_FOUND");
    CHECK(world.base("setOrderStatus", parsed(R"({"order_id":184400101,"status_id":1})"))["status"].text() == "ERROR");
    CHECK(world.base("setOrderStatuses", parsed(R"({"order_ids":[184400102,184400103],"status_id":8071})"))["status"].text() ==
          "SUCCESS");
    CHECK(world.base("setOrderFields", parsed(R"({"order_id":184400102,"extra_field_1":"WMS","want_invoice":true})"))["status"]
              .text() == "SUCCESS");
    world.options(parsed(R"({"journal":true})"));
    const Answer moved = world.base("getJournalList", parsed(R"({"last_log_id":0,"logs_types":[18]})"));
    REQUIRE(moved["logs"].size() == 3);
    CHECK(moved["logs"].elements().at(0)["object_id"].integer() == 8070);
    const std::int64_t last = moved["logs"].elements().at(2)["log_id"].integer();
    const Answer later = world.base("getJournalList", parsed(fmt::format(R"({{"last_log_id":{}}})", last)));
    CHECK(later["logs"].elements().front()["log_id"].integer() == last);
    const Answer order = world.base("getOrders", parsed(R"({"order_id":184400102})"));
    CHECK(order["orders"].elements().front()["extra_field_1"].text() == "WMS");
    CHECK(order["orders"].elements().front()["want_invoice"].text() == "1");
    CHECK(order["orders"].elements().front()["order_status_id"].integer() == 8071);
}

TEST_CASE("BaseLinker lowers its stock at confirmation and raises it at cancellation when asked") {
    Running world(with_demo());
    world.options(parsed(R"({"lower_stock_at_confirmation":true})"));
    const auto stock = [&] {
        const Answer answer = world.base("getInventoryProductsStock", parsed(R"({"inventory_id":307,"page":1})"));
        return answer["products"]["701450010"]["stock"]["bl_206"].integer();
    };
    const std::int64_t before = stock();
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":77,"confirmed":false,"order_status_id":8068,
        "products":[{"product_id":"701450010","sku":"KUB-CER-330","quantity":3,"warehouse_id":206}]})"));
    CHECK(stock() == before);
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":77,"confirmed":true})"));
    CHECK(stock() == before - 3);
    (void)world.base("setOrderStatus", parsed(R"({"order_id":77,"status_id":8073})"));
    CHECK(stock() == before);
    (void)world.base("setOrderStatus", parsed(R"({"order_id":77,"status_id":8069})"));
    (void)world.admin("DELETE", "/baselinker/orders?id=77");
    CHECK(stock() == before);
}

TEST_CASE("an article is created once, updated by number, and renamed by id") {
    Running world;
    const Answer made =
        world.ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":1,"articleNumber":"A","articleName":"Kubek","weight":2})"));
    CHECK(made.status == 200);
    const std::int64_t id = made["articleSystemId"].integer();
    CHECK(world.ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":1,"articleNumber":"A","weight":0.5})"))["articleSystemId"]
              .integer() == id);
    CHECK(world
              .ongoing("PUT", fmt::format("/articles/{}", id),
                       parsed(R"({"goodsOwnerId":1,"articleNumber":"B","articleName":null})"))
              .status == 200);
    const Answer article = world.ongoing("GET", fmt::format("/articles/{}", id));
    CHECK(article["articleNumber"].text() == "B");
    CHECK(article["articleName"].is_null());
    CHECK(article["weight"].text() == "0.5");
    CHECK(world.ongoing("GET", "/articles?goodsOwnerId=1&articleNumbers=A&articleNumbers=B").body.size() == 1);
    CHECK(world.ongoing("PUT", "/articles/999", parsed(R"({"goodsOwnerId":1,"articleNumber":"C"})")).status == 404);
    CHECK(world.violations().empty());
}

TEST_CASE("answers of Ongoing carry the members of the contract's fixtures") {
    Running world;
    world.plant_article("MUG", 10);
    const Answer articles = world.ongoing("GET", "/articles?goodsOwnerId=1");
    const json::Value article = fixture("ongoing/articles.get.response.json");
    CHECK(names(articles.body.elements().front()) == names(article));
    CHECK(names(articles.rows().front()["inventoryInfo"]) == names(article["inventoryInfo"]));
    (void)world.ongoing("PUT", "/orders", small_order("N1", "MUG", 2));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"pick"})"));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"send","parcels":[{"weight":1.4}]})"));
    const Answer orders = world.ongoing("GET", "/orders?goodsOwnerId=1&orderStatusFrom=450&orderStatusTo=450");
    REQUIRE(orders.body.size() == 1);
    const json::Value& order = orders.rows().front();
    const json::Value expected = fixture("ongoing/orders.get.sent-to-book.response.json");
    CHECK(names(order) == names(expected));
    CHECK(names(order["orderInfo"]) == names(expected["orderInfo"]));
    CHECK(names(order["orderInfo"]["advanced"]) == names(expected["orderInfo"]["advanced"]));
    CHECK(names(order["consignee"]) == names(expected["consignee"]));
    CHECK(names(order["parcels"].elements().front()) == names(expected["parcels"].elements().front()));
    const json::Value& line = order["orderLines"].elements().front();
    const json::Value& expected_line = expected["orderLines"].elements().front();
    CHECK(names(line) == names(expected_line));
    CHECK(names(line["article"]) == names(expected_line["article"]));
    CHECK(names(line["pickedArticleItems"].elements().front()) == names(expected_line["pickedArticleItems"].elements().front()));
    CHECK(line["pickedNumberOfItems"].text() == "2.0");
    CHECK(order["orderInfo"]["deliveryDate"].text() == "2026-11-24");
}

TEST_CASE("sellable stock falls with the order, and a kit sells what its scarcest component allows") {
    Running world;
    world.plant_article("CUP", 10);
    world.plant_article("BAG", 3);
    CHECK(world
              .ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":1,"articleNumber":"SET","structureDefinition":
        {"articleKind":"Structure","rows":[{"articleNumber":"CUP","numberOfItems":2},{"articleNumber":"BAG","numberOfItems":1}]}})"))
              .status == 200);
    const auto sellable = [&](const std::string& number) {
        const Answer answer = world.ongoing("GET", "/articles?goodsOwnerId=1&articleNumber=" + number);
        return std::string(answer.rows().front()["inventoryInfo"]["sellableNumberOfItems"].text());
    };
    CHECK(sellable("SET") == "3.0");
    (void)world.ongoing("PUT", "/orders", small_order("N1", "SET", 2));
    CHECK(sellable("CUP") == "6.0");
    CHECK(sellable("SET") == "1.0");
    (void)world.ongoing("PUT", "/orders", small_order("N2", "CUP", 9));
    CHECK(sellable("CUP") == "-3.0");
    const Answer kits = world.ongoing("GET", "/articles/structureDefinitions?goodsOwnerId=1&articleKind=Structure");
    CHECK(kits.rows().front()["rows"].size() == 2);
    const Answer rows = world.ongoing("GET", "/articles/inventoryPerWarehouse?goodsOwnerId=1&articleNumbers=BAG");
    CHECK(rows.rows().front()["inventoryPerWarehouse"].elements().front()["sellableNumberOfItems"].text() == "1.0");
    CHECK(world
              .ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":1,"articleNumber":"CUP","structureDefinition":
        {"articleKind":"Structure","rows":[{"articleNumber":"BAG","numberOfItems":1}]}})"))
              .status == 400);
    CHECK(world.violations().empty());
}

TEST_CASE("an order can be changed until the warehouse works on it, and cancelled by DELETE only") {
    Running world;
    world.plant_article("A", 10);
    const Answer made = world.ongoing("PUT", "/orders", small_order("N1", "A", 2));
    CHECK(made.status == 201);
    const std::string id(made["orderId"].text());
    CHECK(world.ongoing("PUT", "/orders", small_order("N1", "A", 3)).status == 200);
    CHECK(world.ongoing("PUT", "/orders", small_order("N2", "UNKNOWN")).status == 400);
    CHECK(world.ongoing("PATCH", "/orders/" + id + "/orderStatus", parsed(R"({"orderStatusNumber":1000})")).status == 400);
    CHECK(world.violations() == std::vector<std::string>{"cancelled_by_status"});
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"allocate"})"));
    CHECK(world.ongoing("PUT", "/orders", small_order("N1", "A", 4)).status == 400);
    CHECK(world.ongoing("DELETE", "/orders/" + id).status == 400);
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"reopen"})"));
    CHECK(world.ongoing("DELETE", "/orders?goodsOwnerId=1&orderNumber=N1").status == 200);
    const Answer order = world.ongoing("GET", "/orders/" + id);
    CHECK(order["orderInfo"]["orderStatus"]["number"].integer() == 1000);
    CHECK(order["orderInfo"]["orderedNumberOfItems"].text() == "3.0");
    CHECK(world.ongoing("DELETE", "/orders/" + id).status == 400);
}

TEST_CASE("a warehouse may merge lines of one article, and make unknown articles") {
    Running world;
    world.options(parsed(R"({"merge_equal_lines":true,"refuse_unknown_articles":false})"));
    json::Value order = small_order("N1", "A", 2);
    json::Value second = std::as_const(order)["orderLines"].elements().front();
    second.set("rowNumber", "2");
    order["orderLines"].push_back(std::move(second));
    const Answer made = world.ongoing("PUT", "/orders", order);
    const Answer read = world.ongoing("GET", "/orders/" + std::string(made["orderId"].text()));
    REQUIRE(read["orderLines"].size() == 1);
    CHECK(read["orderLines"].elements().front()["orderedNumberOfItems"].text() == "4.0");
}

TEST_CASE("small changes, tracking, parcels, way bill rows and files are stored where GET shows them") {
    Running world;
    world.plant_article("A", 10);
    const std::string order = "/orders/" + std::string(world.ongoing("PUT", "/orders", small_order("N1", "A"))["orderId"].text());
    const auto patch = [&](const char* what, const char* body) {
        return world.ongoing("PATCH", order + "/" + what, parsed(body)).status;
    };
    CHECK(patch("waybill", R"({"waybill":"W1"})") == 200);
    CHECK(patch("warehouseInstruction", R"({"warehouseInstruction":"LABEL FAILED"})") == 200);
    CHECK(patch("servicePointCode", R"({"servicePointCode":"GDA01M"})") == 200);
    CHECK(patch("addOrderClasses", R"({"classes":[{"code":"GIFT","name":"Gift"}]})") == 200);
    for (int i = 0; i < 2; ++i) {
        CHECK(world
                  .ongoing("PUT", order + "/orderTracking",
                           parsed(R"({"waybill":"W1","trackingUrl":"https://t.example/W1","isReturnTracking":false})"))["success"]
                  .is_true());
        CHECK(
            world
                .ongoing(
                    "PUT", order + "/parcels",
                    parsed(
                        R"({"parcelNumber":"P1","transportAdministrationType":"delivery","advanced":{"weight":1.4}})"))["success"]
                .is_true());
    }
    CHECK(world
              .ongoing("PUT", "/orders/1/orderTracking",
                       parsed(R"({"waybill":"W1","trackingUrl":"https://t.example","isReturnTracking":false})"))["success"]
              .kind() == json::Kind::boolean);
    CHECK(world
              .ongoing("POST", order + "/wayBillRows",
                       parsed(R"({"numberOfPackages":1,"parcelType":{"code":"BOX-S"},"weight":2})"))["success"]
              .is_true());
    CHECK(world.ongoing("GET", order + "/wayBillRows").body.size() == 1);
    const json::Value file = parsed(R"({"fileName":"label.pdf","mimeType":"application/pdf","fileDataBase64":"JVBERi0x",
        "advanced":{"printingInfo":{"reportId":3,"printAsWorkstation":{"workstationId":7}}}})");
    CHECK(world.ongoing("POST", order + "/files", file)["success"].is_true());
    CHECK(world.ongoing("POST", order + "/files", file)["success"].is_true());
    CHECK(world
              .ongoing("PUT", order + "/files?fileName=label.pdf",
                       parsed(R"({"mimeType":"application/pdf","fileDataBase64":"JVBERi0y"})"))["success"]
              .is_true());
    CHECK(world.ongoing("GET", order + "/files").body.size() == 2);
    CHECK(world.admin("GET", "/ongoing/print-jobs").body.size() == 2);
    const Answer read = world.ongoing("GET", order);
    CHECK(read["orderInfo"]["wayBill"].text() == "W1");
    CHECK(read["orderInfo"]["warehouseInstruction"].text() == "LABEL FAILED");
    CHECK(read["tracking"].size() == 1);
    CHECK(read["parcels"].size() == 1);
    CHECK(read["classes"].size() == 1);
    CHECK(world.violations().empty());
    CHECK(world
              .ongoing("POST", order + "/files",
                       parsed(R"({"fileName":"a","mimeType":"b","fileDataBase64":"data:;base64,JVBERi0x"})"))
              .status == 400);
    CHECK(world.violations() == std::vector<std::string>{"bad_base64"});
}

TEST_CASE("the demonstration world loads again from what it shows of itself") {
    Running world(with_demo());
    const json::Value whole = world.admin("GET", "/world").body;
    REQUIRE(world.admin("PUT", "/world", whole).status == 200);
    CHECK(world.admin("GET", "/world").body == whole);
    CHECK(world.admin("GET", "/ongoing/orders").body.size() == 2);
    CHECK(world.admin("GET", "/baselinker/orders").body.size() == 114);
}

TEST_CASE("a second account and a second goods owner live beside the first") {
    Running world;
    CHECK(world.admin("POST", "/accounts", parsed(R"({"token":"other","dictionaries":{"inventories":[{"inventory_id":9}]}})"))
              .status == 200);
    CHECK(
        world
            .admin(
                "POST", "/goods-owners",
                parsed(
                    R"({"warehouse":"sandbox","goodsOwnerId":2,"name":"Two","user":"WSI-SANDBOX","password":"sandbox-password"})"))
            .status == 200);
    const Answer other = world.base_raw(form("getInventories", "{}"), {{"X-BLToken", "other"}});
    CHECK(other["inventories"].elements().front()["inventory_id"].integer() == 9);
    CHECK(world.ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":2,"articleNumber":"A"})")).status == 200);
    CHECK(world.ongoing("GET", "/articles?goodsOwnerId=1").body.size() == 0);
    CHECK(world.ongoing("GET", "/articles?goodsOwnerId=2").body.size() == 1);
}

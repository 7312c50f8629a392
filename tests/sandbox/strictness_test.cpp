// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "running.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const httplib::Headers token = {{"X-BLToken", "sandbox-token"}};
const httplib::Headers login = {{"Authorization", "Basic " + base64_encode("WSI-SANDBOX:sandbox-password")}};

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("every request of the contract's Ongoing fixtures is accepted by the OpenAPI document") {
    const sandbox::OpenApi api;
    const std::vector<std::tuple<const char*, const char*, const char*>> requests = {
        {"articles.put.minimal", "PUT", "/articles"},
        {"articles.put.full", "PUT", "/articles"},
        {"articles.putById", "PUT", "/articles/7"},
        {"articles.put.kit", "PUT", "/articles"},
        {"orders.put.minimal", "PUT", "/orders"},
        {"orders.put.full", "PUT", "/orders"},
        {"orders.put.sameArticleTwice", "PUT", "/orders"},
        {"orders.putById", "PUT", "/orders/7"},
        {"orders.patch.orderStatus", "PATCH", "/orders/7/orderStatus"},
        {"orders.patch.waybill", "PATCH", "/orders/7/waybill"},
        {"orders.patch.returnWaybill", "PATCH", "/orders/7/returnWaybill"},
        {"orders.patch.orderNumber", "PATCH", "/orders/7/orderNumber"},
        {"orders.patch.orderRemark", "PATCH", "/orders/7/orderRemark"},
        {"orders.patch.servicePointCode", "PATCH", "/orders/7/servicePointCode"},
        {"orders.patch.warehouseInstruction", "PATCH", "/orders/7/warehouseInstruction"},
        {"orders.patch.deliveryDate", "PATCH", "/orders/7/deliveryDate"},
        {"orders.patch.freeText1", "PATCH", "/orders/7/freeText1"},
        {"orders.patch.transporter", "PATCH", "/orders/7/transporter"},
        {"orders.patch.addOrderClasses", "PATCH", "/orders/7/addOrderClasses"},
        {"orders.patch.setOrderClasses", "PATCH", "/orders/7/setOrderClasses"},
        {"orders.patch.line.comment", "PATCH", "/orders/7/lines/8/comment"},
        {"orders.patch.line.linePrice", "PATCH", "/orders/7/lines/8/linePrice"},
        {"orders.patch.line.customerLinePrice", "PATCH", "/orders/7/lines/8/customerLinePrice"},
        {"orders.orderTracking.put", "PUT", "/orders/7/orderTracking"},
        {"orders.orderTracking.put.return", "PUT", "/orders/7/orderTracking"},
        {"orders.parcels.put", "PUT", "/orders/7/parcels"},
        {"orders.parcels.put.minimal", "PUT", "/orders/7/parcels"},
        {"orders.parcels.putById", "PUT", "/orders/7/parcels/9"},
        {"orders.parcels.parcelTracking.put", "PUT", "/orders/7/parcels/9/parcelTracking"},
        {"orders.wayBillRows.post", "POST", "/orders/7/wayBillRows"},
        {"orders.files.post", "POST", "/orders/7/files"},
        {"orders.files.post.printAsUser", "POST", "/orders/7/files"},
        {"orders.files.post.printAsWorkstation", "POST", "/orders/7/files"},
        {"orders.files.putByName", "PUT", "/orders/7/files"},
        {"orders.files.putById", "PUT", "/orders/7/files/3"},
        {"orders.wayOfDeliveryTypes.put", "PUT", "/orders/wayOfDeliveryTypes"},
    };
    for (const auto& [file, verb, path] : requests) {
        const auto route = api.route(verb, path);
        INFO(file);
        REQUIRE(route.definition != nullptr);
        std::string text = read_data(std::string("ongoing/") + file + ".request.json");
        if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
        for (const auto& problem : api.check_body(route, parsed(text))) FAIL(problem.where << ": " << problem.detail);
    }
}

TEST_CASE("a literal path wins over a placeholder") {
    const sandbox::OpenApi api;
    CHECK(api.route("GET", "/orders/statuses").operation == "GET /orders/statuses");
    CHECK(api.route("GET", "/orders/17").operation == "GET /orders/{orderId}");
    CHECK(api.route("GET", "/orders/17").path.at("orderId") == "17");
    CHECK(api.route("POST", "/orders/17").definition == nullptr);
    CHECK(api.route("POST", "/orders/17").path_exists);
    CHECK_FALSE(api.route("GET", "/nothing/here").path_exists);
}

TEST_CASE("an Ongoing body that breaks the model is refused and recorded") {
    Running world;
    struct Row {
        const char* body;
        Kinds kinds;
    };
    const auto row = GENERATE(values<Row>({
        {R"({"goodsOwnerId":1,"articleNumber":"A","colour":"red"})", {"unknown_member"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","barCodeInfo":{"code":"1"}})", {"unknown_member"}},
        {R"({"goodsOwnerId":1})", {"missing_member"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","weight":"1.5"})", {"wrong_type"}},
        {R"({"goodsOwnerId":"1","articleNumber":"A"})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":17})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","stockLimit":1.5})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","stockLimit":3000000000})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","isActive":1})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":[]})", {"wrong_type"}},
        {R"({"goodsOwnerId":1,"articleNumber":null})", {"null_not_allowed"}},
        {R"({"goodsOwnerId":1,"articleNumber":""})", {"too_short"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":{"articleKind":"Bundle"}})", {"bad_enum"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":{"articleKind":"Structure","rows":[]}})",
         {"too_few_items"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":{"articleKind":"Structure","rows":[{"articleNumber":"B"}]}})",
         {"line_without_quantity"}},
        {R"({"goodsOwnerId":1,"articleNumber":"A","freeValues":{"freeDateTime1":"2026-11-24T12:00:00"}})", {"bad_date"}},
        {R"({"goodsOwnerId":1,"articleNumber":"123456789012345678901234567890123456789012345678901"})", {"too_long"}},
        {R"({"goodsOwnerId":2,"articleNumber":"A"})", {"wrong_goods_owner"}},
        {R"({"goodsOwnerId":1,)", {"not_json"}},
    }));
    const Answer answer = world.ongoing_raw("PUT", "/articles", row.body, login);
    INFO(row.body << " -> " << answer.text);
    CHECK(answer.status >= 400);
    CHECK(world.violations() == row.kinds);
    CHECK_FALSE(world.journal().back()["committed"].is_true());
    CHECK(world.admin("GET", "/ongoing/articles").body.size() == 0);
}

TEST_CASE("a query that breaks the contract is refused and recorded") {
    Running world;
    struct Row {
        const char* path;
        const char* kind;
    };
    const auto row = GENERATE(values<Row>({
        {"/articles", "missing_query"},
        {"/articles?goodsOwnerId=1&page=2", "unknown_query"},
        {"/articles?goodsOwnerId=1&goodsOwnerId=1", "repeated_query"},
        {"/articles?goodsOwnerId=one", "bad_query"},
        {"/articles?goodsOwnerId=1&articleNumber=", "empty_query"},
        {"/articles?goodsOwnerId=1&articleNumbers=A,B", "comma_list"},
        {"/articles?goodsOwnerId=1&stockInfoChangedFrom=2026-11-20T00%3A00%3A00Z", "stale_cursor"},
        {"/articles?goodsOwnerId=1&stockInfoChangedFrom=yesterday", "bad_query"},
        {"/articles?goodsOwnerId=7", "wrong_goods_owner"},
        {"/articles/structureDefinitions?goodsOwnerId=1", "missing_query"},
        {"/articles/one", "bad_path"},
        {"/orders?goodsOwnerId=1&orderUpdatedTimeFrom=2026-01-01T00%3A00%3A00Z", "stale_cursor"},
        {"/stock", "unknown_operation"},
    }));
    INFO(row.path);
    CHECK(world.ongoing("GET", row.path).status >= 400);
    CHECK(world.violations() == Kinds{row.kind});
}

TEST_CASE("the doors of Ongoing refuse strangers and odd clients") {
    Running world;
    const std::string body = R"({"goodsOwnerId":1,"articleNumber":"A"})";
    SECTION("no login") {
        CHECK(world.ongoing_raw("GET", "/warehouses", "", {}).status == 401);
        CHECK(world.violations() == Kinds{"bad_credentials"});
    }
    SECTION("a wrong password") {
        const httplib::Headers wrong = {{"Authorization", "Basic " + base64_encode("WSI-SANDBOX:guess")}};
        CHECK(world.ongoing_raw("GET", "/warehouses", "", wrong).status == 401);
        CHECK(world.violations() == Kinds{"bad_credentials"});
    }
    SECTION("another content type") {
        CHECK(world.ongoing_raw("PUT", "/articles", body, login, "text/plain").status == 415);
        CHECK(world.violations() == Kinds{"content_type"});
    }
    SECTION("a body in chunks") {
        httplib::Client client("127.0.0.1", world.port());
        const auto result = client.Put(
            "/sandbox/api/v1/articles", login,
            [&](std::size_t, httplib::DataSink& sink) {
                sink.write(body.data(), body.size());
                sink.done();
                return true;
            },
            "application/json");
        REQUIRE(result);
        CHECK(result->status == 411);
        CHECK(world.violations() == Kinds{"chunked_body"});
    }
    SECTION("a body where none is due") {
        CHECK(world.ongoing("DELETE", "/orders/1", json::Value::object()).status == 400);
        CHECK(world.violations() == Kinds{"unexpected_body"});
    }
}

TEST_CASE("an order is checked beyond the document: quantities, rows, lengths") {
    Running world;
    world.plant_article("A", 5);
    json::Value order = small_order("N1", "A");
    json::Value& line = order["orderLines"].elements().front();
    Kinds expected;
    SECTION("a line without numberOfItems") {
        line.erase("numberOfItems");
        expected = {"line_without_quantity"};
    }
    SECTION("a line of nothing") {
        line.set("numberOfItems", 0);
        expected = {"bad_quantity"};
    }
    SECTION("the same rowNumber twice") {
        order["orderLines"].push_back(std::as_const(line));
        expected = {"duplicate_row"};
    }
    SECTION("a key that is too long") {
        order.set("orderNumber", std::string(51, '9'));
        expected = {"too_long"};
    }
    SECTION("a remark that is too long") {
        order.set("orderRemark", std::string(501, 'x'));
        expected = {"too_long"};
    }
    CHECK(world.ongoing("PUT", "/orders", order).status == 400);
    CHECK(world.violations() == expected);
    CHECK(world.admin("GET", "/ongoing/orders").body.size() == 0);
}

TEST_CASE("asking for the next page with the last id instead of the one behind it is recorded") {
    Running world;
    for (const char* number : {"A", "B", "C"}) world.plant_article(number);
    const Answer first = world.ongoing("GET", "/articles?goodsOwnerId=1&articleSystemIdFrom=0&maxArticlesToGet=2");
    REQUIRE(first.body.size() == 2);
    const std::int64_t last = first.rows().back()["articleSystemId"].integer();
    const std::string next = "/articles?goodsOwnerId=1&maxArticlesToGet=2&articleSystemIdFrom=";
    CHECK(world.ongoing("GET", next + std::to_string(last + 1)).body.size() == 1);
    CHECK(world.violations().empty());
    (void)world.ongoing("GET", next + "0");
    (void)world.ongoing("GET", next + std::to_string(last));
    CHECK(world.violations() == Kinds{"page_overlap"});
}

TEST_CASE("the doors of BaseLinker refuse wrong tokens and forms") {
    Running world;
    const std::string body = form("getInventories", "{}");
    struct Row {
        std::string body;
        httplib::Headers headers;
        const char* content_type;
        const char* code;
        const char* kind;
    };
    const char* type = "application/x-www-form-urlencoded";
    const std::vector<Row> rows = {
        {body, {}, type, "ERROR_EMPTY_TOKEN", "empty_token"},
        {body, {{"X-BLToken", "guess"}}, type, "ERROR_BAD_TOKEN", "bad_token"},
        {body + "&token=sandbox-token", token, type, "ERROR_BAD_TOKEN", "two_tokens"},
        {body, token, "application/json", "ERROR_UNKNOWN_METHOD", "content_type"},
        {form("getinventories", "{}"), token, type, "ERROR_UNKNOWN_METHOD", "unknown_method"},
        {form("getInventories", "{"), token, type, "ERROR_PARSE_JSON_PARAMETERS", "not_json"},
        {form("getInventories", "[]"), token, type, "ERROR_PARSE_JSON_PARAMETERS", "not_json"},
        {form("getInventories", R"({"page":1})"), token, type, "ERROR_INVALID_DATA", "unknown_parameter"},
        {form("getInventoryProductsList", "{}"), token, type, "ERROR_INVALID_DATA", "missing_parameter"},
        {form("getInventoryProductsList", R"({"inventory_id":"307"})"), token, type, "ERROR_INVALID_DATA", "bad_parameter"},
        {form("getInventoryProductsList", R"({"inventory_id":307,"filter_sort":"name ASC"})"), token, type, "ERROR_INVALID_DATA",
         "bad_parameter"},
        {form("updateInventoryProductsStock", R"({"inventory_id":307,"products":[]})"), token, type, "ERROR_INVALID_DATA",
         "bad_parameter"},
        {form("updateInventoryProductsStock", R"({"inventory_id":307,"products":"{}"})"), token, type, "ERROR_INVALID_DATA",
         "bad_parameter"},
        {form("getInventoryProductsData", R"({"inventory_id":307,"products":[]})"), token, type, "ERROR_INVALID_DATA",
         "empty_list"},
        {form("getOrders", R"({"filter_order_source_id":1})"), token, type, "ERROR_INVALID_DATA", "bad_parameter"},
    };
    for (const Row& row : rows) {
        (void)world.admin("POST", "/reset-journal", json::Value::object());
        const Answer answer = world.base_raw(row.body, row.headers, row.content_type);
        INFO(row.body);
        CHECK(answer.status == 200);
        CHECK(answer["status"].text() == "ERROR");
        CHECK(answer["error_code"].text() == row.code);
        CHECK(world.violations() == Kinds{row.kind});
    }
}

TEST_CASE("a stock update is refused where the contract forbids it, the rest of it is done") {
    sandbox::Options options;
    options.demo = true;
    Running world(options);
    const auto update = [&](const std::string& products) {
        return world.base("updateInventoryProductsStock", parsed(R"({"inventory_id":307,"products":)" + products + "}"));
    };
    const auto quantity = [&](const char* id) {
        const Answer answer = world.admin("GET", std::string("/baselinker/products?id=") + id);
        return answer.rows().at(0)["stock"]["bl_206"].integer();
    };
    SECTION("an unknown product is a warning, not a breach") {
        const Answer answer = update(R"({"701450010":{"bl_206":7},"5":{"bl_206":1}})");
        CHECK(answer["counter"].integer() == 1);
        CHECK(answer["warnings"]["5"].text() == "No product with ID 5");
        CHECK(quantity("701450010") == 7);
        CHECK(world.violations().empty());
    }
    SECTION("a parent with variants, a bundle, a foreign warehouse, a negative figure") {
        const Answer bundles = world.admin("GET", "/baselinker/products");
        std::string bundle;
        for (const json::Value& product : bundles.rows())
            if (product["is_bundle"].is_true()) bundle = product["id"].text();
        const Answer answer = update(R"({"701450013":{"bl_206":1},")" + bundle +
                                     R"(":{"bl_206":1},"701450010":{"shop_5012233":1},"701450011":{"bl_206":-1}})");
        CHECK(answer["counter"].integer() == 0);
        CHECK(answer["warnings"].size() == 4);
        Kinds kinds = world.violations();
        std::sort(kinds.begin(), kinds.end());
        CHECK(kinds == Kinds{"bad_quantity", "bundle_stock_write", "foreign_warehouse_write", "parent_stock_write"});
        CHECK(quantity("701450010") == 42);
    }
    SECTION("more than 1000 products") {
        std::string rows;
        for (int i = 0; i < 1001; ++i) rows += (i == 0 ? "{\"" : ",\"") + std::to_string(1000 + i) + R"(":{"bl_206":1})";
        CHECK(update(rows + "}")["status"].text() == "ERROR");
        CHECK(world.violations() == Kinds{"too_many_products"});
    }
}

TEST_CASE("two writes in flight for one goods owner are recorded, calls that the client gave up are not") {
    Running world;
    const json::Value article = parsed(R"({"goodsOwnerId":1,"articleNumber":"A"})");
    SECTION("a second write while the first one runs") {
        world.options(parsed(R"({"latency_ongoing":800})"));
        std::thread other([&] {
            httplib::Client client("127.0.0.1", world.port());
            (void)client.Put("/sandbox/api/v1/articles", login, article.dump(), "application/json");
        });
        (void)world.ongoing("PUT", "/articles", article);
        other.join();
        CHECK(world.violations() == Kinds{"parallel_writes"});
    }
    SECTION("reads may overlap a write") {
        world.options(parsed(R"({"latency_ongoing":200})"));
        std::thread other([&] {
            httplib::Client client("127.0.0.1", world.port());
            (void)client.Get("/sandbox/api/v1/articles?goodsOwnerId=1", login);
        });
        (void)world.ongoing("PUT", "/articles", article);
        other.join();
        CHECK(world.violations().empty());
    }
    SECTION("a write that the client gave up") {
        world.fault(parsed(R"({"operation":"PUT /articles","nth":1,"fault":"late_commit","seconds":0.2})"));
        {
            httplib::Client client("127.0.0.1", world.port());
            client.set_read_timeout(0, 100'000);
            CHECK_FALSE(client.Put("/sandbox/api/v1/articles", login, article.dump(), "application/json"));
        }
        CHECK(world.ongoing("PUT", "/articles", article).status == 200);
        world.wait_for_done(2);
        CHECK(world.violations().empty());
        CHECK(world.admin("GET", "/ongoing/articles").rows().at(0)["writes"].integer() == 2);
    }
}

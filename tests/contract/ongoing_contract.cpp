// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include <blongo/map/order_return.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/deliveries.hpp>
#include <blongo/ongoing/returns.hpp>

#include "support/fake_transport.hpp"
#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::ongoing;

namespace {

const test::OpenApi& contract() {
    static const test::OpenApi document(test::read_data("ongoing-openapi.json"));
    return document;
}

json::Value fixture(const std::string& file) {
    return json::Value::parse(test::read_data("ongoing/" + file)).value();
}

/// Keeps every request to the contract and answers from the fixtures.
struct Gate {
    std::set<std::string> operations;
    std::map<std::string, http::Effect> effects;
    std::map<std::string, std::string> answers; ///< operation -> body
    test::FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        const std::string operation = contract().operation_of(request);
        CAPTURE(request.method, request.url, request.body);
        CHECK(contract().violations(request) == std::vector<std::string>{});
        CHECK("ongoing " + request.method + " " + operation.substr(operation.find("/api/v1") + 7) == request.name);
        operations.insert(operation);
        effects[operation] = request.effect;
        const auto answer = answers.find(operation);
        return test::response(200, answer == answers.end() ? "[]" : answer->second);
    }};
};

struct Fixture {
    Gate gate;
    ManualClock clock;
    Client client{gate.transport,
                  clock,
                  {.url = "https://api.ongoingsystems.se/acme",
                   .username = "WSI",
                   .password = Secret("p"),
                   .goods_owner_id = GoodsOwnerId(4711)}};
};

} // namespace

TEST_CASE("every article request keeps the OpenAPI document") {
    Fixture f;
    f.gate.answers = {{"PUT /api/v1/articles", test::read_data("ongoing/articles.put.full.response.json")},
                      {"PUT /api/v1/articles/{articleSystemId}", test::read_data("ongoing/articles.putById.response.json")},
                      {"GET /api/v1/articles/{articleSystemId}", test::read_data("ongoing/articles.get.response.json")}};
    const std::vector<ArticleNumber> numbers{ArticleNumber("MUG-350-WHT"), ArticleNumber("Ł & Ó,1")};
    REQUIRE(f.client.each_article([](Article&&) -> Result<void> { return {}; }));
    REQUIRE(f.client.find_articles(numbers));
    REQUIRE(f.client.find_structures(numbers));
    for (const char* file :
         {"articles.put.minimal.request.json", "articles.put.full.request.json", "articles.put.kit.request.json"})
        REQUIRE(f.client.put_article(fixture(file)));
    REQUIRE(f.client.put_article(ArticleSystemId(30211), fixture("articles.put.full.request.json")));
    const auto article = f.client.get_article(ArticleSystemId(30211)).value().value();
    REQUIRE(f.client.put_article(post_model_of(article.document)));
    (void)f.client.get_warehouses();
    (void)f.client.get_order_statuses();
    (void)f.client.get_transporter_contracts();
    (void)f.client.get_ways_of_delivery();
    CHECK(f.gate.operations.size() == 9);
    for (const auto& [operation, effect] : f.gate.effects) {
        CAPTURE(operation);
        CHECK((effect == http::Effect::read) == operation.starts_with("GET"));
        CHECK(effect != http::Effect::unsafe_write);
    }
}

TEST_CASE("every order request keeps the OpenAPI document") {
    Fixture f;
    const std::string taken = R"({"orderId":903115,"message":"Order updated."})";
    for (const char* operation :
         {"PUT /api/v1/orders", "PUT /api/v1/orders/{orderId}", "DELETE /api/v1/orders/{orderId}",
          "PATCH /api/v1/orders/{orderId}/orderRemark", "PATCH /api/v1/orders/{orderId}/servicePointCode",
          "PATCH /api/v1/orders/{orderId}/warehouseInstruction", "PATCH /api/v1/orders/{orderId}/waybill",
          "PATCH /api/v1/orders/{orderId}/returnWaybill", "PATCH /api/v1/orders/{orderId}/orderStatus",
          "PATCH /api/v1/orders/{orderId}/deliveryDate", "PATCH /api/v1/orders/{orderId}/addOrderClasses"})
        f.gate.answers[operation] = taken;
    f.gate.answers["GET /api/v1/orders/{orderId}"] = test::read_data("ongoing/orders.get.collected.response.json");
    const OngoingOrderId id(903115);
    const std::vector<OrderNumber> numbers{OrderNumber("BL-84512346"), OrderNumber("B&L 1")};
    OrderQuery query;
    query.status_from = 450;
    query.status_to = 800;
    query.status_changed_from = query.created_from = query.created_to = query.updated_from = query.shipped_from =
        parse_timestamp("2026-11-23T10:00:00.5Z");
    query.back_order_for = id;
    REQUIRE(f.client.each_order(query, [](Order&&) -> Result<void> { return {}; }));
    REQUIRE(f.client.find_orders(numbers));
    const Order order = f.client.get_order(id).value().value();
    for (const char* file :
         {"orders.put.minimal.request.json", "orders.put.full.request.json", "orders.put.sameArticleTwice.request.json"})
        REQUIRE(f.client.put_order(fixture(file)));
    REQUIRE(f.client.put_order(id, post_model_of_order(order.document).value()));
    REQUIRE(f.client.delete_order(id));
    REQUIRE(f.client.patch_order_remark(id, "Uwaga"));
    REQUIRE(f.client.patch_service_point_code(id, "GDA01M"));
    REQUIRE(f.client.patch_warehouse_instruction(id, "LABEL FAILED 10:42"));
    REQUIRE(f.client.patch_waybill(id, "620"));
    REQUIRE(f.client.patch_return_waybill(id, "RET"));
    REQUIRE(f.client.patch_order_status(id, 500));
    REQUIRE(f.client.patch_delivery_date(id, "2026-11-24T12:00:00.000+00:00"));
    REQUIRE(f.client.add_order_classes(id, std::vector<OrderClass>{{"A", "B", "C"}}));
    CHECK(f.gate.operations.size() == 13);
    for (const auto& [operation, effect] : f.gate.effects) {
        CAPTURE(operation);
        CHECK(effect == (operation.starts_with("GET") ? http::Effect::read : http::Effect::idempotent_write));
    }
}

TEST_CASE("every request that writes a shipment back keeps the OpenAPI document") {
    Fixture f;
    const std::string file_answer = test::read_data("ongoing/orders.files.post.response.json");
    const std::string parcel_answer = test::read_data("ongoing/orders.parcels.put.response.json");
    f.gate.answers = {{"POST /api/v1/orders/{orderId}/files", file_answer},
                      {"PUT /api/v1/orders/{orderId}/files", file_answer},
                      {"PUT /api/v1/orders/{orderId}/files/{fileId}", file_answer},
                      {"DELETE /api/v1/orders/{orderId}/files/{fileId}", file_answer},
                      {"PUT /api/v1/orders/{orderId}/parcels", parcel_answer},
                      {"PUT /api/v1/orders/{orderId}/parcels/{parcelId}/parcelTracking", parcel_answer},
                      {"DELETE /api/v1/orders/{orderId}/parcels/{parcelId}", parcel_answer},
                      {"PUT /api/v1/orders/{orderId}/orderTracking", parcel_answer}};
    Deliveries deliveries(f.client);
    const OngoingOrderId id(903115);
    FileUpload file{"label BL-1 (ż).pdf", "application/pdf", "%PDF-1.4", std::nullopt};
    REQUIRE(deliveries.get_files(id));
    REQUIRE(deliveries.post_file(id, file));
    REQUIRE(deliveries.put_file_by_name(id, file));
    file.print = PrintingInfo{118, std::nullopt, 77};
    REQUIRE(deliveries.post_file(id, file));
    file.print = PrintingInfo{118, 231, std::nullopt};
    REQUIRE(deliveries.put_file(id, 1892, file));
    REQUIRE(deliveries.delete_file(id, 1892));
    const Decimal size = Decimal::parse("0.3").value();
    REQUIRE(deliveries.put_parcel(id, {"P1", "P1", "https://t/P1", size, size, size, size}));
    REQUIRE(deliveries.put_parcel(id, {.parcel_number = "P2"}));
    REQUIRE(deliveries.put_parcel_tracking(id, 5501, "P1", "https://t/P1"));
    REQUIRE(deliveries.put_order_tracking(id, "P1", "https://t/P1"));
    REQUIRE(deliveries.delete_parcel(id, 5501));
    REQUIRE(deliveries.get_way_bill_rows(id));
    REQUIRE(f.client.each_warehouse_stock(parse_timestamp("2026-11-23T10:00:00Z"),
                                          [](WarehouseStock&&) -> Result<void> { return {}; }));
    REQUIRE(f.client.each_article([](Article&&) -> Result<void> { return {}; }, parse_timestamp("2026-11-23T10:00:00Z")));
    CHECK(f.gate.operations.size() == 12);
    CHECK(f.gate.effects.at("POST /api/v1/orders/{orderId}/files") == http::Effect::unsafe_write);
}

TEST_CASE("the Ongoing gate of these tests refuses what the contract forbids") {
    const auto violations = [](const std::string& method, const std::string& path, const std::string& body = {}) {
        http::Request request;
        request.method = method;
        request.url = "https://host/wh/api/v1" + path;
        request.body = body;
        request.headers = {{"Content-Type", "application/json"}};
        return contract().violations(request).size();
    };
    CHECK(violations("GET", "/articles?goodsOwnerId=1") == 0);
    CHECK(violations("GET", "/articles") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=x") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1&page=2") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1&goodsOwnerId=1") == 1);
    CHECK(violations("GET", "/article?goodsOwnerId=1") == 1);
    CHECK(violations("GET", "/articles/abc") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A"})") == 0);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":""})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A","barCode":"1"})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A","weight":"1.5"})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":null,"articleNumber":"A"})") == 1);
    CHECK(violations("PUT", "/articles",
                     R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":{"articleKind":"Kit","rows":[]}})") == 2);
    CHECK(violations("PUT", "/articles") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1", "{}") == 1);
}

TEST_CASE("every request about return orders keeps the OpenAPI document") {
    Fixture f;
    f.gate.answers = {{"GET /api/v1/returnOrders", test::read_data("ongoing/returnOrders.list.response.json")},
                      {"PUT /api/v1/returnOrders", test::read_data("ongoing/returnOrders.put.response.json")}};
    Returns returns(f.client);
    const std::vector<ReturnNumber> numbers{ReturnNumber("RMA-84512346-1"), ReturnNumber("B&L R1")};
    const auto there = returns.find(numbers).value();
    REQUIRE(there.size() == 1);
    CHECK(returns.put(fixture("returnOrders.put.request.json")).value() == 8801);
    // A new one, and one over what Ongoing holds: its own members go back with it.
    map::ReturnDocument document;
    document.return_id = ReturnId(880122);
    document.number = there.front().number;
    document.comment = "RMA/11/2026/4";
    document.lines = {{"1", ArticleNumber("MUG-350-WHT"), 2, "pęknięty"}};
    for (const ReturnOrder* base : {static_cast<const ReturnOrder*>(nullptr), &there.front()}) {
        const auto body = map::return_body(document, OngoingOrderId(903115), {{"1", 701001}}, base, {{"1", 1}});
        REQUIRE(returns.put(body.model));
        CHECK_FALSE(body.same);
    }
    CHECK(f.gate.effects["GET /api/v1/returnOrders"] == http::Effect::read);
    CHECK(f.gate.effects["PUT /api/v1/returnOrders"] == http::Effect::idempotent_write);
}

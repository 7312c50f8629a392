// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/ongoing/client.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::ongoing;
using test::FakeTransport;

namespace {

std::string fixture(const std::string& file) {
    return test::read_data("ongoing/" + file);
}
json::Value document(const std::string& file) {
    return json::Value::parse(fixture(file)).value();
}

struct Fixture {
    FakeTransport fake;
    ManualClock clock{parse_timestamp("2026-11-23T13:00:00Z").value()};
    Client client{fake,
                  clock,
                  {.url = "https://api.ongoingsystems.se/acme",
                   .username = "WSI",
                   .password = Secret("p"),
                   .goods_owner_id = GoodsOwnerId(4711)}};
};

const OngoingOrderId id(903115);

} // namespace

TEST_CASE("an order that was sent gives lines, picked pieces, parcels and tracking") {
    Fixture f;
    f.fake.on({.method = "GET", .url = "/orders/903115"}).answer(200, fixture("orders.get.collected.response.json"));
    const Order order = f.client.get_order(id).value().value();
    CHECK(f.fake.requests()[0].name == "ongoing GET /orders/{orderId}");
    CHECK(order.order_id == id);
    CHECK(order.order_number == OrderNumber("BL-84512346"));
    CHECK(order.goods_owner_order_id == "84512346");
    CHECK(order.status_number == 500);
    CHECK(order.status_text == "Hämtad");
    CHECK(order.delivery_date == "2026-11-24");
    CHECK(order.created_date == parse_timestamp("2026-11-23T09:03:49.437Z"));
    CHECK(order.shipped_time == parse_timestamp("2026-11-23T11:58:04.25Z"));
    CHECK(order.way_bill == "620000000000000000000017");
    CHECK(order.service_point_code == "GDA117M");
    CHECK(order.order_remark == "Proszę zapakować na prezent");
    CHECK(order.way_of_delivery_code == "INPOST_LOCKER");
    CHECK(order.transporter_code == "INPOST");
    CHECK(order.transporter_service_code == "LOCKER");
    CHECK(order.market_place == "allegro");
    CHECK(order.warehouse_id == 1);
    CHECK_FALSE(order.back_order_for);
    CHECK(order.ordered == Decimal(3));
    CHECK(order.picked == Decimal(3));
    CHECK(order.consignee.name == "Anna Testowa");
    CHECK(order.consignee.mobile_phone == "+48500100200");
    CHECK(order.consignee.email == "anna@example.test");
    CHECK(order.class_codes == std::vector<std::string>{"GIFT"});

    REQUIRE(order.lines.size() == 2);
    const OrderLine& line = order.lines[0];
    CHECK(line.id == 701001);
    CHECK(line.row_number == "551001");
    CHECK(line.article_number == ArticleNumber("MUG-350-WHT"));
    CHECK(line.picked == Decimal(2));
    CHECK(line.packed == Decimal(2));
    REQUIRE(line.picked_items.size() == 1);
    CHECK(line.picked_items[0].packed_by_user_id == 231);
    CHECK(line.picked_items[0].packed_time == parse_timestamp("2026-11-23T11:52:10.2Z"));
    CHECK(line.picked_items[0].parcel_id == 5501);
    CHECK(order.lines[1].article_kind == "Structure");
    CHECK(order.lines[1].picked_items.empty()); // null

    REQUIRE(order.parcels.size() == 2);
    CHECK(order.parcels[0].waybill == "620000000000000000000017"); // no waybill member: the parcel's number
    CHECK(order.parcels[0].weight.value().to_string() == "1.4");
    CHECK_FALSE(order.parcels[0].length);
    CHECK_FALSE(order.parcels[0].is_return);
    CHECK(order.parcels[1].is_return);
    REQUIRE(order.tracking.size() == 1);
    CHECK(order.tracking[0].tracking_url == "https://track.example.test/620000000000000000000017");
    CHECK(order.return_tracking.size() == 1);
    CHECK(order.document["orderInfo"]["orderId"].integer() == 903115);
}

TEST_CASE("a new order has nulls where an old one has lists", "[F24]") {
    Fixture f;
    f.fake.on({}).answer(200, fixture("orders.get.fresh.response.json"));
    const Order order = f.client.get_order(id).value().value();
    CHECK(order.status_number == 300);
    CHECK(order.parcels.empty());
    CHECK(order.tracking.empty());
    CHECK_FALSE(order.shipped_time);
    CHECK(order.way_bill.empty());
}

TEST_CASE("a kit line has its components below it, however deep the answer nests") {
    Fixture f;
    std::string deep = R"({"id":1,"rowNumber":"1")";
    for (int i = 0; i < 20; ++i)
        deep += R"(,"subOrderLines":[{"id":2,"article":{"articleNumber":"C"},"orderedNumberOfItems":2.0)";
    for (int i = 0; i < 20; ++i) deep += "}]";
    deep += "}";
    f.fake.on({}).answer(
        200, R"({"orderInfo":{"orderId":1,"advanced":{"backOrderInfo":{"backOrderForOrderId":9}}},"orderLines":[)" + deep + "]}");
    const Order order = f.client.get_order(id).value().value();
    CHECK(order.back_order_for == OngoingOrderId(9));
    REQUIRE(order.lines.at(0).sub_lines.size() == 1);
    CHECK(order.lines[0].sub_lines[0].article_number == ArticleNumber("C"));
    CHECK(order.lines[0].sub_lines[0].ordered == Decimal(2));
}

TEST_CASE("orders are polled by status and change time with the id cursor") {
    Fixture f;
    f.fake.on({.url = "orderIdFrom=0&"}).answer(200, fixture("orders.list.sent-poll.response.json"));
    f.fake.on({.method = "GET"}).answer(200, fixture("orders.list.empty.response.json"));
    OrderQuery query;
    query.status_from = 450;
    query.status_to = 800;
    query.status_changed_from = parse_timestamp("2026-11-23T11:00:00Z");
    std::int64_t last = 0;
    REQUIRE(f.client.each_order(query, [&](Order&& order) -> Result<void> {
        last = order.order_id.value();
        return {};
    }));
    CHECK(last > 0);
    const auto requests = f.fake.requests();
    CHECK(requests[0].url == "https://api.ongoingsystems.se/acme/api/v1/orders?goodsOwnerId=4711&orderStatusFrom=450"
                             "&orderStatusTo=800&orderStatusChangedTimeFrom=2026-11-23T11%3A00%3A00Z&orderIdFrom=0&"
                             "maxOrdersToGet=200");
    CHECK(requests[1].url.find("&orderIdFrom=" + std::to_string(last + 1) + "&") != std::string::npos);
}

TEST_CASE("every filter of the order list is sent under its own name") {
    Fixture f;
    f.fake.on({}).answer(200, "[]");
    OrderQuery query;
    query.created_from = parse_timestamp("2026-11-01T00:00:00Z");
    query.created_to = parse_timestamp("2026-11-02T00:00:00Z");
    query.updated_from = parse_timestamp("2026-11-03T00:00:00Z");
    query.shipped_from = parse_timestamp("2026-11-04T00:00:00Z");
    query.back_order_for = OngoingOrderId(7);
    REQUIRE(f.client.each_order(query, [](Order&&) -> Result<void> { return {}; }));
    const std::string url = f.fake.requests().at(0).url;
    for (const char* part : {"orderCreatedTimeFrom=2026-11-01T", "orderCreatedTimeTo=2026-11-02T",
                             "orderUpdatedTimeFrom=2026-11-03T", "shippedTimeFrom=2026-11-04T", "backOrderForOrderId=7"})
        CHECK(url.find(part) != std::string::npos);
}

TEST_CASE("a list of orders that cannot be read to its end is an error") {
    Fixture f;
    const auto go_on = [](Order&&) -> Result<void> { return {}; };
    f.fake.on({}).answer(200, R"([{"orderInfo":null}])");
    CHECK(f.client.each_order({}, go_on).error().kind == ErrorKind::protocol);
    f.fake.on({}).answer(200, R"([{"orderInfo":{"orderId":5}}])");
    f.fake.on({}).answer(200, R"([{"orderInfo":{"orderId":5}}])");
    CHECK(f.client.each_order({}, go_on).error().kind == ErrorKind::protocol);
}

TEST_CASE("orders are looked up by number") {
    Fixture f;
    f.fake.on({.url = "orderNumbers=BL-84512346"}).answer(200, fixture("orders.list.byNumber.response.json"));
    const std::vector<OrderNumber> numbers{OrderNumber("BL-84512346")};
    CHECK(f.client.find_orders(numbers).value().size() == 1);
    f.fake.on({}).answer(200, fixture("orders.list.empty.response.json"));
    CHECK(f.client.find_orders(numbers).value().empty());
    CHECK(f.client.find_orders(std::vector<OrderNumber>(101)).error().kind == ErrorKind::internal);
}

TEST_CASE("putting an order returns its id, 200 and 201 alike, and is ambiguous without one") {
    Fixture f;
    const auto model = document("orders.put.minimal.request.json");
    f.fake.on({.method = "PUT"}).answer(200, fixture("orders.put.minimal.response.json"));
    f.fake.on({.method = "PUT"}).answer(201, fixture("orders.put.full.response.json"));
    f.fake.on({.method = "PUT", .url = "/orders/903115"}).answer(200, fixture("orders.putById.response.json"));
    f.fake.on({.method = "PUT"}).answer(200, fixture("orders.put.idMissing.response.json"));
    f.fake.on({.method = "PUT"}).answer(400, fixture("error.400.order-locked.json"));
    CHECK(f.client.put_order(model));
    CHECK(f.client.put_order(model).value() == id);
    CHECK(f.client.put_order(id, model));
    CHECK(f.client.put_order(model).error().kind == ErrorKind::ambiguous);
    CHECK(f.client.put_order(model).error().kind == ErrorKind::rejected);
    const auto requests = f.fake.requests();
    CHECK(requests[0].name == "ongoing PUT /orders");
    CHECK(requests[0].effect == http::Effect::idempotent_write);
    CHECK(json::Value::parse(requests[0].body).value()["goodsOwnerId"].integer() == 4711);
    CHECK(requests[2].name == "ongoing PUT /orders/{orderId}");
}

TEST_CASE("an order that is not there is nothing, cancelling one says only that the call was taken") {
    Fixture f;
    f.fake.on({.method = "GET"}).answer(404, "");
    f.fake.on({.method = "GET"}).answer(503, "");
    f.fake.on({.method = "DELETE", .url = "/orders/903115"}).answer(200, fixture("orders.cancel.byId.response.json"));
    f.fake.on({.method = "DELETE"}).answer(400, fixture("error.400.order-locked.json"));
    CHECK_FALSE(f.client.get_order(id).value());
    CHECK(f.client.get_order(id).error().kind == ErrorKind::unavailable);
    CHECK(f.client.delete_order(id));
    CHECK(f.client.delete_order(id).error().kind == ErrorKind::rejected);
    CHECK(f.fake.requests()[2].effect == http::Effect::idempotent_write);
}

TEST_CASE("each patch changes one member and may be repeated") {
    Fixture f;
    for (int i = 0; i < 8; ++i) f.fake.on({.method = "PATCH"}).answer(200, fixture("orders.patch.waybill.response.json"));
    CHECK(f.client.patch_order_remark(id, "Uwaga"));
    CHECK(f.client.patch_service_point_code(id, "GDA01M"));
    CHECK(f.client.patch_warehouse_instruction(id, "LABEL FAILED"));
    CHECK(f.client.patch_waybill(id, "620"));
    CHECK(f.client.patch_return_waybill(id, "RET-1"));
    CHECK(f.client.patch_order_status(id, 500));
    CHECK(f.client.patch_delivery_date(id, "2026-11-24T12:00:00.000+00:00"));
    const std::vector<OrderClass> classes{{"LABEL-FAILED", "Label failed", "DPD"}, {"A", "B", ""}};
    CHECK(f.client.add_order_classes(id, classes));
    const auto requests = f.fake.requests();
    const auto is = [&](std::size_t index, const std::string& member, const std::string& body) {
        CHECK(requests[index].url == "https://api.ongoingsystems.se/acme/api/v1/orders/903115/" + member);
        CHECK(requests[index].name == "ongoing PATCH /orders/{orderId}/" + member);
        CHECK(requests[index].body == body);
        CHECK(requests[index].effect == http::Effect::idempotent_write);
    };
    is(0, "orderRemark", R"({"orderRemark":"Uwaga"})");
    is(1, "servicePointCode", R"({"servicePointCode":"GDA01M"})");
    is(2, "warehouseInstruction", R"({"warehouseInstruction":"LABEL FAILED"})");
    is(3, "waybill", R"({"waybill":"620"})");
    is(4, "returnWaybill", R"({"returnWaybill":"RET-1"})");
    is(5, "orderStatus", R"({"orderStatusNumber":500})");
    is(6, "deliveryDate", R"({"deliveryDate":"2026-11-24T12:00:00.000+00:00"})");
    is(7, "addOrderClasses",
       R"({"classes":[{"code":"LABEL-FAILED","name":"Label failed","comment":"DPD"},{"code":"A","name":"B"}]})");
}

TEST_CASE("a text longer than Ongoing takes is refused here and not sent") {
    Fixture f;
    CHECK(f.client.patch_waybill(id, std::string(51, '1')).error().kind == ErrorKind::rejected);
    CHECK(f.client.patch_service_point_code(id, std::string(51, '1')).error().kind == ErrorKind::rejected);
    CHECK(f.client.patch_order_remark(id, std::string(501, 'x')).error().kind == ErrorKind::rejected);
    CHECK(f.fake.requests().empty());
    std::string letters; // 500 characters, 1000 bytes
    for (int i = 0; i < 500; ++i) letters += "ż";
    f.fake.on({}).answer(200, fixture("orders.patch.orderRemark.response.json"));
    CHECK(f.client.patch_order_remark(id, letters));
    f.fake.on({}).answer(500, "");
    CHECK(f.client.patch_order_status(id, 500).error().kind == ErrorKind::ambiguous);
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/decode_orders.hpp>
#include <blongo/json/value.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;
using test::FakeTransport;

namespace {

json::Document parse(const std::string& text) {
    return json::Document::parse(text).value();
}
OrdersPage page_of(const std::string& text) {
    const auto document = parse(text);
    return decode_orders(document.root()).value();
}
std::string fixture(const std::string& file) {
    return test::read_data("baselinker/" + file);
}

std::string parameters(const http::Request& request) {
    return percent_decode(request.body.substr(request.body.find("parameters=") + 11), true);
}

struct Fixture {
    FakeTransport fake;
    ManualClock clock{parse_timestamp("2026-11-23T13:00:00Z").value()};
    Client client{fake, clock, {.url = "https://api.baselinker.com/connector.php", .token = Secret("T")}};
};

} // namespace

TEST_CASE("an order gives every field that shipping and warehouse need") {
    const auto page = page_of(fixture("getOrders.json"));
    REQUIRE(page.orders.size() == 3);
    CHECK(page.bad.empty());
    CHECK(page.rows.size() == 3);
    const Order& order = page.orders[1];
    CHECK(order.order_id == BaseOrderId(184400102));
    CHECK(order.shop_order_id == "2824");
    CHECK(order.external_order_id == "100002824");
    CHECK(order.order_source == "shop");
    CHECK(order.order_source_id == 5012233);
    CHECK(order.order_status_id == OrderStatusId(301122));
    CHECK(order.confirmed);
    CHECK(to_unix_seconds(order.date_confirmed.value()) == 1795442106);
    CHECK(to_unix_seconds(order.date_add.value()) == 1795442050);
    CHECK(to_unix_seconds(order.date_in_status.value()) == 1795442106);
    CHECK(order.phone == "+48600100200");
    CHECK(order.email == "anna@example.com");
    CHECK(order.currency == "PLN");
    CHECK(order.payment_method == "Za pobraniem");
    CHECK(order.payment_method_cod);
    CHECK(order.payment_done.is_zero());
    CHECK(order.delivery_method == "InPost Paczkomat 24/7");
    CHECK(order.delivery_method_id == 18822);
    CHECK(order.delivery_price.to_string() == "12.5");
    CHECK(order.delivery_fullname == "Anna Żółć");
    CHECK(order.delivery_address == "ul. Kwiatowa 7/3");
    CHECK(order.delivery_postcode == "80-208");
    CHECK(order.delivery_city == "Gdańsk");
    CHECK(order.delivery_country == "Polska");
    CHECK(order.delivery_country_code == "PL");
    CHECK(order.delivery_point_id == "GDA01M");
    CHECK(order.delivery_point_city == "Gdynia");
    CHECK(order.invoice_company == "Firma Sp. z o.o.");
    CHECK(order.invoice_nip == "PL5840001122");
    CHECK(order.want_invoice);
    CHECK(order.custom_extra_fields.at("135") == "B2B");
    CHECK(order.custom_extra_fields.at("196") == "https://upload.cdn.example/order_extra_files/184400102.pdf");
    REQUIRE(order.products.size() == 4);
    const OrderProduct& component = order.products[1];
    CHECK(component.order_product_id == OrderProductId(930011211));
    CHECK(component.storage == "db");
    CHECK(component.storage_id == 48120);
    CHECK(component.product_id == "701450010");
    CHECK(component.variant_id == "0");
    CHECK(component.sku == "KUB-CER-330");
    CHECK(component.price_brutto.to_string() == "39.7");
    CHECK(component.quantity == Decimal(2));
    CHECK(component.weight.to_string() == "0.41");
    CHECK(component.bundle_id == 701450020);
    CHECK(component.warehouse_id == 70455);
    CHECK(order.products[0].attributes == "Rozmiar: M");
    CHECK(order.products[3].product_id.empty());
    CHECK(page.orders[2].payment_done == Decimal(50)); // a text on the wire
    CHECK(page.orders[2].delivery_package_nr == "13490000417782U");
    CHECK(page.orders[2].products[0].tax_rate.to_string() == "-0.02");
}

TEST_CASE("an order reads the same whether its numbers come as numbers or as text") {
    const auto numbers = page_of(fixture("getOrders.json")).orders.at(0);
    const auto texts = page_of(fixture("getOrders.legacy_numbers_as_strings.json")).orders.at(0);
    CHECK(texts.order_source_id == numbers.order_source_id);
    CHECK(texts.order_status_id == numbers.order_status_id);
    CHECK(texts.date_confirmed == numbers.date_confirmed);
    CHECK(texts.payment_done == numbers.payment_done);
    CHECK(texts.delivery_price == numbers.delivery_price);
    CHECK(texts.products.at(0).order_product_id == numbers.products.at(0).order_product_id);
    CHECK(texts.products.at(0).quantity == numbers.products.at(0).quantity);
    CHECK(texts.products.at(0).price_brutto == numbers.products.at(0).price_brutto);
    CHECK(texts.products.at(0).variant_id == numbers.products.at(0).variant_id);
}

TEST_CASE("included data may be empty lists, and no orders is an empty page") {
    const auto page = page_of(fixture("getOrders.with_includes_and_empty_array_quirk.json"));
    REQUIRE(page.orders.size() == 1);
    CHECK(page.orders[0].custom_extra_fields.empty());
    CHECK_FALSE(page.orders[0].has_discounts);
    CHECK(page_of(fixture("getOrders.empty.json")).rows.empty());
    const auto discounts = page_of(R"({"orders":[{"order_id":1,"discounts":[{"x":1}],"custom_extra_fields":""}]})");
    CHECK(discounts.orders.at(0).has_discounts);
}

TEST_CASE("an unconfirmed order has no confirmation time") {
    const auto page = page_of(R"({"orders":[{"order_id":1,"confirmed":false,"date_confirmed":0,"products":[]}]})");
    CHECK_FALSE(page.orders.at(0).confirmed);
    CHECK_FALSE(page.orders.at(0).date_confirmed);
}

TEST_CASE("an order that cannot be read is set aside with path and date, the others go on") {
    const auto page = page_of(R"({"orders":[{"order_id":1},
        {"order_id":2,"date_confirmed":1795442106,"order_status_id":7,"products":[{"order_product_id":5,"quantity":"two"}]},
        {"order_id":3,"products":[{"sku":"A"}]}, "?", {"products":[]}, {"order_id":6}]})");
    CHECK(page.orders.size() == 2);
    CHECK(page.rows.size() == 6);
    REQUIRE(page.bad.size() == 4);
    CHECK(page.bad[0].order_id == BaseOrderId(2));
    CHECK(page.bad[0].order_status_id == OrderStatusId(7));
    CHECK(to_unix_seconds(page.bad[0].date_confirmed.value()) == 1795442106);
    CHECK(page.bad[0].path == "$.orders[1].products[0].quantity");
    CHECK(page.bad[0].reason == "expected a number, found \"two\"");
    CHECK(page.bad[1].path == "$.orders[2].products[0]");
    CHECK(page.bad[2].order_id == BaseOrderId(0));
    CHECK(page.bad[3].order_id == BaseOrderId(0));
}

TEST_CASE("an answer without orders or logs is an error, not an empty list") {
    const auto document = parse(R"({"status":"SUCCESS"})");
    CHECK(decode_orders(document.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_journal(document.root()).error().kind == ErrorKind::protocol);
}

TEST_CASE("getOrders sends only the filters that are set") {
    Fixture f;
    f.fake.on({.name = "getOrders"}).answer(200, fixture("getOrders.empty.json"));
    f.fake.on({.name = "getOrders"}).answer(200, fixture("getOrders.empty.json"));
    REQUIRE(f.client.get_orders({}));
    OrderQuery query;
    query.order_id = BaseOrderId(5);
    query.date_confirmed_from = from_unix_seconds(1795442106);
    query.date_from = from_unix_seconds(1);
    query.id_from = BaseOrderId(7);
    query.status_id = OrderStatusId(9);
    query.get_unconfirmed_orders = true;
    query.filter_order_source = "shop";
    query.filter_order_source_id = 3;
    query.include_custom_extra_fields = true;
    query.include_discounts_data = true;
    REQUIRE(f.client.get_orders(query));
    CHECK(parameters(f.fake.requests()[0]) == "{}");
    CHECK(parameters(f.fake.requests()[1]) ==
          R"({"order_id":5,"date_confirmed_from":1795442106,"date_from":1,"id_from":7,"get_unconfirmed_orders":true,)"
          R"("status_id":9,"filter_order_source":"shop","filter_order_source_id":3,"include_custom_extra_fields":true,)"
          R"("include_discounts_data":true})");
    CHECK(f.fake.requests()[1].effect == http::Effect::read);
}

TEST_CASE("an order that is asked for by id and not known is absent, other errors are errors") {
    Fixture f;
    const std::string not_found = R"({"status":"ERROR","error_code":"ERROR_ORDER_NOT_FOUND","error_message":"Order not found"})";
    OrderQuery query;
    query.order_id = BaseOrderId(5);
    f.fake.on({}).answer(200, not_found);
    CHECK(f.client.get_orders(query).value().rows.empty());
    f.fake.on({}).answer(200, not_found);
    CHECK(f.client.get_orders({}).error().kind == ErrorKind::not_found);
    f.fake.on({}).answer(200, R"({"status":"ERROR","error_code":"ERROR_OTHER"})");
    CHECK(f.client.get_orders(query).error().kind == ErrorKind::rejected);
    f.fake.on({}).answer(200, R"({"status":"SUCCESS","orders":7})");
    CHECK(f.client.get_orders(query).error().where == "baselinker getOrders $.orders");
}

TEST_CASE("journal entries are read under both names of their id") {
    const auto first = parse(fixture("getJournalList.json"));
    const auto entries = decode_journal(first.root()).value();
    REQUIRE(entries.size() == 4);
    CHECK(entries[1].log_id == 5566001260);
    CHECK(entries[1].log_type == 18);
    CHECK(entries[1].order_id == BaseOrderId(184400101));
    CHECK(entries[1].object_id == 301122);
    CHECK(to_unix_seconds(entries[1].date.value()) == 1795442190);
    const auto second = parse(fixture("getJournalList.id_key_variant.json"));
    CHECK(decode_journal(second.root()).value().at(0).log_id == 5566001201);
    const auto odd =
        parse(R"({"logs":[{"log_id":9,"order_id":1},{"log_id":"x","order_id":1},{"log_id":3,"order_id":2},{"log_id":4}]})");
    const auto read = decode_journal(odd.root()).value();
    REQUIRE(read.size() == 2);
    CHECK(read[0].log_id == 3); // ascending
}

TEST_CASE("the journal is read on until nothing new comes, whether its start is inclusive or not") {
    for (const bool inclusive : {true, false}) {
        int calls = 0;
        test::FunctionTransport transport([&](const http::Request& request) {
            ++calls;
            const auto asked = json::Value::parse(parameters(request)).value();
            CHECK(asked["logs_types"].dump() == "[1,18]");
            json::Value logs = json::Value::array();
            for (std::int64_t id = asked["last_log_id"].integer() + (inclusive ? 0 : 1); id <= 25 && logs.size() < 10; ++id)
                if (id > 0) logs.push_back(json::Value::object().set("log_id", id).set("order_id", 1).set("log_type", 18));
            return test::response(200, json::Value::object().set("status", "SUCCESS").set("logs", logs).dump());
        });
        ManualClock clock;
        Client client(transport, clock, {.url = "u", .token = Secret("T")});
        const std::vector<int> types{1, 18};
        const auto entries = client.get_journal_list(0, types).value();
        REQUIRE(entries.size() == 25);
        CHECK(entries.front().log_id == 1);
        CHECK(entries.back().log_id == 25);
        CHECK(calls <= 5);
    }
    Fixture f;
    f.fake.on({}).answer(200, fixture("getJournalList.disabled_or_quiet.json"));
    CHECK(f.client.get_journal_list(5, {}).value().empty());
    f.fake.on({}).answer(200, R"({"status":"SUCCESS"})");
    CHECK(f.client.get_journal_list(5, {}).error().kind == ErrorKind::protocol);
}

TEST_CASE("changes of status and macros may happen once only") {
    Fixture f;
    for (int i = 0; i < 3; ++i) f.fake.on({}).answer(200, fixture("setOrderStatus.json"));
    REQUIRE(f.client.set_order_status(BaseOrderId(1), OrderStatusId(2)));
    const std::vector<BaseOrderId> orders{BaseOrderId(1), BaseOrderId(2)};
    REQUIRE(f.client.set_order_statuses(orders, OrderStatusId(3)));
    REQUIRE(f.client.run_order_macro_trigger(BaseOrderId(1), 12413));
    REQUIRE(f.client.set_order_statuses({}, OrderStatusId(3))); // nothing to send
    const auto requests = f.fake.requests();
    REQUIRE(requests.size() == 3);
    for (const auto& request : requests) CHECK(request.effect == http::Effect::unsafe_write);
    CHECK(parameters(requests[0]) == R"({"order_id":1,"status_id":2})");
    CHECK(parameters(requests[1]) == R"({"order_ids":[1,2],"status_id":3})");
    CHECK(parameters(requests[2]) == R"({"order_id":1,"trigger_id":12413})");
    CHECK(f.client.set_order_statuses(std::vector<BaseOrderId>(101), OrderStatusId(1)).error().kind == ErrorKind::internal);

    f.fake.on({}).answer(200, "<html>");
    CHECK(f.client.set_order_status(BaseOrderId(1), OrderStatusId(2)).error().kind == ErrorKind::unavailable);
    f.fake.on({}).answer(500, "");
    CHECK(f.client.run_order_macro_trigger(BaseOrderId(1), 2).error().kind == ErrorKind::ambiguous);
    f.fake.on({}).answer(200, R"({"status":"ERROR","error_code":"X"})");
    CHECK(f.client.set_order_statuses(orders, OrderStatusId(3)).error().kind == ErrorKind::rejected);
}

TEST_CASE("order fields outside the documented names, types and lengths are never sent") {
    Fixture f;
    f.fake.on({}).answer(200, fixture("setOrderFields.json"));
    const auto fields =
        json::Value::object().set("extra_field_1", "WMS-1").set("custom_extra_fields", json::Value::object().set("1", "WMS-1"));
    REQUIRE(f.client.set_order_fields(BaseOrderId(1), fields));
    CHECK(parameters(f.fake.requests().at(0)) == R"({"order_id":1,"extra_field_1":"WMS-1","custom_extra_fields":{"1":"WMS-1"}})");
    CHECK(f.fake.requests().at(0).effect == http::Effect::idempotent_write);
    for (const char* wrong : {R"({"order_status_id":5})", R"({"extra_field_1":5})", R"({"delivery_country_code":"POL"})",
                              R"({"custom_extra_fields":[]})"})
        CHECK(f.client.set_order_fields(BaseOrderId(1), json::Value::parse(wrong).value()).error().kind == ErrorKind::internal);
    REQUIRE(f.client.set_order_fields(BaseOrderId(1), json::Value::object()));
    CHECK(f.fake.requests().size() == 1);
}

TEST_CASE("changes of status and macros leave only with their departure") {
    Fixture f;
    int asked = 0;
    const auto held_back = [&asked]() -> Result<Milliseconds> {
        ++asked;
        return fail(ErrorKind::not_sent, "held back");
    };
    const std::vector<BaseOrderId> orders{BaseOrderId(1), BaseOrderId(2)};
    CHECK(f.client.set_order_status(BaseOrderId(1), OrderStatusId(2), held_back).error().message == "held back");
    CHECK(f.client.set_order_statuses(orders, OrderStatusId(3), held_back).error().kind == ErrorKind::not_sent);
    CHECK(f.client.run_order_macro_trigger(BaseOrderId(1), 12413, held_back).error().kind == ErrorKind::not_sent);
    CHECK(asked == 3);
    CHECK(f.fake.requests().empty());
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <functional>

#include "shipments.hpp"

using namespace test;

namespace {

/// "92.30 PLN", "nothing", or "cause field: reason".
std::string collected(const baselinker::Order& order, const map::CourierRule& rule = test::rule(),
                      const std::optional<Decimal>& by_hand = std::nullopt) {
    const auto result = map::cod_amount(order, rule, by_hand);
    if (result.rejected) {
        CHECK_FALSE(result.cod.on);
        return result.rejected->cause + " " + result.rejected->field + ": " + result.rejected->reason;
    }
    return result.cod.on ? result.cod.amount.to_fixed(2) + " " + result.cod.currency : "nothing";
}

std::string value(std::string_view name, const Booking& booking = {}) {
    return map::placeholder_value(name, booking.input());
}

/// Whether a change makes a refused booking worth another try.
bool changes(const std::function<void(Booking&)>& change) {
    Booking booking;
    booking.rule.fields = templates({{"description", "{user_comments}"}, {"pickup_date", "{today}"}});
    booking.collect("10");
    const auto before = map::shipment_input_fingerprint(booking.input());
    change(booking);
    return map::shipment_input_fingerprint(booking.input()) != before;
}

} // namespace

TEST_CASE("The courier collects goods and delivery less what was paid, of orders of cash on delivery only") {
    auto order = cod_order(); // 2 x 39.90 + 12.50
    CHECK(collected(order) == "92.30 PLN");
    order.payment_done = money("50");
    CHECK(collected(order) == "42.30 PLN");
    order.payment_done = money("92.30");
    CHECK(collected(order) == "nothing");
    order.payment_done = money("100");
    CHECK(collected(order) == "nothing");
    order.payment_done = Decimal{};
    order.payment_method_cod = false;
    CHECK(collected(order) == "nothing");
    order = cod_order();
    order.products[0].price_brutto = money("0.333");
    CHECK(collected(order) == "13.17 PLN"); // 0.666 + 12.50
}

TEST_CASE("An amount that is not certain is for a person to say") {
    auto order = cod_order();
    order.has_discounts = true;
    CHECK(collected(order) == "cod_unclear orders.84512345.discounts: 92.30 PLN would be to collect, and the order "
                              "has discounts, which the prices of its lines do not tell");
    order.payment_done = money("92.30");
    CHECK(collected(order) == "nothing");
    auto euros = test::rule();
    euros.cod_currency = "EUR";
    CHECK(collected(cod_order(), euros) ==
          "cod_unclear orders.84512345.currency: 92.30 PLN would be to collect, and the courier collects EUR");
    order = cod_order();
    order.currency = "";
    CHECK(collected(order) == "cod_unclear orders.84512345.currency: 92.30 would be to collect, and the order names no currency");
}

TEST_CASE("Prices that do not fit are for a person, and break nothing") {
    Booking booking;
    booking.order = cod_order();
    booking.order.products[0].price_brutto = booking.order.products[0].quantity = money("9000000000000000000");
    CHECK(collected(booking.order) ==
          "cod_unclear orders.84512345.products: the prices of the order are too large to be added up");
    CHECK(collected(booking.order, test::rule(), money("5")) == "5.00 PLN");
    CHECK(map::shipment_facts(booking.order, warehouse_order(), booking.parcels).cod);
    CHECK(value("goods_value", booking).empty());
}

TEST_CASE("An amount given by hand is collected as it is") {
    auto order = cod_order();
    order.has_discounts = true;
    auto euros = test::rule();
    euros.cod_currency = "EUR";
    CHECK(collected(order, test::rule(), money("80")) == "80.00 PLN");
    CHECK(collected(order, euros, money("20")) == "20.00 EUR");
    CHECK(collected(shipped_order(), test::rule(), money("5")) == "5.00 PLN");
    CHECK(collected(order, test::rule(), Decimal{}) == "nothing");
    order.currency = "";
    CHECK_THAT(collected(order, test::rule(), money("80")), Catch::StartsWith("cod_unclear"));
}

TEST_CASE("Every placeholder has its value") {
    Booking booking;
    booking.order.products.push_back(line(2, "PEN", 1, "1.5"));
    booking.order.products.push_back(line(3, "GONE", 0));
    booking.order.products[1].name = "Pen\nblue";
    booking.order.user_comments = "  ring\r\ntwice ☎️ ";
    booking.order.delivery_company = "ACME";
    booking.order.extra_field_1 = "x1";
    booking.order.extra_field_2 = "x2";
    booking.order.admin_comments = "fragile";
    booking.order.external_order_id = "EXT-1";
    booking.order.payment_done = money("10");
    booking.in_warehouse.goods_owner_order_id = "GO-1";
    booking.parcels.parcels.push_back(planned("0.5"));
    booking.collect("83.8");
    const std::vector<std::pair<std::string_view, std::string>> expected = {
        {"auto", ""},
        {"cod_amount", "83.80"},
        {"currency", "PLN"},
        {"goods_value", "81.30"},
        {"order_value", "93.80"},
        {"payment_done", "10.00"},
        {"weight", "1.75"},
        {"parcels", "2"},
        {"order_id", "84512345"},
        {"order_number", "84512345"},
        {"goods_owner_order_id", "GO-1"},
        {"shop_order_id", "2824"},
        {"external_order_id", "EXT-1"},
        {"order_source", "shop"},
        {"delivery", "2"},
        {"email", "anna@example.com"},
        {"phone", "+48 600 100 200"},
        {"delivery_method", "Paczkomat InPost"},
        {"delivery_fullname", "Anna Żółć"},
        {"delivery_company", "ACME"},
        {"delivery_address", "ul. Kwiatowa 7/3"},
        {"delivery_postcode", "80-208"},
        {"delivery_city", "Gdańsk"},
        {"delivery_country_code", "PL"},
        {"delivery_point_id", "GDA01M"},
        {"user_comments", "ring twice"},
        {"admin_comments", "fragile"},
        {"extra_field_1", "x1"},
        {"extra_field_2", "x2"},
        {"contents", "Product 1, Pen blue"},
        {"skus", "MUG, PEN"},
        {"remark", "ring twice"},
        {"today", "1795474800"},
        {"tomorrow", "1795561200"},
        {"now", "1795516920"},
    };
    std::vector<std::string_view> names;
    for (const auto& [name, text] : expected) {
        INFO(name);
        CHECK(value(name, booking) == text);
        names.push_back(name);
    }
    const auto known = courier_field_placeholders();
    CHECK(names == std::vector<std::string_view>(known.begin(), known.end()));
    CHECK(value("nothing").empty());
}

TEST_CASE("What a shop did not number has no number, what is not collected no amount") {
    Booking booking;
    booking.order.shop_order_id = "0";
    CHECK(value("shop_order_id", booking).empty());
    booking.order.shop_order_id = "-1";
    CHECK(value("shop_order_id", booking).empty());
    CHECK(value("cod_amount", booking).empty());
    CHECK(value("currency", booking) == "PLN");
}

TEST_CASE("Tomorrow is a day later, also when the clocks are changed") {
    Booking booking;
    booking.now = *parse_timestamp("2026-10-25T00:30:00Z"); // 25 hours long
    CHECK(value("today", booking) == "1792879200");
    CHECK(value("tomorrow", booking) == "1792969200");
}

TEST_CASE("A refused booking is tried again when what it is made of changed, and not because a day went by") {
    CHECK(changes([](Booking& b) { b.order.delivery_fullname = "Anna Nowak"; }));
    CHECK(changes([](Booking& b) { b.order.delivery_address = "ul. Kwiatowa 8"; }));
    CHECK(changes([](Booking& b) { b.order.phone = "+48 600 100 201"; }));
    CHECK(changes([](Booking& b) { b.order.email = ""; }));
    CHECK(changes([](Booking& b) { b.order.delivery_point_id = "GDA02M"; }));
    CHECK(changes([](Booking& b) { b.order.user_comments = "new"; })); // a field holds it
    CHECK(changes([](Booking& b) { b.parcels.parcels[0].weight = 2; }));
    CHECK(changes([](Booking& b) { b.cod.amount = 11; }));
    CHECK(changes([](Booking& b) { b.cod = {}; }));
    CHECK(changes([](Booking& b) { b.rule.courier_code = "ups"; }));
    CHECK(changes([](Booking& b) { b.rule.account_id = baselinker::CourierAccountId{1}; }));
    CHECK(changes([](Booking& b) { b.rule.fields = templates({{"description", "{admin_comments}"}}); }));
    CHECK(changes([](Booking& b) { std::swap(b.rule.fields, b.rule.package); }));

    CHECK_FALSE(changes([](Booking& b) { b.now += std::chrono::hours{24}; }));
    CHECK_FALSE(changes([](Booking& b) { b.rule.origin = "blongo.toml:90"; }));
    CHECK_FALSE(changes([](Booking& b) { b.order.admin_comments = "new"; })); // no field holds it
    CHECK_FALSE(changes([](Booking& b) { b.order.delivery_fullname += " "; }));
    const Booking booking;
    CHECK(map::shipment_input_fingerprint(booking.input()).size() == 32);
}

// SPDX-License-Identifier: Apache-2.0
#include "orders.hpp"

#include <algorithm>

#include <blongo/base/text.hpp>

using namespace test;
using map::OrderOptions;

namespace {

std::string remark_of(const baselinker::Order& source, const OrderOptions& options = {}) {
    const auto mapped = map_order(source, options);
    REQUIRE(mapped.document);
    const auto* remark = mapped.document->find("orderRemark");
    return remark == nullptr ? std::string{} : std::string(remark->text());
}

bool noted(const baselinker::Order& source, std::string_view words, const OrderOptions& options = {}) {
    const auto mapped = map_order(source, options);
    REQUIRE(mapped.document);
    return std::ranges::any_of(mapped.document->notes,
                               [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("The delivery date is the seller's calendar day, whatever the hour") {
    auto one = order();
    one.date_confirmed = parse_timestamp("2026-11-23T22:59:59Z");
    CHECK(head(one, "deliveryDate") == R"("2026-11-23T12:00:00.000+00:00")");
    one.date_confirmed = parse_timestamp("2026-11-23T23:00:00Z");
    CHECK(head(one, "deliveryDate") == R"("2026-11-24T12:00:00.000+00:00")");
    OrderOptions far;
    far.time_zone = "America/New_York";
    CHECK(head(one, "deliveryDate", far) == R"("2026-11-23T12:00:00.000+00:00")");
}

TEST_CASE("A remark that is too long loses the buyer's words, never the seller's") {
    auto one = order();
    for (int i = 0; i < 1000; ++i) one.user_comments += "ż";
    one.admin_comments = "call before delivery";
    const std::string remark = remark_of(one);
    CHECK(character_count(remark) == 500);
    CHECK(remark.ends_with("ż\ncall before delivery"));
    CHECK(noted(one, "remark cut to 500"));

    one.user_comments = one.user_comments.substr(0, 2 * (500 - 21));
    CHECK(character_count(remark_of(one)) == 500);
    CHECK_FALSE(noted(one, "remark cut"));

    one.admin_comments.assign(600, 'a');
    CHECK(remark_of(one) == std::string(500, 'a'));
    CHECK(noted(one, "remark cut"));
}

TEST_CASE("Emoji and line breaks stay in remarks and leave names and streets") {
    auto one = order();
    one.user_comments = "hello \xF0\x9F\x98\x80\r\nthere";
    one.delivery_fullname = "Anna \xF0\x9F\x98\x80 Nowak";
    one.delivery_address = "ul. Długa\n1";
    CHECK(remark_of(one) == "hello \xF0\x9F\x98\x80\nthere");
    CHECK(head(one, "consignee.name") == R"("Anna Nowak")");
    CHECK(head(one, "consignee.address1") == R"("ul. Długa 1")");
}

TEST_CASE("The seller's note can be an instruction to the warehouse, or stay out") {
    auto one = order();
    one.user_comments = "buyer";
    one.admin_comments = "seller";
    OrderOptions options;
    options.admin_comments = OrderOptions::AdminComments::instruction;
    CHECK(remark_of(one, options) == "buyer");
    CHECK(head(one, "warehouseInstruction", options) == R"("seller")");
    one.admin_comments.assign(501, 'x');
    CHECK(head(one, "warehouseInstruction", options).size() == 502);
    CHECK(noted(one, "instruction cut", options));

    options.admin_comments = OrderOptions::AdminComments::off;
    CHECK(remark_of(one, options) == "buyer");
    CHECK(head(one, "warehouseInstruction", options) == "absent");
    CHECK(head(one, "warehouseInstruction") == "absent");
}

TEST_CASE("A company stands beside the person where the setting says") {
    auto one = order();
    one.delivery_company = "Firma";
    CHECK(head(one, "consignee.name") == R"("Anna Żółć")");
    CHECK(head(one, "consignee.address2") == R"("Firma")");

    OrderOptions options;
    options.company = OrderOptions::Company::address3;
    CHECK(head(one, "consignee.address2", options) == "absent");
    CHECK(head(one, "consignee.address3", options) == R"("Firma")");

    options.company = OrderOptions::Company::name;
    CHECK(head(one, "consignee.name", options) == R"("Firma")");
    CHECK(head(one, "consignee.address2", options) == R"("Anna Żółć")");

    one.delivery_fullname = " ";
    CHECK(head(one, "consignee.name") == R"("Firma")");
    CHECK(head(one, "consignee.address2") == "absent");
    one.delivery_fullname = "FIRMA";
    CHECK(head(one, "consignee.address2") == "absent");
}

TEST_CASE("Without invoice data there is no invoice address") {
    auto one = order();
    one.email = "a@example.com";
    one.invoice_country_code = "PL";
    const auto mapped = map_order(one);
    REQUIRE(mapped.document);
    CHECK(mapped.document->body().at_path("consignee.invoiceAddress").is_null());
}

TEST_CASE("Nobody is notified unless the setting says so") {
    auto one = order();
    one.email = "a@example.com";
    one.phone = "600";
    for (const std::string place : {"", "consignee.advanced."}) {
        CHECK(head(one, place + "emailNotification.toBeNotified") == "false");
        CHECK(head(one, place + "smsNotification.toBeNotified") == "false");
        CHECK(head(one, place + "telephoneNotification.toBeNotified") == "false");
        OrderOptions options;
        options.notify_email = true;
        CHECK(head(one, place + "emailNotification.toBeNotified", options) == "true");
        CHECK(head(one, place + "smsNotification.toBeNotified", options) == "false");
        options = {};
        options.notify_sms = true;
        CHECK(head(one, place + "smsNotification.toBeNotified", options) == "true");
        CHECK(head(one, place + "telephoneNotification.toBeNotified", options) == "false");
        options = {};
        options.notify_telephone = true;
        CHECK(head(one, place + "telephoneNotification.toBeNotified", options) == "true");
    }
    CHECK(head(order(), "emailNotification.toBeNotified") == "absent");
}

TEST_CASE("An order of no market place names none") {
    for (const std::string id : {"", "0", "-1", " "}) {
        auto one = order();
        one.shop_order_id = id;
        CHECK(head(one, "marketPlace.marketPlace") == "absent");
        CHECK(head(one, "marketPlace.marketPlaceOrderNumber") == "absent");
    }
}

TEST_CASE("The way of delivery is the delivery method, as code and name") {
    auto one = order();
    one.delivery_method = "InPost  Paczkomat 24/7";
    CHECK(head(one, "wayOfDelivery.code") == R"("InPost Paczkomat 24/7")");
    CHECK(head(one, "wayOfDelivery.name") == R"("InPost Paczkomat 24/7")");
}

TEST_CASE("An order without a country is imported, with a note") {
    auto one = order();
    one.delivery_country_code = "";
    CHECK(head(one, "consignee.countryCode") == "absent");
    CHECK(noted(one, "no country"));
    CHECK_FALSE(noted(order(), "no country"));
}

TEST_CASE("line_values = line multiplies prices by the quantity") {
    OrderOptions options;
    options.line_values = OrderOptions::LineValues::line;
    CHECK(of_line(order(), "prices.customerLinePrice", options) == "79.8");
    CHECK(of_line(order(), "lineTotalCustomsValue", options) == "79.8");
    auto one = order();
    one.products[0].price_brutto = money("999999999999999999");
    one.products[0].quantity = 1'000'000;
    CHECK(of_line(one, "prices.customerLinePrice", options) == "absent");
    CHECK(noted(one, "out of range", options));
}

TEST_CASE("Unit values for several pieces are noted where customs is due") {
    auto one = order();
    CHECK_FALSE(noted(one, "customs values"));
    one.delivery_country_code = "US";
    CHECK(noted(one, "customs values"));
    OrderOptions lines;
    lines.line_values = OrderOptions::LineValues::line;
    CHECK_FALSE(noted(one, "customs values", lines));
    one.products[0].quantity = 1;
    CHECK_FALSE(noted(one, "customs values"));
}

TEST_CASE("The request has its members where the model nests them") {
    auto one = order();
    one.shop_order_id = "";
    CHECK(map_order(one).document->body().dump() ==
          R"({"orderNumber":"84512345","goodsOwnerOrderId":"84512345","deliveryDate":"2026-11-24T12:00:00.000+00:00",)"
          R"("consignee":{"customerNumber":"84512345","name":"Anna Żółć","address1":"ul. Kwiatowa 7/3",)"
          R"("postCode":"80-208","city":"Gdańsk","countryCode":"PL"},"customsInfo":{"customsValueCurrencyCode":"PLN"},)"
          R"("orderLines":[{"rowNumber":"1","externalId":"1","articleNumber":"MUG","customerArticleNumber":"7001",)"
          R"("numberOfItems":2,"prices":{"customerLinePrice":39.9,"currencyCode":"PLN"},"lineTotalCustomsValue":39.9}]})");
}

TEST_CASE("A fingerprint follows content: lines in another order are the same order") {
    auto one = order();
    one.products = {line(1, "A"), line(2, "B")};
    auto other = order();
    other.products = {line(2, "B"), line(1, "A")};
    other.order_status_id = OrderStatusId{99};
    CHECK(map_order(one).document->fingerprint() == map_order(other).document->fingerprint());
    other.products[0].quantity = 2;
    CHECK(map_order(one).document->fingerprint() != map_order(other).document->fingerprint());
    other = one;
    other.delivery_address = "ul. Inna 1";
    CHECK(map_order(one).document->fingerprint() != map_order(other).document->fingerprint());
}

TEST_CASE("An order that is sent anew has a number of its own") {
    const auto again = map::map_order(order(), {}, nothing_known(), 2);
    REQUIRE(again.document);
    CHECK(again.document->number == OrderNumber{"84512345-2"});
    CHECK(again.document->find("orderNumber")->text() == "84512345-2");
    CHECK(again.document->find("goodsOwnerOrderId")->text() == "84512345");
}

TEST_CASE("An id that was given to another order is noticed") {
    const std::string known = map::order_identity(order());
    CHECK(map::is_same_order(known, known));
    auto now = order();
    now.delivery_fullname = "Somebody Else";
    CHECK(map::is_same_order(known, map::order_identity(now)));
    now.date_add = parse_timestamp("2026-12-01T10:00:00Z");
    CHECK_FALSE(map::is_same_order(known, map::order_identity(now)));
    now = order();
    now.order_source = "allegro";
    CHECK_FALSE(map::is_same_order(known, map::order_identity(now)));
    now = order();
    now.shop_order_id = "2825";
    CHECK_FALSE(map::is_same_order(known, map::order_identity(now)));
    CHECK_FALSE(map::is_same_order("not json", known));
    auto of_first_account = order(), of_second = order();
    of_first_account.order_source_id = 1;
    of_second.order_source_id = 2;
    CHECK_FALSE(map::is_same_order(map::order_identity(of_first_account), map::order_identity(of_second)));
}

TEST_CASE("An identity that is filled later is the same order") {
    auto early = order();
    early.shop_order_id = "0";
    CHECK(map::is_same_order(map::order_identity(early), map::order_identity(order())));
    CHECK_FALSE(map::is_same_order(map::order_identity(order()), map::order_identity(early)));
    CHECK(map::order_identity(order()).find("Anna") == std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
// The order part of the vendor's mapping table, row by row.
#include "orders.hpp"

#include <set>

using namespace test;

namespace {

baselinker::Order with_invoice() {
    auto result = order();
    result.phone = "+48600100200";
    result.email = "anna@example.com";
    result.invoice_fullname = "Anna Żółć";
    result.invoice_company = "Firma Sp. z o.o.";
    result.invoice_nip = "PL5840001122";
    result.invoice_address = "ul. Fakturowa 1";
    result.invoice_postcode = "00-001";
    result.invoice_city = "Warszawa";
    result.invoice_state = "mazowieckie";
    result.invoice_country_code = "PL";
    return result;
}

} // namespace

TEST_CASE("Seed row Goods Owner Order Id: order_id") {
    CHECK(head(order(), "goodsOwnerOrderId") == R"("84512345")");
}

TEST_CASE("Seed row Goods Owner Order Number: order_id") {
    CHECK(head(order(), "orderNumber") == R"("84512345")");
    map::OrderOptions options;
    options.order_number_prefix = "BL-";
    CHECK(head(order(), "orderNumber", options) == R"("BL-84512345")");
    CHECK(head(order(), "goodsOwnerOrderId", options) == R"("84512345")");
}

TEST_CASE("Seed row Market Place Order Number: shop_order_id") {
    CHECK(head(order(), "marketPlace.marketPlaceOrderNumber") == R"("2824")");
    CHECK(head(order(), "marketPlace.marketPlace") == R"("shop")");
}

TEST_CASE("Seed row Delivery Date: date_confirmed") {
    CHECK(head(order(), "deliveryDate") == R"("2026-11-24T12:00:00.000+00:00")");
}

TEST_CASE("Seed row Order Remark: user_comments + admin_comments") {
    auto one = order();
    one.user_comments = "Proszę dzwonić";
    one.admin_comments = "VIP";
    CHECK(head(one, "orderRemark") == R"("Proszę dzwonić\nVIP")");
}

TEST_CASE("Seed row Order Service Point Code: delivery_point_id") {
    auto one = order();
    one.delivery_point_id = "GDA01M";
    CHECK(head(one, "servicePointCode") == R"("GDA01M")");
}

TEST_CASE("Seed row Customer Address: delivery_address") {
    CHECK(head(order(), "consignee.address1") == R"("ul. Kwiatowa 7/3")");
}

TEST_CASE("Seed row Customer Post Code: delivery_postcode") {
    CHECK(head(order(), "consignee.postCode") == R"("80-208")");
}

TEST_CASE("Seed row Customer City: delivery_city") {
    CHECK(head(order(), "consignee.city") == R"("Gdańsk")");
}

TEST_CASE("Seed row Customer Country Code: delivery_country_code") {
    CHECK(head(order(), "consignee.countryCode") == R"("PL")");
}

TEST_CASE("Seed row Customer Country State Code: delivery_state") {
    auto one = order();
    one.delivery_state = "CA";
    CHECK(head(one, "consignee.countryStateCode") == R"("CA")");
}

TEST_CASE("Seed row Customer Number: order_id") {
    CHECK(head(order(), "consignee.customerNumber") == R"("84512345")");
}

TEST_CASE("Seed row Customer Email: email") {
    CHECK(head(with_invoice(), "emailNotification.value") == R"("anna@example.com")");
    CHECK(head(with_invoice(), "consignee.advanced.emailNotification.value") == R"("anna@example.com")");
}

TEST_CASE("Seed row Customer Mobile Phone: phone") {
    CHECK(head(with_invoice(), "smsNotification.value") == R"("+48600100200")");
    CHECK(head(with_invoice(), "consignee.advanced.smsNotification.value") == R"("+48600100200")");
}

TEST_CASE("Seed row Customer Telephone: phone") {
    CHECK(head(with_invoice(), "telephoneNotification.value") == R"("+48600100200")");
    CHECK(head(with_invoice(), "consignee.advanced.telephoneNotification.value") == R"("+48600100200")");
}

TEST_CASE("Seed row Customer VAT Number: invoice_nip") {
    CHECK(head(with_invoice(), "consignee.vatNumber") == R"("PL5840001122")");
}

TEST_CASE("Seed rows Invoice Address: Address, Post Code, City, Country Code, Country State Code") {
    CHECK(head(with_invoice(), "consignee.invoiceAddress.address1") == R"("ul. Fakturowa 1")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.postCode") == R"("00-001")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.city") == R"("Warszawa")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.countryCode") == R"("PL")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.countryStateCode") == R"("mazowieckie")");
}

TEST_CASE("Seed rows Invoice Address: Email, Mobile Phone, Telephone") {
    const std::string place = "consignee.invoiceAddress.advanced.";
    CHECK(head(with_invoice(), place + "emailNotification.value") == R"("anna@example.com")");
    CHECK(head(with_invoice(), place + "smsNotification.value") == R"("+48600100200")");
    CHECK(head(with_invoice(), place + "telephoneNotification.value") == R"("+48600100200")");
}

TEST_CASE("Seed row Line Article Number: product sku") {
    CHECK(of_line(order(), "articleNumber") == R"("MUG")");
}

TEST_CASE("Seed row Line Product Code: product variant_id, or product_id") {
    auto one = order();
    CHECK(of_line(one, "customerArticleNumber") == R"("7001")");
    one.products[0].variant_id = "52124";
    CHECK(of_line(one, "customerArticleNumber") == R"("52124")");
}

TEST_CASE("Seed row Line External Order Line Code: order_product_id") {
    auto one = order();
    one.products[0].order_product_id = OrderProductId{930011201};
    CHECK(of_line(one, "rowNumber") == R"("930011201")");
    CHECK(of_line(one, "externalId") == R"("930011201")");
}

TEST_CASE("Seed row Line Number Of Items: quantity") {
    CHECK(of_line(order(), "numberOfItems") == "2");
}

TEST_CASE("Seed row Customer Line Price: price_brutto") {
    CHECK(of_line(order(), "prices.customerLinePrice") == "39.9");
    CHECK(of_line(order(), "prices.currencyCode") == R"("PLN")");
}

TEST_CASE("Seed row Order Line Total Customs Value: price_brutto") {
    CHECK(of_line(order(), "lineTotalCustomsValue") == "39.9");
    CHECK(head(order(), "customsInfo.customsValueCurrencyCode") == R"("PLN")");
}

TEST_CASE("Names of consignee and invoice party come from their names and companies") {
    CHECK(head(order(), "consignee.name") == R"("Anna Żółć")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.name") == R"("Anna Żółć")");
    CHECK(head(with_invoice(), "consignee.invoiceAddress.address2") == R"("Firma Sp. z o.o.")");
}

TEST_CASE("The order mapping that is shown is the mapping that runs") {
    auto one = with_invoice();
    one.delivery_company = "Sklep";
    one.delivery_state = "CA";
    one.delivery_point_id = "P";
    one.delivery_method = "Kurier";
    one.user_comments = "x";
    one.admin_comments = "y";
    one.products[0].attributes = "L";
    map::OrderOptions options;
    options.admin_comments = map::OrderOptions::AdminComments::instruction;
    options.service_skus = {"FREIGHT"};
    one.products.push_back(line(2, "FREIGHT"));
    std::set<std::string> sent;
    for (const auto company : {map::OrderOptions::Company::address2, map::OrderOptions::Company::address3}) {
        options.company = company;
        const auto mapped = map_order(one, options);
        REQUIRE(mapped.document);
        for (const auto& member : mapped.document->members) sent.insert(member.target);
        for (const auto& sent_line : mapped.document->lines)
            for (const auto& member : sent_line.members) sent.insert("orderLines[]." + member.target);
    }
    std::set<std::string> shown;
    for (const auto& row : map::order_mapping()) {
        CHECK(shown.emplace(row.target).second);
        CHECK_FALSE(row.source.empty());
        CHECK_FALSE(row.transformation.empty());
    }
    CHECK(sent == shown);
}

// SPDX-License-Identifier: Apache-2.0
// [connections.X.mapping]: templates over the members of articles, orders and lines.
#include "orders.hpp"

#include "products.hpp"

#include <blongo/map/article_rows.hpp>
#include <blongo/map/delivery_address.hpp>
#include <blongo/map/mapping_values.hpp>
#include <blongo/map/order_marks.hpp>

using namespace test;

namespace {

OwnMember own(std::string_view target, std::string_view text) {
    auto made = parse_own_member(target, text, "b.toml:16:20");
    INFO((made ? std::string() : made.error().text()));
    REQUIRE(made);
    return *made;
}

/// Options whose templates are of the order, or of its lines.
map::OrderOptions with(std::vector<std::pair<std::string, std::string>> mapping) {
    map::OrderOptions options;
    for (const auto& [target, text] : mapping) {
        OwnMember made = own(target, text);
        (made.object == MappedObject::order ? options.own_members : options.own_line_members).push_back(std::move(made));
    }
    return options;
}

std::string rejection(const baselinker::Order& source, const map::OrderOptions& options) {
    const auto mapped = map_order(source, options);
    CHECK_FALSE(mapped.document);
    REQUIRE(mapped.rejected.size() == 1);
    return mapped.rejected.front().cause + ": " + mapped.rejected.front().reason;
}

baselinker::Order talkative() {
    auto one = order();
    one.user_comments = "Ring twice";
    one.extra_field_1 = "A7";
    one.custom_extra_fields = {{"135", "gift"}};
    one.external_order_id = "EXT-9";
    one.delivery_price = money("12.50");
    one.payment_method_cod = true;
    one.products.front().location = "R-04";
    one.products.front().attributes = "red";
    return one;
}

} // namespace

TEST_CASE("a template writes over a member, adds one, or takes one away") {
    const auto source = talkative();
    CHECK(head(source, "orderRemark", with({{"order.orderRemark", "{user_comments,extra_field_1|join:' / '}"}})) ==
          R"("Ring twice / A7")");
    CHECK(head(source, "referenceNumber", with({{"order.referenceNumber", "{external_order_id,shop_order_id}"}})) ==
          R"("EXT-9")");
    CHECK(head(source, "freeText1", with({{"order.freeText1", "constant"}})) == R"("constant")");
    CHECK(head(source, "freeText2", with({{"order.freeText2", "{custom_extra_fields.135|upper}"}})) == R"("GIFT")");
    CHECK(head(source, "freeText2", with({{"order.freeText2", "{custom_extra_fields.136}"}})) == "absent");
    CHECK(head(source, "consignee.city", with({{"order.consignee.city", "{''}"}})) == "absent");
    CHECK(head(source, "consignee.city", with({{"order.consignee.city", "{default|upper}"}})) == R"("GDAŃSK")");
    CHECK(of_line(source, "warehouseInstruction", with({{"order_line.warehouseInstruction", "{location}/{order.email,'-'}"}})) ==
          R"("R-04/-")");
    CHECK(of_line(source, "comment", with({{"order_line.comment", "{default}, {quantity} x {sku}"}})) == R"("red, 2 x MUG")");
}

TEST_CASE("members have the type that Ongoing gives them") {
    const auto source = talkative();
    CHECK(head(source, "freightPrice", with({{"order.freightPrice", "{delivery_price}"}})) == "12.5");
    CHECK(head(source, "pickingPriority", with({{"order.pickingPriority", "{extra_field_1|digits}"}})) == "7");
    CHECK(head(source, "transporter.paymentAdvanced.consigneeCollects",
               with({{"order.transporter.paymentAdvanced.consigneeCollects", "{payment_method_cod}"}})) == "true");
    CHECK(head(source, "orderFreeDateTime1", with({{"order.orderFreeDateTime1", "{date_confirmed}"}})) ==
          R"("2026-11-23T23:30:00.000+00:00")");
    CHECK(head(source, "orderFreeDateTime1", with({{"order.orderFreeDateTime1", "{date_confirmed|date:%Y-%m-%d}"}})) ==
          R"("2026-11-24T12:00:00.000+00:00")"); // the local day
    CHECK(head(source, "deliveryDate", with({{"order.deliveryDate", "{default|date:%Y-%m-%d}"}})) ==
          R"("2026-11-24T12:00:00.000+00:00")");
}

TEST_CASE("what does not convert rejects the order and says where and why") {
    auto source = talkative();
    source.extra_field_1 = "soon";
    CHECK(rejection(source, with({{"order.freightPrice", "{extra_field_1}"}})) ==
          "field_invalid: mapping.order.freightPrice (b.toml:16:20) gives \"soon\", which is not a number");
    CHECK(rejection(source, with({{"order_line.deliveryDate", "{order.extra_field_1}"}})) ==
          "field_invalid: mapping.order_line.deliveryDate (b.toml:16:20) gives \"soon\", which is not a date");
    CHECK(rejection(source, with({{"order.freeText1", "{extra_field_1|date:%Y}"}})) ==
          "field_invalid: mapping.order.freeText1 (b.toml:16:20) cannot be made: \"soon\" is no date");
    CHECK(rejection(source, with({{"order.deliveryDate", "{extra_field_2}"}})) ==
          "field_invalid: mapping.order.deliveryDate (b.toml:16:20) is empty, and Ongoing takes nothing without it");
    source.extra_field_1 = std::string(51, 'p');
    CHECK(rejection(source, with({{"order.servicePointCode", "{extra_field_1}"}})) ==
          "key_too_long: mapping.order.servicePointCode (b.toml:16:20) is longer than 50 characters");
}

TEST_CASE("an order of whose consignee nothing is left is rejected") {
    auto source = order();
    source.delivery_fullname = source.delivery_address = source.delivery_postcode = source.delivery_city = "";
    source.delivery_country_code = "";
    CHECK(rejection(source, with({{"order.consignee.customerNumber", "{''}"}})) ==
          "field_invalid: the mapping leaves nothing of the consignee");
}

TEST_CASE("texts are cut on a character of their readers, with a note; names lose line ends and emoji, remarks keep them") {
    auto source = order();
    source.user_comments = "Zażółć 👩‍🚀\nmerci";
    const auto options = with({{"order.orderRemark", "{user_comments}"}, {"order.freeText1", "{user_comments}"}});
    CHECK(head(source, "orderRemark", options) == "\"Zażółć 👩‍🚀\\nmerci\"");
    CHECK(head(source, "freeText1", options) == "\"Zażółć merci\"");
    source.user_comments = std::string(498, 'x') + "👩‍🚀";
    const auto mapped = map_order(source, with({{"order.orderRemark", "{user_comments}"}}));
    REQUIRE(mapped.document);
    CHECK(mapped.document->find("orderRemark")->text() == std::string(498, 'x'));
    CHECK(std::ranges::count(mapped.document->notes, "orderRemark cut to 500 characters") == 1);
}

TEST_CASE("a member that needs another one is left out with a note where that one is empty") {
    auto source = order();
    const auto options = with({{"order_line.vat.code", "{order.extra_field_1}"}, {"order_line.vat.percent", "{tax_rate}"}});
    source.products.front().tax_rate = money("23");
    const auto without = map_order(source, options);
    REQUIRE(without.document);
    CHECK(without.document->lines.front().find("vat.percent") == nullptr);
    CHECK(std::ranges::count(without.document->notes, "vat.percent left out: vat.code is empty") == 1);
    source.extra_field_1 = "A";
    CHECK(of_line(source, "vat.percent", options) == "23");
}

TEST_CASE("templates are part of the fingerprint by what they make, and by nothing else") {
    const auto source = talkative();
    const auto plain = map_order(source).document->fingerprint();
    CHECK(map_order(source, with({{"order.freeText1", "a"}})).document->fingerprint() != plain);
    CHECK(map_order(source, with({{"order_line.comment", "a"}})).document->fingerprint() != plain);
    CHECK(map_order(source, with({{"order.freeText1", "{extra_field_2}"}})).document->fingerprint() == plain);
    CHECK(map_order(source, with({{"order.freeText1", "a"}})).document->fingerprint() ==
          map_order(source, with({{"order.freeText1", "{'a'}"}})).document->fingerprint());
}

TEST_CASE("the mark of what an order was made of knows the templates, and what is paid only where one reads it") {
    auto paid = talkative();
    paid.payment_done = money("50");
    const auto plain = with({});
    const auto reads = with({{"order.freeText1", "{payment_done}"}});
    CHECK(map::order_source_mark(talkative(), plain) == map::order_source_mark(paid, plain));
    CHECK(map::order_source_mark(talkative(), reads) != map::order_source_mark(paid, reads));
    CHECK(map::order_source_mark(paid, plain) != map::order_source_mark(paid, reads));
    CHECK(map::order_source_mark(paid, plain) != map::order_source_mark(paid, with({{"order_line.comment", "x"}})));
    CHECK(map::value_mark("orderFreeDateTime1", json::Value("2026-11-24T12:00:00.000+00:00")) ==
          map::value_mark("orderFreeDateTime1", json::Value("2026-11-24T12:00:00Z")));
    CHECK(map::value_mark("orderFreeDateTime1", json::Value("2026-11-24T12:00:00Z")) !=
          map::value_mark("orderFreeDateTime1", json::Value("2026-11-24T13:00:00Z")));
}

TEST_CASE("the address that is compared before a booking is the one that the templates made") {
    auto source = talkative();
    source.delivery_point_id = "GDA01M";
    const auto options = with({{"order.consignee.address1", "{delivery_address|upper}"},
                               {"order.consignee.address3", "{extra_field_1}"},
                               {"order.servicePointCode", "{custom_extra_fields.135}"}});
    const auto document = map_order(source, options).document;
    const auto sent = map::delivery_address(*document), now = map::delivery_address(source, options);
    CHECK(sent.at("consignee.address3") == "A7");
    CHECK(sent.at("servicePointCode") == "gift");
    for (const auto& [member, value] : now) {
        INFO(member);
        CHECK(value == (sent.contains(member) ? sent.at(member) : ""));
    }
}

TEST_CASE("a trace tells what a template read and what it replaces") {
    auto options = with({{"order.orderRemark", "{user_comments,extra_field_2|join:-}"}});
    CHECK(map_order(talkative(), options).document->traces.empty());
    options.trace = true;
    const auto mapped = map_order(talkative(), options);
    REQUIRE(mapped.document->traces.size() == 1);
    const map::OwnTrace& trace = mapped.document->traces.front();
    CHECK(trace.target == "orderRemark");
    CHECK(trace.by_default == "Ring twice");
    CHECK(trace.reads ==
          std::vector<std::pair<std::string, std::string>>{{"user_comments", "Ring twice"}, {"extra_field_2", ""}});
}

namespace {

baselinker::Product cup() {
    auto one = product(5001, "MUG", "Kubek");
    one.ean = "5901234123457";
    one.tags = {"gift", "home"};
    one.category_id = 12;
    one.manufacturer_id = 3;
    one.weight = decimal("0.35");
    one.height = one.width = one.length = decimal("10");
    one.text_fields["extra_field_7"] = "A-1";
    one.text_fields["description"] = "<p>Blue &amp; white</p>";
    one.text_fields["description|de"] = "Blau";
    return one;
}

std::string article_member(const baselinker::Product& source, std::string_view target, std::string_view text) {
    auto options = test::options();
    options.own_members = {own("article." + std::string(target), text)};
    const auto mapped = map_alone(source, options);
    return mapped.articles.empty() ? mapped.rejected.at(0).cause + ": " + mapped.rejected.at(0).reason : member(mapped, target);
}

} // namespace

TEST_CASE("templates write members of articles, from text fields of any language too") {
    CHECK(article_member(cup(), "articleName", "{name} {variant_name} ({sku})") == "\"Kubek (MUG)\"");
    CHECK(article_member(cup(), "freeValues.freeText1", "{text_fields.extra_field_7}") == R"("A-1")");
    CHECK(article_member(cup(), "customsDescription", "{text_fields.description}") == R"("Blue & white")");
    CHECK(article_member(cup(), "customsDescription", "{text_fields.description.de}") == R"("Blau")");
    CHECK(article_member(cup(), "customsDescription", "{text_fields.description.fr}") == "absent");
    CHECK(article_member(cup(), "quantityPerPackage", "{text_fields.extra_field_7|digits}") == "1");
    CHECK(article_member(cup(), "netWeight", "{weight}") == "0.35");
    CHECK(article_member(cup(), "weight", "{''}") == "absent");
    CHECK(article_member(cup(), "isActive", "yes") == "true");
    CHECK(article_member(cup(), "articleName", "{default|upper}") == R"("KUBEK")");
    CHECK(article_member(cup(), "netWeight", "{text_fields.extra_field_7}") ==
          "field_invalid: mapping.article.netWeight (b.toml:16:20) gives \"A-1\", which is not a number");
    CHECK(article_member(cup(), "storageClass.name", std::string(101, 's').substr(0, 100)).size() == 102);
    auto options = test::options();
    options.own_members = {own("article.articleName", "{text_fields.long}")};
    auto source = cup();
    source.text_fields["long"] = std::string(201, 'n');
    const auto mapped = map_alone(source, options);
    CHECK(mapped.articles.at(0).name == std::string(200, 'n'));
    CHECK(mapped.articles.at(0).notes == std::vector<std::string>{"articleName cut to 200 characters"});
    CHECK(mapped.articles.at(0).fingerprint() != map_alone(source).articles.at(0).fingerprint());
    CHECK(std::ranges::count(map::article_targets(options), "articleName") == 1);
    options.own_members.push_back(own("article.netWeight", "{weight}"));
    CHECK(map::article_targets(options).back() == "netWeight");
}

TEST_CASE("every name that a template may read has a value where BaseLinker has one") {
    auto source = talkative();
    for (auto* text : {&source.user_login,
                       &source.phone,
                       &source.email,
                       &source.admin_comments,
                       &source.payment_method,
                       &source.delivery_method,
                       &source.delivery_company,
                       &source.delivery_state,
                       &source.delivery_country,
                       &source.delivery_point_id,
                       &source.delivery_point_name,
                       &source.delivery_point_address,
                       &source.delivery_point_postcode,
                       &source.delivery_point_city,
                       &source.invoice_fullname,
                       &source.invoice_company,
                       &source.invoice_nip,
                       &source.invoice_address,
                       &source.invoice_postcode,
                       &source.invoice_city,
                       &source.invoice_state,
                       &source.invoice_country,
                       &source.invoice_country_code,
                       &source.extra_field_2})
        *text = "filled";
    source.order_source_id = source.delivery_method_id = 4;
    auto& first = source.products.front();
    first.variant_id = first.ean = first.auction_id = "77";
    first.warehouse_id = first.bundle_id = 5;
    first.weight = money("1");
    const auto value = [](MappedObject object, std::string name) {
        return name.ends_with('*')
                   ? (object == MappedObject::article ? "text_fields.name" : name.substr(0, name.size() - 1) + "135")
                   : name;
    };
    for (const MappedObject object : {MappedObject::order, MappedObject::order_line}) {
        const std::string target = object == MappedObject::order ? "order.freeText1" : "order_line.lineFreeValues.freeText1";
        for (const std::string_view name : mapping_source_names(object)) {
            if (name == default_source) continue;
            INFO(target << " from " << name);
            const auto options = with({{target, "{" + value(object, std::string(name)) + "}"}});
            const std::string member = target.substr(target.find('.') + 1);
            CHECK((object == MappedObject::order ? head(source, member, options) : of_line(source, member, options)) != "absent");
        }
    }
    auto family = cup();
    family.variants = {variant(5002, "MUG-L", "large", "5901234123458")};
    for (const std::string_view name : mapping_source_names(MappedObject::article)) {
        if (name == default_source) continue;
        INFO("article from " << name);
        CHECK(article_member(family, "freeValues.freeText1", "{" + value(MappedObject::article, std::string(name)) + "}") !=
              "absent");
    }
}

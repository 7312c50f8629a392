// SPDX-License-Identifier: Apache-2.0
// Whatever people write into [connections.X.mapping] and whatever BaseLinker holds: a body that Ongoing's document
// allows, or a refusal.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <blongo/map/order.hpp>
#include <blongo/plan/article_plan.hpp>

#include "articles.hpp"
#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace property;

namespace {

const test::OpenApi& contract() {
    static const test::OpenApi document(test::read_data("ongoing-openapi.json"));
    return document;
}

/// Texts as sellers write them: empty, numbers, dates, scripts, line ends, broken bytes, and much of them.
rc::Gen<std::string> any_text() {
    return rc::gen::oneOf(rc::gen::element<std::string>("", " ", "0", "12", "-3.50", "1e3", "9999999999", "yes", "false",
                                                        "2026-11-24", "2026-11-24T06:00:00+01:00", "Zażółć 👩‍🚀",
                                                        "مرحبا", "a\r\nb", "\xC5", "{x}", std::string(600, 'x')),
                          rc::gen::arbitrary<std::string>());
}

std::string any_placeholder(MappedObject object) {
    const auto names = mapping_source_names(object);
    std::string inside;
    const int count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
        std::string name(names[*rc::gen::inRange<std::size_t>(0, names.size())]);
        if (name.ends_with('*')) name.back() = '7';
        if (*rc::gen::inRange(0, 6) == 0) name = "'x'";
        inside += (inside.empty() ? "" : ",") + name;
    }
    const int filters = *rc::gen::inRange(0, 3);
    for (int i = 0; i < filters; ++i)
        inside += "|" + *rc::gen::element<std::string>("upper", "lower", "trim", "digits", "cut:3", "date:%Y-%m-%d", "join:' / '",
                                                       "cut:0", "nonsense");
    return "{" + inside + "}";
}

/// A member with a template: often good ones, sometimes nonsense.
OwnMember any_own(MappedObject object) {
    for (;;) {
        const auto members = mapped_members(object);
        const MappedMember& member = members[*rc::gen::inRange<std::size_t>(0, members.size())];
        std::string text = any_placeholder(object);
        if (*rc::gen::inRange(0, 3) == 0) text = *any_text() + text;
        auto own = parse_own_member(fmt::format("{}.{}", to_string(object), member.path), text);
        if (own) return std::move(*own);
        RC_ASSERT(own.error().kind == ErrorKind::config);
    }
}

map::OwnMembers any_owns(MappedObject object) {
    map::OwnMembers owns;
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) {
        OwnMember own = any_own(object);
        const auto same = [&](const OwnMember& other) { return other.member == own.member; };
        if (std::ranges::none_of(owns, same)) owns.push_back(std::move(own));
    }
    return owns;
}

baselinker::Order any_order() {
    baselinker::Order order;
    order.order_id = BaseOrderId{84512345};
    order.confirmed = true;
    order.date_confirmed = from_unix_seconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000));
    for (auto* text : {&order.user_comments, &order.admin_comments, &order.email, &order.phone, &order.delivery_fullname,
                       &order.delivery_city, &order.delivery_country_code, &order.currency, &order.extra_field_1,
                       &order.extra_field_2, &order.external_order_id, &order.shop_order_id, &order.delivery_method})
        *text = *any_text();
    order.custom_extra_fields["7"] = *any_text();
    order.delivery_price = *decimal();
    const int lines = *rc::gen::inRange(1, 4);
    for (int i = 1; i <= lines; ++i) {
        baselinker::OrderProduct line;
        line.order_product_id = OrderProductId{i};
        line.sku = "SKU-" + std::to_string(i);
        line.quantity = Decimal{i};
        line.name = *any_text();
        line.attributes = *any_text();
        line.location = *any_text();
        line.price_brutto = *decimal();
        line.tax_rate = *decimal();
        order.products.push_back(std::move(line));
    }
    return order;
}

} // namespace

TEST_CASE("an order with templates over it is a body that Ongoing's document allows, or is rejected") {
    int sent = 0;
    CHECK(holds("orders with templates", [&] {
        map::OrderOptions options;
        options.own_members = any_owns(MappedObject::order);
        options.own_line_members = any_owns(MappedObject::order_line);
        options.trace = *rc::gen::arbitrary<bool>();
        const auto order = any_order();
        const auto mapped = map::map_order(order, options, {});
        RC_ASSERT(mapped.document.has_value() != !mapped.rejected.empty());
        for (const auto& rejected : mapped.rejected)
            RC_ASSERT(rejected.cause == "field_invalid" || rejected.cause == "key_too_long");
        if (!mapped.document) return;
        ++sent;
        json::Value body = mapped.document->body();
        body.set("goodsOwnerId", 159);
        for (const auto& violation : contract().violations("PostOrderModel", body)) RC_FAIL(violation + " in " + body.dump());
        RC_ASSERT(body["orderNumber"].text() == "84512345");
        RC_ASSERT(body["orderLines"].size() == order.products.size());
        RC_ASSERT(map::map_order(order, options, {}).document->fingerprint() == mapped.document->fingerprint());
        RC_ASSERT(json::Value::parse(body.dump()).has_value());
    }));
    CHECK(sent > 10);
}

TEST_CASE("an article with templates over it is a body that Ongoing's document allows, or is rejected") {
    int sent = 0;
    CHECK(holds("articles with templates", [&] {
        auto options = any_options();
        options.own_members = any_owns(MappedObject::article);
        auto product = any_product(1);
        product.text_fields["7"] = *any_text();
        product.tags = {*any_text()};
        map::Catalogue catalogue;
        list(catalogue, product);
        catalogue.finish(options.parent_articles);
        for (const auto& document : map::map_product(product, catalogue, options).articles) {
            ++sent;
            json::Value body = plan::article_create_body(document);
            body.set("goodsOwnerId", 159);
            for (const auto& violation : contract().violations("PostArticleModel", body))
                RC_FAIL(violation + " in " + body.dump());
            RC_ASSERT(body["articleNumber"].text() == document.number.value());
        }
    }));
    CHECK(sent > 10);
}

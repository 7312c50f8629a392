// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <iterator>
#include <random>
#include <set>
#include <string>

#include <rapidcheck.h>

#include <blongo/base/mapping_targets.hpp>

using namespace blongo;

namespace {

std::string refusal(std::string_view target, std::string_view text) {
    const auto own = parse_own_member(target, text);
    REQUIRE_FALSE(own);
    CHECK(own.error().kind == ErrorKind::config);
    return own.error().message + "; " + own.error().remedy;
}

bool fits(std::string_view target, std::string_view text) {
    const auto own = parse_own_member(target, text);
    if (!own) UNSCOPED_INFO(own.error().text());
    return own.has_value();
}

} // namespace

TEST_CASE("a template may write the members of Ongoing's models from BaseLinker's fields") {
    const auto own = parse_own_member("order.consignee.remark", "{user_comments}", "b.toml:3:4");
    REQUIRE(own);
    CHECK(own->object == MappedObject::order);
    CHECK(own->member->path == "consignee.remark");
    CHECK(own->member->kind == TextKind::text);
    CHECK(own->origin == "b.toml:3:4");
    CHECK(fits("article.freeValues.freeText1", "{text_fields.extra_field_7}"));
    CHECK(fits("order_line.lineFreeValues.freeText1", "{location} {order.extra_field_1}"));
    CHECK(fits("order.freeText2", "{custom_extra_fields.135,'none'}"));
    CHECK(fits("order_line.warehouseInstruction", "{order.custom_extra_fields.135}"));
}

TEST_CASE("what no template may write says why") {
    CHECK(refusal("order.orderNumber", "x") ==
          "cannot be mapped: by it both sides know the order (orders.order_number_prefix stands in front of it); leave it "
          "out");
    for (const auto* key :
         {"article.articleNumber", "article.goodsOwnerId", "order.goodsOwnerId", "order.goodsOwnerOrderId",
          "order_line.rowNumber", "order_line.externalId", "order_line.articleNumber", "order_line.numberOfItems"})
        CHECK_THAT(refusal(key, "1"), Catch::StartsWith("cannot be mapped: it is") || Catch::Contains("pieces are counted"));
    CHECK_THAT(refusal("order.classes", "x"), Catch::Contains("it is a list"));
}

TEST_CASE("a target that is not there names the one that was meant") {
    CHECK(refusal("order.orderRemak", "x") == "is no member of Ongoing's PostOrderModel; did you mean \"order.orderRemark\"?");
    CHECK(refusal("orderRemark", "x") ==
          "stands under none of article, order and order_line; did you mean \"order.orderRemark\"?");
    CHECK(refusal("order.consignee", "x") == "is an object of Ongoing's request, and a template writes one value; write "
                                             "one of its members, for example \"order.consignee.customerNumber\"");
    CHECK_THAT(refusal("order", "x"), Catch::Contains("is an object"));
    CHECK_THAT(refusal("article.qqqqqqqqqqqqqqqqqq", "x"), Catch::EndsWith("lists all members"));
    CHECK_THAT(refusal("lines.comment", "x"), Catch::StartsWith("stands under none of"));
    CHECK_THAT(refusal("order_line.comment.x", "x"), Catch::StartsWith("is no member of Ongoing's PostOrderLine"));
}

TEST_CASE("a constant or a lone source that can never be what the member holds is refused before anything is sent") {
    CHECK(refusal("order.pickingPriority", "high") == "is \"high\", and must be a whole number; write a whole number");
    CHECK(refusal("article.isActive", "maybe") == "is \"maybe\", and must be true or false; write \"true\" or \"false\"");
    CHECK(refusal("article.weight", "1,5") == "is \"1,5\", and must be a number; write a number");
    CHECK(refusal("order.freightPrice", "{date_add}") ==
          "must be a number, and {date_add} is a date; take another source, or another member");
    CHECK_THAT(refusal("order.deliveryDate", "{order_id}"), Catch::StartsWith("must be a date"));
    CHECK_THAT(refusal("order_line.shouldBePicked", "{quantity}"), Catch::StartsWith("must be true or false"));
    CHECK_THAT(refusal("order.servicePointCode", std::string(51, 'x')), Catch::StartsWith("is longer than 50 characters"));
    CHECK(fits("order.servicePointCode", std::string(50, 'x')));
    CHECK(fits("order.pickingPriority", "7"));
    CHECK(fits("order.freightPrice", "{delivery_price}"));
    CHECK(fits("order.freightPrice", "{order_id}"));
    CHECK(fits("order.freightPrice", "{extra_field_1}"));
    CHECK(fits("order.deliveryDate", "{default}"));
    CHECK(fits("order_line.shouldBePicked", "{order.want_invoice}"));
    CHECK(fits("order.freeText1", "{date_add}"));
}

TEST_CASE("a template of the mapping is refused for what it is made of") {
    CHECK_THAT(refusal("order.freeText1", "{extra_field_3}"),
               Catch::StartsWith("is no good template: unknown placeholder {extra_field_3}; did you mean {extra_field_1}?"));
    CHECK_THAT(refusal("order.freeText1", "{sku}"), Catch::StartsWith("is no good template: unknown placeholder {sku}"));
    CHECK_THAT(refusal("order.freeText1", "{email|shout}"), Catch::StartsWith("is no good template: unknown filter \"shout\""));
    CHECK_THAT(refusal("order.freeText1", "{email|upper:2}"),
               Catch::StartsWith("is no good template: the filter \"upper\" takes no argument"));
}

TEST_CASE("texts become what a member holds exactly, or not at all") {
    using enum MappedType;
    const auto as = [](MappedType type, std::string_view text) { return mapped_text(type, text).value_or("nothing"); };
    CHECK(as(number, "1.50") == "1.5");
    CHECK(as(number, "-0.001") == "-0.001");
    CHECK(as(number, "0.1234567890123456789") == "nothing");
    for (const auto* none : {"", "1,5", "1 000", "0x10", "abc", "NaN", "1.", "+1"}) CHECK(as(number, none) == "nothing");
    CHECK(as(integer, "12.0") == "12");
    CHECK(as(integer, "2147483647") == "2147483647");
    CHECK(as(integer, "-2147483648") == "-2147483648");
    for (const auto* none : {"2147483648", "-2147483649", "1.5", "x"}) CHECK(as(integer, none) == "nothing");
    for (const auto* yes : {"true", "YES", "1"}) CHECK(as(boolean, yes) == "true");
    for (const auto* no : {"false", "No", "0"}) CHECK(as(boolean, no) == "false");
    CHECK(as(boolean, "tak") == "nothing");
    CHECK(as(date_time, "2026-11-24") == "2026-11-24T12:00:00.000+00:00");
    CHECK(as(date_time, "2026-11-24T06:00:00+01:00") == "2026-11-24T05:00:00.000+00:00");
    CHECK(as(date_time, "2026-02-30") == "nothing");
    CHECK(as(date_time, "24.11.2026") == "nothing");
    CHECK(as(text, " as it is ") == " as it is ");
}

TEST_CASE("members and sources are named once") {
    for (const MappedObject object : {MappedObject::article, MappedObject::order, MappedObject::order_line}) {
        CHECK(mapped_object(to_string(object)) == object);
        std::set<std::string_view> members, sources;
        for (const MappedMember& member : mapped_members(object)) {
            CHECK(members.insert(member.path).second);
            CHECK((member.needs.empty() || find_member(object, member.needs) != nullptr));
        }
        for (const MappingSource& source : mapping_sources(object)) CHECK(sources.insert(source.name).second);
        CHECK(mapping_source_names(object).size() == sources.size());
    }
    CHECK_FALSE(mapped_object("orders"));
}

TEST_CASE("whatever is written in a mapping is taken or refused as configuration") {
    const auto text = rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}|,:'\"%.abcdefimnortuxy_12 \xC5\x81")));
    CHECK(rc::check("parsing never fails in another way", [&] {
        const std::string target = *rc::gen::oneOf(
            text, rc::gen::element<std::string>("order.freeText1", "article.weight", "order_line.deliveryDate", "order."));
        const auto own = parse_own_member(target, *text);
        if (!own) RC_ASSERT(own.error().kind == ErrorKind::config);
        if (!own) RC_ASSERT(!own.error().message.empty());
    }));
}

TEST_CASE("templates that are bent at random places are taken or refused, and render what is asked of them") {
    const std::string seeds[] = {"{user_comments,extra_field_1|join:' / '}",
                                 "{external_order_id,shop_order_id}",
                                 "{date_confirmed|date:%d.%m.%Y}",
                                 "{email|trim|upper|cut:30}",
                                 "a {order_id} b {{c}} {custom_extra_fields.135,'none'}",
                                 "{default|digits|cut:9}"};
    const std::string bits = "{}|,:'\"%* .\xC5\x81\xF0\x9F\x91\xA9 ab0";
    std::mt19937 dice(20261129); // NOLINT(cert-msc51-cpp): the same schedule at every run
    const auto roll = [&](std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice); };
    int taken = 0, refused = 0;
    for (int round = 0; round < 30'000; ++round) {
        std::string text = seeds[roll(std::size(seeds))];
        for (std::size_t edits = 1 + roll(4); edits > 0; --edits) {
            const std::size_t at = roll(text.size() + 1);
            const std::string bit(1, bits[roll(bits.size())]);
            switch (roll(3)) {
            case 0: text.insert(at, bit); break;
            case 1: text.replace(at, at < text.size() ? 1 : 0, bit); break;
            default: text.erase(at, 1 + roll(5));
            }
        }
        const auto own = parse_own_member("order.freeText1", text);
        if (!own) {
            ++refused;
            REQUIRE(own.error().kind == ErrorKind::config);
            continue;
        }
        ++taken;
        std::string problem;
        const auto full = [](std::string_view) { return std::string("2026-11-24 Łódź 👩‍🚀"); };
        const std::string made = own->text.render(full, &problem);
        REQUIRE(made.size() < 1000);
        REQUIRE(own->text.render([](std::string_view) { return std::string(); }).size() <= text.size());
    }
    CHECK(taken > 1000);
    CHECK(refused > 1000);
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <blongo/base/template.hpp>
#include <blongo/base/text.hpp>

using namespace blongo;

namespace {

const std::map<std::string, std::string, std::less<>> values = {
    {"order_id", "84512345"},         {"phone", "+48 600-100-200"}, {"city", "Łódź"},
    {"note", "  ring twice "},        {"cod_amount", ""},           {"point", "GDA01M"},
    {"flag", "👨‍👩‍👧 ok"}};

std::string value_of(std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
}

std::string rendered(std::string_view text) {
    const auto made = Template::parse(text);
    REQUIRE(made);
    return made->render(value_of);
}

std::string refusal(std::string_view text) {
    const auto made = Template::parse(text, courier_field_placeholders());
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::config);
    return made.error().text();
}

} // namespace

TEST_CASE("a template puts values where their names stand, and leaves everything else alone") {
    CHECK(rendered("") == "");
    CHECK(rendered("plain: a|b,c") == "plain: a|b,c");
    CHECK(rendered("Order {order_id}, {city}") == "Order 84512345, Łódź");
    CHECK(rendered("{order_id}{point}") == "84512345GDA01M");
    CHECK(rendered("a{cod_amount}b{nothing}c") == "abc");
    CHECK(rendered("{ order_id }") == "84512345");
}

TEST_CASE("double braces are the characters themselves") {
    CHECK(rendered("{{order_id}}") == "{order_id}");
    CHECK(rendered("{{{order_id}}}") == "{84512345}");
    CHECK(rendered("}}{{") == "}{");
}

TEST_CASE("the first of several names that is not empty counts") {
    CHECK(rendered("{cod_amount,order_id}") == "84512345");
    CHECK(rendered("{nothing, point ,order_id}") == "GDA01M");
    CHECK(rendered("{cod_amount,nothing}") == "");
}

TEST_CASE("filters work from left to right") {
    CHECK(rendered("{city|upper}") == "ŁÓDŹ");
    CHECK(rendered("{city|lower}") == "łódź");
    CHECK(rendered("{phone|digits}") == "48600100200");
    CHECK(rendered("{phone|digits|cut:2}") == "48");
    CHECK(rendered("{phone|cut:3|digits}") == "48");
    CHECK(rendered("{note|trim}") == "ring twice");
    CHECK(rendered("{note| trim | upper | cut: 4 }") == "RING");
    CHECK(rendered("{cod_amount,city|cut:3}") == "Łód");
    CHECK(rendered("{flag|cut:4}") == ""); // the family is one character to its readers, and is not cut apart
    CHECK(rendered("{flag|cut:5}") == "👨‍👩‍👧");
}

TEST_CASE("a broken template says what is wrong and what to write instead") {
    CHECK(refusal("{cod_amout}") == "unknown placeholder {cod_amout} (did you mean {cod_amount}?)");
    CHECK_THAT(refusal("{qqqqqqqqqqqqqqq}"), Catch::Contains("(known are auto, cod_amount, currency"));
    CHECK_THAT(refusal("{order_id,sku}"), Catch::StartsWith("unknown placeholder {sku}"));
    CHECK(refusal("{order_id|uper}") == "unknown filter \"uper\" (did you mean \"upper\"?)");
    CHECK(refusal("{order_id|shout loudly}") ==
          "unknown filter \"shout loudly\" (filters are upper, lower, trim, digits, cut:NUMBER)");
    CHECK_THAT(refusal("{order_id|}"), Catch::StartsWith("unknown filter \"\""));
    for (const auto* cut : {"{order_id|cut}", "{order_id|cut:}", "{order_id|cut:0}", "{order_id|cut:-1}",
                            "{order_id|cut:9999999999999999999999}"})
        CHECK_THAT(refusal(cut), Catch::EndsWith("(write for example cut:30)"));
    CHECK(refusal("Łódź {order_id") == "the brace at character 6 is never closed (write {{ for the character itself)");
    CHECK_THAT(refusal("{order_{id}}"), Catch::StartsWith("the brace at character 1 is never closed"));
    CHECK(refusal("order_id}") == "the brace at character 9 closes nothing (write }} for the character itself)");
    for (const auto* nameless : {"{}", "{ }", "{|upper}", "{order_id,}"})
        CHECK_THAT(refusal(nameless), Catch::StartsWith("a placeholder without a name"));
}

TEST_CASE("a template knows what it is made of") {
    const auto made = Template::parse("{a,b} {c|upper}{a}");
    CHECK(made->names() == std::vector<std::string>{"a", "b", "c"});
    CHECK(made->text() == "{a,b} {c|upper}{a}");
    CHECK(made->only_placeholders());
    CHECK(Template::parse("")->only_placeholders());
    CHECK_FALSE(Template::parse("{a}.")->only_placeholders());
    CHECK(Template::parse("{auto}")->is_just("auto"));
    CHECK(Template::parse("{ auto }")->is_just("auto"));
    for (const auto* more : {"auto", "{auto,a}", "{auto|upper}", "{auto} ", "{a}", ""})
        CHECK_FALSE(Template::parse(more)->is_just("auto"));
}

TEST_CASE("every placeholder of courier fields is known once, and may be written") {
    const auto known = courier_field_placeholders();
    for (const auto name : known) {
        CHECK_FALSE(name.empty());
        CHECK(std::count(known.begin(), known.end(), name) == 1);
        CHECK(Template::parse("{" + std::string(name) + "}", known));
    }
}

TEST_CASE("any text is a template or a configuration error; with doubled braces it is itself") {
    const auto text = rc::gen::container<std::string>(
        rc::gen::element('{', '}', '|', ',', ':', 'a', 'c', 'u', 't', '1', ' ', '\xC5', '\x81'));
    CHECK(rc::check("rendering never fails", [&] {
        const auto made = Template::parse(*text);
        if (made)
            RC_ASSERT(made->render([](std::string_view) { return "{x}"; }).size() < 1000U);
        else
            RC_ASSERT(made.error().kind == ErrorKind::config);
    }));
    CHECK(rc::check("braces can be written", [&] {
        const std::string any = *text;
        std::string doubled;
        for (const char c : any)
            doubled += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
        const auto made = Template::parse(doubled);
        RC_ASSERT(made.has_value());
        RC_ASSERT(made->render(value_of) == any);
        RC_ASSERT(made->names().empty());
    }));
}

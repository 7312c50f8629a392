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
    {"order_id", "84512345"}, {"phone", "+48 600-100-200"},     {"city", "Łódź"}, {"note", "  ring twice "}, {"cod_amount", ""},
    {"point", "GDA01M"},      {"flag", "👨‍👩‍👧 ok"}};

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
          "unknown filter \"shout loudly\" (filters are upper, lower, trim, digits, cut:NUMBER, date:FORM, join:TEXT)");
    CHECK_THAT(refusal("{order_id|}"), Catch::StartsWith("unknown filter \"\""));
    for (const auto* cut :
         {"{order_id|cut}", "{order_id|cut:}", "{order_id|cut:0}", "{order_id|cut:-1}", "{order_id|cut:9999999999999999999999}"})
        CHECK_THAT(refusal(cut), Catch::EndsWith("(write for example cut:30)"));
    CHECK(refusal("Łódź {order_id") == "the brace at character 6 is never closed (write {{ for the character itself)");
    CHECK_THAT(refusal("{order_{id}}"), Catch::StartsWith("the brace at character 1 is never closed"));
    CHECK(refusal("order_id}") == "the brace at character 9 closes nothing (write }} for the character itself)");
    for (const auto* nameless : {"{}", "{ }", "{|upper}", "{order_id,}"})
        CHECK_THAT(refusal(nameless), Catch::StartsWith("a placeholder without a name"));
}

TEST_CASE("a text in quotes is itself, where the other values are empty or between braces that mean something") {
    CHECK(rendered("{cod_amount,'none'}") == "none");
    CHECK(rendered("{order_id,'none'}") == "84512345");
    CHECK(rendered("{'just this'}") == "just this");
    CHECK(rendered("{''}").empty());
    CHECK(rendered("{cod_amount,\"Anna's, {or} |not\"|upper}") == "ANNA'S, {OR} |NOT");
    CHECK(Template::parse("{order_id,'none'}")->names() == std::vector<std::string>{"order_id"});
    CHECK_FALSE(Template::parse("{'auto'}")->is_just("auto"));
    CHECK(refusal("{order_id,'none}") == "a quote behind the brace at character 1 is never closed (write 'text', or "
                                         "\"text\" where it holds an apostrophe)");
    CHECK_THAT(refusal("{order_id'x'}"), Catch::StartsWith("the quotes of order_id'x' are not around the whole"));
}

TEST_CASE("join puts a text between what is not empty; filters before it work on each value") {
    CHECK(rendered("{order_id,cod_amount,point|join:' / '}") == "84512345 / GDA01M");
    CHECK(rendered("{cod_amount,nothing|join:' / '}").empty());
    CHECK(rendered("{order_id,point|join:-}") == "84512345-GDA01M");
    CHECK(rendered("{order_id,point|join:''}") == "84512345GDA01M");
    CHECK(rendered("{order_id,point|join:'|'}") == "84512345|GDA01M");
    CHECK(rendered("{order_id,city|cut:2|join:', '|upper}") == "84, ŁÓ");
    CHECK(rendered("{order_id,point|digits|join:+}") == "84512345+01");
    CHECK(rendered("{note,city|trim|join:' '|cut:12}") == "ring twice Ł");
    CHECK_THAT(refusal("{order_id|join}"), Catch::StartsWith("the filter \"join\" needs its argument"));
    CHECK_THAT(refusal("{order_id|join:a|join:b}"), Catch::StartsWith("join stands twice"));
    CHECK_THAT(refusal("{order_id|upper:3}"), Catch::StartsWith("the filter \"upper\" takes no argument"));
    CHECK_THAT(refusal("{order_id|trim:}"), Catch::StartsWith("the filter \"trim\" takes no argument"));
}

TEST_CASE("date says a date in another form, by the date's own clock") {
    const auto dated = [](std::string_view text, std::string_view value, std::string* problem = nullptr) {
        return Template::parse(text)->render([&](std::string_view) { return std::string(value); }, problem);
    };
    CHECK(dated("{d|date:%d.%m.%Y}", "2026-11-24T00:30:05+01:00") == "24.11.2026");
    CHECK(dated("{d|date:'%y%m%d %H:%M:%S'}", "2026-11-24T00:30:05+01:00") == "261124 00:30:05");
    CHECK(dated("{d|date:%Y-%m-%d %H:%M}", "2026-11-24") == "2026-11-24 00:00");
    CHECK(dated("{d|date:100%%}", "2026-11-24") == "100%");
    CHECK(dated("{d|date:%Y|cut:2}", "2026-11-24") == "20");
    std::string problem;
    CHECK(dated("{d|date:%Y}", "", &problem).empty());
    CHECK(problem.empty());
    CHECK(dated("{d|date:%Y}", "soon", &problem) == "soon");
    CHECK(problem == "\"soon\" is no date");
    CHECK(dated("{d|date:%Y}", "2026-13-24") == "2026-13-24");
    CHECK_THAT(refusal("{order_id|date}"), Catch::StartsWith("the filter \"date\" needs its argument"));
    CHECK_THAT(refusal("{order_id|date:%Q}"), Catch::Contains("unknown code \"%Q\""));
    CHECK_THAT(refusal("{order_id|date:%}"), Catch::Contains("unknown code \"%\""));
}

TEST_CASE("a known name with a star stands for all that begin so, and for nothing shorter") {
    constexpr std::string_view known[] = {"name", "text_fields.*"};
    CHECK(Template::parse("{text_fields.extra_field_7}", known));
    CHECK_FALSE(Template::parse("{text_fields.}", known));
    CHECK_FALSE(Template::parse("{text_fields}", known));
    CHECK_FALSE(Template::parse("{names}", known));
}

TEST_CASE("cut never cuts a character of its readers apart, in whatever script") {
    const std::string text = "Zażółć gęślą 👩‍🚀 مرحبا é";
    for (int most = 1; most < 40; ++most) {
        const std::string cut =
            Template::parse("{t|cut:" + std::to_string(most) + "}")->render([&](std::string_view) { return text; });
        CHECK(character_count(cut) <= static_cast<std::size_t>(most));
        CHECK(text.starts_with(cut));
        CHECK(normalise_text(cut) == normalise_text(text).substr(0, normalise_text(cut).size()));
        CHECK_FALSE(cut.ends_with("\xE2\x80\x8D")); // no joiner is left alone
    }
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
        rc::gen::element('{', '}', '|', ',', ':', '\'', '"', '%', 'a', 'c', 'u', 't', '1', ' ', '\xC5', '\x81'));
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
        for (const char c : any) doubled += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
        const auto made = Template::parse(doubled);
        RC_ASSERT(made.has_value());
        RC_ASSERT(made->render(value_of) == any);
        RC_ASSERT(made->names().empty());
    }));
}

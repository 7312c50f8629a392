// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <string>

#include <blongo/baselinker/tolerant.hpp>
#include <blongo/json/value.hpp>

using namespace blongo;
using namespace blongo::baselinker;
using tolerant::State;

namespace {

/// A document {"v": <json>}; read(reader) applies a reader to v.
struct One {
    explicit One(const std::string& json) : document(json::Document::parse("{\"v\":" + json + "}").value()) {}
    [[nodiscard]] json::Node node() const { return document.root()["v"]; }
    json::Document document;
};

void integer_is(const std::string& json, std::int64_t expected) {
    CAPTURE(json);
    const One one(json);
    const auto reading = tolerant::integer(one.node());
    CHECK(reading.present());
    CHECK(reading.value == expected);
}

template <class Reader> void state_is(Reader reader, const std::string& json, State expected) {
    CAPTURE(json);
    const One one(json);
    CHECK(reader(one.node()).state == expected);
}

} // namespace

TEST_CASE("an integer comes as number, numeric text, bool or decimal without fraction", "[F32]") {
    integer_is("5434", 5434);
    integer_is("\"52124\"", 52124);
    integer_is("\" 7 \"", 7);
    integer_is("-1", -1);
    integer_is("\"0\"", 0);
    integer_is("true", 1);
    integer_is("false", 0);
    integer_is("2.0", 2);
    integer_is("\"3.00\"", 3);
    integer_is("9007199254740993", 9007199254740993); // beyond a double
}

TEST_CASE("an integer that is empty is absent, one that is something else is malformed") {
    for (const char* json : {"\"\"", "\"  \"", "null"}) state_is(tolerant::integer, json, State::absent);
    CHECK(tolerant::integer({}).absent());
    for (const char* json : {"2.5", "\"12,5\"", "\"abc\"", "{}", "[]", "[1]", "99999999999999999999"})
        state_is(tolerant::integer, json, State::malformed);
}

TEST_CASE("every integer reads the same as number and as text") {
    rc::check([](std::int64_t number) {
        const One plain(std::to_string(number)), quoted('"' + std::to_string(number) + '"');
        RC_ASSERT(tolerant::integer(plain.node()).value == number);
        RC_ASSERT(tolerant::integer(quoted.node()).value == number);
    });
}

TEST_CASE("decimals stay exact as number and as text") {
    const auto value = [](const std::string& json) {
        const One one(json);
        return tolerant::decimal(one.node()).value.to_string();
    };
    CHECK(value("0.41") == "0.41");
    CHECK(value("\"0.10\"") == "0.1");
    CHECK(value("\"1110.05\"") == "1110.05");
    CHECK(value("-0.02") == "-0.02");
    CHECK(value("50") == "50");
    state_is(tolerant::decimal, "\"\"", State::absent);
    state_is(tolerant::decimal, "null", State::absent);
    state_is(tolerant::decimal, "\"1,5\"", State::malformed);
    state_is(tolerant::decimal, "true", State::malformed);
}

TEST_CASE("yes and no come in every form that PHP knows") {
    const auto value = [](const std::string& json) {
        const One one(json);
        const auto reading = tolerant::boolean(one.node());
        REQUIRE(reading.present());
        return reading.value;
    };
    for (const char* json : {"true", "1", "\"1\"", "\"true\""}) CHECK(value(json));
    for (const char* json : {"false", "0", "\"0\"", "\"false\""}) CHECK_FALSE(value(json));
    state_is(tolerant::boolean, "\"\"", State::absent);
    state_is(tolerant::boolean, "null", State::absent);
    state_is(tolerant::boolean, "\"maybe\"", State::malformed);
}

TEST_CASE("null, an empty list and an empty text are the same absent text") {
    for (const char* json : {"null", "\"\"", "[]"}) state_is(tolerant::text, json, State::absent);
    const One number("5012233");
    CHECK(tolerant::text(number.node()).value == "5012233");
    state_is(tolerant::text, "{\"a\":1}", State::malformed);
    state_is(tolerant::text, "true", State::malformed);
}

TEST_CASE("unix times are seconds as number or text, 0 and -1 mean none") {
    const One text("\"1542131174\"");
    CHECK(format_utc(tolerant::unix_time(text.node()).value) == "2018-11-13T17:46:14Z");
    for (const char* json : {"0", "\"0\"", "-1", "\"\"", "null"}) state_is(tolerant::unix_time, json, State::absent);
    state_is(tolerant::unix_time, "\"yesterday\"", State::malformed);
    state_is(tolerant::unix_time, "99999999999999", State::malformed);
}

TEST_CASE("a map is empty in five ways, and a list stands for the keys 0, 1, 2") {
    const auto entries = [](const std::string& json, State expected) {
        CAPTURE(json);
        const One one(json);
        std::string seen;
        CHECK(tolerant::each_entry(one.node(), [&](std::string_view key, json::Node node) {
                  seen += std::string(key) + "=" + std::string(node.text()) + ";";
              }) == expected);
        return seen;
    };
    for (const char* json : {"{}", "[]", "\"\"", "null"}) CHECK(entries(json, State::absent).empty());
    CHECK(tolerant::each_entry({}, [](std::string_view, json::Node) {}) == State::absent);
    CHECK(entries("[\"x\",\"y\"]", State::present) == "0=x;1=y;");
    CHECK(entries("{\"b\":1,\"a\":2}", State::present) == "b=1;a=2;");
    entries("\"text\"", State::malformed);
    entries("7", State::malformed);
}

TEST_CASE("a collection is read from a list and from an object alike") {
    const auto keys = [](const std::string& json) {
        const One one(json);
        std::string seen;
        tolerant::each_element(one.node(), [&](std::string_view key, json::Node node) {
            seen += "<" + std::string(key) + ">" + std::string(node["id"].text());
        });
        return seen;
    };
    CHECK(keys(R"([{"id":5},{"id":6}])") == "<>5<>6");
    CHECK(keys(R"({"5":{"id":5},"6":{}})") == "<5>5<6>");
    CHECK(keys("[]").empty());
}

TEST_CASE("the first malformed member of an item is kept with its path and what stands there") {
    const auto document = json::Document::parse(R"({"products":{"7":{"sku":"A","weight":"1,5","ean":{"x":1}}}})").value();
    const auto item = document.root()["products"]["7"];
    tolerant::ItemReader reader;
    std::string sku, ean;
    Decimal weight;
    reader.text(sku, item["sku"]);
    reader.decimal(weight, item["weight"]);
    reader.text(ean, item["ean"]);
    CHECK(sku == "A");
    REQUIRE(reader.failed());
    CHECK(reader.path() == "$.products.7.weight");
    CHECK(reader.reason() == "expected a number, found \"1,5\"");
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/unicode.hpp>
#include <blongo/json/value.hpp>

using namespace blongo;
using namespace blongo::json;

namespace {

Value read(std::string text) {
    auto value = Value::parse(std::move(text));
    INFO((value ? "" : value.error().text()));
    REQUIRE(value);
    return std::move(*value);
}

std::string some_text() {
    const std::u32string characters = U"ab \"\\/\n\t\x01\u0142\u20AC\U0001F44D{}[]:,";
    return unicode::encode(*rc::gen::container<std::u32string>(rc::gen::elementOf(characters)));
}

Value some_number() {
    const auto units = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
    const auto text = std::to_string(units);
    switch (*rc::gen::inRange(0, 4)) {
    case 0: return Value::number(text + ".250");
    case 1: return Value::number(text + "e5");
    case 2: return Value::number(text + "123456789012345678901234567890");
    default: return units;
    }
}

Value some_value(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0: return {};
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return some_number();
    case 3: return some_text();
    case 4: {
        Value array = Value::array();
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) array.push_back(some_value(depth - 1));
        return array;
    }
    default: {
        Value object = Value::object();
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) object.set(some_text(), some_value(depth - 1));
        return object;
    }
    }
}

void shuffle(Value& value) {
    if (value.is_array()) {
        for (Value& element : value.elements()) shuffle(element);
    }
    if (!value.is_object()) return;
    auto& members = value.members();
    std::reverse(members.begin(), members.end());
    if (!members.empty()) {
        const auto turn = *rc::gen::inRange<std::size_t>(0, members.size());
        std::rotate(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(turn), members.end());
    }
    for (auto& member : members) shuffle(member.second);
}

} // namespace

TEST_CASE("a value is built in the order of its members and written compactly") {
    const Value value = Value::object()
                            .set("articleNumber", "A-1")
                            .set("quantity", 5)
                            .set("weight", *Decimal::parse("0.250"))
                            .set("active", true)
                            .set("none", nullptr)
                            .set("rows", Value::Array{1, "x", Value::object()});
    CHECK(value.dump() == R"({"articleNumber":"A-1","quantity":5,"weight":0.25,"active":true,"none":null,"rows":[1,"x",{}]})");
    CHECK(value.size() == 6);
    CHECK(value["rows"].size() == 3);
    CHECK(value["quantity"].integer() == 5);
    CHECK(value["weight"].decimal() == Decimal::parse("0.25"));
    CHECK(value["absent"].is_null());
    CHECK(value.find("absent") == nullptr);
    CHECK(Value(std::string_view("x")) == Value("x"));
    CHECK(Value(std::int64_t{1}).kind() == Kind::number);
    CHECK(value["active"].is_bool());
    CHECK(value["active"].is_true());
    CHECK(value["active"].text() == "true");
    CHECK(Value(false).text() == "false");
    CHECK(Value().text().empty());
}

TEST_CASE("a value is changed in place") {
    Value value = read(R"({"barCodeInfo":{"barCode":"590"},"a":1,"b":[1]})");
    value.set_path("barCodeInfo.barCode", "591");
    value.set_path("new.deep.path", 5);
    value["a"] = "text";
    value["c"].push_back(true);
    CHECK(value.erase("b"));
    CHECK_FALSE(value.erase("b"));
    CHECK(value.dump() == R"({"barCodeInfo":{"barCode":"591"},"a":"text","new":{"deep":{"path":5}},"c":[true]})");
    CHECK(value.at_path("new.deep.path").integer() == 5);
    CHECK(value.at_path("new.wrong.path").is_null());
    CHECK(value.at_path("a.b").is_null());
    CHECK(value.at_path("") == value);
    CHECK(value.erase_path("new.deep.path"));
    CHECK_FALSE(value.erase_path("new.deep.path"));
    CHECK_FALSE(value.erase_path("a.b"));
    CHECK(value.erase_path("a"));
    CHECK(value.at_path("new").dump() == R"({"deep":{}})");
    Value whole;
    whole.set_path("", 3);
    CHECK(whole.dump() == "3");
    CHECK(Value("text").members().empty());
    CHECK_FALSE(Value("text").erase("x"));
    value.find("c")->elements().clear();
    CHECK(value["c"].dump() == "[]");
}

TEST_CASE("numbers and numeric strings read as integers and decimals, everything else does not") {
    CHECK(Value("12").integer() == 12);
    CHECK(Value("-12").integer() == -12);
    CHECK(Value("12x").integer(7) == 7);
    CHECK(Value("").integer(7) == 7);
    CHECK(Value("99999999999999999999").integer(7) == 7);
    CHECK(Value::number("1.5").integer(7) == 7);
    CHECK(Value(true).integer(7) == 7);
    CHECK(Value("1.50").decimal() == Decimal::parse("1.5"));
    CHECK_FALSE(Value(true).decimal());
    CHECK_FALSE(Value("x").decimal());
}

TEST_CASE("of members with one name the last one is read, written canonically and erased with the others") {
    Value value = read(R"({"a":1,"b":2,"a":3})");
    CHECK(value["a"].integer() == 3);
    CHECK(value.canonical() == R"({"a":3,"b":2})");
    CHECK(value.dump() == R"({"a":1,"b":2,"a":3})");
    CHECK(value.erase("a"));
    CHECK(value.dump() == R"({"b":2})");
}

TEST_CASE("canonical text sorts members and spells numbers in one way") {
    CHECK(read(R"({"b":[2.50,1e2,-0.0,0],"a":{"y":1,"x":"ł"}})").canonical() == R"({"a":{"x":"ł","y":1},"b":[2.5,100,0,0]})");
    CHECK(read("[10e30, 1.0E+31, 100e29]").canonical() == "[1e31,1e31,1e31]");
    CHECK(read("[-0.00000000000000000000012, -1.2e-22]").canonical() == "[-12e-23,-12e-23]");
    CHECK(read("[0e300, 0.000000000000000000000000]").canonical() == "[0,0]");
    CHECK(Value::number("not a number").canonical() == "not a number");
    CHECK(Value::number("1e99999999999999999999999").canonical() == "1e99999999999999999999999");
}

TEST_CASE("pretty text is for people") {
    CHECK(read(R"({"a":[1,{"b":null}],"c":{},"d":[]})").pretty() ==
          "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}");
}

TEST_CASE("text that is not UTF-8 is written as UTF-8") {
    CHECK(Value("a\xFFz").dump() == "\"a\xEF\xBF\xBDz\"");
    CHECK(Value(std::string("\b\f\n\r\t\x01\x1f\0\"\\/\x7F", 12)).dump() ==
          "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\\\"\\\\/\x7F\"");
}

TEST_CASE("a copied node is the value that stood in the document") {
    const auto document = Document::parse(R"({"a":[1,true,null,"x",{"b":2.50}]})");
    REQUIRE(document);
    CHECK(Value::from(document->root()).dump() == R"({"a":[1,true,null,"x",{"b":2.50}]})");
    CHECK(Value::from(document->root()["none"]).is_null());
    CHECK_FALSE(Value::parse("{").has_value());
}

TEST_CASE("writing and reading lose nothing") {
    rc::prop("parse(dump(x)) is x", [] {
        const Value value = some_value(4);
        const auto again = Value::parse(value.dump());
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == value);
    });
    rc::prop("pretty text is the same document", [] {
        const Value value = some_value(4);
        RC_ASSERT(Value::parse(value.pretty()).value() == value);
    });
    rc::prop("canonical text does not depend on the order of members", [] {
        const Value value = some_value(4);
        Value shuffled = value;
        shuffle(shuffled);
        RC_ASSERT(shuffled.canonical() == value.canonical());
        RC_ASSERT(Value::parse(value.canonical()).value().canonical() == value.canonical());
    });
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/json/writer.hpp>

using namespace blongo;
using namespace blongo::json;

TEST_CASE("a line of output is written without a tree") {
    Writer writer;
    writer.begin_object()
        .member("text", "ł\n")
        .member("view", std::string_view("v"))
        .member("number", 5)
        .member("large", std::int64_t{9'007'199'254'740'993})
        .member("yes", true)
        .member("price", *Decimal::parse("20.990"));
    writer.key("list").begin_array().integer(1).string("x").null().boolean(false).decimal(2).end_array();
    writer.key("empty").begin_object().end_object();
    writer.key("nested").begin_array().begin_array().end_array().begin_object().end_object().end_array();
    writer.key("tree").value(Value::object().set("a", 1));
    writer.key("end").null().end_object();
    CHECK(writer.text() == R"({"text":"ł\n","view":"v","number":5,"large":9007199254740993,"yes":true,"price":20.99,)"
                           R"("list":[1,"x",null,false,2],"empty":{},"nested":[[],{}],"tree":{"a":1},"end":null})");
    CHECK(Value::parse(writer.text()).has_value());
    CHECK(writer.take().starts_with("{\"text\""));
    CHECK(writer.text().empty());
}

TEST_CASE("any text is written as a JSON string that reads as the same text") {
    rc::prop("quoted and read", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
        std::string quoted;
        append_quoted(quoted, text);
        RC_ASSERT(Value::parse(quoted).value().text() == text);
    });
    rc::prop("bytes that are not UTF-8 give readable JSON all the same", [](const std::string& bytes) {
        Writer writer;
        writer.begin_array().string(bytes).end_array();
        RC_ASSERT(Value::parse(writer.text()).has_value());
    });
}

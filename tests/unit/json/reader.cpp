// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/json/reader.hpp>
#include <blongo/json/value.hpp>

using namespace blongo;
using namespace blongo::json;

namespace {

Document read(std::string text) {
    auto document = Document::parse(std::move(text));
    INFO((document ? "" : document.error().text()));
    REQUIRE(document);
    return std::move(*document);
}

Error refusal(std::string text, std::size_t depth = Document::default_depth) {
    const auto document = Document::parse(std::move(text), depth);
    REQUIRE_FALSE(document);
    CHECK(document.error().kind == ErrorKind::protocol);
    return document.error();
}

} // namespace

TEST_CASE("values are read with their exact text") {
    const Document document = read(R"( {"id": 12345678901234567890, "price": 20.990, "tiny": -1.5E-7,
        "name": "Kubek \"\u0142\u00f3d\u017a\" \ud83d\udc4d \/ \\ \n", "on": true, "off": false, "none": null,
        "list": [1, "2", [], {}], "map": {}} )");
    const Node root = document.root();
    CHECK(root.is_object());
    CHECK(root.size() == 9);
    CHECK(root["id"].text() == "12345678901234567890");
    CHECK(root["price"].text() == "20.990");
    CHECK(root["tiny"].text() == "-1.5E-7");
    CHECK(root["name"].text() == "Kubek \"łódź\" 👍 / \\ \n");
    CHECK(root["name"].is_string());
    CHECK(root["on"].is_true());
    CHECK(root["on"].text() == "true");
    CHECK(root["off"].text() == "false");
    CHECK_FALSE(root["off"].is_true());
    CHECK(root["none"].absent());
    CHECK(root["none"].exists());
    CHECK(root["none"].text().empty());
    CHECK(root["list"].size() == 4);
    CHECK(root["list"].is_array());
    CHECK(root["price"].is_number());
    CHECK(root["price"].size() == 0);
    CHECK(root["map"].begin() == root["map"].end());
    CHECK(root["none"].begin() == root["none"].end());
}

TEST_CASE("members and elements come in document order with their keys") {
    const Document document = read(R"({"b":{"deep":[[1],[2]]},"a":2,"":3})");
    std::vector<std::string> keys;
    for (const Node member : document.root()) keys.emplace_back(member.key());
    CHECK(keys == std::vector<std::string>{"b", "a", ""});
    std::string kinds;
    // cppcheck-suppress postfixOperator // that one is to work, too
    for (auto at = document.root().begin(); at != document.root().end(); at++) kinds += to_string((*at).kind());
    CHECK(kinds == "objectnumbernumber");
    for (const Node element : document.root()["b"]["deep"]) CHECK(element.key().empty());
    CHECK(document.root().key().empty());
}

TEST_CASE("what is not there is missing all the way down, and says where it was looked for") {
    const Document document =
        read(R"({"products":{"5434":{"variants":[{"sku":"A"},{"sku":"B"}],"text fields":{"name|en":"x"}}}})");
    const Node product = document.root()["products"]["5434"];
    const Node missing = product["prices"]["105"]["net"];
    CHECK(missing.kind() == Kind::missing);
    CHECK_FALSE(missing.exists());
    CHECK(missing.absent());
    CHECK(missing.text().empty());
    CHECK(missing.size() == 0);
    CHECK(missing.begin() == missing.end());
    CHECK(missing.path() == "$.products.5434.prices");
    CHECK(document.root()["x"].path() == "$.x");
    CHECK(product["variants"]["sku"].kind() == Kind::missing);
    CHECK(Node{}.path() == "$");
    CHECK(Node{}["a"]["b"].kind() == Kind::missing);

    std::vector<std::string> paths;
    for (const Node variant : product["variants"]) paths.push_back(variant["sku"].path());
    CHECK(paths == std::vector<std::string>{"$.products.5434.variants[0].sku", "$.products.5434.variants[1].sku"});
    CHECK(product["text fields"]["name|en"].path() == "$.products.5434['text fields']['name|en']");
    CHECK(document.root().path() == "$");
}

TEST_CASE("of members with one name the last counts") {
    const Document document = read(R"({"a":{"x":1},"b":0,"a":{"x":2}})");
    CHECK(document.root()["a"]["x"].text() == "2");
    CHECK(document.root().size() == 3);
}

TEST_CASE("a single value is a document") {
    CHECK(read("null").root().kind() == Kind::null);
    CHECK(read(" -0.5 ").root().text() == "-0.5");
    CHECK(read("\"\"").root().text().empty());
    CHECK(read("\"\"").root().is_string());
    CHECK(read("\xEF\xBB\xBF[1]\r\n\t ").root().size() == 1);
    CHECK(read("\"a\\u0000b\"").root().text() == std::string_view("a\0b", 3));
}

TEST_CASE("a text that is not JSON is refused with its place") {
    CHECK(refusal("").text() == "byte 0: the JSON text is empty");
    CHECK(refusal(" \n").text() == "byte 2: the JSON text is empty");
    CHECK(refusal("\xEF\xBB\xBF").message == "the JSON text is empty");
    CHECK(refusal("[1,2] x").where == "byte 6");
    CHECK(refusal("\xEF\xBB\xBF[1] x").where == "byte 7");
    CHECK(refusal("{\"a\":}").where == "byte 5");
    CHECK(refusal("[1 2]").text() == "byte 3: not valid JSON: Missing a comma or ']' after an array element");
    CHECK(refusal(std::string("[1]\0[2]", 7)).text() == "byte 3: not valid JSON: a zero byte stands behind the value");
    CHECK(refusal(std::string("[1]\0", 4)).where == "byte 3");
    CHECK(refusal("1e400").message.find("too big") != std::string::npos);
}

TEST_CASE("almost JSON is refused") {
    const auto* const text = GENERATE("[", "{", "]", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{'a':1}", "[01]", "[1.]", "[.5]",
                                      "[+1]", "[1e]", "-", "nul", "True", "NaN", "[Infinity]", "\"open", "\"\\x\"", "\"\\u12\"",
                                      "\"tab\tinside\\", "// c\n1", "[1]]", "{} {}", "<html>502</html>", "\"a\nb");
    INFO(text);
    (void)refusal(text);
}

TEST_CASE("bytes that are not UTF-8 and half an emoji do not spoil a document") {
    CHECK(read("{\"a\":\"x\xFFy\"}").root()["a"].text() == "x\xFFy");
    CHECK(read(R"(["\ud83d"])").root().begin().operator*().text() == "\xEF\xBF\xBD");
    CHECK(read(R"(["a\udc4db"])").root().begin().operator*().text() == "a\xEF\xBF\xBD"
                                                                       "b");
    CHECK(read(R"(["\ud83d\ud83d\udc4d"])").root().begin().operator*().text() == "\xEF\xBF\xBD👍");
    CHECK(read(R"(["\\ud83d"])").root().begin().operator*().text() == "\\ud83d");
    CHECK(read(R"(["\ud83dx\n"])").root().begin().operator*().text() == "\xEF\xBF\xBDx\n");
}

TEST_CASE("nesting is limited, and a million brackets are only an error") {
    CHECK(read(std::string(128, '[') + std::string(128, ']')).root().is_array());
    CHECK(refusal(std::string(129, '[') + std::string(129, ']')).text() ==
          "byte 128: the JSON text is nested deeper than 128 levels");
    CHECK(refusal("[[1]]", 1).where == "byte 1");
    std::string objects;
    for (int i = 0; i < 500'000; ++i) objects += "{\"a\":[";
    CHECK(refusal(std::string(1'000'000, '[')).message.find("128 levels") != std::string::npos);
    CHECK(refusal(objects).message.find("128 levels") != std::string::npos);
    CHECK_FALSE(Value::parse(std::string(1'000'000, '[') + std::string(1'000'000, ']')));
    CHECK_FALSE(Value::parse(objects));
    CHECK(refusal("[" + std::string(1'000'000, ']')).where == "byte 2");
}

TEST_CASE("a document stays readable when it is moved") {
    Document first = read(R"(["in place"])");
    Document second = std::move(first);
    first = read("[]");
    CHECK((*second.root().begin()).text() == "in place");
    CHECK(first.root().size() == 0);
}

TEST_CASE("every kind has a name") {
    CHECK(to_string(Kind::missing) == "missing");
    CHECK(to_string(Kind::null) == "null");
    CHECK(to_string(Kind::boolean) == "boolean");
    CHECK(to_string(Kind::number) == "number");
    CHECK(to_string(Kind::string) == "string");
    CHECK(to_string(Kind::array) == "array");
    CHECK(to_string(Kind::object) == "object");
}

TEST_CASE("any text at all is read or refused") {
    rc::prop("pieces of JSON in any order", [] {
        const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
            std::vector<std::string>{"{", "}", "[", "]", ",",    ":",    "\"a\"", "\"", "\\",   "\\u", "d83d",
                                     "1", "-", ".", "e", "true", "null", " ",     "\n", "\xFF", "ł",   "\xEF\xBB\xBF"}));
        std::string text;
        for (const std::string& piece : pieces) text += piece;
        const auto document = Document::parse(text);
        if (document) {
            RC_ASSERT(document->root().exists());
            (void)Value::from(document->root()).canonical();
        } else {
            RC_ASSERT(document.error().where.starts_with("byte "));
        }
    });
    rc::prop("bytes", [](const std::string& bytes) { (void)Document::parse(bytes); });
}

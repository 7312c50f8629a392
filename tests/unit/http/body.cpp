// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/http/body.hpp>

using namespace blongo;
using namespace blongo::http;

TEST_CASE("the form of a body is judged by its text") {
    CHECK(form_of("") == BodyForm::empty);
    CHECK(form_of(" \r\n\t") == BodyForm::empty);
    CHECK(form_of("{\"status\":\"SUCCESS\"}") == BodyForm::json);
    CHECK(form_of("\xEF\xBB\xBF [1]") == BodyForm::json);
    CHECK(form_of("<!DOCTYPE html>") == BodyForm::html);
    CHECK(form_of("Service Unavailable") == BodyForm::other);
}

TEST_CASE("a text that was cut within a value is known from one that is only wrong") {
    CHECK(breaks_off("{\"a\":[1,2"));
    CHECK(breaks_off("{\"a\":\"b}"));
    CHECK(breaks_off("{\"a\":\"b\\\"}"));
    CHECK_FALSE(breaks_off("{\"a\":\"}{[\"}"));
    CHECK_FALSE(breaks_off("{} trailing"));
    CHECK_FALSE(breaks_off("]]"));
    CHECK_FALSE(breaks_off(std::string(1'000'000, '['))); // nonsense, not a cut document
}

TEST_CASE("a body is parsed behind its byte order mark") {
    const auto document = parse_body("\xEF\xBB\xBF\n{\"a\":1}");
    REQUIRE(document);
    CHECK(document->root()["a"].text() == "1");
    CHECK_FALSE(parse_body("{\"a\":"));
}

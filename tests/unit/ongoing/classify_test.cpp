// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/verdict.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace std::chrono_literals;
using http::Effect;
using test::response;

namespace {

const Timestamp now = parse_timestamp("2026-11-23T13:00:00Z").value();
const std::string name = "ongoing GET /articles";

Error error_of(int status, const std::string& body, Effect effect = Effect::read, std::vector<http::Header> headers = {}) {
    const auto error = ongoing::classify(response(status, body, std::move(headers)), name, effect, now);
    REQUIRE(error);
    return *error;
}
std::string fixture(const std::string& file) {
    return test::read_data("ongoing/" + file);
}

} // namespace

TEST_CASE("a 2xx with JSON is good, 201 like 200") {
    CHECK_FALSE(ongoing::classify(response(200, "[]"), name));
    CHECK_FALSE(ongoing::classify(response(201, R"({"orderId":1,"message":"x"})"), name));
    CHECK_FALSE(ongoing::classify(response(200, R"({"success":true})"), name));
    CHECK_FALSE(ongoing::classify(response(200, "\xEF\xBB\xBF[]"), name)); // byte order mark
    CHECK_FALSE(ongoing::classify(response(200, R"({"success":null})"), name));
}

TEST_CASE("a refusal says why, without HTML and with the field") {
    const Error text = error_of(400, fixture("error.400.json"));
    CHECK(text.kind == ErrorKind::rejected);
    CHECK(text.http_status == 400);
    CHECK(text.where == name);
    CHECK(text.message == "Ongoing refused (HTTP 400): stockInfoChangedFrom must be within 24 hours of the current time");
    CHECK(error_of(400, fixture("error.400.order-locked.json")).message.find("started to process") != std::string::npos);
    CHECK(error_of(400, fixture("error.400.text.txt")).message.find("must be within 24 hours") != std::string::npos);
    const Error field = error_of(400, fixture("error.400.validation.json"));
    CHECK(field.message.find("The request is invalid. model.orderNumber: The orderNumber field is required.") !=
          std::string::npos);
}

TEST_CASE("the reason is found in every member and case that .NET uses") {
    CHECK(ongoing::refusal_text(R"({"MESSAGE":"a"})") == "a");
    CHECK(ongoing::refusal_text(R"({"Message":"a","ExceptionMessage":"b"})") == "a b");
    CHECK(ongoing::refusal_text(R"({"modelState":{"x":["one","two"],"y":"three"}})") == "x: one two y: three");
    CHECK(ongoing::refusal_text(R"({"message":"A<br/>B &amp; C"})") == "A\nB & C");
    CHECK(ongoing::refusal_text("<html><h1>Bad</h1>Request</html>").find('<') == std::string::npos);
    CHECK(ongoing::refusal_text(R"({"other":1})") == R"({"other":1})");
    CHECK(ongoing::refusal_text("{broken") == "{broken");
    CHECK(ongoing::refusal_text("").empty());
    CHECK(ongoing::refusal_text(std::string(100'000, 'x')).size() <= 2048);
}

TEST_CASE("statuses are told apart as the error table wants") {
    CHECK(error_of(401, fixture("error.401.empty.txt")).kind == ErrorKind::auth);
    CHECK(error_of(403, R"({"Message":"no access"})").kind == ErrorKind::auth);
    CHECK(error_of(403, "<html>denied</html>").kind == ErrorKind::edge);
    CHECK(error_of(403, "").kind == ErrorKind::edge);
    CHECK(error_of(404, R"({"message":"no such article"})").kind == ErrorKind::not_found);
    CHECK(error_of(408, "").kind == ErrorKind::ambiguous);
    CHECK(error_of(409, R"({"message":"conflict"})").kind == ErrorKind::rejected);
    CHECK(error_of(422, "").kind == ErrorKind::rejected);
    for (const int status : {502, 503, 504}) CHECK(error_of(status, "<html>").kind == ErrorKind::unavailable);
    for (const int status : {500, 501, 520, 527}) CHECK(error_of(status, "").kind == ErrorKind::ambiguous);
    for (const int status : {301, 302, 307}) CHECK(error_of(status, "").kind == ErrorKind::protocol);
}

TEST_CASE("429 and 503 carry the time that Retry-After names") {
    const Error limited = error_of(429, fixture("error.429.retry-after.json"), Effect::read, {{"retry-after", "7"}});
    CHECK(limited.kind == ErrorKind::throttled);
    CHECK(limited.retry_at == now + 7s);
    CHECK(error_of(503, "", Effect::read, {{"retry-after", "Mon, 23 Nov 2026 13:01:00 GMT"}}).retry_at == now + 1min);
    CHECK_FALSE(error_of(429, "").retry_at);
}

TEST_CASE("the front end's own 500 hints at the HTTP client", "[F26]") {
    const Error error = error_of(500, fixture("error.500.iis.json"));
    CHECK(error.kind == ErrorKind::ambiguous);
    CHECK(error.remedy.find("HTTP client") != std::string::npos);
    CHECK(error_of(500, R"({"Message":"Deadlock"})").remedy.empty());
}

TEST_CASE("success:false is a refusal although the status says 200") {
    const Error error = error_of(200, fixture("orders.orderTracking.put.refused.response.json"), Effect::idempotent_write);
    CHECK(error.kind == ErrorKind::rejected);
    CHECK(error.message.find("Ongoing refused: ") == 0);
}

TEST_CASE("a 2xx without JSON is repeated when reading and of unknown outcome when writing") {
    CHECK(error_of(200, fixture("error.200.html.txt")).kind == ErrorKind::unavailable);
    CHECK(error_of(200, fixture("error.200.html.txt"), Effect::idempotent_write).kind == ErrorKind::ambiguous);
    CHECK(error_of(200, fixture("error.200.html.txt"), Effect::unsafe_write).kind == ErrorKind::ambiguous);
    CHECK(error_of(200, "OK").kind == ErrorKind::unavailable);
    CHECK(error_of(200, "").kind == ErrorKind::ambiguous);
    CHECK(error_of(200, R"([{"articleSystemId":1)").kind == ErrorKind::ambiguous);
    CHECK(error_of(200, "[1,]").kind == ErrorKind::protocol);
    CHECK(error_of(200, "[1,]", Effect::idempotent_write).kind == ErrorKind::ambiguous);
    CHECK(error_of(200, std::string(1'000'000, '[')).kind == ErrorKind::protocol);
}

TEST_CASE("an answer without the id that it promises has an unknown outcome") {
    const ongoing::Operation put{"PUT", "/articles", Effect::idempotent_write, "articleSystemId"};
    for (const char* body : {R"({"articleSystemId":null,"message":"x"})", R"({"message":"x"})", "{}", "[]"}) {
        const auto verdict = ongoing::judge(response(200, body), put, put.name(), now);
        REQUIRE(verdict.error);
        CHECK(verdict.error->kind == ErrorKind::ambiguous);
    }
    CHECK_FALSE(ongoing::judge(response(200, R"({"articleSystemId":5})"), put, put.name(), now).error);
    CHECK(put.name() == "ongoing PUT /articles");
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/verdict.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace std::chrono_literals;
using baselinker::classify;
using test::response;

namespace {

const Timestamp now = parse_timestamp("2026-11-23T13:00:00Z").value();

Error error_of(int status, const std::string& body, const std::string& method = "getOrders",
               std::vector<http::Header> headers = {}) {
    const auto error = classify(response(status, body, std::move(headers)), method, now);
    REQUIRE(error);
    return *error;
}

Error fixture_error(const std::string& name, const std::string& method = "getOrders") {
    return error_of(200, test::read_data("baselinker/" + name), method);
}

std::string refusal(const std::string& code, const std::string& message) {
    return R"({"status":"ERROR","error_code":")" + code + R"(","error_message":")" + message + "\"}";
}

} // namespace

TEST_CASE("SUCCESS is no error, whatever else the answer holds") {
    CHECK_FALSE(classify(response(200, R"({"status":"SUCCESS"})"), "setOrderStatus", now));
    CHECK_FALSE(
        classify(response(200, R"({"status":"SUCCESS","new_key":[1]})", {{"content-type", "text/html"}}), "getOrders", now));
    CHECK_FALSE(classify(response(200, "\xEF\xBB\xBF \n{\"status\":\"SUCCESS\"}"), "getOrders", now));
    CHECK_FALSE(classify(response(200, test::read_data("baselinker/getOrders.json")), "getOrders", now));
}

TEST_CASE("each documented error code has its own reaction") {
    CHECK(fixture_error("error.ERROR_BAD_TOKEN.json").kind == ErrorKind::auth);
    CHECK(fixture_error("error.ERROR_EMPTY_TOKEN.json").kind == ErrorKind::auth);
    CHECK(error_of(200, refusal("ERROR_AUTH_TOKEN", "")).kind == ErrorKind::auth);
    CHECK(fixture_error("error.ERROR_USER_ACCOUNT_BLOCKED.json").kind == ErrorKind::auth);
    CHECK(fixture_error("error.ERROR_BLOCKED_TOKEN.json").kind == ErrorKind::throttled);
    CHECK(fixture_error("error.ERROR_UNKNOWN_METHOD.json").kind == ErrorKind::rejected);
    CHECK(fixture_error("error.ERROR_PARSE_JSON_PARAMETERS.json").kind == ErrorKind::rejected);
    CHECK(fixture_error("error.ERROR_PRODUCT_ID.json").kind == ErrorKind::not_found);
    CHECK(error_of(200, refusal("ERROR_ORDER_NOT_FOUND", "Order not found")).kind == ErrorKind::not_found);
    CHECK(error_of(200, refusal("ERROR_TOO_MANY_REQUESTS", "")).kind == ErrorKind::throttled);
    CHECK(error_of(200, refusal("ERROR_REQUESTS_LIMIT_EXCEEDED", "")).kind == ErrorKind::throttled);
    CHECK(error_of(200, refusal("ERROR_NEVER_SEEN", "x")).kind == ErrorKind::rejected);
}

TEST_CASE("a refusal carries code, words and a name for where it happened") {
    const Error error = fixture_error("error.courier_passthrough.json", "createPackage");
    CHECK(error.kind == ErrorKind::rejected);
    CHECK(error.code == "ERROR_EXAMPLE_COURIER");
    CHECK(error.where == "baselinker createPackage");
    CHECK(error.http_status == 200);
    CHECK(error.message == "Błąd API kuriera: Nieprawidłowy kod pocztowy odbiorcy (00-0O1) (ERROR_EXAMPLE_COURIER)");
}

TEST_CASE("HTML in a courier's words is removed") {
    const Error error =
        error_of(200, refusal("ERROR_COURIER", "<b>Z\\u0142y kod<\\/b><br\\/>popraw &amp; wy\\u015blij"), "createPackage");
    CHECK(error.message.find('<') == std::string::npos);
    CHECK(error.message.find("Zły kod") != std::string::npos);
    CHECK(error.message.find("popraw & wyślij") != std::string::npos);
}

TEST_CASE("a refusal without words still says something") {
    CHECK_FALSE(fixture_error("error.ERROR_PARSE_JSON_PARAMETERS.json").message.empty());
    CHECK(error_of(200, R"({"status":"ERROR"})").kind == ErrorKind::rejected);
    CHECK(error_of(200, R"({"error_code":"ERROR_BAD_TOKEN"})").kind == ErrorKind::auth);
}

TEST_CASE("a wrong catalogue is a matter of the configuration when reading, of the item when writing") {
    const Error read = fixture_error("error.ERROR_STORAGE_ID.json", "getInventoryProductsList");
    CHECK(read.kind == ErrorKind::config);
    CHECK(read.remedy.find("inventory_id") != std::string::npos);
    CHECK(fixture_error("error.ERROR_STORAGE_ID.json", "updateInventoryProductsStock").kind == ErrorKind::rejected);
}

TEST_CASE("the limit is recognised by its words, in any case and under any code") {
    CHECK(error_of(200, refusal("ERROR_USER_ACCOUNT_BLOCKED", "QUERY LIMIT Exceeded, API blocked until soon")).kind ==
          ErrorKind::throttled);
    CHECK(error_of(200, refusal("", "token Blocked Until tomorrow")).kind == ErrorKind::throttled);
    CHECK(error_of(503, refusal("ERROR_BLOCKED_TOKEN", "Query limit exceeded")).kind == ErrorKind::throttled);
}

TEST_CASE("the end of a block is read as Warsaw time or as UTC, whichever is near, plus 10 s") {
    // 14:07:31 in Warsaw is 13:07:31 UTC in winter
    CHECK(fixture_error("error.ERROR_BLOCKED_TOKEN.json").retry_at == parse_timestamp("2026-11-23T13:07:41Z"));
    CHECK(baselinker::end_of_block("blocked until 2026-11-23 13:07:31", now) == parse_timestamp("2026-11-23T13:07:41Z"));
    // in summer Warsaw is two hours ahead
    const Timestamp summer = parse_timestamp("2026-07-01T10:00:00Z").value();
    CHECK(baselinker::end_of_block("blocked until 2026-07-01 12:09:00", summer) == parse_timestamp("2026-07-01T10:09:10Z"));
    // an hour beside the zone's offset is no reading of it
    CHECK(baselinker::end_of_block("blocked until 2026-07-01 11:09:00", summer) == summer + 10min);
}

TEST_CASE("the end of a block that is absurd, past or not given is ten minutes from now", "[F10]") {
    CHECK(baselinker::end_of_block("blocked until 2026-11-24 14:07:31", now) == now + 10min);
    CHECK(baselinker::end_of_block("blocked until 2020-01-01 00:00:00", now) == now + 10min);
    CHECK(baselinker::end_of_block("blocked until 2026-99-99 14:07:31", now) == now + 10min);
    CHECK(baselinker::end_of_block("Query limit exceeded", now) == now + 10min);
    CHECK(baselinker::end_of_block("blocked until 2026-11-23 13:20:00", now) == now + 20min + 10s);
    CHECK(baselinker::end_of_block("blocked until 2026-11-23 13:20:01", now) == now + 10min);
    CHECK(baselinker::end_of_block("blocked until 2026-11-23 13:00:00", now) == now + 10min);
}

TEST_CASE("statuses of HTTP are told apart as the error table wants") {
    CHECK(error_of(502, test::read_data("baselinker/transport.502_html_body.html")).kind == ErrorKind::unavailable);
    CHECK(error_of(503, "").kind == ErrorKind::unavailable);
    CHECK(error_of(504, "{}").kind == ErrorKind::unavailable);
    for (const int status : {500, 501, 505, 520, 524, 527, 599}) CHECK(error_of(status, "<html>").kind == ErrorKind::ambiguous);
    CHECK(error_of(408, "").kind == ErrorKind::ambiguous);
    CHECK(error_of(401, "").kind == ErrorKind::auth);
    CHECK(error_of(403, R"({"status":"ERROR","error_message":"no"})").kind == ErrorKind::auth);
    CHECK(error_of(403, "<html>Cloudflare</html>").kind == ErrorKind::edge);
    CHECK(error_of(403, "").kind == ErrorKind::edge);
    for (const int status : {301, 302, 304, 308}) CHECK(error_of(status, "").kind == ErrorKind::protocol);
    CHECK(error_of(404, "<h1>Not found</h1>").kind == ErrorKind::rejected);
    CHECK(error_of(404, "<h1>Not found</h1>").message.find('<') == std::string::npos);
    CHECK(error_of(500, refusal("ERROR_X", "x")).kind == ErrorKind::ambiguous);
    CHECK(error_of(400, refusal("ERROR_X", "x")).code == "ERROR_X");
}

TEST_CASE("HTTP 429 is the limit, with the time of Retry-After or ten minutes") {
    CHECK(error_of(429, "").kind == ErrorKind::throttled);
    CHECK(error_of(429, "").retry_at == now + 10min);
    CHECK(error_of(429, "", "getOrders", {{"retry-after", "90"}}).retry_at == now + 90s);
    CHECK(error_of(503, "", "getOrders", {{"retry-after", "30"}}).retry_at == now + 30s);
}

TEST_CASE("a 200 that is not the promised JSON is never a success") {
    CHECK(error_of(200, "<html>maintenance</html>").kind == ErrorKind::unavailable);
    CHECK(error_of(200, "Fatal error: out of memory").kind == ErrorKind::unavailable);
    CHECK(error_of(200, "").kind == ErrorKind::ambiguous);
    CHECK(error_of(200, "  \n").kind == ErrorKind::ambiguous);
    CHECK(error_of(200, "[]").kind == ErrorKind::protocol);
    CHECK(error_of(200, R"({"products":{}})").kind == ErrorKind::protocol);
    CHECK(error_of(200, R"({"status":"SUCCESS",})").kind == ErrorKind::protocol);
    CHECK(error_of(200, R"({"package_id":1})", "createPackage").kind == ErrorKind::ambiguous);
    CHECK(error_of(200, R"({"status":"SUCCESS",})", "createPackage").kind == ErrorKind::ambiguous);
}

TEST_CASE("an answer that breaks off anywhere is ambiguous") {
    const std::string whole = test::read_data("baselinker/getInventoryProductsData.json");
    const std::size_t end = whole.rfind('}');
    for (std::size_t length = 1; length <= end; length += 7) {
        CAPTURE(length);
        CHECK(error_of(200, whole.substr(0, length)).kind == ErrorKind::ambiguous);
    }
}

TEST_CASE("a million brackets are refused, not followed") {
    const Error error = error_of(200, std::string(1'000'000, '['));
    CHECK(error.kind == ErrorKind::protocol);
}

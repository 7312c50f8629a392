// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/http/retry_after.hpp>
#include <blongo/http/url.hpp>

using namespace blongo;
using namespace blongo::http;
using namespace std::chrono_literals;

TEST_CASE("an address is built of base, path and encoded query") {
    CHECK(build_url("https://wms.example/acme", "api/v1/orders") == "https://wms.example/acme/api/v1/orders");
    CHECK(build_url("https://wms.example/acme/", "/orders/7") == "https://wms.example/acme/orders/7");
    CHECK(build_url("https://api.example/connector.php", "") == "https://api.example/connector.php");
    CHECK(build_url("https://h", "/o", {{"from", "2019-04-09T08:00:00+00:00"}, {"n", "1&2"}, {"n", "ą"}}) ==
          "https://h/o?from=2019-04-09T08%3A00%3A00%2B00%3A00&n=1%262&n=%C4%85");
}

TEST_CASE("host and port are read as libcurl reads them") {
    CHECK(host_of("https://API.Example.com:8443/x?y=http://other/") == "api.example.com");
    CHECK(authority_of("https://API.Example.com:8443/x") == "api.example.com:8443");
    CHECK(authority_of("https://api.example.com/x") == "api.example.com");
    CHECK(host_of("https://evil.example@good.example/") == "good.example");
    CHECK(host_of("https://user@evil.example@good.example/").empty());
    CHECK(host_of("http://[::1]:80/") == "[::1]");
    CHECK(host_of("not a url").empty());
    CHECK(host_of(std::string_view("https://a.example\0.b.example", 28)).empty());
}

TEST_CASE("only names of this very machine are loopback") {
    for (const char* url : {"http://localhost:8080/x", "http://LOCALHOST", "http://127.0.0.1/", "http://127.9.9.9:1",
                            "http://[::1]:3000/", "http://2130706433/"})
        CHECK(is_loopback(url));
    for (const char* url :
         {"http://example.com/", "http://127.example.com/", "http://localhost.example.com/", "http://127.0.0.1.example.com",
          "http://10.0.0.1/", "http://[::2]/", "http://128.0.0.1/", "http://127.0.0.1@example.com/", ""})
        CHECK_FALSE(is_loopback(url));
}

TEST_CASE("a configured address is accepted without the slashes at its end") {
    CHECK(validate_base_url("https://api.ongoingsystems.se/acme/").value() == "https://api.ongoingsystems.se/acme");
    CHECK(validate_base_url("https://api.baselinker.com/connector.php").value() == "https://api.baselinker.com/connector.php");
    CHECK(validate_base_url("http://127.0.0.1:4000").value() == "http://127.0.0.1:4000");
    CHECK(validate_base_url("http://localhost/ongoing").value() == "http://localhost/ongoing");
}

TEST_CASE("a configured address that is wrong is refused with the reason and without its text") {
    const std::vector<std::pair<std::string, std::string>> wrong{{"", "empty"},
                                                                 {"api.example.com/acme", "no scheme"},
                                                                 {"https://", "cannot be read"},
                                                                 {"https://exam ple.com", "space"},
                                                                 {"https://example.com/\n", "control character"},
                                                                 {"http://api.example.com/", "http to api.example.com"},
                                                                 {"ftp://example.com/", "ftp"},
                                                                 {"https://user:hunter2@example.com/", "user name or password"},
                                                                 {"https://hunter2@example.com/", "user name or password"},
                                                                 {"https://example.com/?token=hunter2", "query"},
                                                                 {"https://example.com/#x", "fragment"}};
    for (const auto& [url, reason] : wrong) {
        INFO(url);
        const auto outcome = validate_base_url(url);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::config);
        CHECK(outcome.error().message.find(reason) != std::string::npos);
        CHECK(outcome.error().text().find("hunter2") == std::string::npos);
        CHECK_FALSE(outcome.error().remedy.empty());
    }
}

TEST_CASE("Retry-After is read as seconds or as an HTTP date") {
    const Timestamp now{784'111'777s}; // Sun, 06 Nov 1994 08:49:37 GMT
    CHECK(parse_retry_after("120", now) == now + 120s);
    CHECK(parse_retry_after(" 0 ", now) == now);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now) == now + 60s);
    CHECK(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", now) == now + 60s);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == now);
    CHECK(*parse_retry_after("99999999999999999999999999", now) > now + 24h * 365);
    for (const char* nonsense : {"", "soon", "-5", "1.5", "12 monkeys", "Sunday"})
        CHECK_FALSE(parse_retry_after(nonsense, now).has_value());
}

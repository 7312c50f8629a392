// SPDX-License-Identifier: Apache-2.0
// One send() is at most one request at the other side.
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "support/raw_server.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

TEST_CASE("a request whose kept-alive connection dies without an answer arrives exactly once and is ambiguous") {
    const Effect effect = GENERATE(Effect::read, Effect::idempotent_write, Effect::unsafe_write);
    const Reply death = GENERATE(Reply::close_after_reading(), Reply::reset_after_reading());
    INFO(to_string(effect));
    RawServer server({Reply::ok(), death, Reply::ok("{\"second\":true}")});
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url("/first"))));

    const auto outcome = transport.send(request(effect, server.url("/second")));
    CHECK(server.arrivals(" /second ") == 1);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(transport.attempts() == 2);
    if (effect != Effect::unsafe_write) CHECK(server.connections() <= 2); // the second was never used

    // The transport goes on working, and nothing of the lost request comes later.
    REQUIRE(transport.send(request(Effect::read, server.url("/third"))));
    CHECK(server.arrivals(" /second ") == 1);
}

TEST_CASE("a fresh connection that dies without an answer brings the request exactly once") {
    const Effect effect = GENERATE(Effect::read, Effect::idempotent_write, Effect::unsafe_write);
    for (const Reply& death : {Reply::close_after_reading(), Reply::reset_after_reading()}) {
        RawServer server({death});
        CurlTransport transport(options());
        const auto outcome = transport.send(request(effect, server.url("/only")));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::ambiguous);
        CHECK(server.arrivals(" /only ") == 1);
        CHECK(transport.attempts() == 1);
    }
}

TEST_CASE("a connection that is closed before the request was read is ambiguous: nobody can tell") {
    RawServer server({Reply::close_before_reading()});
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::unsafe_write, server.url()));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(server.connections() == 1);
}

TEST_CASE("reads and idempotent writes share one connection") {
    RawServer server;
    CurlTransport transport(options());
    for (int i = 0; i < 5; ++i) {
        REQUIRE(transport.send(request(Effect::read, server.url())));
        REQUIRE(transport.send(request(Effect::idempotent_write, server.url())));
    }
    CHECK(server.connections() == 1);
    CHECK(server.requests().size() == 10);
    CHECK(transport.attempts() == 10);
}

TEST_CASE("an unsafe write opens a connection of its own and leaves none to others") {
    RawServer server;
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url())));
    REQUIRE(transport.send(request(Effect::unsafe_write, server.url())));
    REQUIRE(transport.send(request(Effect::unsafe_write, server.url())));
    CHECK(server.connections() == 3);
}

TEST_CASE("a kept connection that the server closed meanwhile is replaced without an error") {
    RawServer server({Reply::ok_then_close(), Reply::ok("again")});
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url())));
    server.wait_until_all_closed();
    const auto outcome = transport.send(request(Effect::idempotent_write, server.url("/again")));
    REQUIRE(outcome);
    CHECK(outcome->body == "again");
    CHECK(server.arrivals(" /again ") == 1);
    CHECK(server.connections() == 2);
}

TEST_CASE("a refused connection is not_sent") {
    const ClosedPort closed;
    const int port = closed.number();
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/orders?number=7";
    for (const Effect effect : {Effect::read, Effect::idempotent_write, Effect::unsafe_write}) {
        CurlTransport transport(options());
        const auto outcome = transport.send(request(effect, url));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::not_sent);
        CHECK(outcome.error().message.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
        CHECK_FALSE(outcome.error().remedy.empty());
        CHECK(outcome.error().where == "baselinker someMethod");
        CHECK(transport.attempts() == 0);
    }
}

TEST_CASE("a host that does not exist is not_sent and named") {
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::unsafe_write, "https://nothing.invalid/connector.php"));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    CHECK(outcome.error().message.find("nothing.invalid") != std::string::npos);
}

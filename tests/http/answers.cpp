// SPDX-License-Identifier: Apache-2.0
// What becomes of answers: whole, strange, broken, late, endless.
#include <thread>

#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "support/raw_server.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

namespace {

Effect any_effect() {
    return GENERATE(Effect::read, Effect::idempotent_write, Effect::unsafe_write);
}

} // namespace

TEST_CASE("an answer arrives with status, lower-case headers and body, whatever its status") {
    const int status = GENERATE(200, 204, 400, 401, 404, 429, 500, 502);
    RawServer server({Reply::answer(status, status == 204 ? "" : "{\"a\":1}", "Content-TYPE:  application/json \r\n")});
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::read, server.url()));
    REQUIRE(outcome);
    CHECK(outcome->status == status);
    CHECK(outcome->header("content-type") == "application/json");
    CHECK(outcome->body == (status == 204 ? "" : "{\"a\":1}"));
}

TEST_CASE("nothing of one answer is left in the next") {
    RawServer server({Reply::answer(200, "long body", "X-One: 1\r\n"), Reply::answer(201, "b")});
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::idempotent_write, server.url())));
    const auto second = transport.send(request(Effect::read, server.url()));
    REQUIRE(second);
    CHECK(second->status == 201);
    CHECK(second->body == "b");
    CHECK(second->header("x-one").empty());
    CHECK(server.requests().at(1).find("secretbody") == std::string::npos);
}

TEST_CASE("the request goes out as it was given: HTTP/1.1, length, user agent, headers once") {
    RawServer server;
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::idempotent_write, server.url("/connector.php?a=%2B"), "method=x&p=%2B")));
    const std::string raw = server.requests().at(0);
    CHECK(raw.find("POST /connector.php?a=%2B HTTP/1.1\r\n") == 0);
    CHECK(raw.find("\r\nUser-Agent: blongo/test\r\n") != std::string::npos);
    CHECK(raw.find("\r\nX-BLToken: " + token + "\r\n") != std::string::npos);
    CHECK(raw.find("\r\nAccept: application/json\r\n") != std::string::npos);
    CHECK(raw.find("\r\nContent-Length: 14\r\n") != std::string::npos);
    CHECK(raw.find("Expect:") == std::string::npos);
    CHECK(raw.find("Accept-Encoding:") == std::string::npos);
    CHECK(raw.find("Content-Type:") == std::string::npos); // none was given, none is guessed
    CHECK(raw.substr(raw.find("\r\n\r\n")) == "\r\n\r\nmethod=x&p=%2B");
}

TEST_CASE("every method is sent under its own name, with a length when it may have a body") {
    RawServer server;
    CurlTransport transport(options());
    for (const char* method : {"GET", "DELETE", "PUT", "PATCH", "POST"}) {
        Request asked = request(Effect::idempotent_write, server.url(), "");
        asked.method = method;
        REQUIRE(transport.send(asked));
        const std::string raw = server.requests().back();
        CHECK(raw.find(std::string(method) + " / HTTP/1.1\r\n") == 0);
        const bool may_have_body = std::string_view(method).front() == 'P';
        CHECK((raw.find("\r\nContent-Length: 0\r\n") != std::string::npos) == may_have_body);
    }
    Request head = request(Effect::read, server.url());
    head.method = "HEAD";
    head.headers.push_back({"X-Empty", ""});
    const RawServer headers_only({Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"}});
    head.url = headers_only.url();
    const auto outcome = transport.send(head);
    REQUIRE(outcome);
    CHECK(outcome->body.empty());
    CHECK(headers_only.requests().at(0).find("\r\nX-Empty:\r\n") != std::string::npos);
}

TEST_CASE("a big body passes without an Expect round trip") {
    RawServer server;
    CurlTransport transport(options());
    const std::string body(3U << 20U, 'b');
    REQUIRE(transport.send(request(Effect::unsafe_write, server.url(), body)));
    CHECK(server.requests().at(0).size() > body.size());
    CHECK(server.requests().at(0).find("Expect:") == std::string::npos);
}

TEST_CASE("a chunked answer is put together") {
    RawServer server({Reply::chunked({"{\"a\":", "1}"})});
    CurlTransport transport(options());
    CHECK(transport.send(request(Effect::read, server.url()))->body == "{\"a\":1}");
}

TEST_CASE("interim answers are skipped") {
    Reply reply = Reply::ok("{}");
    reply.bytes = "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + reply.bytes;
    RawServer server({reply});
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::read, server.url()));
    REQUIRE(outcome);
    CHECK(outcome->status == 200);
    CHECK(outcome->header("x-early").empty());
}

TEST_CASE("an answer that breaks off is ambiguous") {
    const Effect effect = any_effect();
    Reply headers_only{.bytes = "HTTP/1.1 200 OK\r\nContent-Le", .then = Reply::Then::close};
    Reply interim_only{.bytes = "HTTP/1.1 100 Continue\r\n\r\n", .then = Reply::Then::close};
    Reply torn = Reply::truncated();
    torn.then = Reply::Then::reset;
    Reply no_http{.bytes = "SSH-2.0-OpenSSH\r\n\r\n", .then = Reply::Then::close};
    for (const Reply& broken :
         {Reply::truncated(), Reply::chunked({"{\"a\":"}, false), headers_only, interim_only, torn, no_http}) {
        INFO(broken.bytes);
        RawServer server({broken});
        CurlTransport transport(options());
        const auto outcome = transport.send(request(effect, server.url("/once")));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::ambiguous);
        CHECK(server.arrivals(" /once ") == 1);
    }
}

TEST_CASE("silence after the request left ends as ambiguous after its time-out, however long connecting may take") {
    const Effect effect = any_effect();
    RawServer server({Reply::stall()});
    CurlOptions patient = options();
    patient.connect_timeout = Milliseconds{600'000};
    CurlTransport transport(patient);
    Request asked = request(effect, server.url("/slow"));
    asked.timeout = Milliseconds{200};
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = transport.send(asked);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(60));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(outcome.error().message.find("did not answer within 200ms after the request left") != std::string::npos);
    server.wait_for_requests(1);
    CHECK(server.arrivals(" /slow ") == 1);
}

TEST_CASE("libcurl's own time-out ends a silence, too") {
    RawServer server({Reply::stall()});
    CurlOptions quick = options();
    quick.connect_timeout = Milliseconds{300};
    CurlTransport transport(quick);
    Request asked = request(Effect::unsafe_write, server.url());
    asked.timeout = Milliseconds{100};
    CHECK_FALSE(transport.send(asked));
}

TEST_CASE("an answer that is too long is refused, announced or not") {
    const bool announced = GENERATE(true, false);
    const std::size_t size = 200U << 20U;
    CurlOptions small = options();
    small.max_response_bytes = 1U << 20U;
    for (const Effect effect : {Effect::read, Effect::unsafe_write}) {
        RawServer server({Reply::flood(size, announced)});
        CurlTransport transport(small);
        const auto outcome = transport.send(request(effect, server.url()));
        REQUIRE_FALSE(outcome);
        // A write may have happened although its answer is of no use.
        CHECK(outcome.error().kind == (effect == Effect::read ? ErrorKind::protocol : ErrorKind::ambiguous));
        CHECK(outcome.error().message.find("larger than 1048576 bytes") != std::string::npos);
    }
}

TEST_CASE("an answer of exactly the allowed length is good") {
    CurlOptions small = options();
    small.max_response_bytes = 1000;
    CurlTransport transport(small);
    RawServer server({Reply::ok(std::string(1000, 'x')), Reply::ok(std::string(1001, 'x'))});
    CHECK(transport.send(request(Effect::read, server.url()))->body.size() == 1000);
    CHECK_FALSE(transport.send(request(Effect::read, server.url())));
}

TEST_CASE("endless headers are refused") {
    RawServer server({Reply{.bytes = "HTTP/1.1 200 OK\r\n" + [] {
        std::string lines;
        for (int i = 0; i < 40'000; ++i) lines += "X-Filler-" + std::to_string(i) + ": " + std::string(40, 'y') + "\r\n";
        return lines;
    }() + "\r\n"}});
    CurlTransport transport(options());
    CHECK_FALSE(transport.send(request(Effect::read, server.url())));
}

TEST_CASE("a stop abandons a waiting read") {
    RawServer server({Reply::stall()});
    StopToken stop;
    CurlOptions stoppable = options();
    stoppable.stop = &stop;
    CurlTransport transport(stoppable);
    std::thread person([&] {
        server.wait_for_requests(1);
        stop.request(15);
    });
    const auto outcome = transport.send(request(Effect::read, server.url()));
    person.join();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::stopped);
}

TEST_CASE("a stop lets a write finish") {
    const Effect effect = GENERATE(Effect::idempotent_write, Effect::unsafe_write);
    RawServer server({Reply::ok("written")});
    StopToken stop;
    stop.request(15);
    CurlOptions stoppable = options();
    stoppable.stop = &stop;
    CurlTransport transport(stoppable);
    CHECK(transport.send(request(effect, server.url()))->body == "written");
    CHECK(transport.send(request(Effect::read, server.url("/late"))).error().kind == ErrorKind::stopped);
    CHECK(server.arrivals(" /late ") == 0);
}

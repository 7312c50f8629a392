// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <catch2/catch.hpp>

#include <blongo/http/decorators.hpp>

#include "helpers.hpp"
#include "support/fake_transport.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

TEST_CASE("a dry run that tries to write fails loudly and sends nothing") {
    const Effect effect = GENERATE(Effect::idempotent_write, Effect::unsafe_write);
    FakeTransport fake;
    ReadOnlyTransport transport(fake);
    const auto outcome = transport.send(request(effect, "ongoing PUT /orders"));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::internal);
    CHECK(outcome.error().text().find("ongoing PUT /orders") != std::string::npos);
    CHECK(outcome.error().text().find(to_string(effect)) != std::string::npos);
    CHECK(fake.requests().empty());
}

TEST_CASE("a dry run reads") {
    FakeTransport fake;
    ReadOnlyTransport transport(fake);
    fake.on({}).answer(200, "data");
    CHECK(transport.send(request(Effect::read))->body == "data");
}

TEST_CASE("requests are counted by name, from several threads, failed ones included") {
    FunctionTransport next([](const Request& asked) -> Result<Response> {
        if (asked.effect == Effect::read) return fail(ErrorKind::not_sent, "no");
        return response(200);
    });
    CountTransport count(next);
    const auto hundred = [&](Effect effect, const char* name) {
        for (int i = 0; i < 100; ++i) (void)count.send(request(effect, name));
    };
    std::thread other(hundred, Effect::read, "baselinker getOrders");
    hundred(Effect::idempotent_write, "ongoing PUT /articles");
    other.join();
    CHECK(count.total() == 200);
    CHECK(count.by_name() == std::map<std::string, std::int64_t>{{"baselinker getOrders", 100}, {"ongoing PUT /articles", 100}});
}

TEST_CASE("the writer's lock is held for the time of a write call, and for no read") {
    struct Marker final : WriterLockTransport::Held {
        explicit Marker(bool& flag) : held(flag) { held = true; }
        ~Marker() override { held = false; }
        bool& held;
    };
    bool held = false;
    std::vector<bool> during;
    FunctionTransport next([&](const Request&) -> Result<Response> {
        during.push_back(held);
        return response(200);
    });
    WriterLockTransport transport(
        next, [&]() -> Result<std::unique_ptr<WriterLockTransport::Held>> { return std::make_unique<Marker>(held); });
    CHECK(transport.send(request(Effect::idempotent_write)));
    CHECK(transport.send(request(Effect::unsafe_write)));
    CHECK(transport.send(request(Effect::read)));
    CHECK(during == std::vector<bool>{true, true, false});
    CHECK_FALSE(held);
}

TEST_CASE("a write without the writer's lock is not sent") {
    FakeTransport fake;
    WriterLockTransport transport(fake, []() -> Result<std::unique_ptr<WriterLockTransport::Held>> {
        return fail(ErrorKind::locked, "another run writes");
    });
    CHECK(transport.send(request(Effect::idempotent_write)).error().kind == ErrorKind::locked);
    CHECK(fake.requests().empty());
}

TEST_CASE("a header is found by its lower-case name, the first one wins") {
    const Response answer = response(200, "", {{"retry-after", "1"}, {"retry-after", "2"}});
    CHECK(answer.header("retry-after") == "1");
    CHECK(answer.header("date").empty());
}

TEST_CASE("a request that does not judge its answers calls every answer good") {
    const auto outcome = judged(request(Effect::read), response(500, "broken"));
    REQUIRE(outcome);
    CHECK(outcome->status == 500);
}

TEST_CASE("effects have names") {
    CHECK(to_string(Effect::read) == "read");
    CHECK(to_string(Effect::idempotent_write) == "idempotent_write");
    CHECK(to_string(Effect::unsafe_write) == "unsafe_write");
}

TEST_CASE("the fake transport complains about what was not expected and what never came") {
    std::vector<std::string> complaints;
    FakeTransport fake([&](const std::string& what) { complaints.push_back(what); });
    fake.on({.name = "PUT", .url = "/articles"}).answer(200, "first");
    fake.on({.name = "PUT", .url = "/articles"}).answer(200, "second");
    fake.on({.method = "DELETE", .body = "x"}).answer(200);
    CHECK(fake.send(request(Effect::idempotent_write))->body == "first");
    CHECK(fake.send(request(Effect::idempotent_write))->body == "second");
    CHECK(complaints.empty());
    CHECK_FALSE(fake.send(request(Effect::idempotent_write)));
    REQUIRE(complaints.size() == 1);
    CHECK(complaints[0].find("unexpected request ongoing PUT /articles") == 0);
    fake.verify();
    REQUIRE(complaints.size() == 2);
    CHECK(complaints[1] == "expected request never came: method:DELETE body:x");
    CHECK(fake.count({.url = "/articles"}) == 3);
}

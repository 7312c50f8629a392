// SPDX-License-Identifier: Apache-2.0
// A request leaves within the time that its departure gives, or not at all.
#include <catch2/catch.hpp>

#include <vector>

#include <blongo/http/decorators.hpp>

#include "helpers.hpp"
#include "support/raw_server.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

namespace {

/// A request that may leave until `from_now` after its departure was asked.
Request departing(Effect effect, const std::string& url, Milliseconds from_now, int& asked) {
    Request made = request(effect, url);
    made.departure = [from_now, &asked]() -> Result<Milliseconds> {
        ++asked;
        return SystemClock().boot_time() + from_now;
    };
    return made;
}

} // namespace

TEST_CASE("a request whose time to leave has passed when its connection stands never arrives") {
    const Effect effect = GENERATE(Effect::idempotent_write, Effect::unsafe_write);
    const bool kept_alive = GENERATE(false, true);
    RawServer server;
    CurlTransport transport(options());
    if (kept_alive) {
        REQUIRE(transport.send(request(Effect::read, server.url("/first"))));
    }
    int asked = 0;
    const auto late = transport.send(departing(effect, server.url("/late"), Milliseconds{-1}, asked));
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::not_sent);
    CHECK(late.error().message.find("was not sent within 20 s") != std::string::npos);
    CHECK(late.error().where == "baselinker someMethod");
    CHECK_FALSE(late.error().remedy.empty());
    CHECK(asked == 1);
    CHECK(transport.attempts() == (kept_alive ? 1 : 0));

    // Nothing of it comes later, and the next request is none the worse for it.
    REQUIRE(transport.send(departing(effect, server.url("/in-time"), Milliseconds{20'000}, asked)));
    REQUIRE(transport.send(request(effect, server.url("/any-time"))));
    CHECK(server.arrivals(" /late ") == 0);
    CHECK(server.arrivals(" /in-time ") == 1);
    CHECK(server.arrivals(" /any-time ") == 1);
    CHECK(asked == 2);
}

TEST_CASE("the error of a departure is the outcome, and nothing is connected to") {
    RawServer server;
    CurlTransport transport(options());
    Request asked = request(Effect::unsafe_write, server.url());
    asked.departure = []() -> Result<Milliseconds> {
        return fail(ErrorKind::state, "the disk is full", "/var/lib/blongo/state.db", "make room");
    };
    const auto outcome = transport.send(asked);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::state);
    CHECK(outcome.error().text() == "/var/lib/blongo/state.db: the disk is full (make room)");
    CHECK(server.connections() == 0);
    CHECK(transport.attempts() == 0);
}

TEST_CASE("a request that can never be sent asks for no departure") {
    CurlTransport transport(options());
    int asked = 0;
    REQUIRE_FALSE(transport.send(departing(Effect::unsafe_write, "ftp://wms.example/", Milliseconds{0}, asked)));
    CHECK(asked == 0);
}

TEST_CASE("a request that was held back is tried again with a departure of its own and arrives once") {
    RawServer server;
    CurlTransport curl(options());
    ManualClock clock;
    StopToken stop;
    RetryTransport transport(curl, {{Milliseconds{1'000}, Milliseconds{2'000}}}, clock, stop, [] { return 1.0; });
    int asked = 0;
    Request booking = request(Effect::unsafe_write, server.url("/book"));
    booking.departure = [&asked]() -> Result<Milliseconds> {
        return SystemClock().boot_time() + Milliseconds{++asked == 1 ? -1 : 20'000};
    };
    REQUIRE(transport.send(booking));
    CHECK(asked == 2);
    CHECK(server.arrivals(" /book ") == 1);
}

TEST_CASE("a departure is asked once per attempt, also when a kept connection dies under the request") {
    RawServer server({Reply::ok(), Reply::close_after_reading()});
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url())));
    int asked = 0;
    const auto outcome = transport.send(departing(Effect::idempotent_write, server.url("/once"), Milliseconds{20'000}, asked));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(asked == 1);
    CHECK(server.arrivals(" /once ") == 1);
}

TEST_CASE("a departure is asked when the request holds its slot and its lock") {
    RawServer server;
    std::vector<std::string> order;
    struct Slots final : Budget {
        explicit Slots(std::vector<std::string>& seen) : order(seen) {}
        Result<std::int64_t> acquire(const Request&) override {
            order.emplace_back("slot");
            return 1;
        }
        void release(std::int64_t, const Result<Response>&, const std::optional<Error>&) override {
            order.emplace_back("slot freed");
        }
        std::vector<std::string>& order;
    } slots(order);
    CurlTransport curl(options());
    WriterLockTransport writer(curl, [&]() -> Result<std::unique_ptr<WriterLockTransport::Held>> {
        order.emplace_back("lock");
        return std::make_unique<WriterLockTransport::Held>();
    });
    BudgetTransport transport(writer, slots);
    Request booking = request(Effect::unsafe_write, server.url());
    booking.departure = [&]() -> Result<Milliseconds> {
        order.emplace_back("departure");
        return SystemClock().boot_time() + Milliseconds{20'000};
    };
    REQUIRE(transport.send(booking));
    CHECK(order == std::vector<std::string>{"slot", "lock", "departure", "slot freed"});
}

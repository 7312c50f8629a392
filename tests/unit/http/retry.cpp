// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/http/decorators.hpp>

#include "helpers.hpp"
#include "support/fake_transport.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;
using namespace std::chrono_literals;

namespace {

const std::vector<Milliseconds> ongoing_waits{250ms, 1000ms, 4000ms};

/// A retry over a fake, with waits of exactly the policy's values.
struct Chain {
    explicit Chain(RetryPolicy policy = {ongoing_waits, 60s}) : retry(fake, std::move(policy), clock, stop, [] { return 1.0; }) {}
    FakeTransport fake;
    ManualClock clock{Timestamp{1'700'000'000s}};
    StopToken stop;
    RetryTransport retry;
};

Request judged_request(Effect effect) {
    Request made = request(effect);
    made.classify = by_status;
    return made;
}

} // namespace

TEST_CASE("only failures that cannot have done harm are repeated") {
    const std::vector<ErrorKind> all{ErrorKind::not_sent, ErrorKind::throttled, ErrorKind::unavailable, ErrorKind::ambiguous,
                                     ErrorKind::auth,     ErrorKind::edge,      ErrorKind::rejected,    ErrorKind::not_found,
                                     ErrorKind::protocol, ErrorKind::usage,     ErrorKind::config,      ErrorKind::guard,
                                     ErrorKind::state,    ErrorKind::locked,    ErrorKind::timeout,     ErrorKind::stopped,
                                     ErrorKind::internal};
    for (const ErrorKind kind : all) {
        INFO(to_string(kind));
        const bool harmless = kind == ErrorKind::not_sent;
        const bool lost = kind == ErrorKind::unavailable || kind == ErrorKind::ambiguous;
        CHECK(may_retry(Effect::read, kind) == (harmless || lost));
        CHECK(may_retry(Effect::idempotent_write, kind) == (harmless || lost));
        CHECK(may_retry(Effect::unsafe_write, kind) == harmless);
    }
}

TEST_CASE("a read is repeated after each wait of the policy and then succeeds") {
    Chain chain;
    for (int i = 0; i < 3; ++i) chain.fake.on({}).fail(ErrorKind::ambiguous);
    chain.fake.on({}).answer(200, "at last");
    const auto outcome = chain.retry.send(request(Effect::read));
    REQUIRE(outcome);
    CHECK(outcome->body == "at last");
    CHECK(chain.clock.sleeps() == 3);
    CHECK(chain.clock.slept() == 5250ms);
}

TEST_CASE("when every attempt fails the error says how many there were") {
    Chain chain;
    for (int i = 0; i < 4; ++i) chain.fake.on({}).fail(ErrorKind::unavailable, "host is down");
    const auto outcome = chain.retry.send(request(Effect::idempotent_write));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::unavailable);
    CHECK(outcome.error().message == "host is down (after 4 attempts)");
    CHECK(chain.fake.requests().size() == 4);
    CHECK(chain.clock.sleeps() == 3);
}

TEST_CASE("one attempt is not worth mentioning") {
    Chain chain;
    chain.fake.on({}).fail(ErrorKind::rejected, "no such article group");
    CHECK(chain.retry.send(request(Effect::read)).error().message == "no such article group");
    CHECK(chain.clock.sleeps() == 0);
}

TEST_CASE("an unsafe write whose answer was lost is never sent again") {
    for (const ErrorKind kind : {ErrorKind::ambiguous, ErrorKind::unavailable}) {
        Chain chain;
        chain.fake.on({}).fail(kind);
        const auto outcome = chain.retry.send(request(Effect::unsafe_write));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == kind);
        CHECK(chain.fake.requests().size() == 1);
    }
}

TEST_CASE("an unsafe write that never left is sent again") {
    Chain chain;
    chain.fake.on({}).fail(ErrorKind::not_sent);
    chain.fake.on({}).answer(200);
    CHECK(chain.retry.send(request(Effect::unsafe_write)));
    CHECK(chain.clock.slept() == 250ms);
}

TEST_CASE("an unsafe write that left at its second attempt ends there") {
    Chain chain;
    chain.fake.on({}).fail(ErrorKind::not_sent);
    chain.fake.on({}).fail(ErrorKind::ambiguous);
    const auto outcome = chain.retry.send(request(Effect::unsafe_write));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(chain.fake.requests().size() == 2);
}

TEST_CASE("a write stays ambiguous when a later attempt is refused or does not get through") {
    const auto later = GENERATE(ErrorKind::rejected, ErrorKind::not_sent, ErrorKind::stopped, ErrorKind::throttled);
    Chain chain({{250ms}, 60s});
    chain.fake.on({}).fail(ErrorKind::ambiguous, "no answer");
    Error second = make_error(later, "order is locked");
    second.code = "LOCKED";
    second.http_status = 400;
    chain.fake.on({}).fail(second);
    const auto outcome = chain.retry.send(request(Effect::idempotent_write));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
    CHECK(outcome.error().message == "order is locked; an earlier attempt may have been executed (after 2 attempts)");
    CHECK(outcome.error().code == "LOCKED");
    CHECK(outcome.error().http_status == 400);
}

TEST_CASE("a read that is refused after a lost answer is refused") {
    Chain chain;
    chain.fake.on({}).fail(ErrorKind::ambiguous);
    chain.fake.on({}).fail(ErrorKind::auth);
    CHECK(chain.retry.send(request(Effect::read)).error().kind == ErrorKind::auth);
}

TEST_CASE("an answer that the request calls an error becomes one, and is repeated when it may be") {
    Chain chain;
    chain.fake.on({}).answer(503);
    chain.fake.on({}).answer(404, "nothing");
    const auto outcome = chain.retry.send(judged_request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::rejected);
    CHECK(outcome.error().http_status == 404);
    CHECK(chain.clock.sleeps() == 1);
}

TEST_CASE("a throttled answer is not repeated here: the budget waits for all") {
    Chain chain;
    chain.fake.on({}).answer(429, "", {{"retry-after", "7"}});
    const auto outcome = chain.retry.send(judged_request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::throttled);
    CHECK(outcome.error().retry_at == chain.clock.now() + 7s);
    CHECK(chain.clock.sleeps() == 0);
}

TEST_CASE("Retry-After lengthens a wait and never shortens it") {
    Chain chain;
    chain.fake.on({}).answer(503, "", {{"retry-after", "20"}});
    chain.fake.on({}).answer(503, "", {{"retry-after", "0"}});
    chain.fake.on({}).answer(200);
    REQUIRE(chain.retry.send(judged_request(Effect::read)));
    CHECK(chain.clock.slept() == 21s);
}

TEST_CASE("a Retry-After beyond the limit is not waited for") {
    Chain chain;
    chain.fake.on({}).answer(503, "", {{"retry-after", "61"}});
    const auto outcome = chain.retry.send(judged_request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::unavailable);
    CHECK(outcome.error().retry_at == chain.clock.now() + 61s);
    CHECK(chain.clock.sleeps() == 0);
}

TEST_CASE("jitter takes each wait between half and the whole of its value") {
    for (const auto& [jitter, slept] : {std::pair{0.0, 2625ms}, std::pair{0.5, 3937ms}, std::pair{1.0, 5250ms}}) {
        FakeTransport fake;
        ManualClock clock;
        StopToken stop;
        RetryTransport retry(fake, {ongoing_waits, 60s}, clock, stop, [value = jitter] { return value; });
        for (int i = 0; i < 3; ++i) fake.on({}).fail(ErrorKind::not_sent);
        fake.on({}).answer(200);
        REQUIRE(retry.send(request(Effect::read)));
        CHECK(clock.slept() == slept);
    }
}

TEST_CASE("without an injected jitter the waits stay within their bounds") {
    FakeTransport fake;
    ManualClock clock;
    StopToken stop;
    RetryTransport retry(fake, {std::vector<Milliseconds>(50, 1000ms), 60s}, clock, stop);
    for (int i = 0; i < 50; ++i) fake.on({}).fail(ErrorKind::not_sent);
    fake.on({}).answer(200);
    REQUIRE(retry.send(request(Effect::read)));
    CHECK(clock.slept() >= 25s);
    CHECK(clock.slept() < 50s);
}

TEST_CASE("a stop ends the attempts: a read is stopped, a write keeps its own error") {
    Chain chain;
    chain.fake.on({}).call([&](const Request&) -> Result<Response> {
        chain.stop.request(15);
        return fail(ErrorKind::ambiguous, "no answer");
    });
    const Effect effect = GENERATE(Effect::read, Effect::idempotent_write);
    const auto outcome = chain.retry.send(request(effect));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == (effect == Effect::read ? ErrorKind::stopped : ErrorKind::ambiguous));
    CHECK(outcome.error().message == "no answer, stopped before another attempt");
    CHECK(chain.clock.sleeps() == 0);
}

TEST_CASE("a stop during a wait ends it") {
    struct InterruptedClock final : Clock {
        [[nodiscard]] Timestamp now() const override { return {}; }
        [[nodiscard]] Milliseconds boot_time() const override { return {}; }
        bool sleep(Milliseconds, const StopToken&) override { return false; }
    } clock;
    FakeTransport fake;
    StopToken stop;
    RetryTransport retry(fake, {ongoing_waits, 60s}, clock, stop);
    fake.on({}).fail(ErrorKind::not_sent);
    CHECK(retry.send(request(Effect::read)).error().kind == ErrorKind::stopped);
}

TEST_CASE("no attempt begins when its wait would pass the deadline") {
    Chain chain;
    chain.retry.set_deadline(chain.clock.boot_time() + 1s);
    chain.fake.on({}).fail(ErrorKind::unavailable, "busy");
    chain.fake.on({}).fail(ErrorKind::unavailable, "busy");
    const auto outcome = chain.retry.send(request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message == "busy (after 2 attempts), no time left for another attempt");
    CHECK(chain.clock.slept() == 250ms);
}

TEST_CASE("after the deadline a read is not begun, but a write of the action under way is") {
    Chain chain;
    chain.retry.set_deadline(chain.clock.boot_time());
    const auto outcome = chain.retry.send(request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::timeout);
    CHECK_FALSE(outcome.error().remedy.empty());
    chain.fake.on({}).answer(200);
    CHECK(chain.retry.send(request(Effect::idempotent_write)));
    chain.retry.set_deadline(std::nullopt);
    chain.fake.on({}).answer(200);
    CHECK(chain.retry.send(request(Effect::read)));
}

// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <catch2/catch.hpp>

#include <blongo/http/decorators.hpp>

#include "helpers.hpp"
#include "support/fake_transport.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

namespace {

/// Counts slots; refuses when told to.
struct FakeBudget final : Budget {
    Result<std::int64_t> acquire(const Request&) override {
        if (refusal) return fail(*refusal);
        ++open;
        return ++last;
    }
    void release(std::int64_t slot, const Result<Response>& outcome, const std::optional<Error>& classified) override {
        CHECK(slot == last);
        --open;
        released.push_back(classified);
        answered.push_back(outcome.has_value());
    }
    std::optional<Error> refusal;
    std::int64_t last = 0;
    int open = 0;
    std::vector<std::optional<Error>> released;
    std::vector<bool> answered;
};

Request judged_request(Effect effect) {
    Request made = request(effect);
    made.classify = by_status;
    return made;
}

} // namespace

TEST_CASE("each attempt takes one slot and gives it back") {
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    fake.on({}).answer(200);
    CHECK(transport.send(judged_request(Effect::read)));
    CHECK(budget.last == 1);
    CHECK(budget.open == 0);
    REQUIRE(budget.released.size() == 1);
    CHECK_FALSE(budget.released[0]);
}

TEST_CASE("a slot is given back when the call fails, with the error") {
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    fake.on({}).fail(ErrorKind::ambiguous);
    CHECK(transport.send(judged_request(Effect::unsafe_write)).error().kind == ErrorKind::ambiguous);
    CHECK(budget.open == 0);
    REQUIRE(budget.released.at(0));
    CHECK(budget.released[0]->kind == ErrorKind::ambiguous);
    CHECK_FALSE(budget.answered[0]);
}

TEST_CASE("a slot is given back when the call throws") {
    FunctionTransport broken([](const Request&) -> Result<Response> { throw std::runtime_error("out of memory"); });
    FakeBudget budget;
    BudgetTransport transport(broken, budget);
    CHECK_THROWS(transport.send(judged_request(Effect::read)));
    CHECK(budget.open == 0);
    CHECK(budget.released.at(0)->kind == ErrorKind::internal);
}

TEST_CASE("without a slot nothing is sent") {
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    budget.refusal = make_error(ErrorKind::throttled, "blocked until 14:10");
    const auto outcome = transport.send(judged_request(Effect::read));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message == "blocked until 14:10");
    CHECK(fake.requests().empty());
    CHECK(budget.released.empty());
}

TEST_CASE("a throttled call is told to the budget and made again with a new slot, whatever its effect") {
    const Effect effect = GENERATE(Effect::read, Effect::idempotent_write, Effect::unsafe_write);
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    fake.on({}).answer(429);
    fake.on({}).answer(200, "done");
    const auto outcome = transport.send(judged_request(effect));
    REQUIRE(outcome);
    CHECK(outcome->body == "done");
    CHECK(budget.last == 2);
    REQUIRE(budget.released.at(0));
    CHECK(budget.released[0]->kind == ErrorKind::throttled);
    CHECK(budget.answered[0]);
    CHECK_FALSE(budget.released.at(1));
}

TEST_CASE("a call that is throttled again and again ends after five rounds") {
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    for (int i = 0; i < 5; ++i) fake.on({}).answer(429);
    const auto outcome = judged(judged_request(Effect::read), transport.send(judged_request(Effect::read)));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::throttled);
    CHECK(fake.requests().size() == 5);
    CHECK(budget.open == 0);
}

TEST_CASE("a refusal of another kind is not repeated by the budget") {
    FakeTransport fake;
    FakeBudget budget;
    BudgetTransport transport(fake, budget);
    fake.on({}).answer(503);
    CHECK(transport.send(judged_request(Effect::read))->status == 503);
    CHECK(budget.last == 1);
}

TEST_CASE("the whole chain judges an answer once and takes a slot for each attempt") {
    FakeTransport fake;
    FakeBudget budget;
    ManualClock clock;
    StopToken stop;
    Redactor redactor;
    int exchanges = 0;
    LogTransport log(fake, redactor, clock, false, [&](const Exchange&) { ++exchanges; });
    BudgetTransport budgeted(log, budget);
    RetryTransport retry(budgeted, {{Milliseconds{10}}, Milliseconds{1000}}, clock, stop);
    fake.on({}).fail(ErrorKind::not_sent);
    fake.on({}).answer(200);
    int judgements = 0;
    Request asked = request(Effect::read);
    asked.classify = [&](const Response& response) {
        ++judgements;
        return by_status(response);
    };
    CHECK(retry.send(asked));
    CHECK(judgements == 1);
    CHECK(budget.last == 2);
    CHECK(exchanges == 2);
}

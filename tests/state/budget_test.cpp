// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <filesystem>
#include <unistd.h>

#include <blongo/state/budget.hpp>
#include <blongo/state/session_impl.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

const StopToken go_on;
constexpr Milliseconds call_timeout{60'000};

BudgetOptions options(BudgetClass klass, std::int64_t per_minute, std::int64_t reserve = 0,
                      const std::string& account = "account") {
    return {account, per_minute, reserve, klass, Milliseconds{60'000}};
}

std::unique_ptr<RequestBudget> open_budget(Place& place, const BudgetOptions& chosen, Access access = Access::read_write) {
    return value(RequestBudget::open(place.options(access), chosen, go_on));
}

std::int64_t take(RequestBudget& budget) {
    return value(budget.acquire(call_timeout, std::nullopt));
}

/// A slot that is free now, or none.
Result<std::int64_t> take_at_once(Place& place, RequestBudget& budget) {
    return budget.acquire(call_timeout, place.clock.boot_time());
}

void call(RequestBudget& budget) {
    budget.release(take(budget));
}

Milliseconds waited(Place& place, const std::function<void()>& body) {
    const auto begin = place.clock.now();
    body();
    return place.clock.now() - begin;
}

} // namespace

TEST_CASE("a slot is free again 62 s after its call ended", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto budget = open_budget(place, options(BudgetClass::send, 3));
    CHECK(waited(place, [&] { call(*budget); }) == Milliseconds{0});
    const auto slow = take(*budget);
    call(*budget);
    CHECK(value(budget->status()).used == 3);
    CHECK(value(budget->status()).used_by_us == 3);
    place.clock.advance(Seconds{5});
    budget->release(slow);

    CHECK(waited(place, [&] { call(*budget); }) == Seconds{57});
    CHECK(waited(place, [&] { call(*budget); }) == Seconds{0});
    CHECK(waited(place, [&] { call(*budget); }) == Seconds{5});
    place.clock.advance(Seconds{200});
    CHECK(value(budget->status()).used == 0);
}

TEST_CASE("a call whose end nobody recorded keeps its slot for its time-out and 62 s", "[budget]") {
    BLONGO_ON_BOTH(place);
    {
        auto killed = open_budget(place, options(BudgetClass::send, 1));
        take(*killed);
    }
    auto budget = open_budget(place, options(BudgetClass::send, 1));
    CHECK(waited(place, [&] { call(*budget); }) == call_timeout + Seconds{62});
}

TEST_CASE("others hear of the end of a call when its process asks again, or is done", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto theirs = open_budget(place, options(BudgetClass::send, 1));
    SECTION("it is done") {
        {
            auto mine = open_budget(place, options(BudgetClass::send, 1));
            call(*mine);
            place.clock.advance(Seconds{10});
        }
        CHECK(waited(place, [&] { call(*theirs); }) == Seconds{52});
    }
    SECTION("it asks again") {
        auto mine = open_budget(place, options(BudgetClass::send, 1));
        call(*mine);
        place.clock.advance(Seconds{10});
        CHECK_FALSE(take_at_once(place, *mine));
        CHECK(waited(place, [&] { call(*theirs); }) == Seconds{52});
    }
    SECTION("until then the slot is kept, and no longer than if the process had died") {
        auto mine = open_budget(place, options(BudgetClass::send, 1));
        call(*mine);
        CHECK(waited(place, [&] { call(*theirs); }) == call_timeout + Seconds{62});
    }
}

TEST_CASE("whoever may not wait any longer is told so and leaves no trace", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto budget = open_budget(place, options(BudgetClass::send, 1));
    call(*budget);
    const auto late = budget->acquire(call_timeout, place.clock.boot_time() + Seconds{10});
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::timeout);
    CHECK_FALSE(late.error().remedy.empty());
    CHECK(place.clock.manual().slept() == Seconds{10});
    auto store = place.open();
    CHECK(place.number(*store, "SELECT COUNT(*) FROM budget_waiting") == 0);

    StopToken stop;
    auto stoppable = value(RequestBudget::open(place.options(), options(BudgetClass::send, 1), stop));
    stop.request(2);
    const auto stopped = stoppable->acquire(call_timeout, std::nullopt);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::stopped);
    CHECK(place.number(*store, "SELECT COUNT(*) FROM budget_waiting") == 0);
}

TEST_CASE("sweeps never touch the reserve, sends and orders may", "[budget]") {
    BLONGO_ON_BOTH(place);
    const auto sweep = GENERATE(BudgetClass::stock, BudgetClass::articles);
    auto articles = open_budget(place, options(sweep, 10, 4));
    auto orders = open_budget(place, options(BudgetClass::orders, 10, 4));
    auto send = open_budget(place, options(BudgetClass::send, 10, 4));
    for (int i = 0; i < 6; ++i) take(*articles);
    CHECK_FALSE(take_at_once(place, *articles));
    for (int i = 0; i < 2; ++i) CHECK(take_at_once(place, *orders));
    for (int i = 0; i < 2; ++i) CHECK(take_at_once(place, *send));
    CHECK_FALSE(take_at_once(place, *send));
    CHECK(value(send->status()).used == 10);
}

TEST_CASE("a reserve as large as the rate still lets sweeps crawl", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto articles = open_budget(place, options(BudgetClass::articles, 5, 20));
    call(*articles);
    CHECK(waited(place, [&] { call(*articles); }) == Seconds{62});
}

TEST_CASE("sweeps start at once and are paced evenly beyond half of their share", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto articles = open_budget(place, options(BudgetClass::articles, 30, 10));
    CHECK(waited(place, [&] {
              for (int i = 0; i < 10; ++i) call(*articles);
          }) == Seconds{0});
    for (int i = 0; i < 5; ++i) CHECK(waited(place, [&] { call(*articles); }) == Milliseconds{62'000 / 20});
    place.clock.advance(Seconds{62});
    CHECK(waited(place, [&] { call(*articles); }) == Seconds{0});
    // In the long run nearly the whole share is used.
    int calls = 0;
    const auto end = place.clock.now() + Seconds{310};
    while (place.clock.now() < end) {
        call(*articles);
        ++calls;
    }
    CHECK(calls >= 90);
    CHECK(calls <= 112);
}

TEST_CASE("a higher class that waits goes first, and among equals who came first", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto send = open_budget(place, options(BudgetClass::send, 1));
    auto orders = open_budget(place, options(BudgetClass::orders, 1));
    auto articles = open_budget(place, options(BudgetClass::articles, 1));
    auto rival = open_budget(place, options(BudgetClass::send, 1));
    call(*send);
    int tries = 0;
    place.clock.on_sleep = [&] {
        ++tries;
        for (RequestBudget* other : {articles.get(), orders.get(), rival.get()}) {
            CHECK_FALSE(take_at_once(place, *other));
        }
    };
    CHECK(waited(place, [&] { take(*send); }) == Seconds{62});
    CHECK(tries > 0);
}

TEST_CASE("the mark of a waiter that died expires", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto articles = open_budget(place, options(BudgetClass::articles, 10));
    call(*articles);
    auto store = place.open();
    const auto now = place.number(*store, "SELECT MAX(began) FROM budget_slots");
    place.run(*store, "INSERT INTO budget_waiting (account, waiter, class, since, expires) VALUES ('account', 'dead', 0, " +
                          std::to_string(now) + ", " + std::to_string(now + 5000) + ")");
    CHECK_FALSE(take_at_once(place, *articles));
    const auto wait = waited(place, [&] { call(*articles); });
    CHECK(wait >= Seconds{5});
    CHECK(wait < Seconds{7});
}

TEST_CASE("the smallest rate of all who use an account counts while they use it", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto fast = open_budget(place, options(BudgetClass::send, 5));
    auto slow = open_budget(place, options(BudgetClass::send, 2));
    call(*slow);
    call(*fast);
    CHECK_FALSE(take_at_once(place, *fast));
    place.clock.advance(Seconds{200});
    for (int i = 0; i < 5; ++i) CHECK(take_at_once(place, *fast));
}

TEST_CASE("accounts do not share anything", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto one = open_budget(place, options(BudgetClass::send, 1, 0, "one"));
    auto two = open_budget(place, options(BudgetClass::send, 1, 0, "two"));
    const auto slot = take(*one);
    one->blocked(slot, place.clock.now() + Seconds{600});
    CHECK(take_at_once(place, *two));
    CHECK_FALSE(value(two->status()).blocked_until);
}

TEST_CASE("a long block ends the wait of everybody at once", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_budget(place, options(BudgetClass::send, 10));
    auto theirs = open_budget(place, options(BudgetClass::articles, 10));
    const auto until = place.clock.now() + Seconds{600};
    const auto slot = take(*mine);
    mine->blocked(slot, until);
    mine->release(slot);
    for (RequestBudget* budget : {mine.get(), theirs.get()}) {
        const auto refused = budget->acquire(call_timeout, std::nullopt);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::throttled);
        CHECK(refused.error().retry_at == until);
        CHECK_THAT(refused.error().text(), Contains(format_utc(until)));
        CHECK(value(budget->status()).blocked_until == until);
    }
    CHECK(place.clock.manual().slept() == Seconds{0});
    // An earlier end that arrives late does not shorten the block.
    theirs->blocked(slot, place.clock.now() + Seconds{30});
    CHECK(value(mine->status()).blocked_until == until);
    // Near its end it is waited for.
    place.clock.advance(Seconds{560});
    CHECK(waited(place, [&] { take(*mine); }) == Seconds{40});
}

TEST_CASE("after a block exactly one call probes until its result is known", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_budget(place, options(BudgetClass::articles, 30));
    auto theirs = open_budget(place, options(BudgetClass::send, 30));
    const auto hit = take(*mine);
    mine->blocked(hit, place.clock.now() + Seconds{30});
    mine->release(hit);
    CHECK_FALSE(take_at_once(place, *mine));
    place.clock.advance(Seconds{30});
    const auto probe = value(take_at_once(place, *mine));
    CHECK_FALSE(take_at_once(place, *theirs));
    CHECK_FALSE(take_at_once(place, *mine));

    SECTION("it succeeds: everybody goes on") {
        mine->unblocked(probe);
        mine->release(probe);
        CHECK(take_at_once(place, *theirs));
        CHECK(take_at_once(place, *mine));
    }
    SECTION("it succeeds, and the end is said first") {
        mine->release(probe);
        mine->unblocked(probe);
        CHECK(take_at_once(place, *theirs));
        CHECK(take_at_once(place, *mine));
    }
    SECTION("it is blocked again: everybody waits again") {
        mine->blocked(probe, place.clock.now() + Seconds{50});
        mine->release(probe);
        CHECK_FALSE(take_at_once(place, *theirs));
        place.clock.advance(Seconds{49});
        CHECK_FALSE(take_at_once(place, *theirs));
        place.clock.advance(Seconds{1});
        CHECK(take_at_once(place, *theirs));
        CHECK_FALSE(take_at_once(place, *mine));
    }
    SECTION("it ends without a result: the next one probes") {
        mine->release(probe);
        CHECK(take_at_once(place, *theirs));
        CHECK_FALSE(take_at_once(place, *mine));
    }
    SECTION("its process dies: the right to probe expires") {
        place.clock.advance(call_timeout + Seconds{6});
        CHECK(take_at_once(place, *theirs));
        CHECK_FALSE(take_at_once(place, *mine));
    }
    SECTION("success of a call that is no probe proves nothing") {
        theirs->unblocked(hit);
        CHECK_FALSE(take_at_once(place, *theirs));
    }
}

TEST_CASE("a dry run without a state counts in its process only", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_budget(place, options(BudgetClass::send, 2), Access::read_only);
    auto theirs = open_budget(place, options(BudgetClass::send, 2), Access::read_only);
    take(*mine);
    take(*theirs);
    CHECK_FALSE(take_at_once(place, *mine));
    CHECK(value(mine->status()).used == 2);
    if (is_sqlite(place)) CHECK(std::filesystem::is_empty(place.folder.path()));
    mine.reset();
    theirs.reset();
    CHECK(take_at_once(place, *open_budget(place, options(BudgetClass::send, 2), Access::read_only)));
}

TEST_CASE("a dry run on a state counts with everybody", "[budget]") {
    BLONGO_ON_BOTH(place);
    auto live = open_budget(place, options(BudgetClass::send, 2));
    auto dry = open_budget(place, options(BudgetClass::send, 2), Access::read_only);
    take(*live);
    take(*dry);
    CHECK_FALSE(take_at_once(place, *live));
}

TEST_CASE("a rate that lets nothing through is refused", "[budget]") {
    BLONGO_ON_BOTH(place);
    CHECK_FALSE(RequestBudget::open(place.options(), options(BudgetClass::send, 0), go_on));
}

namespace {

/// A machine whose wall clock somebody sets.
class JumpingClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return Timestamp{boot + offset}; }
    [[nodiscard]] Milliseconds boot_time() const override { return boot; }
    bool sleep(Milliseconds duration, const StopToken&) override {
        boot += duration;
        return true;
    }
    Milliseconds boot{1'000'000'000};
    Milliseconds offset{1'795'000'000'000};
};

} // namespace

TEST_CASE("a wall clock that jumps neither frees slots early nor keeps them longer", "[budget][sqlite]") {
    TempDir folder;
    JumpingClock clock;
    auto budget = value(RequestBudget::open({"sqlite://" + (folder / "state.db"), {}, Access::read_write, &clock},
                                            options(BudgetClass::send, 1), go_on));
    for (const auto jump : {std::chrono::hours{1}, std::chrono::hours{-2}}) {
        call(*budget);
        clock.offset += jump;
        const auto begin = clock.boot;
        call(*budget);
        CHECK(clock.boot - begin == Seconds{62});
        clock.boot += Seconds{62};
    }
    const auto slot = take(*budget);
    budget->blocked(slot, clock.now() + Seconds{600});
    clock.offset += std::chrono::hours{3};
    CHECK(value(budget->status()).blocked_until == clock.now() + Seconds{600});
}

TEST_CASE("after a restart of the machine an account rests until old calls are out of every window", "[budget][sqlite]") {
    TempDir folder;
    JumpingClock clock;
    const OpenOptions there{"sqlite://" + (folder / "state.db"), {}, Access::read_write, &clock};
    auto store = value(Store::open(there));
    auto budget = value(RequestBudget::open(there, options(BudgetClass::send, 5), go_on));
    take(*budget);
    store->session().sql() << "UPDATE budget_accounts SET boot = 'another boot'";
    clock.boot = Seconds{20};
    CHECK_FALSE(budget->acquire(call_timeout, clock.boot));
    take(*budget);
    CHECK(clock.boot == Seconds{62});
    CHECK(value(budget->status()).used == 1);
    store->session().sql() << "UPDATE budget_accounts SET boot = 'a third boot'";
    clock.boot = Seconds{300};
    take(*budget);
    CHECK(clock.boot == Seconds{300});
}

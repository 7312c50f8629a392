// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include <rapidcheck.h>

#include <blongo/state/budget.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

const StopToken go_on;
constexpr Milliseconds longest_call{20'000};

/// One call in a random day: who, how long after the last one, how long it takes, whether its
/// end is recorded, and when within it the server counts it.
struct Call {
    BudgetClass klass;
    Milliseconds pause, takes;
    bool killed;
    int counted_at_percent;
};

rc::Gen<Call> any_call() {
    return rc::gen::construct<Call>(
        rc::gen::element(BudgetClass::send, BudgetClass::orders, BudgetClass::stock, BudgetClass::articles),
        rc::gen::map(rc::gen::weightedElement<int>({{8, 0}, {3, 150}, {1, 3000}, {1, 30'000}}),
                     [](int ms) { return Milliseconds{ms}; }),
        rc::gen::map(rc::gen::inRange<int>(0, static_cast<int>(longest_call.count())), [](int ms) { return Milliseconds{ms}; }),
        rc::gen::weightedElement<bool>({{9, false}, {1, true}}), rc::gen::inRange(0, 101));
}

/// Calls in flight: each is released when the clock has passed its end.
class InFlight {
public:
    explicit InFlight(DrivenClock& clock) : clock_(clock) {}
    void add(RequestBudget& budget, std::int64_t slot, Timestamp ends) { calls_.push_back({&budget, slot, ends}); }
    void release_ended() {
        std::erase_if(calls_, [&](const One& one) {
            if (one.ends > clock_.now()) return false;
            one.budget->release(one.slot);
            return true;
        });
    }

private:
    struct One {
        RequestBudget* budget;
        std::int64_t slot;
        Timestamp ends;
    };
    DrivenClock& clock_;
    std::vector<One> calls_;
};

/// The most arrivals in any 60 seconds.
std::size_t densest_minute(std::vector<Timestamp> arrivals) {
    std::sort(arrivals.begin(), arrivals.end());
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < arrivals.size(); ++last) {
        while (arrivals[last] - arrivals[first] > Seconds{60}) ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}

} // namespace

TEST_CASE("no minute ever holds more calls than the rate, and sends never wait for sweeps alone", "[budget][property]") {
    BLONGO_ON_BOTH(place);
    { auto store = place.open(); }
    ::setenv("RC_PARAMS", "max_success=15 max_size=50", 0);
    int account = 0;
    const bool holds = rc::check([&] {
        const auto rate = *rc::gen::inRange<std::int64_t>(1, 12);
        const auto reserve = *rc::gen::inRange<std::int64_t>(0, 6);
        auto calls = *rc::gen::container<std::vector<Call>>(any_call());
        if (!is_sqlite(place) && calls.size() > 25) calls.erase(calls.begin() + 25, calls.end()); // each step asks the server
        const std::string name = "account " + std::to_string(++account);
        std::vector<std::unique_ptr<RequestBudget>> budgets;
        for (int klass = 0; klass < 4; ++klass) {
            budgets.push_back(value(RequestBudget::open(
                place.options(), {name, rate, reserve, static_cast<BudgetClass>(klass), Milliseconds{60'000}}, go_on)));
        }
        InFlight in_flight(place.clock);
        place.clock.on_sleep = [&] { in_flight.release_ended(); };
        std::vector<Timestamp> arrivals;
        bool only_sweeps = true;
        for (const Call& call : calls) {
            place.clock.advance(call.pause);
            in_flight.release_ended();
            auto& budget = *budgets[static_cast<std::size_t>(call.klass)];
            const auto asked = place.clock.now();
            const auto slot = value(budget.acquire(longest_call, std::nullopt));
            const auto began = place.clock.now();
            if (call.klass == BudgetClass::send) {
                RC_ASSERT(began - asked <= Seconds{62} + longest_call);
                if (only_sweeps && reserve > 0 && rate > reserve) RC_ASSERT(began == asked);
            }
            only_sweeps = only_sweeps && call.klass >= BudgetClass::stock;
            if (!call.killed) in_flight.add(budget, slot, began + call.takes);
            arrivals.push_back(began + call.takes * call.counted_at_percent / 100);
        }
        RC_ASSERT(densest_minute(arrivals) <= static_cast<std::size_t>(rate));
        place.clock.on_sleep = nullptr;
    });
    CHECK(holds);
}

TEST_CASE("processes that hammer one account share its rate", "[budget][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    { auto store = place.open(); }
    constexpr int rate = 40;
    const auto open_in_child = [&](BudgetClass klass) {
        return RequestBudget::open(place.options(), {"account", rate, 0, klass, Milliseconds{60'000}}, go_on);
    };
    const auto killed = in_processes(1, [&](int) {
        auto budget = open_in_child(BudgetClass::orders);
        for (int i = 0; budget && i < 3; ++i) {
            if (!(*budget)->acquire(Milliseconds{1000}, std::nullopt)) return 1;
        }
        ::kill(::getpid(), SIGKILL);
        return 2;
    });
    REQUIRE(killed == std::vector<int>{128 + SIGKILL});

    const auto codes = in_processes(3, [&](int number) {
        auto budget = open_in_child(number == 0 ? BudgetClass::send : BudgetClass::orders);
        if (!budget) return 250;
        int calls = 0;
        for (;;) {
            const auto slot = (*budget)->acquire(Milliseconds{1000}, place.system.boot_time() + Milliseconds{200});
            if (slot) {
                (*budget)->release(*slot);
                ++calls;
                continue;
            }
            if (slot.error().kind != ErrorKind::timeout) return 251;
            const auto status = (*budget)->status();
            if (!status) return 252;
            if (status->used >= rate) return calls;
        }
    });
    int calls = 3; // of the process that was killed in the middle of them
    for (const int code : codes) {
        CHECK(code < 200);
        calls += code;
    }
    CHECK(calls == rate);
}

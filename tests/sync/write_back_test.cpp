// SPDX-License-Identifier: Apache-2.0
// Statuses in BaseLinker: set once, within their time to leave, by one run only.
#include <unistd.h>

#include <blongo/state/orders.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/write_back.hpp>

#include "scripted_session.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using namespace std::chrono_literals;
using sync::StatusWriteBack;

namespace {

const OrderStatusId old_status{10}, target{20};
const Match set_one{.name = "setOrderStatus"};
const std::string good = R"({"status":"SUCCESS"})";

std::string key_of(std::int64_t order) {
    return "status:" + std::to_string(order);
}

/// A run of the orders flow that sets statuses.
struct Run {
    explicit Run(Place& place) : session(place) {}
    std::optional<IntentRow> intent(std::int64_t order) {
        return value(Intents(session.store(), session.key()).find(key_of(order)));
    }
    std::vector<IntentRow> history(std::int64_t order) {
        return value(Intents(session.store(), session.key()).history(key_of(order), 10));
    }
    std::optional<DueRow> wish(std::int64_t order) {
        return value(Due(session.store(), session.key()).find("status", std::to_string(order)));
    }
    Result<void> set(std::vector<std::int64_t> orders) {
        for (const auto order : orders) REQUIRE(write_back.want(BaseOrderId{order}, old_status, target, "status_after_import"));
        return write_back.flush();
    }
    /// An open intent of another process of this host.
    std::int64_t left_open(std::int64_t order, std::int64_t pid) {
        IntentRow row;
        row.key = key_of(order);
        row.action = "set_status";
        row.payload = R"({"order_id":)" + std::to_string(order) + R"(,"from":10,"to":20,"step":"status_after_import"})";
        row.fingerprint = "20";
        row.pid = pid;
        return value(Intents(session.store(), session.key()).open(row, sync::leave_within))->id;
    }
    /// A look at an order answers this status; `meanwhile` happens during the call.
    void answer_look(std::int64_t order, OrderStatusId status, std::function<void()> meanwhile = {}) {
        const std::string body = R"({"status":"SUCCESS","orders":[{"order_id":)" + std::to_string(order) +
                                 R"(,"order_status_id":)" + std::to_string(status.value()) +
                                 R"(,"confirmed":true,"date_confirmed":1795000000,"products":[]}]})";
        session.fake.on({.name = "getOrders", .body = std::to_string(order)}).call([body, meanwhile](const http::Request&) {
            if (meanwhile) meanwhile();
            return Result<http::Response>(response(200, body));
        });
    }

    /// A look finds no order.
    void answer_no_order(std::int64_t order) {
        session.fake.on({.name = "getOrders", .body = std::to_string(order)}).answer(200, R"({"status":"SUCCESS","orders":[]})");
    }

    ScriptedSession session;
    sync::Flow flow{session, "orders", {}};
    StatusWriteBack write_back{flow};
};

/// A process that lives as long as this test does, and is not this one.
std::int64_t living() {
    return ::getppid();
}

const Milliseconds can_arrive = sync::leave_within + config::Http{}.read_timeout + sync::settle_margin;

} // namespace

TEST_CASE("a status leaves within 20 s of its renewed intent, after any wait for a slot") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.session.on_slot = [&] { place.clock.advance(10min); };
    Timestamp seen;
    run.session.fake.on(set_one).call([&](const http::Request& request) {
        seen = run.intent(7)->send_deadline;
        CHECK(request.effect == http::Effect::unsafe_write);
        return Result<http::Response>(response(200, good));
    });
    REQUIRE(run.set({7}));
    CHECK(seen == place.clock.now() + 20s);
    CHECK_FALSE(run.intent(7));
    CHECK(run.history(7).front().state == IntentState::done);
}

TEST_CASE("a status whose intent another run settled during the wait does not leave, and is still wanted") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.session.on_slot = [&] {
        const auto rival = place.open();
        REQUIRE(value(Intents(*rival, run.session.key()).settle(run.intent(8)->id, IntentState::unknown, "taken over")));
    };
    const auto outcome = run.set({7, 8});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    CHECK(run.session.fake.requests().empty());
    CHECK(run.history(7).front().state == IntentState::withdrawn);
    CHECK(run.wish(7));
    CHECK(run.wish(8));
}

TEST_CASE("an intent is left alone while its process lives and its request may arrive, and no longer") {
    IntentRow intent;
    intent.pid = living();
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    intent.host = host.data();
    const Timestamp deadline{Milliseconds{1'800'000'000'000}};
    intent.send_deadline = deadline;
    const auto alive_at = [&](Milliseconds after) { return sync::may_be_alive(intent, deadline + after, 60s); };
    CHECK(alive_at(0s));
    CHECK(alive_at(120s - 1ms));
    CHECK_FALSE(alive_at(120s));
    CHECK_FALSE(alive_at(24h));
    intent.host = "another-host";
    CHECK(alive_at(120s - 1ms));
    CHECK_FALSE(alive_at(120s));
    intent.host = host.data();
    intent.pid = 0x3fffffff; // no such process
    CHECK_FALSE(alive_at(-20s));
    intent.pid = ::getpid();
    CHECK_FALSE(alive_at(-20s));
}

TEST_CASE("a crashed run's status is set by a later one although its process id is another program's by now") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.left_open(7, living());
    place.clock.advance(can_arrive - 1ms);
    REQUIRE(run.write_back.recover());
    CHECK(run.session.fake.requests().empty());
    CHECK(run.intent(7)->state == IntentState::open);

    place.clock.advance(1ms);
    run.answer_look(7, old_status);
    run.session.fake.on(set_one).answer(200, good);
    REQUIRE(run.write_back.recover());
    CHECK(run.session.fake.count(set_one) == 1);
    const auto history = run.history(7);
    REQUIRE(history.size() == 2);
    CHECK(history[0].state == IntentState::done);
    CHECK(history[0].attempt == 2);
    CHECK(history[1].state == IntentState::withdrawn);
}

TEST_CASE("a run that is only slow cannot send once another run has begun to look") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    const auto slow = run.left_open(7, living());
    const auto theirs = place.open();
    const auto departure = sync::renewing(*theirs, run.session.key(), {slow}, place.clock);
    place.clock.advance(can_arrive);
    std::optional<ErrorKind> refused;
    run.answer_look(7, old_status, [&] {
        if (const auto leaves = departure(); !leaves) refused = leaves.error().kind;
    });
    run.session.fake.on(set_one).answer(200, good);
    REQUIRE(run.write_back.recover());
    CHECK(refused == ErrorKind::not_sent);
    CHECK(run.session.fake.count(set_one) == 1);
}

TEST_CASE("a run that has just left its slot is not taken over, however old its intent looked before") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.left_open(6, living());
    const auto slow = run.left_open(7, living());
    const auto theirs = place.open();
    const auto departure = sync::renewing(*theirs, run.session.key(), {slow}, place.clock);
    place.clock.advance(can_arrive);
    run.answer_look(6, target, [&] { REQUIRE(departure()); }); // 7 leaves while we look at 6
    REQUIRE(run.write_back.recover());
    CHECK(run.session.fake.requests().size() == 1);
    CHECK(run.intent(7)->state == IntentState::open);
}

TEST_CASE("what a crashed run did set is settled by looking, without another call") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.left_open(7, 0x3fffffff);
    run.answer_look(7, target);
    REQUIRE(run.write_back.recover());
    CHECK(run.history(7).front().state == IntentState::done);
    CHECK(run.session.fake.requests().size() == 1);
}

TEST_CASE("an order that BaseLinker does not show once is looked at again before its lost status is given up") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.left_open(7, 0x3fffffff);
    place.clock.advance(can_arrive);
    for (int flow = 0; flow < 2; ++flow) { // of the same run
        run.answer_no_order(7);
        REQUIRE(run.write_back.recover());
    }
    CHECK(run.intent(7)->state == IntentState::unknown);
    place.clock.advance(10min);
    SECTION("there") {
        run.answer_look(7, old_status);
        run.session.fake.on(set_one).answer(200, good);
        REQUIRE(run.write_back.recover());
        CHECK(run.history(7).front().state == IntentState::done);
    }
    SECTION("not there in a later run either") {
        run.answer_no_order(7);
        REQUIRE(run.write_back.recover());
        CHECK_FALSE(run.intent(7));
        CHECK(run.history(7).front().state == IntentState::withdrawn);
        CHECK(run.session.fake.count(set_one) == 0);
    }
    SECTION("seen by a list meanwhile, and not there once more") {
        OrderRow row;
        row.order_id = BaseOrderId{7};
        row.number = OrderNumber{"7"};
        row.seen_at = place.clock.now();
        REQUIRE(Orders(run.session.store(), run.session.key()).put(row, {}));
        place.clock.advance(10min);
        run.answer_no_order(7);
        REQUIRE(run.write_back.recover());
        CHECK(run.intent(7)->state == IntentState::unknown);
    }
}

TEST_CASE("a status that is wanted since an earlier run waits for an order that BaseLinker does not show once") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    REQUIRE(run.write_back.want(BaseOrderId{7}, old_status, target, "status_after_import"));
    const auto later_run = [&] {
        StatusWriteBack write_back{run.flow};
        REQUIRE(write_back.recover());
        REQUIRE(write_back.finish());
    };
    run.answer_no_order(7);
    later_run();
    CHECK(run.wish(7));
    SECTION("seen where it was") {
        run.answer_look(7, old_status);
        run.session.fake.on(set_one).answer(200, good);
        later_run();
        CHECK(run.session.fake.count(set_one) == 1);
        place.clock.advance(10min); // the looks without it count no more
        run.answer_no_order(7);
        REQUIRE(run.write_back.want(BaseOrderId{7}, old_status, OrderStatusId{30}, "status_after_send"));
        later_run();
        CHECK(run.wish(7));
    }
    SECTION("moved by a person") {
        run.answer_look(7, OrderStatusId{30});
        later_run();
        CHECK_FALSE(run.wish(7));
    }
    SECTION("gone") {
        place.clock.advance(10min);
        run.answer_no_order(7);
        later_run();
        CHECK_FALSE(run.wish(7));
    }
}

TEST_CASE("a status that a firewall stopped is set by the next run, after a look") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    run.session.fake.on(set_one).answer(403, "<html>blocked</html>");
    REQUIRE(run.set({7}));
    CHECK(run.session.reporter.actions.back().outcome == plan::Outcome::rejected);
    CHECK(run.history(7).front().state == IntentState::refused);
    REQUIRE(run.wish(7));
    const bool moved = GENERATE(false, true);
    run.answer_look(7, moved ? OrderStatusId{30} : old_status);
    if (!moved) run.session.fake.on(set_one).answer(200, good);
    StatusWriteBack next{run.flow};
    REQUIRE(next.recover());
    REQUIRE(next.finish());
    CHECK(run.session.fake.count(set_one) == (moved ? 1 : 2));
    CHECK_FALSE(run.wish(7));
}

TEST_CASE("the status that was set last is known behind 19 tries that came to nothing") {
    BLONGO_ON_BOTH(place);
    Run run(place);
    Intents intents(run.session.store(), run.session.key());
    const auto settled = [&](IntentState state) { REQUIRE(value(intents.settle(run.left_open(7, ::getpid()), state, ""))); };
    settled(IntentState::done);
    for (int tries = 0; tries < 19; ++tries) settled(IntentState::withdrawn);
    CHECK(value(run.write_back.set_since(BaseOrderId{7}, Timestamp{})) == target);
}

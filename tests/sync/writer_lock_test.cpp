// SPDX-License-Identifier: Apache-2.0
// Who writes next to a goods owner: a waiting send goes first, and nobody waits for ever.
#include <blongo/sync/writer_lock.hpp>

#include <atomic>
#include <mutex>
#include <thread>

#include <blongo/report/reporters.hpp>
#include <blongo/sync/session.hpp>

#include "state/fixture.hpp"
#include "support/capture.hpp"
#include "support/raw_server.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const std::string name = writer_lock_name("api.ongoingsystems.se", "/acme", 159);
const StopToken go_on;

std::unique_ptr<Locks> open_locks(Place& place) {
    return value(Locks::open(place.options()));
}

} // namespace

TEST_CASE("a send that waits for the writer lock is the next but few, however many others write") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    REQUIRE(place.open());
    constexpr int others = 2, sends = 5, most_before = others + 2;
    std::atomic<int> writes{0};
    std::atomic<bool> done{false};
    std::vector<std::thread> writers;
    for (int i = 0; i < others; ++i)
        writers.emplace_back([&, klass = i == 0 ? BudgetClass::articles : BudgetClass::orders] {
            const auto locks = Locks::open(place.options()).value();
            while (!done) {
                const auto held = sync::take_writer(*locks, name, klass, place.system, go_on).value();
                ++writes;
                std::this_thread::sleep_for(15ms);
            }
        });
    const auto locks = open_locks(place);
    std::vector<int> before;
    for (int i = 0; i < sends; ++i) {
        const int begun = writes;
        while (writes < begun + 3) std::this_thread::sleep_for(1ms); // they are at it
        const int asked = writes;
        const auto held = value(sync::take_writer(*locks, name, BudgetClass::send, place.system, go_on));
        before.push_back(writes - asked);
    }
    done = true;
    for (auto& writer : writers) writer.join();
    for (const int count : before) CHECK(count <= most_before);
}

TEST_CASE("a wish that nobody fulfils holds a write up for 2 s and not for ever") {
    BLONGO_ON_BOTH(place);
    const auto mine = open_locks(place), theirs = open_locks(place);
    const auto mark = value(theirs->mark_waiting(name));
    for (const auto klass : {BudgetClass::orders, BudgetClass::stock, BudgetClass::articles}) {
        const Milliseconds begun = place.clock.boot_time();
        REQUIRE(sync::take_writer(*mine, name, klass, place.clock, go_on));
        CHECK(place.clock.boot_time() - begun >= 2s);
        CHECK(place.clock.boot_time() - begun < 2100ms);
    }
    const Milliseconds begun = place.clock.boot_time();
    REQUIRE(sync::take_writer(*mine, name, BudgetClass::send, place.clock, go_on)); // sends do not wait for each other's wishes
    CHECK(place.clock.boot_time() == begun);
}

TEST_CASE("the wish of a send lives while it waits, and no longer") {
    BLONGO_ON_BOTH(place);
    const auto mine = open_locks(place), theirs = open_locks(place);
    auto held = value(theirs->take(name, 0ms, go_on));
    bool seen = false;
    place.clock.on_sleep = [&] { // what happens while the send waits
        seen = value(theirs->wanted(name));
        held.reset();
    };
    const auto sending = value(sync::take_writer(*mine, name, BudgetClass::send, place.clock, go_on));
    CHECK(seen);
    CHECK_FALSE(value(theirs->wanted(name)));
}

TEST_CASE("a write gives up after its wait and says who holds the lock") {
    const auto klass = GENERATE(BudgetClass::send, BudgetClass::articles);
    BLONGO_ON_BOTH(place);
    const auto mine = open_locks(place), theirs = open_locks(place);
    const auto held = value(theirs->take(name, 0ms, go_on));
    const Milliseconds begun = place.clock.boot_time();
    const auto refused = sync::take_writer(*mine, name, klass, place.clock, go_on, 5s);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::locked);
    CHECK_THAT(refused.error().text(), Contains("pid " + std::to_string(::getpid())) && Contains("(waited 5s)"));
    CHECK(place.clock.boot_time() - begun >= 5s);
    CHECK(place.clock.boot_time() - begun < 5200ms);
    CHECK_FALSE(value(theirs->wanted(name)));
}

TEST_CASE("a stop ends the wait for the writer lock at once") {
    const auto klass = GENERATE(BudgetClass::send, BudgetClass::articles);
    const bool sends_wait = GENERATE(false, true);
    BLONGO_ON_BOTH(place);
    const auto mine = open_locks(place), theirs = open_locks(place);
    const auto held = value(theirs->take(name, 0ms, go_on));
    const auto mark = sends_wait ? value(theirs->mark_waiting(name)) : nullptr;
    StopToken stop;
    stop.request(15);
    const auto stopped = sync::take_writer(*mine, name, klass, place.clock, stop);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::stopped);
}

TEST_CASE("a session of sends marks its wish while another one writes; other sessions do not") {
    const auto klass = GENERATE(BudgetClass::send, BudgetClass::orders);
    Place place(Database::sqlite, false);
    RawServer ongoing({Reply::ok(R"({"orderId":5})")});
    config::Config config;
    config::Connection connection;
    connection.name = "acme";
    connection.baselinker.token.env = "TOKEN";
    connection.ongoing.url = ongoing.url("/acme");
    connection.ongoing.username = "WSI";
    connection.ongoing.password.env = "PASSWORD";
    connection.ongoing.goods_owner_id = GoodsOwnerId{159};
    Capture out;
    const auto reporter = report::make_reporter({}, out.fd(), out.fd());
    const auto secret = [](const std::string& variable) { return std::optional("secret-" + variable); };
    const sync::Runtime runtime{place.system, go_on, *reporter, secret, "0", place.url, {}, 0, {}, 0ms, std::nullopt};
    const auto session = value(sync::Session::open(config, connection, klass, false, runtime));
    const auto identity = sync::identity_of(connection);
    const std::string writer = writer_lock_name(identity.ongoing_host, identity.ongoing_path, 159);
    const auto theirs = open_locks(place);
    auto held = value(theirs->take(writer, 0ms, go_on));
    std::thread write([&] { (void)session->ongoing().put_order(json::Value::object().set("orderNumber", "1")); });
    bool wanted = false;
    for (int look = 0; look < 50 && !wanted; ++look) {
        wanted = value(theirs->wanted(writer));
        std::this_thread::sleep_for(10ms);
    }
    CHECK(ongoing.requests().empty()); // the lock is held: nothing is written
    held.reset();
    write.join();
    CHECK(wanted == (klass == BudgetClass::send));
    CHECK(ongoing.arrivals("PUT /acme/api/v1/orders") == 1);
}

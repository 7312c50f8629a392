// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/departure.hpp>

#include "state/fixture.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

std::int64_t open_intent(Store& store, ConnectionKey connection, const std::string& key) {
    IntentRow row;
    row.key = key;
    row.action = "create_package";
    return value(Intents(store, connection).open(row, sync::leave_within))->id;
}

Timestamp deadline_of(Store& store, ConnectionKey connection, const std::string& key) {
    return value(Intents(store, connection).find(key))->send_deadline;
}

} // namespace

TEST_CASE("a request may leave for 20 s from its departure, however long it waited for its slot") {
    BLONGO_ON_BOTH(place);
    const auto store = place.open();
    const auto connection = make_connection(*store);
    const std::vector ids{open_intent(*store, connection, "delivery:1:1"), open_intent(*store, connection, "status:1")};
    const auto departure = sync::renewing(*store, connection, ids, place.clock);
    for (int attempt = 0; attempt < 2; ++attempt) {
        place.clock.advance(10min);
        CHECK(value(departure()) == place.clock.boot_time() + 20s);
        const auto another = place.open(); // committed: others see it
        CHECK(deadline_of(*another, connection, "delivery:1:1") == place.clock.now() + 20s);
        CHECK(deadline_of(*another, connection, "status:1") == place.clock.now() + 20s);
    }
}

TEST_CASE("nothing leaves for an intent that somebody settled or took over meanwhile") {
    const auto taken = GENERATE(IntentState::withdrawn, IntentState::done, IntentState::unknown);
    BLONGO_ON_BOTH(place);
    const auto store = place.open();
    const auto connection = make_connection(*store);
    const auto first = open_intent(*store, connection, "status:1");
    const auto second = open_intent(*store, connection, "status:2");
    const Timestamp before = deadline_of(*store, connection, "status:1");
    const auto departure = sync::renewing(*store, connection, {first, second}, place.clock);
    const auto rival = place.open();
    REQUIRE(value(Intents(*rival, connection).settle(second, taken, "")));

    place.clock.advance(10min);
    const auto refused = departure();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::not_sent);
    CHECK_THAT(refused.error().text(), Contains("settled by another run") && Contains("nothing was sent"));
    // One of several: none of them is renewed.
    CHECK(deadline_of(*rival, connection, "status:1") == before);
}

TEST_CASE("an intent of another connection is not ours to renew") {
    BLONGO_ON_BOTH(place);
    const auto store = place.open();
    const auto mine = make_connection(*store);
    const auto theirs = make_connection(*store, "other", 160);
    const auto id = open_intent(*store, theirs, "status:1");
    CHECK_FALSE(sync::renewing(*store, mine, {id}, place.clock)());
}

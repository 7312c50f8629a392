// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <unistd.h>

#include <blongo/state/intents.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

IntentRow intent(const std::string& key, const std::string& action = "create_package") {
    IntentRow row;
    row.key = key;
    row.action = action;
    row.payload = R"({"courier":"inpost"})";
    row.fingerprint = "abc";
    row.epoch = 7;
    row.attempt = 2;
    return row;
}

} // namespace

TEST_CASE("an open or unknown intent is the claim on its key", "[intents]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Intents intents(*store, make_connection(*store));
    Intents others(*store, make_connection(*store, "other", 160));
    const auto first = value(intents.open(intent("delivery:1:1"), Seconds{20}));
    REQUIRE(first);
    CHECK(first->id > 0);
    CHECK(first->created == place.clock.now());
    CHECK(first->send_deadline == place.clock.now() + Seconds{20});
    CHECK(first->payload == R"({"courier":"inpost"})");
    CHECK(first->epoch == 7);
    CHECK(first->attempt == 2);
    CHECK(first->pid == ::getpid());
    CHECK_FALSE(first->host.empty());

    CHECK_FALSE(value(intents.open(intent("delivery:1:1"), Seconds{20})));
    CHECK(value(others.open(intent("delivery:1:1"), Seconds{20})));
    CHECK(value(intents.settle(first->id, IntentState::unknown, "{}")));
    CHECK_FALSE(value(intents.open(intent("delivery:1:1"), Seconds{20})));
    const auto unknown = value(intents.find("delivery:1:1"));
    REQUIRE(unknown);
    CHECK(unknown->state == IntentState::unknown);
    CHECK_FALSE(unknown->settled);

    place.clock.advance(Seconds{90});
    CHECK(value(intents.settle(first->id, IntentState::done, R"({"package_id":77})")));
    CHECK_FALSE(value(intents.find("delivery:1:1")));
    CHECK(value(intents.open(intent("delivery:1:1"), Seconds{20})));
    const auto history = value(intents.history("delivery:1:1", 10));
    REQUIRE(history.size() == 2);
    CHECK(history[1].id == first->id);
    CHECK(history[1].state == IntentState::done);
    CHECK(history[1].result == R"({"package_id":77})");
    CHECK(history[1].settled == place.clock.now());
    CHECK(value(intents.history("delivery:1:1", 1)).size() == 1);
}

TEST_CASE("an intent is settled once: the second to try learns that it came too late", "[intents]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto connection = make_connection(*store);
    auto rival = place.open();
    Intents mine(*store, connection), theirs(*rival, connection);
    const auto row = value(mine.open(intent("order:1"), Seconds{20}));
    REQUIRE(row);
    CHECK(value(theirs.settle(row->id, IntentState::done, "theirs")));
    CHECK_FALSE(value(mine.settle(row->id, IntentState::refused, "mine")));
    CHECK(value(mine.history("order:1", 1))[0].result == "theirs");
    CHECK_FALSE(value(Intents(*store, connection + 1).settle(row->id, IntentState::done, "")));
}

TEST_CASE("the time in which a request may leave begins anew when it holds its slot, unless somebody settled it", "[intents]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto connection = make_connection(*store);
    Intents intents(*store, connection);
    const auto row = value(intents.open(intent("delivery:1:1"), Seconds{20}));
    REQUIRE(row);
    place.clock.advance(Seconds{50});
    CHECK(value(intents.renew(row->id, Seconds{20})));
    const auto renewed = value(intents.find("delivery:1:1"));
    CHECK(renewed->send_deadline == place.clock.now() + Seconds{20});
    CHECK(renewed->created == row->created);

    CHECK_FALSE(value(intents.renew(row->id + 1, Seconds{20})));
    CHECK_FALSE(value(Intents(*store, connection + 1).renew(row->id, Seconds{20})));
    const auto settled = GENERATE(IntentState::unknown, IntentState::withdrawn);
    REQUIRE(value(Intents(*place.open(), connection).settle(row->id, settled, "")));
    place.clock.advance(Seconds{5});
    CHECK_FALSE(value(intents.renew(row->id, Seconds{20})));
    CHECK(value(intents.history("delivery:1:1", 1))[0].send_deadline == renewed->send_deadline);
}

TEST_CASE("what an intent needs can be added until it is settled", "[intents]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto connection = make_connection(*store);
    Intents intents(*store, connection);
    const auto row = value(intents.open(intent("delivery:1:1"), Seconds{20}));
    REQUIRE(value(intents.open(intent("delivery:2:1"), Seconds{20})));
    CHECK(value(intents.update_payload(row->id, R"({"looks":1})")));
    CHECK(value(intents.find("delivery:1:1"))->payload == R"({"looks":1})");
    CHECK(value(intents.find("delivery:2:1"))->payload == R"({"courier":"inpost"})");
    REQUIRE(value(intents.settle(row->id, IntentState::unknown, "")));
    CHECK(value(intents.update_payload(row->id, R"({"looks":2})")));
    CHECK(value(intents.find("delivery:1:1"))->state == IntentState::unknown);
    REQUIRE(value(intents.settle(row->id, IntentState::done, "")));
    CHECK_FALSE(value(intents.update_payload(row->id, "late")));
    CHECK_FALSE(value(Intents(*store, connection + 1).update_payload(row->id, "theirs")));
    CHECK(value(intents.history("delivery:1:1", 1))[0].payload == R"({"looks":2})");
}

TEST_CASE("what is unsettled is found after a restart, oldest first", "[intents]") {
    BLONGO_ON_BOTH(place);
    ConnectionKey connection = 0;
    {
        auto store = place.open();
        connection = make_connection(*store);
        Intents intents(*store, connection);
        REQUIRE(value(intents.open(intent("delivery:2:1"), Seconds{20})));
        REQUIRE(value(intents.open(intent("status:1", "set_status"), Seconds{20})));
        const auto done = value(intents.open(intent("delivery:3:1"), Seconds{20}));
        REQUIRE(value(intents.settle(done->id, IntentState::withdrawn, "")));
    }
    auto store = place.open();
    Intents intents(*store, connection);
    const auto all = value(intents.unsettled());
    REQUIRE(all.size() == 2);
    CHECK(all[0].key == "delivery:2:1");
    CHECK(all[1].key == "status:1");
    CHECK(value(intents.unsettled("set_status")).size() == 1);
    CHECK_FALSE(value(intents.find("")));
}

TEST_CASE("an intent and the ledger row are kept together or not at all", "[intents]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto connection = make_connection(*store);
    Intents intents(*store, connection);
    Articles articles(*store, connection);
    const auto row = value(intents.open(intent("article:A"), Seconds{20}));
    const auto both = [&](bool fails) {
        return store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(intents.settle(row->id, IntentState::done, "{}"));
            const auto one = article("A");
            BLONGO_CHECK(articles.put(std::span(&one, 1)));
            if (fails) return fail(ErrorKind::stopped, "killed");
            return {};
        });
    };
    CHECK_FALSE(both(true));
    CHECK(value(intents.find("article:A")));
    CHECK(value(articles.count()) == 0);
    CHECK(both(false));
    CHECK_FALSE(value(intents.find("article:A")));
    CHECK(value(articles.count()) == 1);
}

TEST_CASE("of many processes exactly one gets the claim", "[intents][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    ConnectionKey connection = 0;
    {
        auto store = place.open();
        connection = make_connection(*store);
    }
    const auto codes = in_processes(8, [&](int) {
        auto store = Store::open(place.options());
        if (!store) return 2;
        int won = 0;
        for (int key = 0; key < 20; ++key) {
            auto mine = Intents(**store, connection).open(intent("delivery:" + std::to_string(key)), Seconds{20});
            if (!mine) return 200;
            won += *mine ? 1 : 0;
        }
        return won;
    });
    int winners = 0;
    for (const int code : codes) {
        CHECK(code <= 20);
        winners += code;
    }
    CHECK(winners == 20);
    auto store = place.open();
    CHECK(value(Intents(*store, connection).unsettled()).size() == 20);
}

TEST_CASE("due rows come when their time has come, one per kind and key", "[due]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Due due(*store, make_connection(*store));
    const Timestamp now = place.clock.now();
    value(due.put({0, "look", "delivery:1:1", now + Seconds{15}, "{}", 1}));
    value(due.put({0, "label", "delivery:1:1", now + Seconds{5}, "{\"package\":1}", 0}));
    value(due.put({0, "look", "delivery:1:1", now + Seconds{60}, "[]", 2}));
    CHECK(value(due.ready(now)).empty());
    const auto first = value(due.ready(now + Seconds{5}));
    REQUIRE(first.size() == 1);
    CHECK(first[0].kind == "label");
    CHECK(first[0].payload == "{\"package\":1}");
    CHECK(first[0].at == now + Seconds{5});
    const auto all = value(due.all());
    REQUIRE(all.size() == 2);
    CHECK(all[1].attempt == 2);
    CHECK(all[1].payload == "[]");
    value(due.erase("label", "delivery:1:1"));
    CHECK(value(due.all()).size() == 1);
}

TEST_CASE("what is due is found by kind and key before its time", "[due]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto connection = make_connection(*store);
    Due due(*store, connection);
    const Timestamp now = place.clock.now();
    value(due.put({0, "look", "delivery:1:1", now + Seconds{60}, "{}", 3}));
    value(due.put({0, "look", "delivery:2:1", now + Seconds{15}, "{}", 1}));
    value(due.put({0, "label", "delivery:2:1", now + Seconds{5}, "[7]", 0}));
    value(Due(*store, connection + 1).put({0, "look", "delivery:9:1", now, "{}", 1}));
    const auto found = value(due.find("label", "delivery:2:1"));
    REQUIRE(found);
    CHECK(found->id > 0);
    CHECK(found->at == now + Seconds{5});
    CHECK(found->payload == "[7]");
    CHECK_FALSE(value(due.find("label", "delivery:1:1")));
    CHECK_FALSE(value(due.find("", "")));
    const auto looks = value(due.of_kind("look"));
    REQUIRE(looks.size() == 2);
    CHECK(looks[0].key == "delivery:2:1");
    CHECK(looks[1].key == "delivery:1:1");
    CHECK(looks[1].attempt == 3);
    CHECK(value(due.of_kind("send")).empty());
}

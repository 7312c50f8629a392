// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "trace.hpp"

#include <fmt/format.h>

#include <blongo/state/audit.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/personal.hpp>
#include <blongo/state/returns.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

const std::string name = "Zofia Qxkowalska";

OrderRow order(std::int64_t id, Timestamp closed) {
    OrderRow row;
    row.order_id = BaseOrderId{id};
    row.number = OrderNumber{std::to_string(id)};
    row.ongoing_id = OngoingOrderId{id + 1000};
    row.fingerprint = row.source_mark = "mark of " + name;
    row.agreed = name;
    row.imported_at = row.seen_at = closed;
    row.closed_at = closed;
    return row;
}

/// A write that is done, whose words name the buyer.
void settled(Store& store, ConnectionKey key, const std::string& intent_key) {
    Intents intents(store, key);
    IntentRow row;
    row.key = intent_key;
    row.action = "put_order";
    row.payload = fmt::format(R"({{"name":"{}"}})", name);
    row.fingerprint = name;
    const auto opened = value(intents.open(row, std::chrono::minutes{5}));
    REQUIRE(opened);
    CHECK(value(intents.settle(opened->id, IntentState::done, name)));
}

std::string payload(Store& store, ConnectionKey key, const std::string& intent_key) {
    return value(Intents(store, key).history(intent_key, 1)).at(0).payload;
}

bool is_blank(Store& store, ConnectionKey key, const std::string& intent_key) {
    return payload(store, key, intent_key) == "{}";
}

bool for_ever() {
    return true;
}
bool once() {
    return false;
}

/// A state with one connection.
struct Memory {
    explicit Memory(Place& where) : place(where), store(where.open()), key(make_connection(*store)), orders(*store, key) {}
    void put(std::int64_t id, Timestamp closed) { value(orders.put(order(id, closed), {})); }
    Place& place;
    std::unique_ptr<Store> store;
    ConnectionKey key;
    Orders orders;
};

} // namespace

TEST_CASE("an erasure takes every write of its order, returns included, and none of another order", "[personal]") {
    BLONGO_ON_BOTH(place);
    Memory memory(place);
    const Timestamp now = place.clock.now();
    memory.put(10, now);
    memory.put(101, now);
    Returns returns(*memory.store, memory.key);
    ReturnEntry back;
    back.row.return_id = ReturnId{77};
    back.row.order_id = BaseOrderId{10};
    value(returns.put(back));
    const std::vector<std::string> own{"order:10",        "status:10",        "delivery:10:1", "cancel:10:1",
                                       "file:10:1:900:1", "print:10:1:900:1", "return/77",     "return-status/77"};
    // A package, a delivery or a longer order whose number is this order's.
    const std::vector<std::string> others{"order:101",          "delivery:101:10", "file:101:1:10:1",
                                          "print:101:10:900:1", "return/10",       "pickup:dpd:10"};
    for (const auto& keys : {own, others})
        for (const std::string& one : keys) settled(*memory.store, memory.key, one);
    Parked parked(*memory.store, memory.key);
    for (const auto& [flow, id] : {std::pair{"orders", "10"}, {"returns", "77"}, {"returns", "10"}, {"articles", "10"}})
        CHECK(value(parked.park({flow, id, "remote_rejected", name, name, {}, {}, 0, {}, "hash of " + name})));

    const auto held = value(held_of(*memory.store, memory.key, BaseOrderId{10}));
    std::string exported;
    for (const auto& row : held)
        for (const auto& [column, text] : row.columns) exported += row.table + "." + column + "=" + text + "\n";
    CHECK_THAT(exported, Contains("intents.key=return/77") && Contains("parked.key=77") && !Contains("order:101"));

    value(erase_personal(*memory.store, memory.key, BaseOrderId{10}, "erase"));
    for (const std::string& one : own) {
        INFO(one);
        CHECK(is_blank(*memory.store, memory.key, one));
    }
    for (const std::string& one : others) {
        INFO(one);
        CHECK_THAT(payload(*memory.store, memory.key, one), Contains(name));
    }
    for (const auto& row : value(parked.list({}))) {
        INFO(row.flow << " " << row.key);
        const bool gone = (row.flow == "orders" && row.key == "10") || (row.flow == "returns" && row.key == "77");
        CHECK(row.detail == (gone ? "" : name));
        CHECK(row.input == (gone ? "" : "hash of " + name));
    }
    CHECK(place.number(*memory.store, "SELECT COUNT(*) FROM parked WHERE input LIKE '%hash%'") == 0); // under the state's key
}

TEST_CASE("a run that read an order before its erasure does not bring its data back; one that is sent anew may", "[personal]") {
    BLONGO_ON_BOTH(place);
    Memory memory(place);
    memory.put(10, Timestamp{});
    Deliveries deliveries(*memory.store, memory.key);
    DeliveryRow parcel;
    parcel.order_id = BaseOrderId{10};
    parcel.state = DeliveryState::done;
    parcel.tracking_url = "https://courier.example/" + name;
    value(deliveries.put(parcel));
    auto read_before = value(memory.orders.find(BaseOrderId{10}));
    value(erase_personal(*memory.store, memory.key, BaseOrderId{10}, "erase"));
    CHECK(value(deliveries.find(BaseOrderId{10}, 1))->tracking_url.empty());

    read_before->receiver = "mark of " + name;
    value(memory.orders.update(*read_before));
    CHECK(place.number(*memory.store, "SELECT COUNT(*) FROM orders WHERE receiver <> ''") == 0);
    value(deliveries.put(parcel));
    auto row = value(memory.orders.find(BaseOrderId{10}));
    CHECK(row->agreed + row->fingerprint + row->source_mark == "");
    CHECK(row->closed_at != Timestamp{});
    CHECK(value(deliveries.find(BaseOrderId{10}, 1))->tracking_url.empty());

    read_before->attempt = 2;
    value(memory.orders.update(*read_before));
    row = value(memory.orders.find(BaseOrderId{10}));
    CHECK(row->agreed == name);
    CHECK(row->closed_at == Timestamp{});
}

TEST_CASE("what is due goes in small steps, each of which an index finds", "[personal][sqlite]") {
    Place place(Database::sqlite);
    Memory memory(place);
    const Timestamp long_ago = place.clock.now() - std::chrono::hours{24 * 40},
                    before = place.clock.now() - std::chrono::hours{24 * 30};
    for (int id = 1; id <= 50; ++id) {
        memory.put(id, id <= 45 ? long_ago : place.clock.now());
        settled(*memory.store, memory.key, fmt::format("order:{}", id));
    }
    std::vector<std::string> asked;
    {
        Trace trace(*memory.store);
        CHECK(value(expire_personal(*memory.store, memory.key, before, once)) == 20);
        asked = trace.statements;
    }
    int plans = 0;
    for (const std::string& statement : asked) {
        if (!statement.starts_with("UPDATE intents") && !statement.starts_with("DELETE")) continue;
        INFO(statement);
        ++plans;
        CHECK_THAT(plan_of(*memory.store, statement), Contains("SEARCH") && !Contains("SCAN") && !Contains("(connection=?)"));
    }
    CHECK(plans > 20);
    CHECK(value(expire_personal(*memory.store, memory.key, before, for_ever)) == 25);
    CHECK(value(expire_personal(*memory.store, memory.key, before, for_ever)) == 0);
    CHECK(is_blank(*memory.store, memory.key, "order:45"));
    CHECK_FALSE(is_blank(*memory.store, memory.key, "order:46"));
}

TEST_CASE("writes and words of orders that were never taken in, and of those that are erased, go by their age", "[personal]") {
    BLONGO_ON_BOTH(place);
    Memory memory(place);
    memory.put(10, Timestamp{}); // lives
    memory.put(20, place.clock.now());
    value(erase_personal(*memory.store, memory.key, BaseOrderId{20}, "erase"));
    const std::vector<std::string> keys{"order:10", "order:20", "order:30", "delivery:40:1"};
    for (const std::string& one : keys) settled(*memory.store, memory.key, one);
    Parked parked(*memory.store, memory.key);
    CHECK(value(parked.park({"orders", "40", "unknown_sku", name, {}, {}, {}, 0, {}, {}})));
    Audit audit(*memory.store, memory.key);
    for (const char* object : {"order:10", "order:20", "order:30", "order:40", "ongoing-order:1010", "ongoing-order:9"})
        audit.note({.kind = "decision", .object = object, .verb = "create", .outcome = "rejected", .detail = name});
    value(audit.flush());
    const auto words = [&](const std::string& object) {
        return place.number(*memory.store, "SELECT COUNT(*) FROM audit_words WHERE words <> '' AND object = '" + object + "'");
    };
    CHECK(value(expire_leftovers(*memory.store, memory.key, place.clock.now() - Seconds{1})) == 0);
    place.clock.advance(std::chrono::hours{24 * 31});
    CHECK(value(expire_leftovers(*memory.store, memory.key, place.clock.now() - std::chrono::hours{24 * 30})) > 0);
    for (const std::string& one : keys) {
        INFO(one);
        CHECK(is_blank(*memory.store, memory.key, one) == (one == "order:20" || one == "order:30"));
    }
    for (const char* kept : {"order:10", "order:40"}) CHECK(words(kept) > 0);
    for (const char* gone : {"order:20", "order:30", "ongoing-order:9"}) CHECK(words(gone) == 0);
    CHECK(value(verify_audit(*memory.store, {}, {})).flaws.empty());
    CHECK(value(expire_leftovers(*memory.store, memory.key, place.clock.now() - std::chrono::hours{24 * 30})) == 0);
}

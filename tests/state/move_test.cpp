// SPDX-License-Identifier: Apache-2.0
// state move: everything is there afterwards, and at no point are both places usable, or none.
#include "fixture.hpp"

#include <filesystem>
#include <future>
#include <map>
#include <set>
#include <thread>

#include <blongo/base/text.hpp>
#include <blongo/state/budget.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/locks.hpp>
#include <blongo/state/move.hpp>
#include <blongo/state/moves_impl.hpp>
#include <blongo/state/store_impl.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

/// Tables of the database's own catalogue with their columns, by type: what the test fills and compares, whatever the code
/// under test believes that there is.
std::map<std::string, std::vector<std::pair<std::string, bool>>> catalogue(Place& place, Store& store) {
    std::map<std::string, std::vector<std::pair<std::string, bool>>> out;
    std::string table, column, type;
    soci::statement statement =
        (store.session().sql().prepare
             << (is_sqlite(place)
                     ? "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type "
                       "= "
                       "'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
                     : "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM "
                       "information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"),
         soci::into(table), soci::into(column), soci::into(type));
    statement.execute();
    while (statement.fetch())
        if (table != "blongo_schema" && table != "moves") out[table].emplace_back(column, type != "text");
    return out;
}

/// One row in each table, of values that are nowhere else.
void fill(Place& place, Store& store) {
    int next = 1000;
    for (const auto& [table, columns] : catalogue(place, store)) {
        std::vector<std::string> names, values;
        for (const auto& [column, is_number] : columns) {
            if (table == "labels" && column == "bytes") continue; // where the bytes are is the place's own matter
            names.push_back(column);
            const std::string number = std::to_string(++next);
            if (column == "erased" && table == "labels")
                values.emplace_back("NULL");
            else
                values.push_back(is_number ? number : "'" + table + "." + column + " zażółć '' 😀 " + number + "'");
        }
        place.run(store, "INSERT INTO " + table + " (" + join(names, ", ") + ") VALUES (" + join(values, ", ") + ")");
    }
}

/// All rows of all tables as text.
std::map<std::string, std::string> content(Place& place, Store& store) {
    std::map<std::string, std::string> out;
    for (const auto& [table, columns] : catalogue(place, store)) {
        std::string text;
        for (const auto& [column, is_number] : columns) {
            if (table == "labels" && column == "bytes") continue;
            text += (text.empty() ? "" : " || '|' || ") + ("COALESCE(CAST(" + column + " AS TEXT), 'NULL')");
        }
        std::string row;
        soci::statement statement =
            (store.session().sql().prepare << "SELECT " + text + " FROM " + table + " ORDER BY 1", soci::into(row));
        statement.execute();
        while (statement.fetch()) out[table] += row + "\n";
    }
    return out;
}

IntentRow write_of(const std::string& key, const std::string& action) {
    IntentRow row;
    row.key = key;
    row.action = action;
    row.payload = "{}";
    return row;
}

MoveRequest request(Place& from, Place& to) {
    static const StopToken stop;
    MoveRequest request;
    request.from = from.options();
    request.to = to.options();
    request.stop = &stop;
    request.label_dir = [](const ConnectionRow&) { return std::string(); };
    request.at_work = [](Store&) -> Result<std::optional<std::string>> { return std::nullopt; };
    return request;
}

Error refused(Result<std::unique_ptr<Store>> store) {
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == ErrorKind::config);
    CHECK(is_moved(store.error()));
    return store.error();
}

/// From where to where, on which the rest of the test case runs.
#define BLONGO_ON_EVERY_WAY(from, to) \
    const auto way = \
        GENERATE(std::pair(Database::sqlite, Database::postgresql), std::pair(Database::postgresql, Database::sqlite), \
                 std::pair(Database::sqlite, Database::sqlite), std::pair(Database::postgresql, Database::postgresql)); \
    Place from(way.first, false), to(way.second, false); \
    INFO("from " << from.url << " to " << to.url)

} // namespace

TEST_CASE("a state moves with every row of every table", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    fill(from, *store);
    const auto before = content(from, *store);
    REQUIRE(before.size() > 25);
    const auto report = value(move_state(request(from, to)));
    auto moved = to.open();
    const auto after = content(to, *moved);
    std::set<std::string> tables;
    for (const auto& [table, rows] : before) {
        tables.insert(table);
        INFO(table);
        // Who held a lock last is told anew where the mover took locks itself.
        const auto there = after.find(table);
        REQUIRE(there != after.end());
        if (table == "locks")
            CHECK_THAT(there->second, Contains(rows.substr(0, rows.find('\n'))));
        else
            CHECK(there->second == rows);
    }
    std::set<std::string> told;
    for (const auto& table : report.tables) told.insert(table.name);
    CHECK(told == tables);
}

TEST_CASE("after a move the old place refuses everybody and names the new one", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto open_before = from.open();
    const auto key = make_connection(*open_before);
    auto reader = from.open(Access::read_only);
    value(move_state(request(from, to)));
    for (const auto access : {Access::read_write, Access::read_only}) {
        const auto error = refused(Store::open(from.options(access)));
        CHECK_THAT(error.text(), Contains("has moved to") && Contains("url = \"" + to.url + "\""));
    }
    // A process that had it open keeps nothing there, and says the same.
    const auto row = article("A");
    const auto late = Articles(*open_before, key).put(std::span(&row, 1));
    REQUIRE_FALSE(late);
    CHECK(is_moved(late.error()));
    CHECK_FALSE(Intents(*open_before, key).open(write_of("order:1", "put_order"), Milliseconds{1}));
    CHECK(is_moved(refuse_moved(*reader).error()));
    // The new one works, and gives no key again.
    auto moved = to.open();
    value(Articles(*moved, key).put(std::span(&row, 1)));
    CHECK(make_connection(*moved, "other", 160) > key);
    // And it can move on.
    Place next(Database::sqlite, false);
    value(move_state(request(to, next)));
    CHECK(value(Articles(*next.open(), key).count()) == 1);
}

TEST_CASE("open writes and the ids of what was erased move along", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    const auto key = make_connection(*store), gone = make_connection(*store, "gone", 160);
    REQUIRE(value(Intents(*store, key).open(write_of("delivery:1:1", "create_package"), Milliseconds{20'000})));
    from.run(*store, "DELETE FROM connections WHERE id = " + std::to_string(gone));
    value(move_state(request(from, to)));
    auto moved = to.open();
    Intents intents(*moved, key);
    const auto open = value(intents.find("delivery:1:1"));
    REQUIRE(open);
    CHECK(open->state == IntentState::open);
    // It is still the claim: nobody books this delivery beside it.
    CHECK_FALSE(value(intents.open(write_of("delivery:1:1", "create_package"), Milliseconds{1})));
    CHECK(make_connection(*moved, "new", 161) > gone);
}

TEST_CASE("requests made before a move count behind it", "[move]") {
    const auto way = GENERATE(std::pair(Database::sqlite, Database::postgresql),
                              std::pair(Database::postgresql, Database::sqlite), std::pair(Database::sqlite, Database::sqlite));
    Place from(way.first), to(way.second);
    INFO("from " << from.url << " to " << to.url);
    const StopToken stop;
    const BudgetOptions all{"account", 3, 0, BudgetClass::send, Milliseconds{60'000}};
    make_connection(*from.open());
    {
        auto budget = value(RequestBudget::open(from.options(), all, stop));
        for (int i = 0; i < 3; ++i) budget->release(value(budget->acquire(Milliseconds{60'000}, std::nullopt)));
    }
    value(move_state(request(from, to)));
    auto budget = value(RequestBudget::open(to.options(), all, stop));
    const auto begin = to.clock.boot_time();
    CHECK_FALSE(budget->acquire(Milliseconds{60'000}, begin)); // none is free at once
    value(budget->acquire(Milliseconds{60'000}, std::nullopt));
    CHECK(to.clock.boot_time() - begin == Seconds{62});
}

TEST_CASE("labels move between folder and database", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    const auto key = make_connection(*store);
    Labels labels(*store, key, {});
    LabelRow row;
    row.order_id = BaseOrderId{7};
    row.package_id = 501;
    row.extension = "pdf";
    row.file_name = "label-7-501.pdf";
    const std::string bytes("%PDF-1.4 \0\xff label", 18);
    value(labels.put(row, bytes));
    row.package_id = 502;
    const auto erased = value(labels.put(row, "gone"));
    value(labels.erase(erased));
    CHECK(value(move_state(request(from, to))).labels == 1);
    auto moved = to.open();
    Labels there(*moved, key, {});
    const auto rows = value(there.of_order(BaseOrderId{7}));
    REQUIRE(rows.size() == 2);
    CHECK(value(there.bytes(rows[0])) == bytes);
    CHECK(rows[1].erased);
}

TEST_CASE("nothing moves onto a state, to itself, or from nowhere", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    const auto nowhere = move_state(request(from, to));
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().kind == ErrorKind::not_found);
    make_connection(*from.open());
    const auto itself = move_state(request(from, from));
    REQUIRE_FALSE(itself);
    CHECK(itself.error().kind == ErrorKind::usage);
    make_connection(*to.open());
    const auto onto = move_state(request(from, to));
    REQUIRE_FALSE(onto);
    CHECK(onto.error().kind == ErrorKind::guard);
    CHECK_THAT(onto.error().text(), Contains("1 rows in connections"));
    CHECK(from.open());
    CHECK(to.open());
}

TEST_CASE("nothing moves while a run holds a lock or is at a write", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    const auto key = make_connection(*store);
    const StopToken stop;
    auto locks = value(Locks::open(from.options()));
    const Identity of = identity();
    for (const std::string& name : {flow_lock_name(key, "stock"), writer_lock_name(of.ongoing_host, of.ongoing_path, 159)}) {
        const auto lock = value(locks->take(name, Milliseconds{0}, stop));
        const auto refused = move_state(request(from, to));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::locked);
    }
    auto busy = request(from, to);
    busy.at_work = [](Store&) -> Result<std::optional<std::string>> { return "process 4711 on wms1"; };
    const auto refused = move_state(busy);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::locked);
    CHECK_THAT(refused.error().text(), Contains("process 4711 on wms1"));
    CHECK(make_connection(*store, "other", 160) > key); // the old place works on
    value(move_state(request(from, to)));
}

TEST_CASE("a writer that wants its tables in another order than the mover stops neither", "[move]") {
    Place from(Database::postgresql, false), to(Database::sqlite, false);
    auto store = from.open();
    make_connection(*store);
    const auto begin = [&](const std::string& table) {
        auto writer = from.open();
        from.run(*writer, "BEGIN");
        from.run(*writer, "LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE"); // as every write does
        return writer;
    };
    // Whichever of the two the mover takes first, one writer holds what it wants next.
    auto first = begin("budget_slots"), second = begin("budget_waiting");
    auto moving = std::async(std::launch::async, [&] {
        auto busy = request(from, to);
        busy.wait = Seconds{60};
        return move_state(busy);
    });
    std::this_thread::sleep_for(Milliseconds{1'500}); // the server has looked for deadlocks since
    for (auto* writer : {&first, &second}) {
        from.run(**writer, "LOCK TABLE budget_slots, budget_waiting, budget_users IN ROW EXCLUSIVE MODE");
        from.run(**writer, "COMMIT");
        std::this_thread::sleep_for(Milliseconds{100});
    }
    value(moving.get());
    CHECK(value(Connections(*to.open()).list()).size() == 1);
}

TEST_CASE("a move that was killed before its tombstone leaves the old place in use, and begins anew", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    const auto key = make_connection(*store);
    {
        // What is there when its process dies right before the tombstone is committed: all rows, and the mark of an arrival.
        auto half = to.open();
        make_connection(*half, "half", 200);
        MoveMark mark{"token", false, store->place(), from.url, "wms1", 1, false};
        value(put_mark(half->session(), mark));
    }
    const auto closed = refused(Store::open(to.options()));
    CHECK_THAT(closed.text(), Contains("has not ended") && Contains("url = \"" + from.url + "\""));
    refused(Store::open(to.options(Access::read_only)));
    const auto row = article("A");
    value(Articles(*store, key).put(std::span(&row, 1)));
    value(move_state(request(from, to)));
    CHECK(value(Connections(*to.open()).list()).size() == 1);
    CHECK(value(Articles(*to.open(), key).count()) == 1);
}

TEST_CASE("whoever had the new place open writes nothing there while a move arrives", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    auto store = from.open();
    make_connection(*store);
    auto early = to.open();
    MoveMark mark{"token", false, store->place(), from.url, "wms1", 1, false};
    {
        auto mover = value(open_store_as_it_is(to.options()));
        value(mover->in_transaction([&] { return put_mark(mover->session(), mark); }));
    }
    const auto late = Connections(*early).ensure("late", identity(), "");
    REQUIRE_FALSE(late);
    CHECK(is_moved(late.error()));
    CHECK_THAT(late.error().text(), Contains("has not ended"));
    CHECK(to.number(*early, "SELECT COUNT(*) FROM connections") == 0);
    value(move_state(request(from, to)));
    CHECK(make_connection(*early, "late", 160) > 1); // it has arrived
}

TEST_CASE("a move that was killed behind its tombstone has ended for whoever opens the new place", "[move]") {
    BLONGO_ON_EVERY_WAY(from, to);
    const auto key = make_connection(*from.open());
    value(move_state(request(from, to)));
    const auto unend = [&] {
        auto store = to.open();
        to.run(*store, "UPDATE moves SET ended = NULL");
    };
    unend();
    CHECK(value(Connections(*to.open(Access::read_only)).list()).front().key == key);
    CHECK(make_connection(*to.open()) == key);
    unend();
    CHECK(value(move_state(request(from, to))).finished_earlier); // the same command again
    // Then it needs the old place no more.
    if (is_sqlite(from)) std::filesystem::remove(from.folder / "state.db");
    CHECK(make_connection(*to.open()) == key);
}

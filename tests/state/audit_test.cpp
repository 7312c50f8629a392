// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <map>
#include <random>
#include <tuple>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/belongings.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/session_impl.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

AuditEvent write_of(const std::string& object, const std::string& detail = {}) {
    return {.kind = "write",
            .object = object,
            .verb = "idempotent_write",
            .endpoint = "ongoing PUT /orders",
            .outcome = "done",
            .code = "200",
            .request = "aa",
            .response = "bb",
            .detail = detail};
}

std::vector<AuditRow> all_rows(Store& store) {
    return value(audit_rows(store, {}));
}

/// What verify finds, as text.
std::string flaws(Store& store, const std::vector<AuditHead>& heads = {}) {
    std::string out;
    for (const auto& flaw : value(verify_audit(store, {}, heads)).flaws) out += fmt::format("{}: {}\n", flaw.seq, flaw.what);
    return out;
}

/// A few rows of every kind, with words about a buyer, a hold and what was erased.
void fill(Store& store, ConnectionKey key) {
    sign_process(
        {.login = "blongo", .sudo_user = "anna", .host = "office", .acting_as = "eva", .command = "orders sync", .version = "1"});
    Audit audit(store, key);
    audit.run_begins("orders");
    audit.note(write_of("order:1", "Jan Kowalski"));
    value(audit.flush());
    audit.note(write_of("order:2", "Maria Nowak"));
    auto change = write_of("article:SKU-1", "new");
    change.before = change.after = sha256_hex("an article");
    audit.note(change);
    change.object = "return:7";
    audit.note(change);
    value(audit.run_ends("complete", 0));
    REQUIRE(value(Holds(store, key).put({BaseOrderId{2}, value(store.now()), "anna@office", "asked by telephone"})));
    value(erase_audit_words(store, key, {"order:1"}, {.object = "order:1", .verb = "erase", .outcome = "done"}, true));
    audit.note(write_of("order:1", "once more"));
    value(audit.flush());
}

/// The tables of the audit and their columns, as the database lists them.
std::map<std::string, std::vector<std::string>> audit_columns(Place& place, Store& store) {
    std::map<std::string, std::vector<std::string>> out;
    std::string table, column;
    soci::statement statement =
        (store.session().sql().prepare
             << (is_sqlite(place)
                     ? "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                       "m.name LIKE 'audit%' ORDER BY m.name, c.cid"
                     : "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns WHERE "
                       "table_schema = 'public' AND table_name LIKE 'audit%' ORDER BY table_name, ordinal_position"),
         soci::into(table), soci::into(column));
    statement.execute();
    while (statement.fetch()) out[table].push_back(column);
    return out;
}

std::vector<std::vector<std::string>> rows_of(Store& store, const std::string& table, const std::vector<std::string>& columns) {
    std::vector<std::vector<std::string>> out;
    std::vector<std::string> row(columns.size());
    std::string query;
    soci::statement statement(store.session().sql());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        query += fmt::format("{}CAST({} AS TEXT)", i == 0 ? "SELECT " : ", ", columns[i]);
        statement.exchange(soci::into(row[i]));
    }
    statement.alloc();
    statement.prepare(query + " FROM " + table);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) out.push_back(row);
    return out;
}

void allow_changes(Place& place, Store& store) {
    if (is_sqlite(place)) {
        for (const char* name :
             {"audit_keep", "audit_stay", "audit_once", "audit_actors_keep", "audit_actors_stay", "audit_words_keep"})
            place.run(store, std::string("DROP TRIGGER ") + name);
        return;
    }
    for (const char* table : {"audit", "audit_actors", "audit_words"})
        place.run(store, fmt::format("ALTER TABLE {} DISABLE TRIGGER ALL", table));
}

} // namespace

TEST_CASE("events are committed with the next transaction, or not at all", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    Audit audit(*store, key);
    audit.note(write_of("order:1"));
    CHECK(all_rows(*store).empty());
    const auto failed = store->in_transaction([&]() -> Result<void> {
        audit.note(write_of("order:2"));
        return fail(ErrorKind::state, "no");
    });
    CHECK_FALSE(failed);
    CHECK(all_rows(*store).empty());
    value(store->in_transaction([]() -> Result<void> { return {}; }));
    const auto rows = all_rows(*store);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].event.object == "order:1"); // what was written outside happened; order:2 did not
    CHECK(rows[0].seq == 1);
    CHECK(rows[0].connection == "acme");
    CHECK_FALSE(rows[0].actor.login.empty());
    CHECK(rows[0].at == place.clock.now());
    CHECK(flaws(*store).empty());
}

TEST_CASE("a run that does nothing leaves no row", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Audit audit(*store, make_connection(*store));
    audit.run_begins("orders");
    value(audit.run_ends("complete", 0));
    CHECK(all_rows(*store).empty());
    audit.run_begins("orders");
    audit.note(write_of("order:1"));
    value(audit.run_ends("incomplete", 5));
    audit.note(write_of("order:2"));
    value(audit.flush());
    const auto rows = all_rows(*store);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].event.verb == "begin");
    CHECK(rows[1].event.flow == "orders");
    CHECK(rows[2].event.verb == "end");
    CHECK(rows[2].event.code == "5");
    CHECK(rows[3].event.flow.empty());
}

TEST_CASE("settled intents and holds stand in the audit, claims on work do not", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    Intents intents(*store, key);
    for (const char* name : {"delivery:84512345:1", "return-status/77", "work:84512345:1", "pickup:dpd:2026-11-24"}) {
        IntentRow row;
        row.key = name;
        row.action = "try";
        const auto opened = value(intents.open(row, Seconds{20}));
        REQUIRE(opened);
        REQUIRE(value(intents.settle(opened->id, IntentState::refused, "{}")));
        CHECK_FALSE(value(intents.settle(opened->id, IntentState::done, "{}")));
    }
    REQUIRE(value(Holds(*store, key).put({BaseOrderId{5}, value(store->now()), "anna@office", "asked"})));
    REQUIRE(value(Holds(*store, key).release(BaseOrderId{5})));
    std::vector<std::string> told;
    for (const auto& row : all_rows(*store)) told.push_back(row.event.verb + " " + row.event.object + " " + row.event.outcome);
    CHECK(told == std::vector<std::string>{"try order:84512345 rejected", "try return:77 rejected",
                                           "try pickup:dpd:2026-11-24 rejected", "hold order:5 done", "unhold order:5 done"});
}

TEST_CASE("an object has one name, whatever prefix its number has", "[audit]") {
    for (const auto& [flow, key, name] : {std::tuple{"orders", "84512345", "order:84512345"},
                                          {"orders", "B2C-101", "order:101"},
                                          {"shipments", "84512345:1", "order:84512345"},
                                          {"returns", "77", "return:77"},
                                          {"returns", "B2C-R77", "return:77"},
                                          {"articles", "B2C-1", "article:B2C-1"},
                                          {"", "delivery:84512345:1", "order:84512345"},
                                          {"", "return-status/77", "return:77"},
                                          {"", "pickup:dpd:2026-11-24", "pickup:dpd:2026-11-24"},
                                          {"", "pickup:dpd2:2026-11-24", "pickup:dpd2:2026-11-24"},
                                          {"orders", "", ""}})
        CHECK(audited_object(flow, key) == name);
}

TEST_CASE("the database refuses to change the audit", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    fill(*store, make_connection(*store));
    std::vector<std::string> statements{"UPDATE audit SET outcome = 'rejected' WHERE seq = 1",
                                        "DELETE FROM audit WHERE seq = 2",
                                        "DELETE FROM audit",
                                        "UPDATE audit_actors SET login = 'x'",
                                        "DELETE FROM audit_actors",
                                        "UPDATE audit_words SET words = 'x'"};
    if (is_sqlite(place))
        statements.push_back(
            "INSERT OR REPLACE INTO audit SELECT chain, seq, at, name, actor, kind, flow, object, verb, endpoint, 'x', "
            "code, request, response, was, became, detail, erased, salt_mark, hash FROM audit WHERE seq = 1");
    else
        statements.push_back("TRUNCATE audit");
    for (const auto& statement : statements) {
        INFO(statement);
        CHECK_THROWS_WITH(place.run(*store, statement), Catch::Contains("append only"));
    }
    CHECK(flaws(*store).empty());
}

TEST_CASE("one changed byte anywhere is found", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    fill(*store, key);
    REQUIRE(flaws(*store).empty());
    allow_changes(place, *store);
    std::mt19937 random(20261124);
    std::map<std::string, int> changes;
    for (const auto& [table, columns] : audit_columns(place, *store)) {
        for (const auto& row : rows_of(*store, table, columns)) {
            const auto where = [&](const std::string& column, const std::string& value) {
                std::string out;
                for (std::size_t i = 0; i < columns.size(); ++i)
                    out += fmt::format("{}CAST({} AS TEXT) = '{}'", i == 0 ? "" : " AND ", columns[i],
                                       columns[i] == column ? value : row[i]);
                return out;
            };
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const std::string& column = columns[i];
                const std::string& before = row[i];
                if (before.empty()) continue;
                // The byte at a random place becomes another one; back to what it was afterwards.
                std::string after = before;
                char& byte = after[random() % after.size()];
                byte = byte == '7' ? '3' : '7';
                if (column == "seq" || column == "chain") after = "9" + before; // no other row has such a number
                const auto set = [&](const std::string& from, const std::string& to) {
                    place.run(*store, fmt::format("UPDATE {} SET {} = '{}' WHERE {}", table, column, to, where(column, from)));
                };
                set(before, after);
                INFO(fmt::format("{}.{}: {} -> {}", table, column, before, after));
                CHECK_FALSE(flaws(*store).empty());
                set(after, before);
                ++changes[table + "." + column];
            }
        }
    }
    CHECK(flaws(*store).empty());
    // Every column of every table of the audit had something to change.
    for (const auto& [table, columns] : audit_columns(place, *store))
        for (const auto& column : columns) {
            INFO(table << "." << column);
            CHECK(changes[table + "." + column] > 0);
        }
}

TEST_CASE("a head that is gone stops nobody from writing, and verify tells it", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    fill(*store, key);
    const auto rows = all_rows(*store).size();
    const std::string change = GENERATE("DELETE FROM audit_heads", "UPDATE audit_heads SET seq = 2",
                                        "UPDATE audit_heads SET seq = 900", "UPDATE audit_heads SET hash = 'x'");
    INFO(change);
    place.run(*store, change);
    IntentRow row;
    row.key = "delivery:5:1";
    row.action = "create_package";
    const auto opened = value(Intents(*store, key).open(row, Seconds{20}));
    REQUIRE(opened);
    REQUIRE(value(Intents(*store, key).settle(opened->id, IntentState::done, "{}")));
    CHECK(all_rows(*store).size() == rows + 1);
    CHECK(all_rows(*store).back().seq == std::int64_t(rows) + 1);
    Audit(*store, key).note(write_of("order:5"));
    value(Audit(*store, key).flush());
    CHECK(all_rows(*store).size() == rows + 2);
    CHECK_THAT(flaws(*store), Catch::Contains("its head"));
    CHECK(value(verify_audit(*store, {}, {})).flaws.size() == 1);
}

TEST_CASE("a removed row is found, and a truncated end by an exported head", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    fill(*store, key);
    const auto heads = value(audit_heads(*store, {}));
    REQUIRE(heads.size() == 1);
    Audit(*store, key).note(write_of("order:9"));
    value(Audit(*store, key).flush());
    CHECK(flaws(*store, heads).empty()); // what came later is no change
    allow_changes(place, *store);
    const auto last = std::int64_t(all_rows(*store).size());
    for (std::int64_t seq = 1; seq <= last; ++seq) {
        place.run(*store, fmt::format("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = {}", seq));
        place.run(*store, fmt::format("DELETE FROM audit WHERE seq = {}", seq));
        INFO(seq);
        CHECK_FALSE(flaws(*store).empty());
        place.run(*store, "INSERT INTO audit SELECT * FROM kept");
        place.run(*store, "DROP TABLE kept");
    }
    REQUIRE(flaws(*store).empty());
    // Somebody who knows what he does cuts the end off and mends the head.
    for (std::int64_t seq = last; seq >= heads[0].seq; --seq)
        place.run(*store, fmt::format("DELETE FROM audit WHERE seq = {}", seq));
    place.run(*store, fmt::format("DELETE FROM audit_words WHERE seq >= {}", heads[0].seq));
    place.run(*store, "DELETE FROM audit_salts WHERE object IN ('order:1', 'order:9')");
    place.run(*store,
              fmt::format("UPDATE audit_heads SET seq = {0}, hash = (SELECT hash FROM audit WHERE seq = {0})", heads[0].seq - 1));
    CHECK(flaws(*store).empty());
    CHECK(flaws(*store, heads) ==
          fmt::format("{0}: row {0}, which was exported, is gone: the chain ends with {1}\n", heads[0].seq, heads[0].seq - 1));
    place.run(*store, "DELETE FROM audit_words");
    place.run(*store, "DELETE FROM audit_salts");
    CHECK(Catch::contains(flaws(*store), "no row says that they were erased"));
}

TEST_CASE("erased words are gone, and the chain closes", "[audit]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    fill(*store, key);
    const auto verdict = value(verify_audit(*store, {}, {}));
    CHECK(verdict.flaws.empty());
    CHECK(verdict.erased == 1);
    CHECK(place.number(*store, "SELECT COUNT(*) FROM audit_words WHERE words LIKE '%Kowalski%'") == 0);
    const auto rows =
        value(audit_rows(*store, {.connections = {}, .objects = {"order:1"}, .from = {}, .until = {}, .newest = 0}));
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].is_erased());
    CHECK(rows[1].event.erased == std::vector<std::string>{"order:1"});
    CHECK(rows[2].words == "once more");
    CHECK(rows[0].salt_mark != rows[2].salt_mark);
    // The connection goes, what it did stays, without words.
    value(erase_connection(*store, key));
    CHECK(flaws(*store).empty());
    CHECK(place.number(*store, "SELECT COUNT(*) FROM audit_words") == 0);
    CHECK(all_rows(*store).back().event.verb == "remove");
    CHECK(all_rows(*store).back().connection == "acme");
}

TEST_CASE("processes that write at once keep one chain", "[audit]") {
    BLONGO_ON_BOTH(place);
    const auto key = make_connection(*place.open());
    constexpr int writers = 3, each = 25;
    const auto codes = in_processes(writers, [&](int writer) {
        auto store = place.open();
        for (int i = 0; i < each; ++i) {
            Audit(*store, key).note(write_of(fmt::format("order:{}", i % 5), fmt::format("writer {}", writer)));
            value(Audit(*store, key).flush());
        }
        return 0;
    });
    CHECK(codes == std::vector<int>(writers, 0));
    auto store = place.open();
    CHECK(all_rows(*store).size() == writers * each);
    CHECK(flaws(*store).empty());
}

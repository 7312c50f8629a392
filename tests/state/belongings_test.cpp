// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <set>

#include <blongo/state/belongings.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/state/pauses.hpp>
#include <blongo/state/session_impl.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

/// Every table of the state that has a column called connection, from the database's own catalogue.
std::set<std::string> tables_with_a_connection(Place& place, Store& store) {
    std::set<std::string> out;
    std::string name;
    soci::statement statement =
        (store.session().sql().prepare
             << (is_sqlite(place)
                     ? "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'connection' "
                       "WHERE m.type = 'table'"
                     : "SELECT table_name FROM information_schema.columns WHERE column_name = 'connection' AND "
                       "table_schema = current_schema()"),
         soci::into(name));
    statement.execute();
    while (statement.fetch()) out.insert(name);
    return out;
}

} // namespace

TEST_CASE("every table with a connection is erased with the connection", "[belongings]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    std::set<std::string> owned;
    for (const auto& table : owned_tables()) owned.emplace(table.name);
    CHECK(owned == tables_with_a_connection(place, *store));
    CHECK(owned.size() == owned_tables().size());
}

TEST_CASE("a connection is erased with all its rows, and nobody else's", "[belongings]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto ours = make_connection(*store), theirs = make_connection(*store, "other", 160);
    const Timestamp now = value(store->now());
    for (const auto key : {ours, theirs}) {
        REQUIRE(value(Holds(*store, key).put({BaseOrderId{1}, now, "anna@office", ""})));
        value(Pauses(*store, key).put({now, std::nullopt, "anna@office", "stocktaking"}));
    }
    const auto erased = value(erase_connection(*store, ours));
    REQUIRE(erased.counts.size() == 2);
    CHECK(erased.counts[0].table == "holds");
    CHECK(erased.counts[0].rows == 1);
    CHECK(value(belongings_of(*store, ours)).counts.empty());
    CHECK(value(belongings_of(*store, theirs)).counts.size() == 2);
    CHECK(value(Connections(*store).list()).size() == 1);
    CHECK(make_connection(*store) != ours); // a key is never given again: label folders are named by it
}

TEST_CASE("a pause holds until its time, or until it is ended", "[pauses]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Pauses pauses(*store, make_connection(*store)), others(*store, make_connection(*store, "other", 160));
    const Timestamp now = value(store->now());
    const auto hour = std::chrono::hours{1};
    CHECK_FALSE(value(pauses.at(now)));
    CHECK_FALSE(value(pauses.end()));
    value(pauses.put({now, now + hour, "anna@office", "inwentura; 'x' -- 😀"}));
    const auto holds = value(pauses.at(now + hour - Milliseconds{1}));
    REQUIRE(holds);
    CHECK(holds->since == now);
    CHECK(holds->until == now + hour);
    CHECK(holds->who == "anna@office");
    CHECK(holds->reason == "inwentura; 'x' -- 😀");
    CHECK_FALSE(value(pauses.at(now + hour)));
    CHECK_FALSE(value(others.at(now)));
    value(pauses.put({now + hour, std::nullopt, "piotr@office", ""}));
    CHECK(value(pauses.at(now + 1000 * hour))->who == "piotr@office");
    CHECK(value(pauses.end()));
    CHECK_FALSE(value(pauses.at(now + hour)));
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/sync/demand_ledger.hpp>

using namespace blongo;
using namespace blongo::sync;

namespace {

const ArticleNumber cup{"KUBEK"}, plate{"TALERZ"};
const WarehouseKey any{""}, shop{"bl_1"}, store{"bl_2"};

} // namespace

TEST_CASE("a demand comes back from the state as it was written, and a text that is none asks for nothing") {
    const map::Demand demand{{cup, {{shop, 2}, {store, 3}}}, {plate, {{any, 1}}}};
    CHECK(demand_in(demand_text(demand)) == demand);
    CHECK(demand_in("").empty());
    CHECK(demand_in("{").empty());
    CHECK(demand_in(demand_text({})).empty());
}

TEST_CASE("what Ongoing was told is what was asked for and did not wait") {
    state::DemandRow row;
    row.asked = demand_text({{cup, {{shop, 2}, {store, 3}}}, {plate, {{shop, 4}}}});
    row.waiting = demand_text({{cup, {{store, 1}}}});
    CHECK(told_before(row) == map::Demand{{cup, {{any, 4}}}, {plate, {{any, 4}}}});
}

TEST_CASE("what Ongoing was told covers the warehouses in their order, and only its own article") {
    const map::Demand asked{{cup, {{shop, 2}, {store, 3}}}, {plate, {{shop, 1}}}};
    CHECK(not_held(asked, {}) == asked);
    CHECK(not_held(asked, {{cup, {{any, 2}}}}) == map::Demand{{cup, {{store, 3}}}, {plate, {{shop, 1}}}});
    CHECK(not_held(asked, {{cup, {{any, 4}}}, {plate, {{any, 9}}}}) == map::Demand{{cup, {{store, 1}}}});
    CHECK(not_held(asked, {{cup, {{any, 5}}}, {plate, {{any, 1}}}}).empty());
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/json/value.hpp>

#include "support/fake_transport.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

struct Row {
    std::int64_t id, second;
};

/// getOrders of a shop with these orders: at most 100 rows, filtered by date and id.
struct Shop {
    std::vector<Row> rows;
    bool id_from_inclusive = true;
    bool shuffled_by_date = false; ///< rows come by id instead of by date
    bool ignores_id = false;
    bool always_by_date = false; ///< even where id_from is given
    int calls = 0;
    test::FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        ++calls;
        const std::string text = percent_decode(request.body.substr(request.body.find("parameters=") + 11), true);
        const auto asked = json::Value::parse(text).value();
        const bool by_id = asked.find("id_from") && !ignores_id;
        std::vector<Row> found;
        for (const Row& row : rows) {
            const std::int64_t from = by_id ? asked["id_from"].integer() : 0;
            if (row.second >= asked["date_confirmed_from"].integer() && (id_from_inclusive ? row.id >= from : row.id > from))
                found.push_back(row);
        }
        std::sort(found.begin(), found.end(), [&](const Row& a, const Row& b) {
            return (by_id && !always_by_date) || shuffled_by_date ? a.id < b.id
                                                                  : std::pair(a.second, a.id) < std::pair(b.second, b.id);
        });
        found.resize(std::min<std::size_t>(found.size(), 100));
        json::Value orders = json::Value::array();
        for (const Row& row : found) {
            json::Value order = json::Value::object().set("order_id", row.id).set("date_confirmed", row.second);
            if (row.id % 17 == 0) order.set("payment_done", "odd"); // cannot be read
            orders.push_back(std::move(order));
        }
        return test::response(200, json::Value::object().set("status", "SUCCESS").set("orders", orders).dump());
    }};
};

struct Outcome {
    Result<OrderListing> listing;
    std::vector<std::int64_t> ids; ///< bad ones included
    std::size_t bad = 0;
};

Outcome read_all(Shop& shop, OrderQuery query) {
    ManualClock clock;
    Client client(shop.transport, clock, {.url = "u", .token = Secret("T")});
    Outcome outcome;
    outcome.listing = client.each_order(
        query,
        [&](Order&& order) -> Result<void> {
            outcome.ids.push_back(order.order_id.value());
            return {};
        },
        [&](BadOrder&& bad) -> Result<void> {
            ++outcome.bad;
            outcome.ids.push_back(bad.order_id.value());
            return {};
        });
    return outcome;
}

OrderQuery since(std::int64_t second) {
    OrderQuery query;
    query.date_confirmed_from = from_unix_seconds(second);
    return query;
}

void finds_each_once(const Outcome& outcome, const Shop& shop, std::int64_t from) {
    REQUIRE(outcome.listing);
    std::set<std::int64_t> wanted;
    for (const Row& row : shop.rows)
        if (row.second >= from) wanted.insert(row.id);
    CHECK(outcome.ids.size() == wanted.size());
    CHECK(std::set<std::int64_t>(outcome.ids.begin(), outcome.ids.end()) == wanted);
}

} // namespace

TEST_CASE("a few orders cost one call") {
    Shop shop{{{5, 1000}, {6, 1001}, {7, 999}}};
    const auto outcome = read_all(shop, since(1000));
    finds_each_once(outcome, shop, 1000);
    CHECK(shop.calls == 1);
    CHECK(to_unix_seconds(outcome.listing->newest.value()) == 1001);
}

TEST_CASE("orders of one second on both sides of a page's end are all found once", "[F4]") {
    Shop shop;
    for (std::int64_t id = 1; id <= 250; ++id) shop.rows.push_back({id, 1000 + id / 40});
    const auto outcome = read_all(shop, since(1000));
    finds_each_once(outcome, shop, 1000);
    CHECK_FALSE(outcome.listing->swept_one_second);
    CHECK(outcome.bad > 0);
    CHECK(shop.calls <= 6);
    CHECK(outcome.listing->calls == shop.calls);
}

TEST_CASE("a whole page and more within one second is swept by id", "[F4]") {
    for (const bool inclusive : {true, false}) {
        Shop shop;
        shop.id_from_inclusive = inclusive;
        for (std::int64_t id = 1; id <= 330; ++id) shop.rows.push_back({id, id < 20 ? 1000 : id <= 300 ? 1001 : 1002});
        const auto outcome = read_all(shop, since(1000));
        finds_each_once(outcome, shop, 1000);
        CHECK(outcome.listing->swept_one_second);
        CHECK(to_unix_seconds(outcome.listing->newest.value()) == 1002);
    }
}

TEST_CASE("a second is swept to its end where rows come by date although an id is asked for") {
    Shop shop;
    shop.always_by_date = true;
    for (std::int64_t id = 1; id <= 400; ++id) // later orders have smaller ids now and then
        shop.rows.push_back({id, id % 7 == 0 ? 1002 + id % 5 : id <= 20 ? 1000 : 1001});
    const auto outcome = read_all(shop, since(1000));
    finds_each_once(outcome, shop, 1000);
    CHECK(outcome.listing->swept_one_second);
}

TEST_CASE("rows that do not ascend by date are paged by id") {
    Shop shop;
    shop.shuffled_by_date = true;
    for (std::int64_t id = 1; id <= 260; ++id) shop.rows.push_back({id, 5000 - id});
    const auto outcome = read_all(shop, since(4800));
    finds_each_once(outcome, shop, 4800);
    CHECK(outcome.listing->unordered);
}

TEST_CASE("unconfirmed orders, which have no date, are paged by id") {
    Shop shop;
    for (std::int64_t id = 1; id <= 260; ++id) shop.rows.push_back({id, id % 3 == 0 ? 0 : 1000});
    OrderQuery query;
    query.status_id = OrderStatusId(1);
    query.get_unconfirmed_orders = true;
    finds_each_once(read_all(shop, query), shop, 0);
}

TEST_CASE("a status is read to its end without a date") {
    Shop shop;
    for (std::int64_t id = 1; id <= 260; ++id) shop.rows.push_back({id, 1000 + id});
    OrderQuery query;
    query.status_id = OrderStatusId(1);
    finds_each_once(read_all(shop, query), shop, 0);
}

TEST_CASE("a side whose order cannot be paged is an error, never a short list") {
    Shop shop;
    shop.ignores_id = true;
    for (std::int64_t id = 1; id <= 150; ++id) shop.rows.push_back({id, 1000});
    const auto outcome = read_all(shop, since(1000));
    REQUIRE_FALSE(outcome.listing);
    CHECK(outcome.listing.error().kind == ErrorKind::protocol);
}

TEST_CASE("an error on any page ends the listing, and so does the receiver") {
    Shop shop;
    for (std::int64_t id = 1; id <= 150; ++id) shop.rows.push_back({id, 1000 + id});
    ManualClock clock;
    Client client(shop.transport, clock, {.url = "u", .token = Secret("T")});
    const auto stop = [](auto&&) -> Result<void> { return fail(ErrorKind::stopped, "enough"); };
    CHECK(client.each_order(since(1000), stop, stop).error().kind == ErrorKind::stopped);
    CHECK(shop.calls == 1);

    int calls = 0;
    test::FunctionTransport failing([&](const http::Request& request) -> Result<http::Response> {
        if (++calls == 2) return fail(ErrorKind::not_sent, "down");
        return shop.transport.send(request);
    });
    Client other(failing, clock, {.url = "u", .token = Secret("T")});
    const auto go_on = [](auto&&) -> Result<void> { return {}; };
    CHECK(other.each_order(since(1000), go_on, go_on).error().kind == ErrorKind::not_sent);
}

TEST_CASE("whatever the orders' seconds are, each is found exactly once") {
    rc::check([](bool inclusive) {
        Shop shop;
        shop.id_from_inclusive = inclusive;
        const auto count = *rc::gen::inRange(0, 400);
        const auto spread = *rc::gen::inRange(1, 30);
        for (int id = 1; id <= count; ++id) shop.rows.push_back({id, 1000 + *rc::gen::inRange(0, spread)});
        const auto outcome = read_all(shop, since(1000));
        RC_ASSERT(outcome.listing.has_value());
        RC_ASSERT(outcome.ids.size() == static_cast<std::size_t>(count));
        RC_ASSERT(std::set<std::int64_t>(outcome.ids.begin(), outcome.ids.end()).size() == static_cast<std::size_t>(count));
    });
}

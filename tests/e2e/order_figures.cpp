// SPDX-License-Identifier: Apache-2.0
// Exact figures of importing orders: the calls of single runs and of whole days, see tests/bench/minimum.md. Release build
// only.
#include <algorithm>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/minimum.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

using minimum::ceil;
using minimum::expect_calls;
using minimum::ongoing_pages;
using minimum::order_pages;

constexpr std::int64_t first_id = 84'000'001; // eight digits, as BaseLinker's ids have
/// Order numbers of eight digits that the query of one look-up takes: 1,900 bytes, "goodsOwnerId=1" and "orderNumbers=" each.
constexpr std::int64_t numbers_per_query = 85;
constexpr std::int64_t orders_at_once = 100; // looked up, and their status written back, together
constexpr std::int64_t warehouse_rows = 200; // of GET /orders by status

/// How the new orders behind so many known ones fall into the hundreds that are worked on together.
std::vector<std::int64_t> hundreds(std::int64_t known, std::int64_t fresh) {
    std::vector<std::int64_t> out;
    for (std::int64_t at = known; at < known + fresh;) {
        const std::int64_t end = std::min((at / orders_at_once + 1) * orders_at_once, known + fresh);
        out.push_back(end - at);
        at = end;
    }
    return out;
}

/// Look-ups before the first PUT: each hundred by itself, each in as many queries as its numbers ask for.
std::int64_t look_ups(const std::vector<std::int64_t>& hundreds) {
    std::int64_t out = 0;
    for (const std::int64_t orders : hundreds) out += ceil(orders, numbers_per_query);
    return out;
}

/// Orders of which each was confirmed in a second of its own, for a buyer of its own: what is like an order before it might
/// be a copy of that one, which costs a look.
json::Value orders_of(std::int64_t first, const std::vector<std::int64_t>& confirmed) {
    json::Value list = json::Value::array();
    for (const std::int64_t second : confirmed) {
        list.push_back(one_piece(first, json::Value::object()
                                            .set("date_confirmed", second)
                                            .set("date_in_status", second)
                                            .set("date_add", second - 60)
                                            .set("email", fmt::format("buyer{}@example.com", first))
                                            .set("delivery_fullname", fmt::format("Buyer {}", first))
                                            .set("delivery_address", fmt::format("Polna {}", first))));
        ++first;
    }
    return list;
}

/// So many seconds, evenly spread over [from, from + length).
std::vector<std::int64_t> spread(std::int64_t from, std::int64_t length, std::int64_t count) {
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < count; ++i) out.push_back(from + i * length / count);
    return out;
}

std::int64_t now() {
    return std::time(nullptr);
}

} // namespace

TEST_CASE("new orders are read, looked up and written once; an idle run writes nothing") {
    const std::int64_t count = GENERATE(0, 1, 85, 100, 1'000);
    Sandbox sandbox({"--products", "20"});
    const Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    REQUIRE(sync_orders(installation).exit_code == 0);
    // Within the hour that is read again, so that the idle run reads the same.
    if (count > 0) sandbox.base_orders(orders_of(first_id, spread(now() - 3'000, 2'900, count)));

    sandbox.reset_journal();
    REQUIRE(sync_orders(installation).exit_code == 0);
    // The stream of all orders and the sweep of the one accepted status show the same ones.
    const std::int64_t stream = order_pages(count), sweep = order_pages(count);
    expect_calls(sandbox, {{{"getOrders", stream + sweep}, {"getJournalList", 1}},
                           {{"GET /orders", look_ups(hundreds(0, count))}, {"PUT /orders", count}}});

    sandbox.reset_journal();
    REQUIRE(sync_orders(installation).exit_code == 0);
    // Imported ones are looked for in the status of cancelled orders as well; and the warehouse is asked what moved. A sweep
    // of more than 10 calls is made once an hour.
    constexpr std::int64_t cheap = 10;
    const std::int64_t watch = count > 0 ? 1 : 0, poll = count > 0 ? ongoing_pages(count, warehouse_rows) : 0;
    expect_calls(sandbox,
                 {{{"getOrders", stream + (sweep > cheap ? 0 : sweep) + watch}, {"getJournalList", 1}}, {{"GET /orders", poll}}});
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.orders().size() == static_cast<std::size_t>(count));
}

TEST_CASE("a day of 96 runs with 100 or 10,000 orders makes the fewest calls at the real rate limit, and none is refused") {
    const std::int64_t orders_a_day = GENERATE(100, 10'000);
    constexpr std::int64_t runs = 96, quarter = 900, reread = 3'600;
    const TempDir folder;
    const std::string clock = folder / "clock";
    const auto moved_by = [&](std::int64_t seconds) { write_file(clock, fmt::format("+{}s", seconds)); };
    moved_by(0);
    // Both programs read all their clocks from this file.
    const std::map<std::string, std::string> moved{
        {"LD_PRELOAD", BLONGO_FAKETIME}, {"FAKETIME_TIMESTAMP_FILE", clock}, {"FAKETIME_NO_CACHE", "1"}};
    Sandbox sandbox({"--products", "20", "--rate-limit", "100"}, moved);
    // Without shipments an order that was sent is finished.
    const Installation installation(sandbox, {}, "[connections.demo.shipments]\nenabled = false",
                                    orders_on("status_after_import = 8070"));
    installation.limit_requests(60);
    REQUIRE(installation.blongo({"articles", "sync"}, moved).exit_code == 0);

    const std::int64_t begin = now();
    std::vector<std::int64_t> confirmed; // of all orders so far, ascending
    std::int64_t next_id = first_id;
    for (std::int64_t run = 0; run < runs; ++run) {
        const auto orders_of_run = [&](std::int64_t which) {
            return which < 0 ? 0 : orders_a_day * (which + 1) / runs - orders_a_day * which / runs;
        };
        const std::int64_t due = orders_of_run(run), sent_before = orders_of_run(run - 1);
        // The order stream begins an hour before the newest order that the run before saw.
        const std::int64_t from = confirmed.empty() ? 0 : confirmed.back() - reread;
        const auto fresh = spread(begin + run * quarter, quarter, due);
        moved_by((run + 1) * quarter);
        // What the run before brought has left the warehouse since.
        json::Value sent = json::Value::array();
        for (std::int64_t i = next_id - sent_before; i < next_id; ++i)
            sent.push_back(json::Value::object().set("orderNumber", std::to_string(i)).set("action", "pick_and_send"));
        if (sent.size() > 0) sandbox.post("/_admin/ongoing/work", sent);
        sandbox.base_orders(orders_of(next_id, fresh));
        next_id += due;
        confirmed.insert(confirmed.end(), fresh.begin(), fresh.end());
        const auto stream = std::count_if(confirmed.begin(), confirmed.end(), [&](std::int64_t at) { return at >= from; });
        const auto together = hundreds(stream - due, due);
        const std::int64_t alone = std::ranges::count(together, 1); // their status is set by the call for one

        sandbox.reset_journal();
        INFO("run " << run << ", " << due << " new orders");
        const auto synced = installation.blongo({"orders", "sync", "--json"}, moved);
        INFO(synced.err);
        REQUIRE(synced.exit_code == 0);
        REQUIRE(summary_of(synced)["created"].integer() == due);
        // The look at the warehouse reaches ten minutes behind the look before, to what was sent right before that.
        const std::int64_t polled = run == 0 ? 0 : ongoing_pages(sent_before + orders_of_run(run - 2), warehouse_rows);
        expect_calls(sandbox, {{{"getOrders", order_pages(stream) + order_pages(due)},
                                {"getJournalList", 1},
                                {"setOrderStatus", alone},
                                {"setOrderStatuses", std::ssize(together) - alone}},
                               {{"GET /orders", look_ups(together) + polled}, {"PUT /orders", due}}});
    }
    CHECK(next_id - first_id == orders_a_day);
    CHECK(sandbox.orders().size() == static_cast<std::size_t>(orders_a_day));
    const json::Value rate = sandbox.get("/_admin/rate");
    for (const auto& account : rate.elements()) CHECK(account["refused"].integer() == 0);
    CHECK(sandbox.violations().empty());
}

// SPDX-License-Identifier: Apache-2.0
// Exact figures of stock push with 100,000 SKUs: calls, writes and memory. Release build only.
#include <catch2/catch.hpp>

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "support/e2e/catalogue.hpp"
#include "support/e2e/minimum.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

using minimum::expect_calls;

constexpr int skus = 100'000, base_page = 1'000, ongoing_page = 500, batch = 500;
constexpr long most_kib = 128 * 1024;

/// Articles of Ongoing in rows as the admin interface takes them.
void post_articles(Sandbox& sandbox, int every, const std::function<void(int, json::Value&)>& fill) {
    json::Value rows = json::Value::array();
    for (int n = every; n <= skus; n += every) {
        json::Value row = json::Value::object();
        row.set("data", json::Value::object().set("articleNumber", synthetic_sku(n)));
        fill(n, row);
        rows.push_back(std::move(row));
        if (rows.size() < 10'000 && n + every <= skus) continue;
        sandbox.post("/_admin/ongoing/articles", rows);
        rows = json::Value::array();
    }
}

/// The warehouse has every article, and its stock has not changed for hours.
void fill_shelves(Sandbox& sandbox) {
    post_articles(sandbox, 1, [](int n, json::Value& row) {
        row.set("stock", json::Value::object().set("1", 60 + n % 40)).set("stock_changed", "-2h");
    });
}

/// The ledger knows one article by articles sync, and the others in its likeness.
void fill_ledger(const Installation& installation) {
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    copy_ledger(installation, skus);
}

} // namespace

TEST_CASE("100,000 SKUs: a full push near the fewest calls, an idle one and one of 1 % as well, memory flat") {
    Sandbox sandbox({"--products", "1"});
    Installation installation(sandbox, {}, stock_on(fmt::format("batch = {}", batch)), orders_on());
    fill_ledger(installation);
    const std::string port = sandbox.url().substr(sandbox.url().rfind(':') + 1);
    sandbox.end();
    sandbox.begin({"--products", std::to_string(skus), "--port", port});
    fill_shelves(sandbox);
    REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 0);
    sandbox.base_orders(base_order(1, {pieces_of(7, 3)}, json::Value::object().set("order_status_id", status::fresh)));

    sandbox.reset_journal();
    const auto full = installation.blongo({"stock", "push", "--json"});
    INFO(full.err);
    REQUIRE(full.exit_code == 0);
    CHECK(summary_of(full)["updated"].integer() == skus);
    WARN("full push: peak " << full.peak_kib << " KiB, CPU " << full.cpu_seconds << " s");
    // The waiting list, and new orders: before each batch and once behind the last.
    constexpr std::int64_t writes = minimum::ceil(skus, batch);
    expect_calls(sandbox, {{{"getInventories", 1},
                            {"getInventoryProductsStock", minimum::pages(skus, base_page)},
                            {"getOrders", 1 + writes + 1},
                            {"updateInventoryProductsStock", writes}},
                           {{"GET /articles/inventoryPerWarehouse", minimum::ongoing_pages(skus, ongoing_page)}}});
    CHECK(full.peak_kib < most_kib);
    const auto held = [&](int n) {
        const json::Value rows = sandbox.get(fmt::format("/_admin/baselinker/products?id={}", synthetic_id + n));
        return rows.elements().front()["stock"]["bl_206"].integer();
    };
    CHECK(held(7) == 60 + 7 - 3);
    CHECK(held(skus) == 60);
    CHECK(held(99'999) == 99);

    sandbox.reset_journal();
    const auto idle = installation.blongo({"stock", "push", "--json"});
    CHECK(idle.exit_code == 0);
    WARN("idle push: peak " << idle.peak_kib << " KiB, CPU " << idle.cpu_seconds << " s");
    // The waiting list by time and by id.
    expect_calls(sandbox, {{{"getOrders", 2}}, {{"GET /articles/inventoryPerWarehouse", 1}}});

    // One in a hundred changes: the pages of these, the waiting orders, the new ones before each batch, two writes.
    post_articles(sandbox, 100, [](int, json::Value& row) { row.set("stock", json::Value::object().set("1", 55)); });
    constexpr std::int64_t changed = skus / 100, changed_writes = minimum::ceil(changed, batch);
    sandbox.reset_journal();
    const auto delta = installation.blongo({"stock", "push", "--json"});
    INFO(delta.err);
    CHECK(delta.exit_code == 0);
    CHECK(summary_of(delta)["updated"].integer() == changed);
    WARN("1 % changed: peak " << delta.peak_kib << " KiB, CPU " << delta.cpu_seconds << " s");
    expect_calls(sandbox, {{{"getOrders", 2 + changed_writes + 1}, {"updateInventoryProductsStock", changed_writes}},
                           {{"GET /articles/inventoryPerWarehouse", minimum::ongoing_pages(changed, ongoing_page)}}});
    CHECK(held(100) == 55);
    CHECK(held(skus) == 55);
    CHECK(sandbox.violations().empty());
}

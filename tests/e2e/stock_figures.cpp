// SPDX-License-Identifier: Apache-2.0
// Exact figures of stock push with 100,000 SKUs: calls, writes and memory. Release build only.
#include <catch2/catch.hpp>

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "support/e2e/faults.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

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
void fill_warehouse(Sandbox& sandbox) {
    post_articles(sandbox, 1, [](int n, json::Value& row) {
        row.set("stock", json::Value::object().set("1", 60 + n % 40)).set("stock_changed", "-2h");
    });
}

/// The ledger knows one article by articles sync, and the others in its likeness: 100,000 of them by articles sync would
/// take longer than all the rest.
void fill_ledger(const Installation& installation) {
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    const std::string copied = "name, fingerprint, agreed, remote, kind, active, gone, detail_at, written_at, is_bundle";
    edit_state(installation,
               fmt::format("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
                           "INSERT INTO articles (connection, number, system_id, source_id, product_id, {}) "
                           "SELECT connection, printf('P%06d', i), system_id + i, {} + i, {} + i, {} FROM articles, n",
                           skus, copied, synthetic_id, synthetic_id, copied));
}

std::string counts(Sandbox& sandbox) { return sandbox.get("/_admin/counts").dump(); }

/// Calls that read and calls that write.
std::pair<std::int64_t, std::int64_t> reads_and_writes(Sandbox& sandbox) {
    const std::int64_t all = sandbox.calls("baselinker") + sandbox.calls("ongoing");
    return {all - sandbox.writes(), sandbox.writes()};
}

} // namespace

TEST_CASE("100,000 SKUs: a full push near the fewest calls, an idle one and one of 1 % as well, memory flat") {
    Sandbox sandbox({"--products", "1"});
    Installation installation(sandbox, {}, stock_on(fmt::format("batch = {}", batch)), orders_on());
    fill_ledger(installation);
    const std::string port = sandbox.url().substr(sandbox.url().rfind(':') + 1);
    sandbox.end();
    sandbox.begin({"--products", std::to_string(skus), "--port", port});
    fill_warehouse(sandbox);
    REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 0);
    sandbox.base_orders(base_order(1, {pieces_of(7, 3)}, json::Value::object().set("order_status_id", status::fresh)));

    sandbox.reset_journal();
    const auto full = installation.blongo({"stock", "push", "--json"});
    INFO(full.err << counts(sandbox));
    REQUIRE(full.exit_code == 0);
    CHECK(summary_of(full)["updated"].integer() == skus);
    constexpr std::int64_t ongoing_pages = skus / ongoing_page + 1, base_pages = skus / base_page + 1, writes = skus / batch;
    const std::int64_t all = sandbox.calls("baselinker") + sandbox.calls("ongoing");
    WARN("full push: " << all << " calls " << counts(sandbox) << ", peak " << full.peak_kib << " KiB, CPU "
                       << full.cpu_seconds << " s");
    CHECK(sandbox.writes() == writes);
    CHECK(sandbox.calls("ongoing") <= ongoing_pages);
    CHECK(sandbox.calls("baselinker", "getInventoryProductsStock") <= base_pages);
    CHECK(all * 100 <= (ongoing_pages + base_pages + writes + writes) * 102);
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
    WARN("idle push: " << counts(sandbox) << ", peak " << idle.peak_kib << " KiB, CPU " << idle.cpu_seconds << " s");
    CHECK(reads_and_writes(sandbox).second == 0);
    CHECK(reads_and_writes(sandbox).first <= 1 + 1 + 2);

    // One in a hundred changes: the pages of these, the waiting orders, the new ones before each batch, two writes.
    post_articles(sandbox, 100, [](int, json::Value& row) { row.set("stock", json::Value::object().set("1", 55)); });
    constexpr std::int64_t changed = skus / 100, changed_pages = changed / ongoing_page + 1, changed_writes = changed / batch;
    sandbox.reset_journal();
    const auto delta = installation.blongo({"stock", "push", "--json"});
    INFO(delta.err);
    CHECK(delta.exit_code == 0);
    CHECK(summary_of(delta)["updated"].integer() == changed);
    const auto [delta_reads, delta_writes] = reads_and_writes(sandbox);
    WARN("1 % changed: " << counts(sandbox) << ", peak " << delta.peak_kib << " KiB, CPU " << delta.cpu_seconds << " s");
    CHECK(delta_reads <= changed_pages + 1 + changed_writes + 2);
    CHECK(delta_writes <= changed_writes + 2);
    CHECK(held(100) == 55);
    CHECK(held(skus) == 55);
    CHECK(sandbox.violations().empty());
}

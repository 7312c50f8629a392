// SPDX-License-Identifier: Apache-2.0
// A catalogue, or a warehouse, whose listing alone takes longer than a run may.
#include <catch2/catch.hpp>

#include "support/e2e/catalogue.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t products = 2'200, pages = 4; // the last page is empty
constexpr int most_runs = 30;

void add(Sandbox& sandbox, std::int64_t id, const std::string& sku) {
    sandbox.base_products(json::Value::object()
                              .set("id", id)
                              .set("sku", sku)
                              .set("weight", json::Value::number("0.5"))
                              .set("text_fields", with("name", "Kubek " + std::to_string(id))));
}

std::int64_t list_calls(Sandbox& sandbox) {
    return sandbox.calls("baselinker", "getInventoryProductsList");
}
std::int64_t detail_calls(Sandbox& sandbox) {
    return sandbox.calls("baselinker", "getInventoryProductsData");
}

/// Runs that end within the listing, until one comes to the products; answers how many there were.
int runs_until_listed(Sandbox& sandbox, const Installation& installation) {
    sandbox.options(with("latency_baselinker", 250));
    int runs = 0;
    while (detail_calls(sandbox) == 0 && runs < most_runs) {
        ++runs;
        CHECK(sandbox.calls("ongoing", "PUT /articles") == 0);
        const auto run = installation.blongo({"articles", "sync", "--json", "--max-duration", "400ms"});
        INFO(run.err);
        CHECK(run.exit_code == 5);
        CHECK_FALSE(summary_of(run)["complete"].is_true());
    }
    sandbox.options(with("latency_baselinker", 0));
    return runs;
}

} // namespace

TEST_CASE("a listing that takes longer than --max-duration goes on in the next runs, and is whole before the first write") {
    Sandbox sandbox({"--products", std::to_string(products)});
    // On the first and on the last page: that the SKU is there twice is seen by whoever has both.
    add(sandbox, 1, "TWICE");
    add(sandbox, 999'999'999, "TWICE");
    const Installation installation(sandbox);

    const int runs = runs_until_listed(sandbox, installation);
    CHECK(runs > 1);
    REQUIRE(runs < most_runs);
    CHECK(list_calls(sandbox) == pages); // each goes on behind the pages of the one before

    fill_warehouse(sandbox, products); // instead of so many PUTs
    sandbox.reset_journal();
    const auto rest = installation.blongo({"articles", "sync", "--json"});
    INFO(rest.err);
    CHECK(rest.exit_code == 0); // TWICE was parked when the listing was whole
    CHECK(list_calls(sandbox) == 0);
    CHECK(detail_calls(sandbox) > products / 100 - 3);
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked[0]["cause"].text() == "duplicate_sku");
    CHECK(parked[0]["key"].text() == "TWICE");

    // All had their turn: what is new since then shows in the next listing.
    add(sandbox, 2, "NEW-1");
    sandbox.reset_journal();
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(list_calls(sandbox) == pages);
    CHECK(sandbox.articles()["NEW-1"].is_object());
}

TEST_CASE("who names an article is not told of a listing that an earlier run kept") {
    Sandbox sandbox({"--products", std::to_string(products)});
    const Installation installation(sandbox);
    REQUIRE(runs_until_listed(sandbox, installation) > 1);
    add(sandbox, 999'999'999, "NEW-1");
    CHECK(installation.blongo({"articles", "sync", "--sku", "NEW-1"}).exit_code == 0);
    CHECK(sandbox.articles()["NEW-1"].is_object());
}

namespace {

constexpr std::int64_t warehouse_pages = 6; // of 500; the last page is empty

std::int64_t warehouse_calls(Sandbox& sandbox) {
    return sandbox.calls("ongoing", "GET /articles");
}

/// All products are in Ongoing, and every one of them is known: nothing is to be written.
void expect_all_adopted(Sandbox& sandbox, const Installation& installation) {
    const auto rest = installation.blongo({"articles", "sync", "--json"});
    INFO(rest.err);
    CHECK(rest.exit_code == 0);
    CHECK(summary_of(rest)["adopted"].integer() == products);
    CHECK(sandbox.writes() == 0);
    CHECK(warehouse_calls(sandbox) == warehouse_pages + 2); // the page of the killed run, and the one that failed
    sandbox.reset_journal();
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(warehouse_calls(sandbox) == 0);
    CHECK(sandbox.writes() == 0);
}

} // namespace

TEST_CASE("a first read of Ongoing's articles that takes longer than --max-duration goes on in the next runs") {
    Sandbox sandbox({"--products", std::to_string(products - 1)});
    fill_warehouse(sandbox, products - 1);
    const Installation installation(sandbox);
    sandbox.options(with("latency_ongoing", 500));
    int runs = 0;
    for (; detail_calls(sandbox) == 0 && runs < most_runs; ++runs) {
        const auto run = installation.blongo({"articles", "sync", "--json", "--max-duration", "900ms"});
        INFO(run.err);
        if (detail_calls(sandbox) == 0) REQUIRE(run.exit_code == 5);
        // What people make meanwhile is read with the rest.
        if (runs == 0) sandbox.post("/_admin/ongoing/articles", with("data", with("articleNumber", "LATE")));
    }
    CHECK(runs > 2);
    REQUIRE(runs < most_runs);
    CHECK(list_calls(sandbox) == pages); // the listing was kept for the products
    sandbox.options(with("latency_ongoing", 0));
    add(sandbox, 1, "LATE");
    for (const bool again : {false, true}) { // the first one may still have the listing that was kept
        INFO(again);
        CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    }
    CHECK(sandbox.articles()["LATE"]["articleName"].text() == "Kubek 1");
    CHECK(sandbox.calls("ongoing", "PUT /articles") == 1); // all others match
    CHECK(warehouse_calls(sandbox) == warehouse_pages);    // and nobody had to be looked up
}

TEST_CASE("a first read of Ongoing's articles goes on where a killed run, or one that failed, was") {
    Sandbox sandbox({"--products", std::to_string(products)});
    fill_warehouse(sandbox, products);
    const Installation installation(sandbox);
    const auto spoil = [&](const char* fault, int call) {
        sandbox.fault(
            with("side", "ongoing").set("operation", "GET /articles").set("fault", fault).set("nth", call).set("code", 400));
    };
    spoil("kill_after", 2);
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 128 + 9);
    spoil("status_before", 3);
    CHECK(installation.blongo({"articles", "sync"}).exit_code != 0);
    CHECK(detail_calls(sandbox) == 0);
    CHECK(warehouse_calls(sandbox) == 2 + 3);
    sandbox.clear_faults();
    expect_all_adopted(sandbox, installation);
}

TEST_CASE("a listing that was empty for once is not kept for the next run when Ongoing's articles take the time") {
    Sandbox sandbox({"--products", "20"});
    fill_warehouse(sandbox, 20);
    const Installation installation(sandbox);
    sandbox.options(with("latency_ongoing", 600));
    sandbox.fault(with("side", "baselinker").set("operation", "getInventoryProductsList").set("fault", "empty_listing"));
    CHECK(installation.blongo({"articles", "sync", "--max-duration", "500ms"}).exit_code == 5);
    sandbox.options(with("latency_ongoing", 0));
    sandbox.clear_faults();
    const auto next = installation.blongo({"articles", "sync", "--json"});
    CHECK(next.exit_code == 0);
    CHECK(summary_of(next)["adopted"].integer() == 20);
    CHECK(warehouse_calls(sandbox) == 2);
}

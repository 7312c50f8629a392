// SPDX-License-Identifier: Apache-2.0
// Exact figures: calls, writes and memory. Release build only.
#include <catch2/catch.hpp>

#include "support/e2e/catalogue.hpp"
#include "support/e2e/minimum.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

using minimum::Both;
using minimum::expect_calls;

/// What an idle pass over so many products without variants needs: the listing and the details (see tests/bench/minimum.md).
Both idle_calls(std::int64_t products) {
    return {{{"getInventoryProductsList", minimum::pages(products, 1'000)},
             {"getInventoryProductsData", minimum::ceil(products, 100)}},
            {}};
}

} // namespace

TEST_CASE("articles: a first load, an idle pass and one change take the fewest calls, memory stays flat") {
    const std::int64_t products = GENERATE(1'000, 10'000);
    constexpr long most_kib = 64 * 1024;
    Sandbox sandbox({"--products", std::to_string(products)});
    const Installation installation(sandbox);

    const auto first = installation.blongo({"articles", "sync", "--json"});
    INFO(products << " products\n" << first.err);
    REQUIRE(first.exit_code == 0);
    CHECK(summary_of(first)["created"].integer() == products);
    Both load = idle_calls(products);
    load.ongoing = {{"GET /articles", 1}, {"PUT /articles", products}};
    expect_calls(sandbox, load);
    CHECK(sandbox.articles().size() == static_cast<std::size_t>(products));
    CHECK(first.peak_kib < most_kib);

    sandbox.reset_journal();
    const auto second = installation.blongo({"articles", "sync", "--json"});
    CHECK(second.exit_code == 0);
    expect_calls(sandbox, idle_calls(products));
    CHECK(second.peak_kib < most_kib);
    WARN(products << " products: peak " << first.peak_kib << " KiB, idle " << second.peak_kib << " KiB; CPU " << first.cpu_seconds
                  << " s, idle " << second.cpu_seconds << " s");

    sandbox.base_products(json::Value::object()
                              .set("id", synthetic_id + products / 2)
                              .set("text_fields", json::Value::object().set("name", "Zmieniona nazwa")));
    sandbox.reset_journal();
    const auto third = installation.blongo({"articles", "sync", "--json"});
    CHECK(third.exit_code == 0);
    CHECK(summary_of(third)["updated"].integer() == 1);
    Both change = idle_calls(products);
    change.ongoing = {{"GET /articles/{articleSystemId}", 1}, {"PUT /articles", 1}};
    expect_calls(sandbox, change);
    // parallel_writes would stand among the violations: at most one write was in flight.
    CHECK(sandbox.violations().empty());
}

TEST_CASE("articles: 100,000 that are there already are compared and then left alone, with the fewest calls, in little memory") {
    constexpr std::int64_t products = 100'000;
    constexpr long most_kib = 64 * 1024;
    Sandbox sandbox({"--products", std::to_string(products)});
    const Installation installation(sandbox);
    fill_warehouse(sandbox, products);
    for (const bool idle : {false, true}) {
        sandbox.reset_journal();
        const auto pass = installation.blongo({"articles", "sync", "--json"});
        INFO((idle ? "idle" : "first pass") << "\n" << pass.err);
        REQUIRE(pass.exit_code == 0);
        CHECK(summary_of(pass)[idle ? "same" : "adopted"].integer() == products);
        Both calls = idle_calls(products);
        if (!idle) calls.ongoing = {{"GET /articles", minimum::ongoing_pages(products, 500)}};
        expect_calls(sandbox, calls);
        CHECK(pass.peak_kib < most_kib);
    }
    CHECK(sandbox.violations().empty());
}

TEST_CASE("check of 100,000 articles: no catalogue is held whole, on neither side") {
    constexpr std::int64_t products = 100'000;
    constexpr long most_kib = 150 * 1024;
    Sandbox sandbox({"--products", std::to_string(products)});
    Installation installation(sandbox);
    fill_warehouse(sandbox, products);
    sandbox.reset_journal();

    const auto agreed = installation.blongo({"check", "--only", "articles", "--json", "--exit-code"});
    INFO(agreed.out.substr(0, 2000) << agreed.err);
    CHECK(agreed.exit_code == 0);
    REQUIRE(lines_of(agreed, "check").size() == 1);
    CHECK(lines_of(agreed, "check").front()["in_ongoing"].integer() == products);
    CHECK(sandbox.writes() == 0);
    CHECK(agreed.peak_kib < most_kib);
    // One listing and one read of each side; nothing is read twice where both agree.
    CHECK(sandbox.calls("ongoing") <= products / 500 + 2);
    CHECK(sandbox.calls("baselinker") <= products / 1000 + products / 100 + 3);
    WARN("both agree: " << sandbox.calls("baselinker") << " BaseLinker calls, " << sandbox.calls("ongoing")
                        << " Ongoing calls, peak " << agreed.peak_kib << " KiB, CPU " << agreed.cpu_seconds << " s");

    // The other extreme: nothing is in Ongoing.
    Sandbox empty({"--products", std::to_string(products)});
    Installation fresh(empty);
    const auto missing = fresh.blongo({"check", "--only", "articles", "--json", "--exit-code"});
    CHECK(missing.exit_code == 9);
    CHECK(lines_of(missing, "difference").size() == static_cast<std::size_t>(products));
    CHECK(missing.peak_kib < most_kib);
    WARN("nothing there: " << empty.calls("ongoing") << " Ongoing calls, peak " << missing.peak_kib << " KiB, CPU "
                           << missing.cpu_seconds << " s");
}

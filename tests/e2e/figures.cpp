// SPDX-License-Identifier: Apache-2.0
// Exact figures: calls, writes and memory. Release build only.
#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/sandbox.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// The articles that `--products N` would become, as if somebody else had brought them to Ongoing.
void fill_warehouse(Sandbox& sandbox, std::int64_t products) {
    constexpr std::int64_t at_once = 5'000;
    const auto ean = [](std::int64_t i) {
        const std::string digits = fmt::format("590{:09}", i);
        int sum = 0;
        for (std::size_t k = 0; k < digits.size(); ++k) sum += (digits[k] - '0') * (k % 2 == 0 ? 1 : 3);
        return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
    };
    for (std::int64_t from = 1; from <= products; from += at_once) {
        json::Value articles = json::Value::array();
        for (std::int64_t i = from; i < std::min(products + 1, from + at_once); ++i)
            articles.push_back(json::Value::object().set(
                "data", json::Value::object()
                            .set("articleNumber", fmt::format("P{:06}", i))
                            .set("articleName", fmt::format("Produkt {:06}", i))
                            .set("productCode", std::to_string(900'000'000 + i))
                            .set("barCodeInfo", json::Value::object().set("barCode", ean(i)))
                            .set("description", fmt::format("Opis produktu {:06}", i))
                            .set("weight", json::Value::number(fmt::format("{}.{:02}", 1 + i % 7, i % 100)))
                            .set("height", json::Value::number(fmt::format("0.{:02}", 5 + i % 20)))
                            .set("width", json::Value::number(fmt::format("0.{:02}", 6 + i % 30)))
                            .set("length", json::Value::number(fmt::format("0.{:02}5", 7 + i % 40)))
                            .set("isActive", true)));
        sandbox.post("/_admin/ongoing/articles", articles);
    }
}

} // namespace

TEST_CASE("10,000 products: calls near the minimum, no idle write, one write per change, memory flat") {
    constexpr std::int64_t products = 10'000, list_pages = 11, data_calls = 100;
    constexpr long most_kib = 64 * 1024;
    Sandbox sandbox({"--products", std::to_string(products)});
    Installation installation(sandbox);

    const auto first = installation.blongo({"articles", "sync", "--json"});
    INFO(first.err);
    REQUIRE(first.exit_code == 0);
    CHECK(summary_of(first)["created"].integer() == products);
    CHECK(sandbox.articles().size() == static_cast<std::size_t>(products));
    CHECK(sandbox.calls("ongoing", "PUT /articles") == products);
    const std::int64_t baselinker = sandbox.calls("baselinker");
    CHECK(baselinker * 100 <= (list_pages + data_calls + 1) * 102);
    CHECK(first.peak_kib < most_kib);
    WARN("first run: " << baselinker << " BaseLinker calls, " << sandbox.calls("ongoing") << " Ongoing calls, peak "
                       << first.peak_kib << " KiB, CPU " << first.cpu_seconds << " s");

    sandbox.reset_journal();
    const auto second = installation.blongo({"articles", "sync", "--json"});
    CHECK(second.exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(second.peak_kib < most_kib);
    WARN("idle run: " << sandbox.calls("baselinker") << " BaseLinker calls, " << sandbox.calls("ongoing")
                      << " Ongoing calls, peak " << second.peak_kib << " KiB, CPU " << second.cpu_seconds << " s");

    const json::Value product = sandbox.get("/_admin/baselinker/products");
    const std::int64_t id = (product.is_array() ? product.elements().front() : product.members().front().second.elements().front())["id"].integer();
    sandbox.post("/_admin/baselinker/products",
                 json::Value::object().set("id", id).set("text_fields",
                                                         json::Value::object().set("name", "Zmieniona nazwa")));
    sandbox.reset_journal();
    const auto third = installation.blongo({"articles", "sync", "--json"});
    CHECK(third.exit_code == 0);
    CHECK(sandbox.writes() == 1);
    CHECK(summary_of(third)["updated"].integer() == 1);
    // parallel_writes would stand among the violations: at most one write was in flight.
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

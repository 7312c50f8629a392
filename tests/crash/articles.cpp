// SPDX-License-Identifier: Apache-2.0
// The fault matrix of the article flow, generated: {fault} x {request} x {fresh, kept-alive}.
// After at most two more runs every article is there exactly once, the last run ends with 0, and
// the sandbox saw no breach of a contract.
#include <catch2/catch.hpp>

#include <set>

#include "support/e2e/faults.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// 130 products: two batches of details, so that the second one comes on a kept-alive connection.
constexpr int products = 130;

const std::vector<Operation> operations = {
    {"baselinker", "getInventoryProductsList"},
    {"baselinker", "getInventoryProductsData"},
    {"ongoing", "GET /articles"},
    {"ongoing", "PUT /articles"},
};

constexpr int stall_seconds = 3; ///< longer than the client waits

const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after", "html_502",
                                         "truncated",   "stall",      "kill_before",   "kill_after"};

/// So many articles of other origin that the boot read needs a second page.
constexpr int strangers = 620;

void fill_a_page(Sandbox& sandbox) {
    json::Value articles = json::Value::array();
    for (int i = 0; i < strangers; ++i)
        articles.push_back(json::Value::object().set(
            "data", json::Value::object().set("articleNumber", "OTHER-" + std::to_string(i)).set("isActive", true)));
    sandbox.post("/_admin/goods-owners", json::Value::object()
                                             .set("warehouse", "sandbox")
                                             .set("goodsOwnerId", 1)
                                             .set("user", "WSI-SANDBOX")
                                             .set("password", "sandbox-password")
                                             .set("articles", std::move(articles)));
}

void expect_complete(Sandbox& sandbox, const Installation& installation, const std::string& what) {
    INFO(what);
    int last = -1;
    std::string said;
    for (int run = 1; run <= 2 && last != 0; ++run) {
        const auto again = installation.blongo({"articles", "sync", "--json"});
        last = again.exit_code;
        said = again.out.substr(again.out.size() > 600 ? again.out.size() - 600 : 0) + again.err;
    }
    INFO(said);
    CHECK(last == 0);
    const json::Value articles = sandbox.articles();
    std::multiset<std::string> numbers;
    for (const auto& [number, article] : articles.members())
        if (!number.starts_with("OTHER-")) numbers.insert(number);
    CHECK(numbers.size() == products);
    CHECK(std::set<std::string>(numbers.begin(), numbers.end()).size() == products);
    expect_lawful_and_idle(sandbox, installation, "articles");
}

} // namespace

TEST_CASE("every fault at every request of the article flow leaves every article there exactly once") {
    std::size_t fired = 0, cells = 0, played = 0;
    for (const auto& operation : operations)
        for (const auto& fault : faults)
            for (const std::string connection : {"fresh", "kept_alive"}) {
                if (!in_share(cells++)) continue;
                ++played;
                Sandbox sandbox({"--products", std::to_string(products)});
                Installation installation(sandbox, {}, impatient);
                // Requests that by themselves come on the other kind of connection only are brought to it.
                if (connection == "fresh" && operation.name == "PUT /articles")
                    sandbox.options(json::Value::object().set("close_connections", true));
                if (connection == "kept_alive" && operation.name == "GET /articles") fill_a_page(sandbox);
                sandbox.fault(fault_rule(operation, fault, connection, stall_seconds));
                const auto hurt = installation.blongo({"articles", "sync", "--json"});
                const std::string what = fault + " at " + operation.name + " on a " + connection + " connection";
                INFO(what << "\n" << hurt.err);
                const bool met = fault_fired(sandbox);
                if (met) ++fired;
                if (fault.starts_with("kill") && met) CHECK(hurt.exit_code == 128 + 9);
                expect_complete(sandbox, installation, what);
            }
    WARN("faults that fired: " << fired << " of " << played << " cells");
    CHECK(cells == operations.size() * faults.size() * 2);
    CHECK(fired == played);
}

TEST_CASE("an article that a side always answers with 500 is parked after three runs, and the others go on") {
    Sandbox sandbox({"--products", "12"});
    Installation installation(sandbox, {}, impatient);
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "PUT /articles")
                      .set("match", "\"P000003\"")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500));
    for (int run = 1; run <= 3; ++run) {
        const auto result = installation.blongo({"articles", "sync", "--json"});
        INFO("run " << run << "\n" << result.out << result.err);
        CHECK(result.exit_code == (run < 3 ? 5 : 3));
    }
    CHECK(sandbox.articles().size() == 11);
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "remote_rejected");
    sandbox.clear_faults();
    CHECK(installation.blongo({"parked", "retry", "P000003"}).exit_code == 0);
    CHECK(sandbox.articles().size() == 12);
}

TEST_CASE("five different articles in a row failing stop the flow with 5", "[F26]") {
    Sandbox sandbox({"--products", "40"});
    Installation installation(sandbox, {}, impatient);
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "PUT /articles")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500));
    const auto result = installation.blongo({"articles", "sync", "--json"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 5);
    CHECK(sandbox.calls("ongoing", "PUT /articles") == 5 * 4);
}

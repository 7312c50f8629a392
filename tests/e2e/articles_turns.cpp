// SPDX-License-Identifier: Apache-2.0
// Which products a run of the article flow reads, in which turn, and what waits for what.
#include <catch2/catch.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

void add(Sandbox& sandbox, std::int64_t id, const std::string& sku, const std::string& name,
         const json::Value& more = json::Value::object()) {
    json::Value product = more;
    sandbox.base_products(
        product.set("id", id).set("sku", sku).set("weight", json::Value::number("0.5")).set("text_fields", with("name", name)));
}

Finished sync(const Installation& installation) {
    auto run = installation.blongo({"articles", "sync", "--json"});
    UNSCOPED_INFO(run.out << run.err);
    return run;
}

/// The products whose details were read since the last reset_journal(), in their order.
std::vector<std::string> read_products(Sandbox& sandbox) {
    std::vector<std::string> out;
    const json::Value calls = sandbox.get("/_admin/journal?side=baselinker&operation=getInventoryProductsData");
    for (const auto& call : calls.elements())
        for (const auto& id : call["parameters"]["products"].elements()) out.emplace_back(id.text());
    return out;
}

std::vector<std::string> parked(const Installation& installation) {
    std::vector<std::string> out;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        out.push_back(std::string(row["key"].text()) + " " + std::string(row["cause"].text()));
    return out;
}

} // namespace

TEST_CASE("with scope = \"ordered\" the articles that orders brought are kept up to date, and no other product is read") {
    Sandbox sandbox({"--products", "5"});
    Installation installation(sandbox, "scope = \"ordered\"\nbatch = 1", {}, orders_on());
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(4))}));
    REQUIRE(sync_orders(installation).exit_code == 0);
    for (int n = 1; n <= 5; ++n)
        sandbox.base_products(json::Value::object().set("id", synthetic_id + n).set("text_fields", with("name", "Nowa nazwa")));
    sandbox.reset_journal();
    CHECK(sync(installation).exit_code == 0);
    const json::Value articles = sandbox.articles();
    CHECK(articles.size() == 1);
    CHECK(articles[synthetic_sku(4)]["articleName"].text() == "Nowa nazwa");
    CHECK(read_products(sandbox) == std::vector{std::to_string(synthetic_id + 4)});
}

TEST_CASE("a product that no article is made of takes its turn among the others") {
    Sandbox sandbox;
    add(sandbox, 1, "CUP-1", "Kubek");
    json::Value tags = json::Value::array();
    tags.push_back("tea");
    add(sandbox, 2, "TEA-1", "Herbata", with("tags", std::move(tags)));
    const Installation installation(sandbox, "exclude = { tags = [\"tea\"] }\nbatch = 1");
    CHECK(sync(installation).exit_code == 0);
    CHECK(sandbox.articles().size() == 1);
    sandbox.reset_journal();
    CHECK(sync(installation).exit_code == 0);
    CHECK(read_products(sandbox) == std::vector<std::string>{"1", "2"}); // who was read longest ago, first
}

TEST_CASE("a bundle waits for a component that comes later, and is parked beside one that the warehouse refuses") {
    Sandbox sandbox;
    const bool refused = GENERATE(false, true);
    add(sandbox, 1, "SET", "Zestaw",
        json::Value::object().set("is_bundle", true).set("bundle_products", json::Value::object().set("2", 1).set("3", 4)));
    add(sandbox, 2, "CUP", "Kubek");
    add(sandbox, 3, "SPOON", "Lyzka");
    const Installation installation(sandbox, refused ? "" : "max_new_articles = 1");
    if (refused)
        sandbox.fault(json::Value::object()
                          .set("side", "ongoing")
                          .set("operation", "PUT /articles")
                          .set("match", "SPOON")
                          .set("fault", "status_before")
                          .set("code", 400));
    const auto first = sync(installation);
    CHECK(sandbox.articles().size() == 1);
    if (refused) {
        CHECK(first.exit_code == 3);
        CHECK(parked(installation) == std::vector<std::string>{"SPOON remote_rejected", "SET unknown_sku"});
        return;
    }
    CHECK(first.exit_code == 0);
    CHECK(parked(installation).empty());
    for (int run = 2; run <= 3; ++run) CHECK(sync(installation).exit_code == 0);
    CHECK(sandbox.articles()["SET"].at_path("structureDefinition.articleKind").text() == "Structure");
}

TEST_CASE("an article that waits for a person goes on waiting while the warehouse is away") {
    Sandbox sandbox;
    add(sandbox, 1, "CUP", "Kubek");
    add(sandbox, 2, "SPOON", "Lyzka");
    const Installation installation(sandbox, {}, impatient);
    const auto fail_with = [&](int code) {
        sandbox.clear_faults();
        sandbox.fault(json::Value::object()
                          .set("side", "ongoing")
                          .set("operation", "PUT /articles")
                          .set("match", "CUP")
                          .set("every", 1)
                          .set("fault", "status_before")
                          .set("code", code));
    };
    fail_with(400);
    CHECK(sync(installation).exit_code == 3);
    REQUIRE(parked(installation) == std::vector<std::string>{"CUP remote_rejected"});
    fail_with(503);
    add(sandbox, 1, "CUP", "Kubek z uchem"); // so it is tried again
    CHECK(sync(installation).exit_code == 5);
    CHECK(parked(installation) == std::vector<std::string>{"CUP remote_rejected"});
    sandbox.clear_faults();
    CHECK(sync(installation).exit_code == 0);
    CHECK(parked(installation).empty());
    CHECK(sandbox.articles()["CUP"]["articleName"].text() == "Kubek z uchem");
}

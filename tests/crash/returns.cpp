// SPDX-License-Identifier: Apache-2.0
// The fault matrix of the returns flow, generated: {fault} x {request}. After the recovery runs every return is one return
// order, with what it should say, each status was set once, and the last run ends with 0 and is idle.
#include <catch2/catch.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/returns.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::vector<Operation> requests = {
    {"baselinker", "getOrderReturnStatusList"}, {"baselinker", "getOrderReturns"}, {"baselinker", "getOrderReturnJournalList"},
    {"baselinker", "setOrderReturnStatus"},     {"ongoing", "GET /returnOrders"},  {"ongoing", "GET /orders/{orderId}"},
    {"ongoing", "PUT /returnOrders"},
};
const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after", "html_502",
                                         "truncated",   "stall",      "late_commit",   "kill_before",  "kill_after"};

const std::string short_waits = "[http]\nread_timeout = \"1500ms\"\n"
                                "retry_ongoing = [\"5ms\", \"10ms\", \"20ms\"]\n"
                                "retry_baselinker = [\"5ms\", \"10ms\", \"20ms\", \"40ms\"]\n";
const std::string settings = "statuses = [\"Zaakceptowane\"]\nstatus_after_received = 51006";

/// 70 has come and is to be moved on; 71 has changed; 72 is new; 73 waits for a SKU.
void hurt_world(ReturnShop& shop) {
    for (int id = 70; id < 72; ++id) shop.base(base_return(id, 1, {return_line(synthetic_sku(1), 1)}));
    shop.base(base_return(73, 1, {return_line("UNKNOWN-1")}));
    REQUIRE(shop.sync().exit_code == 3);
    shop.work("R70", json::Value::object().set("receive", true));
    json::Value lines = json::Value::array();
    lines.push_back(return_line(synthetic_sku(2), 2).set("order_return_product_id", 711));
    shop.base(json::Value::object().set("return_id", 71).set("products", std::move(lines)));
    shop.base(base_return(72, 1, {return_line(synthetic_sku(1), 2)}));
}

void expect_settled(ReturnShop& shop) {
    int last = -1;
    std::string said;
    for (int run = 1; run <= 4 && last != 0; ++run) {
        if (run == 3) age_intents(shop.installation);
        const auto again = shop.installation.blongo({"returns", "sync", "--json"});
        last = again.exit_code;
        said += again.out + again.err;
    }
    INFO(said);
    CHECK(last == 0);
    CHECK(shop.return_orders() == 3);
    CHECK(shop.expected("R70") == "P000001 x 1");
    CHECK(shop.expected("R71") == "P000002 x 2");
    CHECK(shop.expected("R72") == "P000001 x 2");
    CHECK(shop.status_of(70) == return_status::received);
    CHECK(shop.status_writes(70, return_status::received) == 1);
    auto rows = shop.listed();
    CHECK(rows.size() == 3);
    CHECK(rows["70"]["state"].text() == "received");
    CHECK(rows["70"]["status"].text() == "set");
    CHECK(shop.installation.blongo({"parked", "list"}).out.find("returns 73") != std::string::npos);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

bool play(const Operation& operation, const std::string& fault) {
    INFO(fault << " at " << operation.name);
    ReturnShop shop(returns_on(settings), short_waits, {}, {"--set", "journal=true"});
    hurt_world(shop);
    if (operation.name == "getOrderReturnJournalList") // asked while no sweep is due
        edit_state(shop.installation, "UPDATE cursors SET value = '50' WHERE name = 'returns.sweep_calls'");
    shop.sandbox.reset_journal();
    shop.sandbox.fault(fault_rule(operation, fault, "", 2));
    const auto hurt = shop.installation.blongo({"returns", "sync", "--json"});
    INFO(hurt.out << hurt.err);
    const bool met = fault_fired(shop.sandbox);
    if (fault.starts_with("kill") && met) CHECK(hurt.exit_code == 128 + 9);
    shop.sandbox.clear_faults();
    expect_settled(shop);
    return met;
}

} // namespace

TEST_CASE("every fault at every request of the returns flow leaves every return there once, and its status set once") {
    std::size_t fired = 0, cells = 0, played = 0;
    for (const auto& operation : requests)
        for (const auto& fault : faults) {
            if (!in_share(cells++)) continue;
            ++played;
            const bool met = play(operation, fault);
            INFO(fault << " at " << operation.name << " never fired");
            CHECK(met);
            fired += met ? 1 : 0;
        }
    WARN("faults that fired: " << fired << " of " << played << " cells");
    CHECK(cells == requests.size() * faults.size());
    CHECK(fired == played);
}

TEST_CASE("a person who moved the return on after a lost answer is not moved back") {
    ReturnShop shop(returns_on(settings), short_waits);
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.work("R70", json::Value::object().set("receive", true));
    shop.sandbox.fault(fault_rule({"baselinker", "setOrderReturnStatus"}, "drop_before", "", 1));
    CHECK(shop.sync().exit_code == 8);
    CHECK(shop.installation.blongo({"unknown", "list"}).out.find("blongo returns sync") != std::string::npos);
    shop.base(json::Value::object().set("return_id", 70).set("status_id", return_status::closed));
    age_intents(shop.installation);
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.status_of(70) == return_status::closed);
    CHECK(shop.status_writes(70, return_status::received) == 0);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a version whose answer was lost never overwrites the next one") {
    for (const std::string fault : {"drop_before", "kill_before", "kill_after", "status_after"}) {
        INFO(fault);
        ReturnShop shop(returns_on(settings), short_waits);
        shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
        REQUIRE(shop.sync().exit_code == 0);
        const auto change = [&](std::int64_t pieces) {
            json::Value lines = json::Value::array();
            lines.push_back(return_line(synthetic_sku(2), pieces).set("order_return_product_id", 701));
            shop.base(json::Value::object().set("return_id", 70).set("products", std::move(lines)));
        };
        change(1);
        json::Value rule = fault_rule({"ongoing", "PUT /returnOrders"}, fault, "", 1);
        shop.sandbox.fault(rule.set("nth", 0).set("every", 1));
        CHECK(shop.sync().exit_code != 0);
        shop.sandbox.clear_faults();
        change(3);
        (void)shop.sync();
        age_intents(shop.installation);
        (void)shop.sync();
        CHECK(shop.sync().exit_code == 0);
        CHECK(shop.expected("R70") == "P000002 x 3");
        expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
    }
}

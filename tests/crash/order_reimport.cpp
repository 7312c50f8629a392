// SPDX-License-Identifier: Apache-2.0
// Faults at every request of `orders reimport`: whatever is interrupted, the order is in Ongoing once more and no oftener,
// under its next number, after the runs of cron and, where nothing was recorded yet, the same command again.
#include <catch2/catch.hpp>

#include <thread>

#include "support/e2e/faults.hpp"
#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::vector<Operation> requests = {{"baselinker", "getOrders"}, {"ongoing", "GET /orders/{orderId}"},
                                         {"ongoing", "GET /orders"},  {"ongoing", "PUT /articles"},
                                         {"ongoing", "PUT /orders"},  {"baselinker", "setOrderStatus"}};

const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after", "html_502",
                                         "truncated",   "stall",      "late_commit",   "kill_before",  "kill_after"};

constexpr int stall_seconds = 1; ///< longer than the client waits

const std::string short_waits = "[http]\nread_timeout = \"300ms\"\nretry_ongoing = []\nretry_baselinker = []\n";

std::string number_in_ledger(const Installation& installation) {
    return edit_state(installation, "SELECT number, attempt, state FROM orders");
}

/// An order that was imported with one article and cancelled in Ongoing, and stands in an accepted status with another.
void play(const Operation& operation, const std::string& fault) {
    INFO(fault << " at " << operation.name);
    Sandbox sandbox({"--products", "20"});
    Installation installation(sandbox, {}, short_waits, orders_on("status_after_import = 8070"));
    sandbox.base_orders(one_piece(1));
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", "1").set("action", "cancel"));
    REQUIRE(sandbox.orders()["1"]["status"].integer() == 1000);
    json::Value lines = json::Value::array();
    lines.push_back(base_line(synthetic_sku(7)).set("order_product_id", 11));
    sandbox.base_orders(
        json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse).set("products", lines));
    const auto moved_before = sandbox.status_writes(1, status::in_warehouse);

    sandbox.fault(fault_rule(operation, fault, "", stall_seconds));
    const auto hurt = installation.blongo({"orders", "reimport", "1", "--json"});
    INFO(hurt.out << hurt.err);
    CHECK(fault_fired(sandbox));
    if (fault.starts_with("kill")) CHECK(hurt.exit_code == 128 + 9);
    if (fault == "late_commit") std::this_thread::sleep_for(std::chrono::milliseconds{1'500});
    sandbox.clear_faults();

    // Cron goes on with what was recorded; a person who saw nothing happen says it again.
    std::string said;
    for (int run = 1; run <= 3; ++run) {
        if (run == 2) age_intents(installation);
        const auto again = installation.blongo({"orders", "sync", "--json"});
        said += again.out + again.err;
    }
    const auto repeated = installation.blongo({"orders", "reimport", "1", "--json"});
    INFO(said << repeated.out << repeated.err);
    CHECK((repeated.exit_code == 0 || repeated.exit_code == 3));
    (void)sync_orders(installation);

    const json::Value orders = sandbox.orders(); // throws if a number is there twice
    CHECK(orders.size() == 2);
    CHECK(orders["1"]["status"].integer() == 1000);
    CHECK(orders["1"]["writes"].integer() == 1);
    REQUIRE(orders["1-2"].is_object());
    CHECK(orders["1-2"]["data"]["goodsOwnerOrderId"].text() == "1");
    CHECK(orders["1-2"]["lines"].size() == 1);
    CHECK(number_in_ledger(installation) == "1-2|2|0\n");
    CHECK(edit_state(installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");
    CHECK(edit_state(installation, "SELECT COUNT(*) FROM intents WHERE state IN (0, 3)") == "0\n");
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::in_warehouse);
    CHECK(sandbox.status_writes(1, status::in_warehouse) == moved_before + 1);
    CHECK(installation.blongo({"orders", "reimport", "1"}).exit_code == 3); // it is there
    expect_lawful_and_idle(sandbox, installation, "orders");
}

} // namespace

TEST_CASE("every fault at every request of a reimport leaves one order more, and no second one") {
    std::size_t cells = 0;
    for (const auto& operation : requests)
        for (const auto& fault : faults)
            if (in_share(cells++)) play(operation, fault);
}

TEST_CASE("a reimport that was killed behind its record is carried out by cron") {
    for (const std::string fault : {"kill_before", "kill_after"})
        for (const std::string operation : {"GET /orders/{orderId}", "PUT /orders"}) {
            INFO(fault << " at " << operation);
            Sandbox sandbox({"--products", "20"});
            Installation installation(sandbox, {}, short_waits, orders_on());
            sandbox.base_orders(one_piece(1));
            REQUIRE(sync_orders(installation).exit_code == 0);
            sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", "1").set("action", "cancel"));
            sandbox.fault(fault_rule({"ongoing", operation}, fault, "", stall_seconds));
            REQUIRE(installation.blongo({"orders", "reimport", "1"}).exit_code == 128 + 9);
            sandbox.clear_faults();
            age_intents(installation);
            (void)sync_orders(installation);
            (void)sync_orders(installation);
            CHECK(sandbox.orders().size() == 2);
            CHECK(number_in_ledger(installation) == "1-2|2|0\n");
            expect_lawful_and_idle(sandbox, installation, "orders");
        }
}

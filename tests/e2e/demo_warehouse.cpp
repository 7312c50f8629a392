// SPDX-License-Identifier: Apache-2.0
// What the quickstart's warehouse does with the orders of the demonstration shop.
#include <catch2/catch.hpp>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

TEST_CASE("after orders sync one call lets the demonstration warehouse send three orders, one of them short") {
    Sandbox sandbox({"--demo"});
    Installation installation(sandbox, {}, {}, orders_on("service_lines = [\"pakowanie*\"]"));
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 3);
    REQUIRE(sync_orders(installation).exit_code == 3);

    const auto tasks = json::Value::parse(read_file(BLONGO_SOURCE_DIR "/examples/quickstart/warehouse.json"));
    REQUIRE(tasks);
    sandbox.post("/_admin/ongoing/work", *tasks);

    int sent = 0, is_short = 0;
    const json::Value orders = sandbox.orders();
    for (const auto& [number, order] : orders.members()) {
        if (order["status"].integer() != 450) continue;
        ++sent;
        INFO(number);
        CHECK(order["parcels"].size() > 0);
        bool complete = true;
        for (const json::Value& line : order["lines"].elements()) {
            CHECK(line["picked"].integer() > 0);
            complete = complete && line["picked"] == line["ordered"];
        }
        is_short += complete ? 0 : 1;
    }
    CHECK(sent == 3);
    CHECK(is_short == 1);
    CHECK(sandbox.violations().empty());

    // The warehouse's work is no reason to write anything.
    sandbox.reset_journal();
    (void)sync_orders(installation);
    CHECK(sandbox.writes() == 0);
}

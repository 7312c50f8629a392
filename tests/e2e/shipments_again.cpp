// SPDX-License-Identifier: Apache-2.0
// What a later run makes of what an earlier one kept, failed at or never heard the end of.
#include <catch2/catch.hpp>

#include <thread>

#include "support/e2e/faults.hpp"
#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// BaseLinker shows no order for a while.
void hide_orders(Sending& world) {
    world.sandbox.fault(json::Value::object()
                            .set("side", "baselinker")
                            .set("operation", "getOrders")
                            .set("every", 1)
                            .set("fault", "status_before")
                            .set("code", 503));
}

} // namespace

TEST_CASE("a choice that the rule names by its words is booked by its code, from the courier's form that a run kept too") {
    Sending world({.couriers = dpd_rule({}, "fields = { service = \"DPD Classic\" }")});
    world.import({one_piece(1), one_piece(2)});
    for (const std::int64_t order : {1, 2}) {
        world.press_send(std::to_string(order));
        CHECK(world.send().exit_code == 0);
        REQUIRE(world.packages(order).size() == 1);
        CHECK(field_of(world.packages(order).front(), "service") == "classic");
    }
    CHECK(world.sandbox.calls("baselinker", "getCourierFields") == 1);
}

TEST_CASE("the failures of a shipment are counted anew once it went well") {
    Sending world(
        {.couriers = "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\nstrategy = \"report\"\n" + impatient});
    world.import({base_order(1, {base_line(synthetic_sku(1), 2)})});
    world.work("1", "pick_and_send", picked(1, {1}, {"1"}));
    world.sandbox.post("/_admin/ongoing/orders", with("data", with("orderNumber", "1")).set("way_bill", "373400001234"));
    hide_orders(world);
    for (int run = 1; run <= 2; ++run) CHECK(world.send().exit_code == 5);
    world.sandbox.clear_faults();
    CHECK(world.send().exit_code == 0);
    REQUIRE(world.packages(1).size() == 1);
    // The rest of it later: the third failure in all, the first one since.
    world.work("1", "reopen");
    world.work("1", "pick_and_send", picked(1, {2}, {"0.7"}));
    hide_orders(world);
    CHECK(world.send().exit_code == 5);
    CHECK(world.causes().empty());
}

TEST_CASE("a label that arrived in Ongoing after its package was cancelled is no label of the shipment") {
    Sending world({.shipments = "print = { report_id = 12, fallback_workstation_id = 3 }", .couriers = dpd_rule() + impatient});
    world.import({one_piece(1)});
    world.press_send("1");
    world.sandbox.fault(json::Value::object()
                            .set("side", "ongoing")
                            .set("operation", "POST /orders/{orderId}/files")
                            .set("fault", "late_commit")
                            .set("seconds", 6));
    CHECK(world.send().exit_code == 8);
    CHECK(world.blongo({"shipments", "cancel", "1"}).exit_code == 0);
    REQUIRE(world.files("1").empty());
    for (int i = 0; i < 200 && world.files("1").empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{100});
    REQUIRE(world.files("1").size() == 1);
    world.work("1", "reopen");
    age_intents(world.installation);
    (void)world.send();
    const auto rows = lines_of(world.blongo({"shipments", "show", "1", "--json"}), "shipment");
    REQUIRE(rows.size() == 1);
    CHECK(rows.front()["state"].text() == "cancelled");
    CHECK(rows.front()["printed"].is_null());
    CHECK(rows.front()["labels"].size() == 0);
    CHECK(world.packages(1).empty());
}

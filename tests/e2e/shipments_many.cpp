// SPDX-License-Identifier: Apache-2.0
// Several sends at once: bulks that are set back, many that wait, deliveries beside each other, and what changes in the
// state while a run is at another order.
#include <catch2/catch.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::vector<json::Value> some_orders(std::int64_t count) {
    std::vector<json::Value> orders;
    for (std::int64_t id = 1; id <= count; ++id) orders.push_back(base_order(id, {base_line(synthetic_sku(1))}));
    return orders;
}

/// Somebody sends all these orders, or sets them back, in the list of Ongoing.
void in_bulk(Sending& world, const std::string& action, std::int64_t count) {
    json::Value tasks = json::Value::array();
    for (std::int64_t id = 1; id <= count; ++id) {
        json::Value task = with("orderNumber", std::to_string(id)).set("action", action);
        if (action == "pick_and_send") task.set("parcels", parcels({"1"})["parcels"]);
        tasks.push_back(std::move(task));
    }
    world.sandbox.post("/_admin/ongoing/work", tasks);
}

} // namespace

TEST_CASE("a bulk that was set back in part books at once what is left of it") {
    Sending world({.shipments = "max_bookings_at_once = 2\n"});
    world.import(some_orders(4));
    in_bulk(world, "pick_and_send", 4);
    CHECK(world.send().exit_code == 7);
    in_bulk(world, "reopen", 2);
    const auto left = world.send();
    CHECK(left.exit_code == 0);
    CHECK(summary_of(left)["created"].integer() == 2);
    CHECK(world.bought() == 2);
    world.expect_lawful();
}

TEST_CASE("of many orders that wait 50 are judged again in a run, and all are counted") {
    Sending world;
    world.import(some_orders(51));
    json::Value moved = json::Value::array();
    for (int id = 1; id <= 51; ++id) moved.push_back(with("order_id", id).set("order_status_id", status::fresh));
    world.sandbox.base_orders(moved);
    in_bulk(world, "pick_and_send", 51);
    REQUIRE(world.send({"--allow-many"}).exit_code == 3);
    world.sandbox.reset_journal();
    const auto again = world.send();
    CHECK(again.exit_code == 0);
    CHECK(summary_of(again)["parked"].integer() == 51);
    CHECK(world.sandbox.calls("baselinker", "getOrders") == 50);
    CHECK(world.bought() == 0);
}

TEST_CASE("an order that is erased while a run is at another one is passed over") {
    Sending world;
    world.import(some_orders(2));
    world.press_send("1");
    world.press_send("2");
    world.sandbox.fault(json::Value::object()
                            .set("side", "baselinker")
                            .set("operation", "getOrderPackages")
                            .set("nth", 1)
                            .set("fault", "stall")
                            .set("seconds", 1));
    const auto run = world.installation.start({"shipments", "send"});
    run->wait_until([&] { return world.sandbox.calls("baselinker", "getOrderPackages") == 1; });
    edit_state(world.installation, "DELETE FROM orders WHERE order_id = 2; UPDATE due SET payload = payload || ' ' "
                                   "WHERE kind = 'send' AND payload LIKE '%\"order_id\":2,%'");
    CHECK(run->wait().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.bought(2) == 0);
}

TEST_CASE("a cause that is told slowly spoils nothing of what another run booked meanwhile") {
    Sending world;
    world.import(some_orders(1));
    REQUIRE(world.blongo({"orders", "hold", "1"}).exit_code == 0);
    world.press_send("1");
    const std::string told = "PATCH /orders/{orderId}/warehouseInstruction";
    world.sandbox.fault(with("side", "ongoing").set("operation", told).set("nth", 1).set("fault", "stall").set("seconds", 3));
    const auto slow = world.installation.start({"shipments", "send"});
    slow->wait_until([&] { return world.sandbox.calls("ongoing", told) == 1; });
    REQUIRE(world.blongo({"orders", "unhold", "1"}).exit_code == 0);
    CHECK(world.send({"1"}).exit_code == 0);
    CHECK(world.bought(1) == 1);
    (void)slow->wait();
    CHECK(world.instruction("1").empty());
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.causes().empty());
    world.expect_lawful();
}

TEST_CASE("an order that BaseLinker lost after it was sent and booked is not looked for") {
    Sending world;
    world.import(some_orders(1));
    world.press_send("1");
    REQUIRE(world.send().exit_code == 0);
    seller::erase(world.sandbox, 1);
    std::vector<std::int64_t> calls;
    for (int run = 0; run < 3; ++run) {
        world.sandbox.reset_journal();
        CHECK(sync_orders(world.installation).exit_code == 0);
        CHECK(world.sandbox.writes() == 0);
        calls.push_back(world.sandbox.calls("baselinker", "getOrders"));
    }
    CHECK(calls == std::vector<std::int64_t>(3, calls.back()));
    CHECK(world.causes().empty());
}

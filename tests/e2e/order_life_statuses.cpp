// SPDX-License-Identifier: Apache-2.0
// status_by_warehouse: what the warehouse does with an order becomes its status in BaseLinker: once for each change,
// never against a human.
#include <catch2/catch.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O;

const std::string mapped = "status_by_warehouse = { 150 = 8072, 400 = 8070, 450 = 8071, 800 = 8075, 1000 = 8074 }";

} // namespace

TEST_CASE("each configured number of Ongoing sets its status once") {
    struct Row {
        std::int64_t there, base;
    };
    Life life{{.orders = mapped}};
    for (const Row& row : {Row{150, 8072}, Row{400, 8070}, Row{450, 8071}, Row{800, 8075}, Row{1000, 8074}}) {
        INFO(row.there);
        life.rewind();
        life.bring_to(O, row.there);
        runs(life, std::to_string(row.base) + " O");
        CHECK(life.base_status(O) == row.base);
        CHECK(life.parked().empty());
        idle(life);
    }
}

TEST_CASE("an order that goes through the warehouse gets every status on its way once, and is booked") {
    Life life{{.orders = mapped}};
    life.bring_to(O, 320);
    runs(life, "");
    life.bring_to(O, 400);
    runs(life, "8070 O");
    life.bring_to(O, 450);
    runs(life, "8071 O");
    CHECK(life.run({"shipments", "send"}) == 0);
    CHECK(life.booked() == "O");
    (void)life.writes();
    life.bring_to(O, 800);
    runs(life, "8075 O");
    idle(life);
}

TEST_CASE("of two changes between two runs the last one counts") {
    Life life{{.orders = mapped}};
    life.bring_to(O, 400);
    life.bring_to(O, 450);
    runs(life, "8071 O");
    idle(life);
}

TEST_CASE("a status that came again is set again, if BaseLinker's order is where we left it") {
    Life life{{.orders = mapped}};
    life.bring_to(O, 150);
    runs(life, "8072 O");
    life.bring_to(O, 400);
    runs(life, "8070 O");
    life.bring_to(O, 150);
    runs(life, "8072 O");
    idle(life);
    // It stands there already.
    life.bring_to(O, 300);
    runs(life, "");
    life.bring_to(O, 150);
    runs(life, "");
    idle(life);
}

TEST_CASE("a human who moved the order on is not overruled") {
    Life life{{.orders = mapped}};
    move_to(life, status::fresh);
    life.bring_to(O, 400);
    runs(life, "");
    CHECK(life.base_status(O) == status::fresh);
    idle(life);
    // Nor is the change made up for when the human moves it back later: it was seen.
    life.bring_to(O, 450);
    runs(life, "");
    CHECK(life.base_status(O) == status::fresh);
    idle(life);
}

TEST_CASE("a human who moves the order after us is not overruled for the same change") {
    Life life{{.orders = mapped}};
    life.bring_to(O, 400);
    runs(life, "8070 O");
    move_to(life, status::fresh);
    idle(life);
    CHECK(life.base_status(O) == status::fresh);
}

TEST_CASE("a human who moved an order on after a run that had sent it was killed is not overruled") {
    constexpr std::int64_t sent = 201;
    for (const bool moved : {false, true}) {
        Life life{{.orders = "status_after_import = 8070"}};
        life.sandbox.base_orders(base_order(sent, {base_line(synthetic_sku(3))}));
        life.sandbox.fault(json::Value::object()
                               .set("side", "ongoing")
                               .set("operation", "PUT /orders")
                               .set("nth", 1)
                               .set("fault", "kill_after"));
        CHECK(life.run() == 128 + 9);
        life.sandbox.clear_faults();
        if (moved) seller::edit(life.sandbox, sent, with("order_status_id", status::fresh));
        CHECK(life.run() == 0);
        INFO(life.history());
        CHECK(life.base_status(sent) == (moved ? status::fresh : status::in_warehouse));
        CHECK(life.sandbox.status_writes(sent, status::in_warehouse) == (moved ? 0 : 1));
        (void)life.writes();
        idle(life);
    }
}

TEST_CASE("what shipments said of a short Send is not overruled by the warehouse's status") {
    Life life{{.orders = "status_by_warehouse = { 450 = 8070 }", .shipments = "status_after_short_send = 8072"}};
    send_in_warehouse(life.sandbox, O, {"1.2"}, with("quantities", with(std::to_string(O * 10 + 1), 1)));
    REQUIRE(life.run({"shipments", "send"}) == 0);
    INFO(life.history());
    REQUIRE(life.base_status(O) == status::trouble);
    (void)life.writes();
    runs(life, "");
    CHECK(life.base_status(O) == status::trouble);
    idle(life);
}

TEST_CASE("a cancellation of the seller's is not told back as one of the warehouse's") {
    Life life{{.orders = mapped}};
    life.bring_to(O, 200);
    move_to(life, status::cancelled);
    runs(life, "delete O");
    CHECK(life.base_status(O) == status::cancelled);
    idle(life);
}

TEST_CASE("without a status for 1000, an order that people cancelled and that is still wanted is parked") {
    Life life{{.orders = "status_by_warehouse = { 400 = 8070 }"}};
    life.bring_to(O, 1000);
    runs(life, "", 3);
    CHECK(life.parked() == "O cancelled_came_back");
    idle(life);
    move_to(life, status::cancelled);
    runs(life, "");
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("many orders that move at once are told in one call, each once") {
    Life life{{.orders = mapped}};
    json::Value list = json::Value::array();
    for (std::int64_t id = 201; id <= 230; ++id) list.push_back(base_order(id, {base_line(synthetic_sku(1))}));
    life.sandbox.base_orders(list);
    REQUIRE(life.run() == 0);
    (void)life.writes();
    for (std::int64_t id = 201; id <= 230; ++id) life.bring_to(id, 400);
    CHECK(life.run() == 0);
    CHECK(life.sandbox.calls("baselinker", "setOrderStatuses") == 1);
    CHECK(life.sandbox.calls("baselinker", "setOrderStatus") == 0);
    for (std::int64_t id = 201; id <= 230; ++id) {
        INFO(id);
        CHECK(life.sandbox.status_writes(id, 8070) == 1);
        CHECK(life.base_status(id) == 8070);
    }
    (void)life.writes();
    idle(life);
}

TEST_CASE("a status whose call was lost is set once, by looking first") {
    for (const std::string fault : {"drop_before", "drop_after", "kill_after"}) {
        INFO(fault);
        Life life{{.orders = mapped}};
        life.bring_to(O, 400);
        life.sandbox.fault(
            json::Value::object().set("operation", "*").set("match", "\"status_id\":8070").set("nth", 1).set("fault", fault));
        (void)life.run();
        life.sandbox.clear_faults();
        age_intents(life.installation);
        (void)life.run();
        (void)life.run();
        INFO(life.history());
        CHECK(life.base_status(O) == 8070);
        CHECK(life.sandbox.status_writes(O, 8070) == 1);
        (void)life.writes();
        idle(life);
    }
}

TEST_CASE("what the warehouse did is told of an order that BaseLinker did not show in the run that heard of it") {
    Life life{{.orders = mapped}};
    // The last run was an hour ago, and the change is too old for the overlap of the next one.
    edit_state(life.installation, "UPDATE cursors SET value = value - 3600 WHERE name = 'orders.warehouse_polled_at'");
    life.bring_to(O, 400);
    life.sandbox.post("/_admin/ongoing/orders",
                      with("data", with("orderNumber", Life::number_of(O))).set("status_changed", "-30m"));
    life.sandbox.fault(with("side", "baselinker").set("operation", "getOrders").set("fault", "empty_listing"));
    runs(life, "");
    life.sandbox.clear_faults();
    runs(life, "8070 O");
    idle(life);
}

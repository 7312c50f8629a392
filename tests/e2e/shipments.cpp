// SPDX-License-Identifier: Apache-2.0
// What a Send is, and what it is not: events against sightings, the brakes before money is spent, whose orders count, and
// which changes after the import stop a shipment.
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string printing = "print = { report_id = 12, to = \"sender\", fallback_workstation_id = 3 }";

json::Value members(const std::string& text) {
    return read_json(text);
}

std::vector<json::Value> some_orders(std::int64_t count) {
    std::vector<json::Value> orders;
    for (std::int64_t id = 1; id <= count; ++id) orders.push_back(base_order(id, {base_line(synthetic_sku(1))}));
    return orders;
}

/// Somebody marks all these orders in the list of Ongoing and changes their status to Sent.
void send_in_bulk(Sending& world, std::int64_t from, std::int64_t to) {
    json::Value tasks = json::Value::array();
    for (std::int64_t id = from; id <= to; ++id)
        tasks.push_back(
            with("orderNumber", std::to_string(id)).set("action", "pick_and_send").set("parcels", parcels({"1"})["parcels"]));
    world.sandbox.post("/_admin/ongoing/work", tasks);
}

std::vector<std::string> event(Sending& world, const std::string& number, int id) {
    return {"--ongoing-order", std::to_string(world.ongoing_id(number)), "--event", std::to_string(id)};
}

} // namespace

TEST_CASE("twenty looks at one Sent order book once, print once, and then ask BaseLinker nothing") {
    Sending world({.shipments = printing});
    world.import(some_orders(1));
    world.press_send("1");
    const auto first = world.send();
    CHECK(first.exit_code == 0);
    CHECK(summary_of(first)["created"].integer() == 1);
    world.sandbox.reset_journal();
    for (int look = 0; look < 19; ++look) CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.print_jobs().size() == 1);
    CHECK(world.files("1").size() == 1);
    CHECK(world.sandbox.calls("baselinker") == 0);
    CHECK(world.sandbox.writes() == 0);
    world.expect_lawful();
}

TEST_CASE("the same webhook event five times prints once, and so does the event of a Send that a look had noticed") {
    Sending world({.shipments = printing});
    world.import(some_orders(2));
    world.press_send("1");
    for (int i = 0; i < 5; ++i) {
        CHECK(world.send(event(world, "1", 900)).exit_code == 0);
        world.let_pass(61); // it is not the pause between reprints that holds them back
    }
    CHECK(world.bought(1) == 1);
    CHECK(world.print_jobs().size() == 1);

    world.press_send("2");
    CHECK(world.send().exit_code == 0);
    world.let_pass(61);
    CHECK(world.send(event(world, "2", 901)).exit_code == 0);
    CHECK(world.send(event(world, "2", 901)).exit_code == 0);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(2) == 1);
    CHECK(world.print_jobs().size() == 2);
    world.expect_lawful();
}

TEST_CASE("Send pressed again prints the same label once more, at most once a minute, and never books a second one", "[F1]") {
    Sending world({.shipments = printing});
    world.import(some_orders(1));
    world.press_send("1");
    CHECK(world.send().exit_code == 0);
    const auto file = world.files("1").front();
    world.press_send_again("1");
    CHECK(actions(world.send(), "reprint").empty()); // within the minute
    CHECK(world.print_jobs().size() == 1);
    world.let_pass(61);
    world.press_send_again("1");
    CHECK(world.send().exit_code == 0);
    CHECK(world.print_jobs().size() == 2);
    CHECK(world.send().exit_code == 0);
    world.let_pass(61);
    CHECK(world.send(event(world, "1", 44)).exit_code == 0); // a new event, nothing new in it
    CHECK(world.bought() == 1);
    CHECK(world.packages().size() == 1);
    REQUIRE(world.files("1").size() == 1);
    CHECK(world.files("1").front() == file);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 1);
}

TEST_CASE("four hundred orders that become Sent at once book nothing until somebody says that they are meant") {
    Sending world({.shipments = printing});
    world.import(some_orders(400));
    send_in_bulk(world, 1, 400);
    const auto stopped = world.send();
    CHECK(stopped.exit_code == 7);
    CHECK(stopped.err.find("400 orders were sent since the last look") != std::string::npos);
    for (const char* number : {"17", "399"}) // the same bulk as the webhook tells it
        CHECK(world.send(event(world, number, 5000 + std::atoi(number))).exit_code == 7);
    CHECK(world.send().exit_code == 7);
    CHECK(world.bought() == 0);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 0);

    // A bulk change that was a mistake and is set back brakes nothing any more.
    json::Value tasks = json::Value::array();
    for (int id = 101; id <= 400; ++id) tasks.push_back(with("orderNumber", std::to_string(id)).set("action", "reopen"));
    world.sandbox.post("/_admin/ongoing/work", tasks);
    const auto fewer = world.send();
    CHECK(fewer.exit_code == 7);
    CHECK(fewer.err.find("100 orders were sent since the last look") != std::string::npos);

    // One of them by its number is a person's word for one order only.
    CHECK(world.send({"17"}).exit_code == 0);
    CHECK(world.bought() == 1);
    const auto meant = world.send({"--allow-many", "--limit", "60"});
    CHECK(meant.exit_code == 0);
    CHECK(world.bought() == 61);
}

TEST_CASE("orders that were Sent before the flow was enabled are counted and never booked, unless one is forced by hand") {
    Sending world({.start_from = {}});
    const std::string live = world.installation.config_text();
    std::string before = live;
    const auto at = before.find("enabled = true", before.find("demo.shipments]"));
    world.installation.write_config(before.replace(at, 14, "enabled = false"));
    world.import(some_orders(3));
    world.press_send("1");
    world.press_send("2");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // shippedTime is in whole seconds at worst
    world.installation.write_config(live);
    const auto first = world.send();
    CHECK(first.exit_code == 0);
    CHECK(world.bought() == 0);
    CHECK(summary_of(first)["before_cutover"].integer() == 2); // the second look says nothing of them
    CHECK(world.causes().empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    world.press_send("3");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.bought(3) == 1);
    CHECK(world.send({"1"}).exit_code == 0);
    CHECK(world.bought(1) == 0);
    CHECK(world.send({"1", "--force-old"}).exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(2) == 0);
}

TEST_CASE("what a status of the warehouse means is told by its number, and only orders of ours count") {
    Sending world({.shipments = "send = { 450 = \"book\", 500 = \"no_shipment\", 800 = \"ignore\" }\nstatus_after_send = 8071"});
    world.import(some_orders(4));
    world.press_send("1");
    world.work("2", "pick");
    world.work("2", "collect");
    world.work("3", "pick");
    world.work("3", "return");
    world.work("4", "pick");
    // Somebody else's order in the same warehouse.
    world.sandbox.post("/_admin/ongoing/orders", members(R"({"status":450,"data":{"orderNumber":"X-77"},"lines":[]})"));
    const auto finished = world.send();
    CHECK(finished.exit_code == 0);
    CHECK(summary_of(finished)["skipped"].integer() == 1);
    CHECK(world.bought() == 1);
    CHECK(world.bought(1) == 1);
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.base_status(2) == status::sent);
    CHECK(world.base_status(3) == status::to_warehouse);
    CHECK(world.base_status(4) == status::to_warehouse);
    CHECK(world.files("2").empty());
    CHECK(world.send().exit_code == 0);
    CHECK(world.sandbox.status_writes(1, status::sent) == 1);
    CHECK(world.sandbox.status_writes(2, status::sent) == 1);
    CHECK(world.causes().empty());
}

TEST_CASE(
    "what the seller changes in the address after the import stops nothing: it is booked, and the point follows in Ongoing") {
    Sending world({.couriers = "[[connections.demo.shipments.couriers]]\ncourier_code = \"paczkomaty\"\n"});
    world.import({base_order(1, {base_line(synthetic_sku(1))}, members(R"({"delivery_point_id":"LOD01"})"))});
    CHECK(world.there("1")["data"]["servicePointCode"].text() == "LOD01");
    world.press_send("1");
    world.edit_base(1, members(R"({"delivery_point_id":"LOD99","delivery_fullname":"Anna Nowak","delivery_city":"Gdynia",
        "delivery_address":"Nowa 5","delivery_postcode":"81-001","phone":"+48 700 800 900","email":"anna@example.com"})"));
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.causes().empty());
    CHECK(world.there("1")["data"]["servicePointCode"].text() == "LOD99");
    CHECK(world.there("1")["data"]["consignee"]["city"].text() == "Warszawa");
    world.expect_lawful();
}

TEST_CASE("an address that the warehouse edited is pushed to BaseLinker, or ignored, where that is set") {
    for (const bool push : {true, false}) {
        Sending world({.shipments = push ? "address_edited_in_ongoing = \"push\"" : "address_edited_in_ongoing = \"ignore\""});
        world.import(some_orders(1));
        json::Value consignee = world.there("1")["data"]["consignee"];
        world.edit_warehouse("1", with("consignee", consignee.set("address1", "Lesna 2")));
        world.press_send("1");
        CHECK(world.send().exit_code == 0);
        CHECK(world.bought() == 1);
        CHECK(world.sandbox.base_order(1)["delivery_address"].text() == (push ? "Lesna 2" : "Polna 1"));
        CHECK(world.sandbox.calls("baselinker", "setOrderFields") == (push ? 1 : 0));
        world.expect_lawful();
    }
}

TEST_CASE("which statuses of BaseLinker may ship is derived, listed, or any") {
    struct Case {
        std::string setting;
        std::vector<std::int64_t> ship, wait;
    };
    const std::vector<Case> cases{
        {"status_after_send = 8071\nstatus_after_short_send = 8074", {8069, 8071, 8074}, {8068, 8075, 8073}},
        {"ship_statuses = [8068, \"Zwrot\"]", {8068, 8075}, {8069, 8073}},
        {"ship_statuses = \"any\"", {8068, 8069, 8075}, {8073}}};
    for (const auto& one : cases) {
        INFO(one.setting);
        Sending world({.shipments = one.setting});
        const auto count = static_cast<std::int64_t>(one.ship.size() + one.wait.size());
        world.import(some_orders(count));
        send_in_bulk(world, 1, count);
        std::int64_t id = 0;
        for (const auto& list : {one.ship, one.wait})
            for (const auto status : list) world.edit_base(++id, with("order_status_id", status));
        CHECK(world.send().exit_code == 3);
        for (id = 1; id <= count; ++id) {
            INFO(id);
            CHECK(world.bought(id) == (id <= static_cast<std::int64_t>(one.ship.size()) ? 1 : 0));
        }
        CHECK(world.causes().size() == one.wait.size());
    }
}

TEST_CASE("a package that the seller's automation made before is taken where it is the only one and of the rule's courier") {
    Sending world;
    world.import(some_orders(5));
    const auto seller = [&](std::int64_t order, const std::string& more) {
        json::Value package = members(R"({"courier_code":"dpd","account_id":58381})");
        const json::Value over = members(more);
        for (const auto& [name, value] : over.members()) package.set(name, value);
        world.sandbox.post("/_admin/baselinker/packages", package.set("order_id", order));
    };
    seller(1, "{}");
    seller(2, R"({"courier_code":"paczkomaty","account_id":58370})");
    seller(3, R"({"account_id":58390})");
    seller(4, R"({"tracking_status":2})");
    seller(5, "{}");
    seller(5, "{}");
    send_in_bulk(world, 1, 5);
    const auto finished = world.send();
    CHECK(finished.exit_code == 3);
    CHECK(world.bought() == 0);
    CHECK(summary_of(finished)["adopted"].integer() == 1);
    CHECK(world.files("1").size() == 1);
    CHECK(world.there("1")["way_bill"].text() == world.packages(1).front()["number"].text());
    CHECK(world.causes() ==
          std::map<std::string, std::string>{
              {"2", "package_exists"}, {"3", "package_exists"}, {"4", "package_exists"}, {"5", "package_exists"}});
    // A person says that the one of the other account is the one.
    const std::string id(world.packages(3).front()["package_id"].text());
    CHECK(world.why(3).find(id) != std::string::npos);
    CHECK(world.blongo({"unknown", "resolve", "3", "--package", id}).exit_code == 0);
    CHECK(world.files("3").size() == 1);
    CHECK(world.instruction("3").empty());
    CHECK(world.causes().size() == 3);
    CHECK(world.blongo({"unknown", "resolve", "2", "--package", id}).exit_code == 6); // of another order
    CHECK(world.bought() == 0);
}

TEST_CASE("a packer whose label waits for a blocked token reads so, before the booking and after it") {
    const std::string before = "Fragile";
    for (const char* operation : {"getOrders", "getLabel"}) {
        INFO(operation);
        Sending world;
        world.import(some_orders(1));
        world.edit_warehouse("1", with("warehouseInstruction", before));
        world.press_send("1");
        world.sandbox.fault(
            members(R"({"side":"baselinker","nth":1,"fault":"blocked_token","seconds":100})").set("operation", operation));
        CHECK(world.send().exit_code == 5);
        CHECK(world.instruction("1").starts_with("LABEL WAITING "));
        CHECK(world.instruction("1").find("BaseLinker is busy") != std::string::npos);
        CHECK(world.instruction("1").ends_with("Do not press Send again. | " + before));
        CHECK(world.causes().empty());
        world.sandbox.clear_faults();
        world.sandbox.post("/_admin/unblock", json::Value::object());
        edit_state(world.installation, "UPDATE budget_accounts SET blocked_until = 0, quiet_until = 0");
        CHECK(world.send().exit_code == 0);
        CHECK(world.instruction("1") == before);
        CHECK(world.bought() == 1);
        CHECK(world.files("1").size() == 1);
    }
}

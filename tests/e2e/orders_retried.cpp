// SPDX-License-Identifier: Apache-2.0
// What is tried again in later runs: how often, how much of it is left behind, and that nothing is stuck.
#include <catch2/catch.hpp>

#include <algorithm>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value fault(const std::string& side, const std::string& operation, const std::string& what) {
    return json::Value::object().set("side", side).set("operation", operation).set("fault", what);
}

} // namespace

TEST_CASE("an order that is refused again and again takes six runs' time and then ever less, and stops no other", "[F12]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.fault(
        fault("ongoing", "PUT /orders", "status_before").set("every", 1).set("match", R"("orderNumber":"1")").set("code", 400));
    Installation installation(sandbox, {}, impatient, orders_on());
    for (int run = 1; run <= 12; ++run) {
        sandbox.base_orders(one_piece(100 + run));
        (void)sync_orders(installation);
        INFO("run " << run);
        CHECK(sandbox.orders().size() == static_cast<std::size_t>(run));
    }
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 12 + 6);
    CHECK(lines_of(installation.blongo({"parked", "list", "--json"}), "parked").size() == 1);
    // Changed, it is a new question, and asked at once.
    sandbox.clear_faults();
    seller::edit(sandbox, 1, with("delivery_city", "Gdynia"));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 13);
}

TEST_CASE("a status that cannot be set for many runs is one thing that is due, and one call when it can", "[F36]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.fault(fault("baselinker", "setOrderStatus", "status_before").set("every", 1).set("code", 401));
    Installation installation(sandbox, {}, impatient, orders_on("status_after_import = 8070"));
    for (int run = 1; run <= 6; ++run) {
        INFO("run " << run);
        CHECK(sync_orders(installation).exit_code == 4);
        CHECK(sandbox.calls("baselinker", "setOrderStatus") == run);
        CHECK(edit_state(installation, "SELECT COUNT(*) FROM due") == "1\n");
    }
    sandbox.clear_faults();
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::in_warehouse);
    CHECK(sandbox.calls("baselinker", "setOrderStatus") == 1);
    CHECK(edit_state(installation, "SELECT COUNT(*) FROM due") == "0\n");
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an order that waits no longer does not get the status_on_error that could not be set while it did") {
    Sandbox sandbox({"--products", "20"});
    const auto from = [](int warehouse) { return json::Value::object().set("warehouse_id", warehouse); };
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 1, from(206)), base_line(synthetic_sku(2), 1, from(207))}));
    sandbox.fault(fault("baselinker", "setOrderStatus", "status_before").set("every", 1).set("code", 401));
    Installation installation(sandbox, {}, impatient, orders_on("lines_from = [\"bl_206\"]\nstatus_on_error = 8072"));
    CHECK(sync_orders(installation).exit_code == 4);
    REQUIRE(lines_of(installation.blongo({"parked", "list", "--json"}), "parked").size() == 1);
    sandbox.clear_faults();
    json::Value rest = json::Value::array();
    rest.push_back(base_line(synthetic_sku(2), 1, from(207)));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", std::move(rest)));
    for (int run = 1; run <= 2; ++run) CHECK(sync_orders(installation).exit_code == 0);
    CHECK(lines_of(installation.blongo({"parked", "list", "--json"}), "parked").empty());
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::to_warehouse);
}

TEST_CASE("a cancellation that Ongoing carried out and that a killed run did not record is recorded by the next run", "[F14]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    seller::edit(sandbox, 1, with("order_status_id", status::cancelled));
    sandbox.fault(fault("ongoing", "DELETE /orders/{orderId}", "kill_after"));
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 128 + 9);
    sandbox.clear_faults();
    REQUIRE(sandbox.orders()["1"]["status"].integer() == 1000);
    const auto next = sync_orders(installation);
    CHECK(next.exit_code == 0);
    CHECK(summary_of(next)["cancelled"].integer() == 1);
    CHECK(sandbox.calls("ongoing", "DELETE /orders/{orderId}") == 1);
    expect_text(said(installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    const auto idle = sync_orders(installation);
    CHECK(idle.exit_code == 0);
    CHECK(lines_of(idle, "action").empty());
}

TEST_CASE("an order that Ongoing took from a killed run gets its status although BaseLinker does not show it once") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.fault(fault("ongoing", "PUT /orders", "kill_after"));
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070"));
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 128 + 9);
    sandbox.clear_faults();
    REQUIRE(sandbox.orders().size() == 1);
    sandbox.fault(fault("baselinker", "getOrders", "empty_listing"));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::to_warehouse);
    sandbox.clear_faults();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::in_warehouse);
    CHECK(sandbox.status_writes(1, status::in_warehouse) == 1);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 1);
}

TEST_CASE("a status that a firewall stopped is set by the next run, unless a person moved the order on") {
    for (const bool moved : {false, true}) {
        INFO(moved);
        Sandbox sandbox({"--products", "20"});
        sandbox.base_orders(one_piece(1));
        sandbox.fault(fault("baselinker", "setOrderStatus", "html_403"));
        Installation installation(sandbox, {}, impatient, orders_on("status_after_import = 8070"));
        CHECK(sync_orders(installation).exit_code == 3);
        sandbox.clear_faults();
        if (moved) seller::edit(sandbox, 1, with("order_status_id", status::fresh));
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.base_order(1)["order_status_id"].integer() == (moved ? status::fresh : status::in_warehouse));
        CHECK(sandbox.status_writes(1, status::in_warehouse) == (moved ? 0 : 1));
        sandbox.reset_journal();
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.writes() == 0);
    }
}

TEST_CASE("a status that was sent twice and never arrived is sent no more, and told until somebody has set it") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.fault(fault("baselinker", "setOrderStatus", "drop_before").set("times", 9));
    Installation installation(sandbox, {}, impatient, orders_on("status_after_import = 8070"));
    const auto open = [&] { return lines_of(said(installation, {"unknown", "list", "--json"}), "unknown"); };
    for (int run = 1; run <= 3; ++run) {
        INFO("run " << run);
        const auto told = sync_orders(installation);
        CHECK(told.exit_code == 8);
        CHECK(sandbox.calls("baselinker", "setOrderStatus") == std::min(run, 2));
        CHECK((told.out.find("set it by hand in BaseLinker") != std::string::npos) == (run > 2));
        CHECK(open().size() == 1);
        age_intents(installation);
    }
    CHECK(open().front()["detail"].text().find("set it by hand in BaseLinker") != std::string::npos);
    CHECK(open().front()["command"].text() == "blongo unknown resolve 1 --leave");
    CHECK(said(installation, {"unknown", "resolve", "1", "--nothing-was-booked"}).exit_code == 6);
    // BaseLinker is not asked for it at every run, and told it is until somebody has done something.
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    const json::Value reads = sandbox.get("/_admin/journal?side=baselinker&operation=getOrders");
    CHECK(std::ranges::none_of(reads.elements(), [](const auto& call) { return call["parameters"]["order_id"].integer() == 1; }));
    CHECK(open().size() == 1);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::to_warehouse);
    if (GENERATE(false, true)) {
        CHECK(said(installation, {"unknown", "resolve", "1", "--leave"}).exit_code == 0);
        CHECK(said(installation, {"unknown", "resolve", "1", "--leave"}).exit_code == 6);
    } else {
        seller::edit(sandbox, 1, with("order_status_id", status::in_warehouse));
        CHECK(sync_orders(installation).exit_code == 0);
    }
    CHECK(open().empty());
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

namespace {

/// Time goes by: what was sent until now lies behind the next poll of the warehouse and its overlap.
void a_day_later(Shop& shop) {
    edit_state(shop.installation, "UPDATE cursors SET value = value + 86400 WHERE name = 'shipments.changed'");
}

std::string look_back(Shop& shop) {
    return edit_state(shop.installation, "SELECT value FROM cursors WHERE name = 'shipments.look_back'");
}

} // namespace

TEST_CASE("an order that is in Ongoing without our knowing, and was sent before the next run, is booked") {
    for (const bool killed : {true, false}) {
        INFO((killed ? "the run was killed" : "the answer said no"));
        Shop shop;
        shop.sandbox.base_orders(one_piece(2));
        shop.sandbox.fault(killed ? fault("ongoing", "PUT /orders", "kill_after")
                                  : fault("ongoing", "PUT /orders", "redirect").set("commit", true));
        CHECK(sync_orders(shop.installation).exit_code != 0);
        shop.sandbox.clear_faults();
        REQUIRE(shop.sandbox.orders().size() == 1);
        shop.send(2);
        // Somebody else's, as far as this run can know.
        CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
        CHECK(shop.packages() == 0);
        a_day_later(shop);
        age_intents(shop.installation);
        CHECK(sync_orders(shop.installation).exit_code == 0);
        CHECK_FALSE(look_back(shop).empty());
        CHECK(said(shop.installation, {"shipments", "send", "--dry-run"}).exit_code == 0);
        CHECK_FALSE(look_back(shop).empty());
        for (int i = 0; i < 2; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
        CHECK(shop.packages(2) == 1);
        CHECK(look_back(shop).empty());
        CHECK(shop.sandbox.calls("ongoing", "PUT /orders") == 1);
    }
}

TEST_CASE("an order that turns out to be ours while a poll runs is looked for by the next one") {
    Shop shop;
    shop.order(2);
    const auto ask = [&](std::int64_t order) {
        edit_state(shop.installation, "INSERT OR REPLACE INTO cursors (connection, name, value) SELECT connection, "
                                      "'shipments.look_back', '1000000000 " +
                                          std::to_string(order) + "' FROM orders");
    };
    ask(2);
    shop.sandbox.reset_journal();
    shop.sandbox.options(with("latency_ongoing", 1500));
    const auto poll = shop.installation.start({"shipments", "send"});
    poll->wait_until([&] { return shop.sandbox.calls("ongoing", "GET /orders") == 1; });
    ask(3);
    CHECK(poll->wait().exit_code == 0);
    CHECK(look_back(shop) == "1000000000 3\n");
    shop.sandbox.options(with("latency_ongoing", 0));
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(look_back(shop).empty());
}

TEST_CASE("an order that came through behind an answer that was not Ongoing's is cancelled when its seller cancels it at once") {
    for (const auto* answer : {"html_403", "redirect"}) {
        INFO(answer);
        Sandbox sandbox({"--products", "20"});
        sandbox.base_orders(one_piece(1));
        Installation installation(sandbox, {}, impatient, orders_on());
        sandbox.fault(fault("ongoing", "PUT /orders", answer).set("commit", true));
        CHECK(sync_orders(installation).exit_code != 0);
        sandbox.clear_faults();
        REQUIRE(sandbox.orders()["1"]["status"].integer() == 300);
        expect_text(said(installation, {"unknown", "list"}).out, "put_order");
        seller::edit(sandbox, 1, with("order_status_id", status::cancelled));
        const auto next = sync_orders(installation);
        CHECK(next.exit_code == 0);
        CHECK(summary_of(next)["cancelled"].integer() == 1);
        CHECK(sandbox.orders()["1"]["status"].integer() == 1000);
        CHECK(said(installation, {"check"}).exit_code == 0);
        CHECK(lines_of(said(installation, {"parked", "list", "--json"}), "parked").empty());
    }
}

TEST_CASE("orders whose PUT a firewall answers are looked up a hundred at a time, sent again, and are no alerts of their own") {
    Sandbox sandbox({"--products", "20"});
    for (int order = 1; order <= 120; ++order) sandbox.base_orders(one_piece(order));
    sandbox.fault(fault("ongoing", "PUT /orders", "html_403").set("every", 1));
    Installation installation(sandbox, {}, impatient, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 120);
    std::int64_t parked = 0;
    for (const auto& matter : lines_of(said(installation, {"today", "--json"}), "matter")) {
        CHECK(matter["kind"].text() != "unknown");
        if (matter["cause"].text() == "remote_rejected") parked += matter["count"].integer();
    }
    CHECK(parked == 120);
    const auto quiet = said(installation, {"orders", "sync", "-q"});
    expect_text(quiet.out + quiet.err, "120");
    expect_no_text(quiet.out + quiet.err, "nobody knows whether");
    sandbox.clear_faults();
    sandbox.reset_journal();
    const auto next = sync_orders(installation);
    CHECK(next.exit_code == 0);
    CHECK(sandbox.orders().size() == 120);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 120);
    CHECK(sandbox.calls("ongoing", "GET /orders") == 2 + 2);
    expect_text(said(installation, {"unknown", "list"}).out, "no write is of unknown outcome");
}

TEST_CASE("what was never carried out does not make an order ours that somebody else wrote and sent") {
    const auto refusal = [](const std::string& what, int code) {
        return fault("ongoing", "PUT /orders", what).set("code", code);
    };
    for (const auto& answer : {refusal("status_before", 401), refusal("status_before", 400)}) {
        INFO(answer.dump());
        Shop shop;
        shop.sandbox.base_orders(one_piece(2));
        shop.sandbox.fault(answer);
        CHECK(sync_orders(shop.installation).exit_code != 0);
        CHECK(shop.sandbox.orders().size() == 0);
        shop.sandbox.clear_faults();
        {
            // Another connector, with the same words.
            Installation other(shop.sandbox, {}, shipments_on(), orders_on());
            CHECK(sync_orders(other).exit_code == 0);
        }
        REQUIRE(shop.sandbox.orders().size() == 1);
        shop.send(2);
        CHECK(sync_orders(shop.installation).exit_code == 0);
        for (int i = 0; i < 2; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
        CHECK(shop.packages() == 0);
        CHECK(look_back(shop).empty());
    }
}

TEST_CASE("whose an order is that turned up behind a firewall's page, and was sent, a person says before it is booked") {
    const bool came_through = GENERATE(false, true);
    Shop shop;
    shop.sandbox.base_orders(one_piece(2));
    shop.sandbox.fault(fault("ongoing", "PUT /orders", "html_403").set("commit", came_through));
    CHECK(sync_orders(shop.installation).exit_code == 3);
    shop.sandbox.clear_faults();
    if (!came_through) { // another connector, with the same words
        Installation other(shop.sandbox, {}, shipments_on(), orders_on());
        CHECK(sync_orders(other).exit_code == 0);
    }
    REQUIRE(shop.sandbox.orders().size() == 1);
    shop.send(2);
    CHECK(sync_orders(shop.installation).exit_code == 0);
    for (int i = 0; i < 3; ++i) (void)said(shop.installation, {"shipments", "send"});
    CHECK(shop.packages() == 0);
    const auto parked = lines_of(said(shop.installation, {"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "unknown");
    CHECK(parked.front()["key"].text() == "2");
    const auto alerts = [&] { return said(shop.installation, {"today"}).out; };
    expect_text(alerts(), "unknown resolve 2");
    const std::vector<std::string> resolve{"unknown", "resolve", "2", "--of", "2"};
    const auto answer = [&](const std::string& word) {
        auto command = resolve;
        command.push_back(word);
        return said(shop.installation, command).exit_code;
    };
    CHECK(answer(came_through ? "--nothing-was-booked" : "--leave") == 0);
    for (int i = 0; i < 2; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(shop.packages() == (came_through ? 1 : 0));
    CHECK(shop.files(2).size() == (came_through ? 1U : 0U));
    CHECK(answer("--leave") == 6);
    CHECK(lines_of(said(shop.installation, {"parked", "list", "--json"}), "parked").empty());
}

TEST_CASE("a change whose answer was lost is told with its order, and found carried out by the command that is told") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    Installation installation(sandbox, {}, impatient, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    seller::edit(sandbox, 1, with("delivery_city", "Gdynia"));
    sandbox.fault(fault("ongoing", "PUT /orders/{orderId}", "drop_after").set("every", 1));
    CHECK(sync_orders(installation).exit_code == 5);
    sandbox.clear_faults();
    const auto sent = sandbox.calls("ongoing", "PUT /orders/{orderId}");
    const auto open = lines_of(said(installation, {"unknown", "list", "--json"}), "unknown");
    REQUIRE(open.size() == 1);
    CHECK(open.front()["command"].text() == "blongo orders sync --order 1");
    age_intents(installation);
    CHECK(sync_orders(installation, {"--order", "1"}).exit_code == 0);
    CHECK(lines_of(said(installation, {"unknown", "list", "--json"}), "unknown").empty());
    CHECK(sandbox.calls("ongoing", "PUT /orders/{orderId}") == sent);
}

TEST_CASE("an order with our number and other lines than ours, met behind a firewall's page, is never overwritten") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(2, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(1), 2)}));
    sandbox.fault(fault("ongoing", "PUT /orders", "html_403"));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    sandbox.clear_faults();
    people::make_order(sandbox, "2", "2", "21", synthetic_sku(1), 7, 300);
    for (int run = 0; run < 2; ++run) CHECK(sync_orders(installation).exit_code == (run == 0 ? 3 : 0));
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "exists_in_warehouse");
    CHECK(sandbox.orders()["2"]["lines"].elements().front()["ordered"].integer() == 7);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 1); // the one that the firewall stopped
}

TEST_CASE("an order that Ongoing took, and whose reading back a firewall stopped, is booked when it is sent") {
    Shop shop;
    shop.sandbox.base_orders(base_order(2, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(1), 2)}));
    shop.sandbox.fault(fault("ongoing", "GET /orders/{orderId}", "html_403"));
    CHECK(sync_orders(shop.installation).exit_code == 3);
    shop.sandbox.clear_faults();
    REQUIRE(shop.sandbox.orders().size() == 1);
    shop.send(2);
    CHECK(sync_orders(shop.installation).exit_code == 0);
    for (int i = 0; i < 2; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(shop.packages(2) == 1);
    CHECK(shop.sandbox.calls("ongoing", "PUT /orders") == 1);
}

TEST_CASE("an order that another connector wrote behind a firewall's page, and that asks for no booking, is left to it") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(2));
    sandbox.fault(fault("ongoing", "PUT /orders", "html_403"));
    const std::string handed_over = shipments_on("send = { 450 = \"no_shipment\", 500 = \"book\" }\nstatus_after_send = 8071");
    Installation installation(sandbox, {}, handed_over, orders_on("status_after_import = 8070"));
    CHECK(sync_orders(installation).exit_code == 3);
    sandbox.clear_faults();
    {
        Installation other(sandbox, {}, shipments_on(), orders_on());
        CHECK(sync_orders(other).exit_code == 0);
    }
    people::set_status(sandbox, "2", 450);
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    for (int i = 0; i < 2; ++i) CHECK(said(installation, {"shipments", "send"}).exit_code == 0);
    CHECK(sandbox.base_order(2)["order_status_id"].integer() == status::to_warehouse);
    CHECK(sandbox.writes() == 0);
    CHECK(lines_of(said(installation, {"parked", "list", "--json"}), "parked").empty());
}

TEST_CASE("an order of somebody else's with the number of one that a killed run was about to write is not taken for it") {
    Shop shop;
    shop.sandbox.base_orders(one_piece(2));
    shop.sandbox.fault(fault("ongoing", "PUT /orders", "kill_before"));
    CHECK(sync_orders(shop.installation).exit_code == 128 + 9);
    shop.sandbox.clear_faults();
    people::make_order(shop.sandbox, "2", "X-2", "21", synthetic_sku(3), 1, 300);
    age_intents(shop.installation);
    CHECK(sync_orders(shop.installation).exit_code == 3);
    const auto parked = lines_of(shop.installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "exists_in_warehouse");
    shop.send(2);
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(shop.packages() == 0);
    CHECK(shop.sandbox.calls("ongoing", "PUT /orders") == 1); // the killed one
}

// SPDX-License-Identifier: Apache-2.0
// orders hold and unhold: what a hold stops in each flow, what it says that it cannot stop, what it refuses.
#include <csignal>

#include <catch2/catch.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value only_action(const Finished& finished) {
    const auto rows = lines_of(finished, "action");
    REQUIRE(rows.size() == 1);
    return rows.front();
}

std::string holds_in(const Installation& installation) {
    return edit_state(installation, "SELECT order_id, reason FROM holds ORDER BY order_id");
}

std::map<std::string, std::string> causes_of(const Installation& installation) {
    std::map<std::string, std::string> out;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        out[std::string(row["key"].text())] = row["cause"].text();
    return out;
}

} // namespace

TEST_CASE("an order on hold is not sent until it is released, and then at once") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 3; ++id) sandbox.base_orders(one_piece(id));
    Installation installation(sandbox, {}, {}, orders_on("status_on_error = 8072\nstatus_after_import = 8070"));
    const auto hold =
        installation.blongo({"orders", "hold", "2", "--reason", "the buyer wants blue", "--json"}, {{"USER", "anna"}});
    INFO(hold.out << hold.err);
    CHECK(hold.exit_code == 0);
    CHECK(only_action(hold)["verb"].text() == "update");
    CHECK(only_action(hold)["reason"].text() == "hold");
    CHECK(only_action(hold)["key"].text() == "2");
    CHECK(only_action(hold)["outcome"].text() == "done");
    CHECK(only_action(hold)["detail"].text().find("blongo orders unhold 2") != std::string::npos);

    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 3);
    CHECK(summary_of(run)["created"].integer() == 2);
    CHECK(sandbox.orders()["2"].is_null());
    CHECK(sandbox.articles()[synthetic_sku(3)].is_null());                             // nor is its article made
    CHECK(sandbox.base_order(2)["order_status_id"].integer() == status::to_warehouse); // a hold is no error
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "on_hold");
    CHECK(parked.front()["owner"].text() == "seller");
    CHECK(parked.front()["command"].text() == "blongo orders unhold 2");
    CHECK(parked.front()["detail"].text().find("by anna@") != std::string::npos);
    CHECK(parked.front()["detail"].text().find("the buyer wants blue") != std::string::npos);
    CHECK(sync_orders(installation).exit_code == 0); // no news
    CHECK(sync_orders(installation, {"--order", "2"}).exit_code == 0);
    CHECK(sandbox.orders()["2"].is_null());

    for (const std::string command : {"show", "why"}) {
        const auto shown = installation.blongo({"orders", command, "2"});
        INFO(shown.out << shown.err);
        CHECK(shown.out.find("on hold:    since ") != std::string::npos);
        CHECK(shown.out.find("anna@") != std::string::npos);
        CHECK(shown.out.find("the buyer wants blue") != std::string::npos);
        const auto row = lines_of(installation.blongo({"orders", command, "2", "--json"}), "order");
        REQUIRE(row.size() == 1);
        CHECK(row.front()["hold_reason"].text() == "the buyer wants blue");
        CHECK(row.front()["hold_by"].text().starts_with("anna@"));
        CHECK(!row.front()["on_hold"].is_null());
        CHECK(row.front()["verdict"].text().find("on hold since") != std::string::npos);
    }
    const auto listed = lines_of(installation.blongo({"orders", "list", "--json"}), "order");
    REQUIRE(listed.size() == 3);
    CHECK(listed.front()["key"].text() == "2");
    CHECK(listed.front()["hold_reason"].text() == "the buyer wants blue");
    CHECK(listed.front()["imported"].is_null());
    CHECK(listed.back()["on_hold"].is_null());

    const auto released = installation.blongo({"orders", "unhold", "2", "--json"});
    CHECK(released.exit_code == 0);
    CHECK(only_action(released)["reason"].text() == "unhold");
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2, 3});
    CHECK(sandbox.status_writes(2, status::in_warehouse) == 1);
    CHECK(causes_of(installation).empty());
    CHECK(sandbox.violations().empty());
}

TEST_CASE("hold and unhold can be said twice; a new reason takes the old one's place") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(installation.blongo({"orders", "unhold", "1"}).exit_code == 0);
    CHECK(installation.blongo({"orders", "hold", "1", "--reason", "first"}).exit_code == 0);
    const auto same = installation.blongo({"orders", "hold", "1", "--json", "-v"});
    CHECK(same.exit_code == 0);
    CHECK(only_action(same)["verb"].text() == "same");
    CHECK(holds_in(installation) == "1|first\n");
    CHECK(installation.blongo({"orders", "hold", "1", "--reason", "second"}).exit_code == 0);
    CHECK(holds_in(installation) == "1|second\n");
    CHECK(installation.blongo({"orders", "unhold", "1"}).exit_code == 0);
    const auto again = installation.blongo({"orders", "unhold", "1", "--json", "-v"});
    CHECK(again.exit_code == 0);
    CHECK(only_action(again)["verb"].text() == "same");
    CHECK(holds_in(installation).empty());
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a dry run of hold and unhold writes nothing, not even a state file") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto planned = installation.blongo({"orders", "hold", "1", "--dry-run", "--json"});
    INFO(planned.out << planned.err);
    CHECK(planned.exit_code == 0);
    CHECK(only_action(planned)["outcome"].text() == "planned");
    CHECK(only_action(planned)["dry_run"].is_true());
    REQUIRE(installation.blongo({"orders", "hold", "1"}).exit_code == 0);
    CHECK(installation.blongo({"orders", "unhold", "1", "-n"}).exit_code == 0);
    CHECK(holds_in(installation) == "1|\n");
    CHECK(installation.blongo({"orders", "hold", "1", "-n", "--reason", "x"}).exit_code == 0);
    CHECK(holds_in(installation) == "1|\n");
}

TEST_CASE("a hold says what it does not stop, and refuses what is sent, finished or cancelled") {
    Sending world({.orders = "finished_statuses = [8075]"});
    world.import({one_piece(1), one_piece(2), one_piece(3), one_piece(4), one_piece(5)});
    world.work("1", "pick", picked(1, {1}));
    const auto told = world.blongo({"orders", "hold", "1"});
    CHECK(told.exit_code == 0);
    CHECK(told.err.find("can still pick it") != std::string::npos);
    CHECK(told.err.find("1 (status ") != std::string::npos);
    CHECK(holds_in(world.installation) == "1|\n");

    world.press_send("2");
    world.edit_base(3, with("order_status_id", status::cancelled));
    world.edit_base(4, with("order_status_id", status::other_trouble));
    world.work("5", "cancel");
    const std::vector<std::pair<std::string, std::string>> refused = {{"2", "the warehouse has sent it: status 450"},
                                                                      {"3", "cancelled in BaseLinker: status 8073"},
                                                                      {"4", "finished in BaseLinker: status 8075"},
                                                                      {"5", "cancelled in Ongoing: status 1000"}};
    for (const auto& [n, why] : refused) {
        const auto answer = world.blongo({"orders", "hold", n, "--json"});
        INFO(n << answer.out << answer.err);
        CHECK(answer.exit_code == 3);
        CHECK(only_action(answer)["outcome"].text() == "rejected");
        CHECK(only_action(answer)["detail"].text().find(why) != std::string::npos);
    }
    CHECK(world.blongo({"orders", "hold", "999"}).exit_code == 6);
    CHECK(world.blongo({"orders", "unhold", "999"}).exit_code == 6);
    CHECK(world.blongo({"orders", "hold"}).exit_code == 2);
    CHECK(holds_in(world.installation) == "1|\n");
}

TEST_CASE("several orders are held by name and from standard input; a name that means nothing stops no other") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 4; ++id) sandbox.base_orders(one_piece(id));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(installation.blongo({"orders", "hold", "1", "999", "2"}).exit_code == 6);
    CHECK(holds_in(installation) == "1|\n2|\n");
    Spawn spawn;
    spawn.argv = {blongo_binary(), "-c", installation.config_file(), "orders", "hold", "-", "--reason", "all of them"};
    spawn.stdin_text = "3\n 4 \n\n1";
    const auto held = run(spawn);
    INFO(held.out << held.err);
    CHECK(held.exit_code == 0);
    CHECK(holds_in(installation) == "1|all of them\n2|\n3|all of them\n4|all of them\n");
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.orders().size() == 0);
}

TEST_CASE("an order on hold is not booked; released, it is booked at the next run") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    REQUIRE(world.blongo({"orders", "hold", "1", "--reason", "fraud?"}).exit_code == 0);
    world.press_send("1");
    world.press_send("2");
    const auto run = world.send();
    CHECK(run.exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "on_hold"}});
    CHECK(world.bought(1) == 0);
    CHECK(world.bought(2) == 1);
    CHECK(world.instruction("1").starts_with("LABEL FAILED "));
    CHECK(world.instruction("1").find("order on hold") != std::string::npos);
    CHECK(world.why(1).find("on hold since") != std::string::npos);
    CHECK(world.send().exit_code == 0);
    CHECK(world.send({"1"}).exit_code == 3); // a person who asks for it is told
    CHECK(world.bought(1) == 0);
    REQUIRE(world.blongo({"orders", "unhold", "1"}).exit_code == 0);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1").empty());
    world.expect_lawful();
}

TEST_CASE("watch books a released order at once, and asks for none that is on hold") {
    Sending world;
    world.import({one_piece(1)});
    REQUIRE(world.blongo({"orders", "hold", "1"}).exit_code == 0);
    world.press_send("1");
    REQUIRE(world.send().exit_code == 3);
    world.sandbox.reset_journal();
    const auto watch = world.installation.start({"shipments", "watch", "--every", "100ms"});
    watch->wait_until([&] { return world.sandbox.calls("ongoing", "GET /orders") >= 4; });
    CHECK(world.sandbox.calls("ongoing", "GET /orders/{orderId}") == 0);
    CHECK(world.sandbox.calls("baselinker") == 0);
    REQUIRE(world.blongo({"orders", "unhold", "1"}).exit_code == 0);
    watch->wait_until([&] { return world.bought(1) == 1; }, std::chrono::seconds{30});
    watch->signal(SIGTERM);
    (void)watch->wait();
    world.expect_lawful();
}

TEST_CASE("a package of an order on hold is not cancelled to be booked anew") {
    Sending world;
    world.import({one_piece(1)});
    world.press_send("1");
    REQUIRE(world.send().exit_code == 0);
    edit_state(world.installation, "INSERT INTO holds SELECT connection, order_id, 0, 'anna', '' FROM orders");
    for (const std::string command : {"rebook", "add"}) {
        const auto refused = world.blongo({"shipments", command, "1", "--parcel", "1kg"});
        INFO(refused.out << refused.err);
        CHECK(refused.exit_code == 3);
        CHECK(refused.err.find("blongo orders unhold 1") != std::string::npos);
    }
    CHECK(world.packages(1).size() == 1);
    CHECK(world.bought(1) == 1);
}

TEST_CASE("a hold that comes while a run is sending the order is seen by one of both") {
    // The hold is there before the claim: the run sees it. The claim is there before the hold: the hold says so.
    Sandbox sandbox({"--products", "20"});
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.base_orders(one_piece(1));
    sandbox.fault(
        json::Value::object().set("side", "ongoing").set("operation", "PUT /orders").set("fault", "stall").set("seconds", 3));
    const auto run = installation.start({"orders", "sync"});
    run->wait_until([&] { return edit_state(installation, "SELECT COUNT(*) FROM intents WHERE state = 0") == "1\n"; });
    const auto hold = installation.blongo({"orders", "hold", "1"});
    INFO(hold.out << hold.err);
    CHECK(hold.exit_code == 0);
    CHECK(hold.err.find("a run is sending it right now") != std::string::npos);
    (void)run->wait();
}

TEST_CASE("a hold that comes between a run's first look and its write stops the write") {
    Sandbox sandbox({"--products", "20"});
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.base_orders(one_piece(1));
    sandbox.fault(
        json::Value::object().set("side", "ongoing").set("operation", "PUT /articles").set("fault", "stall").set("seconds", 3));
    const auto run = installation.start({"orders", "sync"}); // the order's article is made before the order
    run->wait_until([&] { return sandbox.calls("ongoing", "PUT /articles") == 1; });
    REQUIRE(installation.blongo({"orders", "hold", "1"}).exit_code == 0);
    const auto ended = run->wait();
    INFO(ended.out << ended.err);
    CHECK(ended.exit_code == 3);
    CHECK(causes_of(installation) == std::map<std::string, std::string>{{"1", "on_hold"}});
    CHECK(sandbox.orders().size() == 0);
    CHECK(edit_state(installation, "SELECT COUNT(*) FROM intents WHERE state IN (0, 3)") == "0\n");
    sandbox.clear_faults();
    REQUIRE(installation.blongo({"orders", "unhold", "1"}).exit_code == 0);
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1});
}

TEST_CASE("an imported order on hold is not changed in Ongoing; released, it is changed at the next run") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    REQUIRE(world.blongo({"orders", "hold", "1", "--reason", "wait"}).exit_code == 0);
    CHECK(sync_orders(world.installation).exit_code == 0); // nothing is kept back yet
    for (const std::int64_t id : {1, 2}) world.edit_base(id, with("delivery_point_id", "KRA01"));
    const auto run = sync_orders(world.installation);
    CHECK(run.exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "on_hold"}});
    CHECK(world.there("1")["writes"].integer() == 1);
    CHECK(world.there("2")["data"]["servicePointCode"].text() == "KRA01");
    CHECK(sync_orders(world.installation).exit_code == 0);
    CHECK(world.there("1")["writes"].integer() == 1);
    REQUIRE(world.blongo({"orders", "unhold", "1"}).exit_code == 0);
    CHECK(sync_orders(world.installation).exit_code == 0);
    CHECK(world.there("1")["data"]["servicePointCode"].text() == "KRA01");
    CHECK(world.causes().empty());
    world.expect_lawful();
}

TEST_CASE("an order on hold is cancelled like any other") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    for (const std::string n : {"1", "2"}) REQUIRE(world.blongo({"orders", "hold", n}).exit_code == 0);
    world.edit_base(1, with("order_status_id", status::cancelled));
    world.sandbox.send("DELETE", "/_admin/baselinker/orders?id=2", {});
    for (int run = 0; run < 2; ++run) (void)sync_orders(world.installation);
    CHECK(world.there("1")["status"].integer() == 1000);
    CHECK(world.there("2")["status"].integer() == 1000);
    CHECK(world.causes().empty());
    CHECK(world.blongo({"orders", "unhold", "2"}).exit_code == 0); // gone from BaseLinker, and released all the same
    world.expect_lawful();
}

TEST_CASE("an order that was parked and is gone from BaseLinker cannot be held") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {base_line("NO-SUCH-SKU")}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 3);
    sandbox.send("DELETE", "/_admin/baselinker/orders?id=1", {});
    const auto hold = installation.blongo({"orders", "hold", "1"});
    INFO(hold.out << hold.err);
    CHECK(hold.exit_code == 6);
    CHECK(hold.err.find("BaseLinker has no order 1") != std::string::npos);
    CHECK(holds_in(installation).empty());
}

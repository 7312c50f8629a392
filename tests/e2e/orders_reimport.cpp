// SPDX-License-Identifier: Apache-2.0
// orders reimport: each case in which an order is sent anew, and each in which it is refused, with its reason and command.
#include <catch2/catch.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

Finished reimport(const Sending& world, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"orders", "reimport", "--json"});
    return world.blongo(arguments);
}

/// Refused with 3, one line, whose words say these.
void expect_refused(Sending& world, const std::string& n, const std::vector<std::string>& words,
                    std::vector<std::string> more = {}) {
    more.insert(more.begin(), n);
    world.sandbox.reset_journal();
    const auto answer = reimport(world, more);
    INFO(answer.out << answer.err);
    CHECK(answer.exit_code == 3);
    const auto rows = lines_of(answer, "action");
    REQUIRE(rows.size() == 1);
    CHECK(rows.front()["outcome"].text() == "rejected");
    CHECK(rows.front()["reason"].text() == "reimport");
    for (const auto& word : words) {
        INFO(word << " in " << rows.front()["detail"].text());
        CHECK(rows.front()["detail"].text().find(word) != std::string::npos);
    }
    CHECK(world.sandbox.writes() == 0);
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");
}

std::string ledger(const Sending& world, std::int64_t order) {
    return edit_state(world.installation, "SELECT number, attempt, state FROM orders WHERE order_id = " + std::to_string(order));
}

void lose(Sending& world, const std::string& number) {
    world.sandbox.send("DELETE", "/_admin/ongoing/orders?number=" + number, {});
}

/// What the flow parks once a copy has to wait.
void park(const Sending& world, std::int64_t order, const std::string& cause) {
    edit_state(world.installation, "INSERT OR REPLACE INTO parked SELECT id, 'orders', '" + std::to_string(order) + "', '" +
                                       cause + "', 'waits', '', 1, 1, 9, 99999999999999, '' FROM connections");
}

} // namespace

TEST_CASE("an order that was cancelled in Ongoing and came back goes under its next number, once for each reimport") {
    Sending world({.orders = "order_number_prefix = \"BL-\"\nstatus_after_import = 8070"});
    world.import({one_piece(1), one_piece(2)});
    world.work("BL-1", "cancel");
    (void)sync_orders(world.installation);
    world.edit_base(1, with("order_status_id", status::to_warehouse)); // and it came back
    (void)sync_orders(world.installation);
    const auto planned = reimport(world, {"1", "--dry-run"});
    CHECK(planned.exit_code == 0);
    REQUIRE(actions(planned, "create").size() == 1);
    CHECK(actions(planned, "create").front()["order_number"].text() == "BL-1-2");
    CHECK(world.sandbox.orders().size() == 2);
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");

    const auto done = reimport(world, {"BL-1"});
    CHECK(done.exit_code == 0);
    REQUIRE(actions(done, "create").size() == 1);
    CHECK(actions(done, "create").front()["reason"].text() == "reimport");
    const json::Value sent = world.there("BL-1-2");
    CHECK(sent["data"]["goodsOwnerOrderId"].text() == "1");
    CHECK(sent["writes"].integer() == 1);
    CHECK(world.there("BL-1")["status"].integer() == 1000);
    CHECK(ledger(world, 1) == "BL-1-2|2|0\n");
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");
    CHECK(sync_orders(world.installation).exit_code == 0);
    CHECK(world.causes().empty());
    expect_refused(world, "1", {"BL-1-2", "blongo orders sync --order 1"});

    // Its shipment is booked like any other's.
    world.work("BL-1-2", "cancel");
    (void)sync_orders(world.installation);
    world.edit_base(1, with("order_status_id", status::to_warehouse));
    CHECK(reimport(world, {"1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "BL-1-3|3|0\n");
    world.press_send("BL-1-3");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.sandbox.orders().size() == 4);
    world.expect_lawful();
}

TEST_CASE("numbers that Ongoing has already are passed over when they are cancelled") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "cancel");
    json::Value stranger = world.there("1");
    stranger.erase("orderId");
    stranger.erase("orderNumber");
    stranger["data"].set("orderNumber", "1-2");
    stranger.set("orderId", 999001).set("status", 1000);
    world.sandbox.post("/_admin/ongoing/orders", stranger);
    CHECK(reimport(world, {"1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "1-3|3|0\n");
}

TEST_CASE("an order of an earlier reimport that the ledger does not know is adopted, not sent a second time") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "cancel");
    const std::string before = edit_state(world.installation, "SELECT ongoing_id FROM orders");
    REQUIRE(reimport(world, {"1"}).exit_code == 0);
    edit_state(world.installation, "UPDATE orders SET number = '1', attempt = 1, state = 0, ongoing_id = " + before);
    const auto again = reimport(world, {"1"});
    CHECK(again.exit_code == 0);
    CHECK(actions(again, "adopt").size() == 1);
    CHECK(world.there("1-2")["writes"].integer() == 1);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    CHECK(world.sandbox.orders().size() == 2);
}

TEST_CASE("an id that is another order's now is sent only when that is accepted, under a number of its own") {
    Sending world;
    world.import({one_piece(1, read_json(R"({"shop_order_id":"700"})"))});
    world.edit_base(1, read_json(R"({"shop_order_id":"701","delivery_fullname":"Anna Nowak"})"));
    (void)sync_orders(world.installation);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "identity_changed"}});
    expect_refused(world, "1", {"another order", "blongo orders reimport 1 --accept-identity"});
    const auto done = world.blongo({"orders", "reimport", "1", "--accept-identity"});
    CHECK(done.exit_code == 0);
    CHECK(done.err.find("stays in Ongoing as 1 (status ") != std::string::npos);
    CHECK(world.there("1-2")["data"]["consignee"]["name"].text() == "Anna Nowak");
    CHECK(world.there("1")["data"]["consignee"]["name"].text() == "Jan Kowalski");
    CHECK(world.there("1")["writes"].integer() == 1);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    CHECK(world.causes().empty());
    CHECK(sync_orders(world.installation).exit_code == 0);
    world.press_send("1-2");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    world.expect_lawful();
}

TEST_CASE("a copy that waits is sent only when that is accepted, and says what it may do") {
    Sending world;
    world.import({one_piece(1)});
    world.edit_base(2, one_piece(2));
    park(world, 2, "split_waiting");
    expect_refused(world, "2", {"gave up its lines", "blongo orders reimport 2 --accept-copy"});
    const auto done = world.blongo({"orders", "reimport", "2", "--accept-copy"});
    CHECK(done.exit_code == 0);
    CHECK(done.err.find("may be in the warehouse twice") != std::string::npos);
    CHECK(world.there("2")["writes"].integer() == 1);
    CHECK(world.causes().empty());
    world.expect_lawful();
}

TEST_CASE("an order that Ongoing lost is sent again under its number, unless it may have been sent") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    lose(world, "1");
    CHECK(reimport(world, {"1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "1|1|0\n");
    CHECK(world.there("1")["writes"].integer() == 1);
    // Of the second attempt, too, by either command.
    world.work("1", "cancel");
    REQUIRE(reimport(world, {"1"}).exit_code == 0);
    lose(world, "1-2");
    CHECK(sync_orders(world.installation, {"--order", "1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    lose(world, "1-2");
    CHECK(reimport(world, {"1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "1-2|2|0\n");

    world.press_send("2");
    REQUIRE(world.send().exit_code == 0);
    lose(world, "2");
    expect_refused(world, "2", {"sent or booked before it vanished"});
    world.expect_lawful();
}

TEST_CASE("what is not safe is refused, with its reason and the command that helps") {
    Sending world({.orders = "finished_statuses = [8075]"});
    world.import({one_piece(1), one_piece(2), one_piece(3), one_piece(4), one_piece(5), one_piece(6), one_piece(7)});
    expect_refused(world, "1", {"Ongoing has it as 1", "blongo orders sync --order 1"});
    world.press_send("2");
    expect_refused(world, "2", {"the warehouse has sent it", "status 450"});
    for (const std::string n : {"3", "4", "5", "6", "7"}) world.work(n, "cancel");
    world.edit_base(3, with("order_status_id", status::cancelled));
    expect_refused(world, "3", {"8073", "none of the accepted ones"});
    world.edit_base(4, with("confirmed", false));
    expect_refused(world, "4", {"not confirmed"});
    edit_state(world.installation, "INSERT INTO holds SELECT connection, 5, 1, 'anna', 'fraud?' FROM orders WHERE order_id = 5");
    expect_refused(world, "5", {"on hold since", "fraud?", "blongo orders unhold 5"});
    // Ongoing says cancelled no more.
    edit_state(world.installation, "UPDATE orders SET state = 2 WHERE order_id = 6");
    world.sandbox.post("/_admin/ongoing/orders", json::Value::object().set("status", 200).set("orderNumber", "6"));
    expect_refused(world, "6", {"cancellation is not proven", "status 200"});
    // Its lines are in another order.
    edit_state(world.installation, "UPDATE orders SET merged_into = 1 WHERE order_id = 7");
    expect_refused(world, "7", {"its lines went into order 1", "blongo orders reimport 7 --accept-copy"});
    CHECK(reimport(world, {"7", "--accept-copy"}).exit_code == 0);
    CHECK(ledger(world, 7) == "7-2|2|0\n");

    world.edit_base(8, one_piece(8));
    expect_refused(world, "8", {"never sent", "blongo orders sync --order 8"});
    park(world, 8, "unknown_sku");
    expect_refused(world, "8", {"unknown_sku", "blongo orders why 8"});
    CHECK(reimport(world, {"999"}).exit_code == 6);
    CHECK(world.blongo({"orders", "reimport"}).exit_code == 2);
}

TEST_CASE("an order whose package stands is not sent anew until the package is cancelled") {
    Sending world;
    world.import({one_piece(1)});
    world.press_send("1");
    REQUIRE(world.send().exit_code == 0);
    world.sandbox.post("/_admin/ongoing/orders", json::Value::object().set("status", 1000).set("orderNumber", "1"));
    expect_refused(world, "1", {"is booked", "blongo shipments cancel 1"});
    REQUIRE(world.blongo({"shipments", "cancel", "1"}).exit_code == 0);
    CHECK(reimport(world, {"1"}).exit_code == 0);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
}

TEST_CASE("an earlier attempt that is alive again in Ongoing keeps a later one from being sent") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "cancel");
    REQUIRE(reimport(world, {"1"}).exit_code == 0);
    world.work("1-2", "cancel");
    world.sandbox.post("/_admin/ongoing/orders", json::Value::object().set("status", 200).set("orderNumber", "1"));
    expect_refused(world, "1", {"an earlier attempt of it is not cancelled", "status 200"});
}

TEST_CASE("an order that cannot be sent yet is parked, and goes under its next number by itself") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    world.work("1", "cancel");
    json::Value lines = json::Value::array();
    lines.push_back(base_line("NEW-1").set("order_product_id", 11));
    world.edit_base(1, with("products", lines));
    const auto parked = reimport(world, {"1"});
    CHECK(parked.exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "unknown_sku"}});
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "1\n");
    (void)sync_orders(world.installation);
    CHECK(world.sandbox.orders().size() == 2);
    world.sandbox.base_products(read_json(R"({"id":777,"sku":"NEW-1","text_fields":{"name":"Nowy"}})"));
    CHECK(sync_orders(world.installation).exit_code == 0);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    CHECK(world.there("1-2")["writes"].integer() == 1);
    CHECK(world.causes().empty());
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");
    world.expect_lawful();
}

TEST_CASE("what was asked for is forgotten when the order is no longer to be sent") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "cancel");
    json::Value lines = json::Value::array();
    lines.push_back(base_line("NEW-1").set("order_product_id", 11));
    world.edit_base(1, with("products", lines));
    REQUIRE(reimport(world, {"1"}).exit_code == 3);
    world.edit_base(1, with("order_status_id", status::cancelled));
    (void)sync_orders(world.installation);
    CHECK(edit_state(world.installation, "SELECT COUNT(*) FROM due WHERE kind = 'reimport'") == "0\n");
    CHECK(world.sandbox.orders().size() == 1);
}

TEST_CASE("several orders are named at once, from standard input too; one that is unknown leaves all as they are") {
    Sending world;
    world.import({one_piece(1), one_piece(2), one_piece(3)});
    for (const std::string n : {"1", "2"}) world.work(n, "cancel");
    CHECK(reimport(world, {"1", "2", "999"}).exit_code == 6);
    CHECK(world.sandbox.orders().size() == 3);
    Spawn spawn;
    spawn.argv = {blongo_binary(), "-c", world.installation.config_file(), "orders", "reimport", "-"};
    spawn.stdin_text = "1\n2\n3\n";
    const auto done = run(spawn);
    INFO(done.out << done.err);
    CHECK(done.exit_code == 3); // 3 is in Ongoing
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    CHECK(ledger(world, 2) == "2-2|2|0\n");
    CHECK(world.sandbox.orders().size() == 5);
}

TEST_CASE("orders of two connections are not reimported by one command") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.post("/_admin/goods-owners", read_json(R"({"warehouse":"sandbox","goodsOwnerId":2,"name":"Inny",)"
                                                   R"("user":"WSI-SANDBOX","password":"sandbox-password"})"));
    Installation installation(sandbox, {}, {}, orders_on());
    const std::string other = "[connections.other.baselinker]\nurl = \"" + sandbox.url() + "/connector.php\"\ntoken_file = \"" +
                              (installation.folder() / "token") +
                              "\"\ninventory_id = 307\nrequests_per_minute = 100000\n[connections.other.ongoing]\nurl = \"" +
                              sandbox.url() + "/sandbox\"\nusername = \"WSI-SANDBOX\"\npassword_file = \"" +
                              (installation.folder() / "password") + "\"\ngoods_owner_id = 2\n[connections.other.orders]\n" +
                              orders_on("order_number_prefix = \"B-\"");
    installation.write_config(installation.config_text() + other);
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.reset_journal();
    for (const std::vector<std::string>& names : {std::vector<std::string>{"1"}, {"B-1", "1", "--accept-identity"}}) {
        auto command = names;
        command.insert(command.begin(), {"orders", "reimport"});
        const auto answer = installation.blongo(command);
        INFO(answer.out << answer.err);
        CHECK(answer.exit_code == 2);
    }
    CHECK(installation.blongo({"orders", "reimport", "1", "-C", "other"}).exit_code == 3);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("two reimports of one order at the same time send it once") {
    Sending world({.options = {"--set", "latency_ongoing=30"}});
    world.import({one_piece(1)});
    world.work("1", "cancel");
    std::vector<std::unique_ptr<Process>> all;
    for (int i = 0; i < 4; ++i) all.push_back(world.installation.start({"orders", "reimport", "1"}));
    for (auto& one : all) {
        const auto ended = one->wait();
        INFO(ended.out << ended.err);
        CHECK((ended.exit_code == 0 || ended.exit_code == 3));
    }
    CHECK(world.sandbox.orders().size() == 2);
    CHECK(world.there("1-2")["writes"].integer() == 1);
    CHECK(ledger(world, 1) == "1-2|2|0\n");
    world.expect_lawful();
}

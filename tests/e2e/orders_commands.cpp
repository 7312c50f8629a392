// SPDX-License-Identifier: Apache-2.0
// orders list, show, why, find with every form of N; runs beside each other; idle runs; two connections.
#include <catch2/catch.hpp>

#include <filesystem>

#include <blongo/base/clock.hpp>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::string second_connection(const Sandbox& sandbox, const Installation& installation, const std::string& token) {
    return "[connections.other.baselinker]\nurl = \"" + sandbox.url() + "/connector.php\"\ntoken_file = \"" +
           (installation.folder() / token) + "\"\ninventory_id = 307\nrequests_per_minute = 100000\n" +
           "[connections.other.ongoing]\nurl = \"" + sandbox.url() +
           "/sandbox\"\nusername = \"WSI-SANDBOX\"\npassword_file = \"" + (installation.folder() / "password") +
           "\"\ngoods_owner_id = 2\n[connections.other.orders]\n" + orders_on("order_number_prefix = \"B-\"");
}

} // namespace

TEST_CASE("an order is found by each of its numbers; what nobody knows is 6, what is ambiguous is 2") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(
        base_order(101, {base_line(synthetic_sku(1))}, json::Value::object().set("external_order_id", "MARKET-9")));
    sandbox.base_orders(base_order(102, {base_line(synthetic_sku(2))}, json::Value::object().set("external_order_id", "TWICE")));
    sandbox.base_orders(base_order(103, {base_line(synthetic_sku(3))}, json::Value::object().set("external_order_id", "TWICE")));
    sandbox.base_orders(base_order(104, {base_line("UNKNOWN-1")},
                                   json::Value::object().set("external_order_id", "MARKET-10").set("shop_order_id", 556677)));
    sandbox.base_orders(
        base_order(105, {base_line(synthetic_sku(3))}, json::Value::object().set("order_status_id", status::fresh)));
    Installation installation(sandbox, {}, {}, orders_on("order_number_prefix = \"BL-\""));
    REQUIRE(sync_orders(installation).exit_code == 3);
    const std::string ongoing_id(sandbox.orders()["BL-101"]["orderId"].dump());
    for (const std::string& n : {std::string("101"), std::string("BL-101"), std::string("MARKET-9"), "#" + ongoing_id}) {
        INFO(n);
        for (const std::vector<std::string>& command :
             {std::vector<std::string>{"why"}, {"find"}, {"orders", "why"}, {"orders", "show"}}) {
            auto arguments = command;
            arguments.push_back(n);
            arguments.push_back("--json");
            const auto answer = installation.blongo(arguments);
            INFO(command.front() << answer.out << answer.err);
            CHECK(answer.exit_code == 0);
            const auto rows = lines_of(answer, "order");
            REQUIRE(rows.size() == 1);
            CHECK(rows.front()["key"].text() == "101");
        }
    }
    for (const std::string n : {"999", "BL-999", "NOBODY", "#999999"}) {
        INFO(n);
        CHECK(installation.blongo({"why", n}).exit_code == 6);
        CHECK(installation.blongo({"find", n}).exit_code == 6);
    }
    const auto ambiguous = installation.blongo({"why", "TWICE"});
    CHECK(ambiguous.exit_code == 2);
    CHECK(ambiguous.err.find("102") != std::string::npos);
    CHECK(ambiguous.err.find("103") != std::string::npos);
    CHECK(lines_of(installation.blongo({"find", "TWICE", "--json"}), "order").size() == 2);
    CHECK(installation.blongo({"orders", "sync", "--order", "999"}).exit_code == 6);

    // Market places and shops know an order by their own number, also one that is not in Ongoing yet.
    for (const std::string n : {"104", "BL-104", "MARKET-10", "556677"}) {
        INFO(n);
        const auto answer = installation.blongo({"why", n, "--json"});
        INFO(answer.out << answer.err);
        CHECK(answer.exit_code == 0);
        const auto found = lines_of(answer, "order");
        REQUIRE(found.size() == 1);
        CHECK(found.front()["key"].text() == "104");
        CHECK(found.front()["cause"].text() == "unknown_sku");
    }
    const auto parked = installation.blongo({"why", "104"});
    CHECK(parked.exit_code == 0);
    CHECK(parked.out.find("unknown_sku") != std::string::npos);
    const auto foreign = installation.blongo({"why", "105"});
    CHECK(foreign.exit_code == 0);
    CHECK(foreign.out.find("not in an accepted status") != std::string::npos);

    const auto rows = lines_of(installation.blongo({"orders", "list", "--json"}), "order");
    CHECK(rows.size() == 3);
}

TEST_CASE("orders show puts both sides next to each other; names and addresses are masked") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(101, {base_line(synthetic_sku(1), 3)}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"orders", "show", "101"}, {"mapping", "test", "101"}}) {
        const auto shown = installation.blongo(command);
        INFO(shown.out << shown.err);
        CHECK(shown.exit_code == 0);
        CHECK(shown.out.find("3 x P000001") != std::string::npos);
        CHECK(shown.out.find("goodsOwnerOrderId") != std::string::npos);
        CHECK(shown.out.find("Kowalski") == std::string::npos);
        CHECK(shown.out.find("jan@example.com") == std::string::npos);
        auto as_json = command;
        as_json.push_back("--json");
        const auto rows = lines_of(installation.blongo(as_json), "order");
        REQUIRE(rows.size() == 1);
        for (const auto& member : rows.front()["members"].elements()) {
            INFO(member.dump());
            CHECK(member["verdict"].text() != "differs");
            CHECK(member["verdict"].text() != "only in Ongoing");
        }
    }
    sandbox.post("/_admin/ongoing/orders",
                 json::Value::object()
                     .set("orderNumber", "101")
                     .set("data", json::Value::object().set("orderNumber", "101").set("orderRemark", "someone wrote this")));
    const auto differs = lines_of(installation.blongo({"mapping", "test", "101", "--json"}), "order");
    REQUIRE(differs.size() == 1);
    bool seen = false;
    for (const auto& member : differs.front()["members"].elements())
        if (member["target"].text() == "orderRemark") seen = member["verdict"].text() == "only in Ongoing";
    CHECK(seen);
}

TEST_CASE("an order that is not in Ongoing yet can be tested against the mapping") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(101, {base_line(synthetic_sku(1), 3)}));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto shown = installation.blongo({"mapping", "test", "101"});
    INFO(shown.out << shown.err);
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("only in BaseLinker") != std::string::npos);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a run for one order beside cron's run neither waits for all nor doubles one") {
    Sandbox sandbox({"--products", "20", "--set", "latency_ongoing=20"});
    json::Value all = json::Value::array();
    for (int id = 1; id <= 120; ++id) all.push_back(base_order(id, {base_line(synthetic_sku(1 + id % 20))}));
    sandbox.base_orders(all);
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070"));
    const auto cron = installation.start({"orders", "sync", "--json"});
    cron->wait_until([&] { return sandbox.calls("ongoing", "PUT /orders") >= 3; });
    const auto named = sync_orders(installation, {"--order", "120", "--order", "3"});
    CHECK(named.exit_code == 0);
    CHECK(cron->running()); // it did not wait for the end of the other one
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 11);
    const auto finished = cron->wait();
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(sync_orders(installation).exit_code == 0);
    const json::Value orders = sandbox.orders();
    CHECK(orders.size() == 120);
    for (int id = 1; id <= 120; ++id) {
        INFO("order " << id);
        CHECK(orders[std::to_string(id)]["writes"].integer() == 1);
        CHECK(sandbox.base_order(id)["order_status_id"].integer() == status::in_warehouse);
    }
    CHECK(sandbox.status_writes(120, status::in_warehouse) == 1);
    CHECK(sandbox.status_writes(3, status::in_warehouse) == 1);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("an idle run with 1,000 imported orders writes nothing and reads no more than its sources") {
    const std::int64_t month_ago = to_unix_seconds(SystemClock{}.now()) - 30 * 24 * 3600;
    for (const bool moved : {true, false}) {
        Sandbox sandbox({"--products", "20"});
        json::Value all = json::Value::array();
        for (int id = 1; id <= 1000; ++id)
            all.push_back(base_order(
                id, {base_line(synthetic_sku(1 + id % 20))},
                json::Value::object().set("date_confirmed", month_ago + id * 60).set("date_in_status", month_ago + id * 60)));
        sandbox.base_orders(all);
        Installation installation(sandbox, {}, {}, orders_on(moved ? "status_after_import = 8070" : ""));
        REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 0);
        REQUIRE(sandbox.orders().size() == 1000);
        // The poll of the warehouse looks back 10 minutes: further than the import of these orders.
        const std::string import_is_long_ago =
            "UPDATE cursors SET value = value + 3600 WHERE name = 'orders.warehouse_polled_at'";
        edit_state(installation, import_is_long_ago);
        sandbox.reset_journal();
        const auto idle = installation.blongo({"orders", "sync", "--json"});
        INFO(idle.out.substr(0, 500) << idle.err);
        CHECK(idle.exit_code == 0);
        CHECK(sandbox.writes() == 0);
        // (a) one page since the cursor; (b) the sweep of the first run cost more than 10 calls and is repeated within the
        // hour only; (c) where our write-backs move orders to, and cancel_statuses: a page of 100 each; (d) the journal.
        // What the warehouse did: one page, and it is empty.
        const int watched = (moved ? 11 : 0) + 1;
        CHECK(sandbox.calls("baselinker", "getOrders") == 1 + watched);
        CHECK(sandbox.calls("baselinker", "getJournalList") == 1);
        CHECK(sandbox.calls("baselinker") == 2 + watched);
        CHECK(sandbox.calls("ongoing") == 1);

        // An hour later: one sweep of the one status, a page of 100 each; while the orders stand in it eleven,
        // of which the last one is not full.
        edit_state(installation, "UPDATE cursors SET value = value - 7200 WHERE name = 'orders.swept_at'");
        edit_state(installation, import_is_long_ago);
        sandbox.reset_journal();
        CHECK(installation.blongo({"orders", "sync"}).exit_code == 0);
        CHECK(sandbox.calls("baselinker", "getOrders") == 1 + watched + (moved ? 1 : 11));
        CHECK(sandbox.calls("baselinker", "getJournalList") == 1);
        CHECK(sandbox.calls("ongoing") == 1);
        CHECK(sandbox.writes() == 0);

        // A cheap sweep is part of every run.
        edit_state(installation, import_is_long_ago);
        sandbox.reset_journal();
        CHECK(installation.blongo({"orders", "sync"}).exit_code == 0);
        CHECK(sandbox.calls("baselinker", "getOrders") == 1 + watched + (moved ? 1 : 0));
        CHECK(sandbox.calls("baselinker") == sandbox.calls("baselinker", "getOrders") + 1);
        CHECK(sandbox.calls("ongoing") == 1);
    }
}

TEST_CASE("one connection's trouble leaves the other one alone") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1))}));
    Installation installation(sandbox, {}, {}, orders_on());
    write_file(installation.folder() / "wrong-token", "not-the-token\n");
    std::filesystem::permissions(installation.folder() / "wrong-token", std::filesystem::perms::owner_read);
    sandbox.post("/_admin/goods-owners", json::Value::object()
                                             .set("warehouse", "sandbox")
                                             .set("goodsOwnerId", 2)
                                             .set("name", "Inny")
                                             .set("user", "WSI-SANDBOX")
                                             .set("password", "sandbox-password"));
    installation.write_config(installation.config_text() + second_connection(sandbox, installation, "wrong-token"));
    const auto both = sync_orders(installation);
    CHECK(both.exit_code == 4);
    CHECK(sandbox.orders().size() == 1);
    CHECK(installation.blongo({"why", "1"}).exit_code == 0);   // the one that answers knows it
    CHECK(installation.blongo({"why", "999"}).exit_code == 4); // the other one might know it
    // Both right: each its own ledger and numbers.
    installation.write_config(installation.config_text() + second_connection(sandbox, installation, "token"));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 1);
    const json::Value others = sandbox.get("/_admin/ongoing/orders?warehouse=sandbox&goods_owner=2");
    REQUIRE(others.size() == 1);
    CHECK(others.elements().front()["orderNumber"].text() == "B-1");
    CHECK(installation.blongo({"why", "1"}).exit_code == 2); // of which connection?
    CHECK(installation.blongo({"why", "1", "-C", "other"}).exit_code == 0);
}

TEST_CASE("the demo shop: what is in order arrives, each of the rest says why") {
    Sandbox sandbox({"--demo"});
    const auto three_days_ago =
        std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) - std::chrono::hours{72};
    Installation installation(sandbox, {}, {}, orders_on("service_lines = [\"pakowanie*\"]", format_utc(three_days_ago)));
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 3);
    const json::Value summary = summary_of(run);
    CHECK(summary["adopted"].integer() == 1);
    CHECK(summary["created"].integer() == 17);
    CHECK(summary["parked"].integer() == 3);
    CHECK(sandbox.violations().empty());
    // Two orders of one second stand on either side of the edge of a page.
    constexpr std::int64_t last_of_page = 184400109, first_of_next = 184400110;
    const std::int64_t second = sandbox.base_order(last_of_page)["date_confirmed"].integer();
    REQUIRE(sandbox.base_order(first_of_next)["date_confirmed"].integer() == second);
    bool edge = false;
    const json::Value calls = sandbox.get("/_admin/journal?side=baselinker&operation=getOrders");
    for (const auto& call : calls.elements()) edge = edge || call["parameters"]["date_confirmed_from"].integer() == second;
    CHECK(edge);
    for (const auto id : {last_of_page, first_of_next}) CHECK(sandbox.orders()[std::to_string(id)]["writes"].integer() == 1);
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a named order that BaseLinker has no longer is told, and nothing of it is done") {
    Sandbox sandbox({"--products", "3"});
    sandbox.base_orders(base_order(101, {base_line(synthetic_sku(1))}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    seller::erase(sandbox, 101);
    sandbox.reset_journal();
    const auto named = installation.blongo({"orders", "sync", "--order", "101"});
    CHECK(named.exit_code == 6);
    CHECK(named.err.find("BaseLinker has no order 101") != std::string::npos);
    CHECK(sandbox.writes() == 0);
}

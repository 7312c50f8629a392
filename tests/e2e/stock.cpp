// SPDX-License-Identifier: Apache-2.0
// What a user sees of stock push: which figures BaseLinker holds afterwards, which calls wrote them, what was said.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

json::Value in_status(std::int64_t status) {
    return json::Value::object().set("order_status_id", status);
}

} // namespace

TEST_CASE("the first push writes every figure, the next one nothing, a change what changed") {
    StockShop shop;
    const auto first = shop.push();
    CHECK(first.exit_code == 0);
    for (int n = 1; n <= 20; ++n) CHECK(shop.held(n) == 100);
    CHECK(shop.updates() == 1);
    CHECK(actions_of(first).size() == 20);
    CHECK(actions_of(first)["P000003"] == "first/done");
    CHECK(summary_of(first)["flow"].text() == "stock");
    CHECK(summary_of(first)["updated"].integer() == 20);
    CHECK(summary_of(first)["complete"].is_true());
    shop.expect_idle();

    shop.shelf("P000003", "42");
    const auto second = shop.push();
    CHECK(second.exit_code == 0);
    CHECK(actions_of(second) == std::map<std::string, std::string>{{"P000003", "changed/done"}});
    CHECK(shop.written() == std::multiset<std::int64_t>{synthetic_id + 3});
    CHECK(shop.held(3) == 42);
    shop.expect_idle();
    // Nothing but the one warehouse was named.
    CHECK(shop.held(3, "bl_207") == 0);
}

TEST_CASE("off, the flow says how to be enabled; its dry run plans and writes nothing") {
    StockSetup setup;
    setup.stock = "[connections.demo.stock]\nwarehouse = \"bl_206\"\n";
    StockShop shop(setup);
    const auto refused = said(shop.installation, {"stock", "push"});
    CHECK(refused.exit_code == 2);
    expect_text(refused.err, "enabled = true");
    CHECK(shop.sandbox.calls("baselinker") + shop.sandbox.calls("ongoing") == 0);

    const auto planned = shop.push({"--dry-run"});
    CHECK(planned.exit_code == 0);
    CHECK(actions_of(planned).size() == 20);
    CHECK(actions_of(planned)["P000001"] == "first/planned");
    CHECK(summary_of(planned)["dry_run"].is_true());
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.held(1) == 1);
    // It plans the same again: it remembered nothing as pushed.
    CHECK(actions_of(shop.push({"--dry-run"})).size() == 20);
}

TEST_CASE("a connection in plan mode writes nothing") {
    StockShop shop;
    shop.installation.write_config("[connections.demo]\nmode = \"plan\"\n" + shop.installation.config_text());
    CHECK(shop.push().exit_code == 0);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.held(1) == 1);
}

TEST_CASE("one summary line in words") {
    StockShop shop;
    const auto run = said(shop.installation, {"stock", "push"});
    CHECK(run.exit_code == 0);
    expect_text(run.out, "demo stock: 20 updated");
    expect_no_text(run.out, "P000001");
    shop.expect_idle();
}

TEST_CASE("a figure is whole, not negative, and what the buffers leave") {
    StockSetup setup;
    setup.stock = stock_on("buffer = 2\nbuffers = { P000004 = 10, P000005 = 0 }");
    StockShop shop(setup);
    shop.shelf("P000001", "7.9");
    shop.shelf("P000002", "0.99");
    shop.shelf("P000003", "2");
    shop.shelf("P000004", "13");
    shop.shelf("P000005", "13");
    shop.article("P000006", from_text(R"({"stock":{"1":{"items":9,"locked_for_sale":3}}})"));
    shop.article("P000007", from_text(R"({"stock":{"1":{"items":5,"locked_for_sale":8}}})"));
    shop.push_well();
    CHECK(shop.held(1) == 5);
    CHECK(shop.held(2) == 0);
    CHECK(shop.held(3) == 0);
    CHECK(shop.held(4) == 3);
    CHECK(shop.held(5) == 13);
    CHECK(shop.held(6) == 4);
    CHECK(shop.held(7) == 0);
    CHECK(shop.held(8) == 98);
    shop.expect_idle();
}

TEST_CASE("all warehouses of Ongoing go to the one of BaseLinker, or each to its own") {
    const std::string amounts = R"({"stock":{"1":3.5,"2":4.5,"3":50}})";
    SECTION("one: their sum") {
        StockShop shop;
        shop.article("P000001", from_text(amounts));
        shop.push_well();
        CHECK(shop.held(1) == 58);
        CHECK(shop.held(1, "bl_207") == 0);
        shop.expect_idle();
    }
    SECTION("each its own; one that is not named goes nowhere") {
        StockSetup setup;
        setup.stock = "[connections.demo.stock]\nenabled = true\nwarehouses = { 1 = \"bl_206\", 2 = \"bl_207\" }\n";
        StockShop shop(setup);
        shop.article("P000001", from_text(amounts));
        shop.push_well();
        CHECK(shop.held(1) == 3);
        CHECK(shop.held(1, "bl_207") == 4);
        shop.expect_idle();
        shop.article("P000001", from_text(R"({"stock":{"1":3.5,"2":9,"3":51}})"));
        shop.push_well();
        CHECK(shop.held(1) == 3);
        CHECK(shop.held(1, "bl_207") == 9);
    }
    SECTION("two of them to one: their sum, rounded once") {
        StockSetup setup;
        setup.stock = "[connections.demo.stock]\nenabled = true\nwarehouses = { 1 = \"bl_207\", 2 = \"bl_207\" }\n";
        StockShop shop(setup);
        shop.article("P000001", from_text(amounts));
        shop.push_well();
        CHECK(shop.held(1, "bl_207") == 8);
        CHECK(shop.held(1) == 1);
    }
}

TEST_CASE("waiting pieces of several warehouses are never offered twice") {
    StockSetup setup;
    setup.stock = "[connections.demo.stock]\nenabled = true\nwarehouses = { 1 = \"bl_206\", 2 = \"bl_207\" }\n";
    StockShop shop(setup);
    shop.article("P000001", from_text(R"({"stock":{"1":10,"2":6}})"));
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 4)}, in_status(status::fresh)));
    shop.push_well();
    CHECK(shop.held(1) >= 0);
    CHECK(shop.held(1, "bl_207") >= 0);
    CHECK(shop.held(1) + shop.held(1, "bl_207") <= 10 + 6 - 4);
}

TEST_CASE("orders that BaseLinker holds and Ongoing does not are not offered again", "[F16]") {
    StockSetup setup;
    setup.orders = "finished_statuses = [8075]\n";
    setup.start_from = "2026-01-01T00:00:00Z";
    setup.stock = stock_on() + "[connections.demo.shipments]\nenabled = false\nstatus_after_send = 8071\n"
                               "status_after_short_send = 8074\n";
    StockShop shop(setup);
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 1)}, in_status(status::fresh)));
    shop.sandbox.base_orders(base_order(2, {pieces_of(2, 2), pieces_of(2, 3)}));
    shop.sandbox.base_orders(base_order(3, {pieces_of(3, 3)}, in_status(status::trouble)));
    shop.sandbox.base_orders(base_order(4, {pieces_of(4, 4)}, in_status(status::cancelled)));
    shop.sandbox.base_orders(base_order(5, {pieces_of(5, 5)}, in_status(status::other_trouble)));
    shop.sandbox.base_orders(base_order(6, {pieces_of(6, 6)}, in_status(status::sent)));
    shop.sandbox.base_orders(base_order(7, {pieces_of(7, 7)}, in_status(8074)));
    shop.sandbox.base_orders(base_order(8, {pieces_of(8, 8)}, json::Value::object().set("confirmed", false)));
    shop.sandbox.base_orders(
        base_order(9, {pieces_of(9, 9)}, in_status(status::fresh).set("date_confirmed", "2025-12-31T10:00:00Z")));
    shop.push_well();
    CHECK(shop.held(1) == 99);
    CHECK(shop.held(2) == 95);
    CHECK(shop.held(3) == 97);
    for (int n = 4; n <= 9; ++n) {
        INFO("order " << n);
        CHECK(shop.held(n) == 100);
    }
    // Imported, it is Ongoing that subtracts them: the figure stays.
    shop.sync_well();
    CHECK(shop.sandbox.orders().size() == 1);
    shop.push_well();
    CHECK(shop.held(1) == 99);
    CHECK(shop.held(2) == 95);
    // Waits no longer, without having come to Ongoing.
    shop.sandbox.base_orders(in_status(status::cancelled).set("order_id", 3));
    shop.sandbox.base_orders(in_status(8071).set("order_id", 1));
    shop.push_well();
    CHECK(shop.held(1) == 100);
    CHECK(shop.held(3) == 100);
    shop.expect_idle();
}

TEST_CASE("a parked order and a delayed one wait") {
    SECTION("parked: the lines that are known") {
        StockShop shop;
        shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3), base_line("UNKNOWN-1", 2)}));
        CHECK(sync_orders(shop.installation).exit_code == 3);
        shop.push_well();
        CHECK(shop.held(1) == 97);
        shop.expect_idle();
        // Put right, it is imported: Ongoing subtracts it now.
        shop.sandbox.base_orders(
            json::Value::object().set("order_id", 1).set("products", base_order(1, {pieces_of(1, 3)})["products"]));
        shop.sync_well();
        CHECK(shop.sandbox.orders().size() == 1);
        shop.push_well();
        CHECK(shop.held(1) == 97);
    }
    SECTION("delayed") {
        StockSetup setup;
        setup.orders = "import_delay = \"2h\"\n";
        StockShop shop(setup);
        shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3)}));
        shop.sync_well();
        CHECK(shop.sandbox.orders().size() == 0);
        shop.push_well();
        CHECK(shop.held(1) == 97);
    }
}

TEST_CASE("more may wait than there is") {
    StockShop shop;
    shop.shelf("P000001", "5");
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 8)}, in_status(status::fresh)));
    shop.push_well();
    CHECK(shop.held(1) == 0);
    shop.expect_idle();
}

TEST_CASE("waiting orders count whatever page they stand on") {
    StockShop shop;
    json::Value orders = json::Value::array();
    for (int i = 1; i <= 130; ++i) orders.push_back(base_order(i, {pieces_of(1 + i % 2, 1)}, in_status(status::fresh)));
    shop.shelf("P000001", "200");
    shop.sandbox.base_orders(orders);
    shop.push_well();
    CHECK(shop.held(1) == 200 - 65);
    CHECK(shop.held(2) == 100 - 65);
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("the pieces of every connection of the goods owner count") {
    StockSetup setup;
    StockShop shop(setup);
    // Another account, with a catalogue of its own.
    std::string account =
        shop.sandbox.get("/_admin/world")["accounts"].elements().front().set("orders", json::Value::array()).dump();
    replace_all(account, "sandbox-token", "second-token");
    replace_all(account, "\"inventory_id\":307", "\"inventory_id\":309");
    shop.sandbox.post("/_admin/accounts", from_text(account));
    const std::string& config = shop.installation.config_text();
    const auto begin = config.find("[connections.demo.baselinker]");
    std::string second = config.substr(begin, config.find("[connections.demo.stock]") - begin);
    replace_all(second, "connections.demo.", "connections.second.");
    replace_all(second, "inventory_id = 307", "inventory_id = 309");
    replace_all(second, "token_file = \"" + (shop.installation.folder() / "token") + "\"", "token_env = \"SECOND_TOKEN\"");
    shop.installation.write_config(config + second);
    const std::map<std::string, std::string> secret{{"SECOND_TOKEN", "second-token"}};
    shop.sandbox.post("/_admin/baselinker/orders?account=second-token",
                      base_order(1, {pieces_of(1, 4)}, in_status(status::fresh)));
    shop.sandbox.base_orders(base_order(2, {pieces_of(1, 2)}, in_status(status::fresh)));
    REQUIRE(said(shop.installation, {"orders", "sync"}, secret).exit_code == 0);
    const auto run = said(shop.installation, {"stock", "push", "-C", "demo"}, secret);
    CHECK(run.exit_code == 0);
    CHECK(shop.held(1) == 100 - 4 - 2);
}

TEST_CASE("a product whose SKU was renamed goes on getting the figure of the article on whose shelf its pieces lie", "[F21]") {
    StockShop shop;
    shop.push_well();
    const auto id = shop.sandbox.articles()["P000003"]["articleSystemId"].integer();
    shop.sandbox.base_products(json::Value::object().set("id", synthetic_id + 3).set("sku", "NEW-3"));
    REQUIRE(shop.installation.blongo({"articles", "sync"}).exit_code == 0);
    const json::Value articles = shop.sandbox.articles();
    for (const auto& [number, article] : articles.members())
        if (article["articleSystemId"].integer() == id) shop.shelf(number, "42");
    shop.push_well();
    CHECK(shop.held(3) == 42);
    shop.expect_idle();
}

TEST_CASE("after a day without a push everything is read, and Ongoing is not asked for changes that old", "[F25]") {
    StockShop shop;
    shop.push_well();
    edit_state(shop.installation,
               "UPDATE cursors SET value = value - 25 * 3600000 WHERE name IN ('stock.changed_from', 'stock.full_at')");
    shop.shelf("P000003", "42");
    shop.push_well();
    CHECK(shop.held(3) == 42);
    CHECK(shop.sandbox.violations().empty()); // stale_cursor would stand here
}

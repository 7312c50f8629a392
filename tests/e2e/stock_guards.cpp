// SPDX-License-Identifier: Apache-2.0
// What stops stock push before its first write, and what stock show says.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "support/e2e/commands.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

void expect_stopped(StockShop& shop, const Finished& run, const std::string& word) {
    CHECK(run.exit_code == 7);
    CHECK(shop.sandbox.writes() == 0);
    expect_text(run.out + run.err, word);
}

void empty_out(StockShop& shop, int first, int last) {
    for (int n = first; n <= last; ++n) shop.shelf(synthetic_sku(n), "0");
}

void set_reservations(StockShop& shop) {
    json::Value inventories = shop.sandbox.get("/_admin/baselinker/dictionaries")["inventories"];
    for (auto& inventory : inventories.elements())
        if (std::as_const(inventory)["inventory_id"].integer() == 307) inventory.set("reservations", true);
    shop.sandbox.post("/_admin/baselinker/dictionaries", json::Value::object().set("inventories", inventories));
}

/// All listings of articles, or of the stock of warehouses, come empty.
json::Value empty_listing(const std::string& operation) {
    return json::Value::object().set("side", "ongoing").set("operation", operation).set("fault", "empty_listing");
}

} // namespace

TEST_CASE("a quarter of the SKUs falling to 0 stops before the first write; --allow-zeroing lifts that once", "[F17]") {
    StockShop shop;
    shop.push_well();
    empty_out(shop, 1, 5);
    shop.shelf("P000006", "33");
    shop.sandbox.reset_journal();
    expect_stopped(shop, shop.push(), "--allow-zeroing");
    CHECK(shop.held(1) == 100);
    CHECK(shop.held(6) == 100);
    // It goes on stopping, with nothing half done.
    expect_stopped(shop, shop.push(), "--allow-zeroing");
    CHECK(shop.push({"--allow-zeroing"}).exit_code == 0);
    for (int n = 1; n <= 5; ++n) CHECK(shop.held(n) == 0);
    CHECK(shop.held(6) == 33);
    shop.expect_idle();
    // Once.
    empty_out(shop, 7, 11);
    shop.sandbox.reset_journal();
    expect_stopped(shop, shop.push(), "--allow-zeroing");
}

TEST_CASE("the brake acts in a full read as well") {
    StockShop shop;
    shop.push_well();
    empty_out(shop, 1, 20);
    shop.make_full_read_due();
    shop.sandbox.reset_journal();
    expect_stopped(shop, shop.push(), "--allow-zeroing");
}

TEST_CASE("few SKUs falling to 0 are ordinary: less than 5, or not above the percentage") {
    const auto may_fall = [](int falling, int products) {
        StockSetup setup;
        setup.products = products;
        StockShop shop(setup);
        shop.push_well();
        empty_out(shop, 1, falling);
        shop.push_well();
        CHECK(shop.held(falling) == 0);
    };
    SECTION("4 of 8") {
        may_fall(4, 8);
    }
    SECTION("5 of 25, exactly 20 percent") {
        may_fall(5, 25);
    }
    SECTION("6 of 25 are too many, unless the setting says otherwise") {
        StockSetup setup;
        setup.products = 25;
        StockShop shop(setup);
        shop.push_well();
        empty_out(shop, 1, 6);
        shop.sandbox.reset_journal();
        expect_stopped(shop, shop.push(), "--allow-zeroing");
        const std::string table = "[connections.demo.stock]\n";
        std::string text = shop.installation.config_text();
        shop.installation.write_config(text.replace(text.find(table), table.size(), table + "max_zeroed_percent = 24\n"));
        shop.push_well();
        CHECK(shop.held(6) == 0);
    }
    SECTION("what was 0 before does not fall") {
        StockSetup setup;
        setup.products = 25;
        StockShop shop(setup);
        shop.push_well();
        empty_out(shop, 1, 4);
        shop.push_well();
        empty_out(shop, 5, 8);
        shop.push_well();
        CHECK(shop.held(8) == 0);
    }
}

TEST_CASE("orders that take everything count as falling too") {
    StockShop shop;
    shop.push_well();
    std::vector<json::Value> lines;
    for (int n = 1; n <= 6; ++n) lines.push_back(pieces_of(n, 100));
    shop.sandbox.base_orders(base_order(1, lines, json::Value::object().set("order_status_id", status::fresh)));
    shop.sandbox.reset_journal();
    expect_stopped(shop, shop.push(), "--allow-zeroing");
}

TEST_CASE("the first push never empties a filled shop") {
    StockSetup setup;
    setup.products = 25;
    StockShop shop(setup);
    empty_out(shop, 1, 25);
    expect_stopped(shop, shop.push(), "--allow-zeroing");
    CHECK(shop.held(7) == 7);
}

TEST_CASE("an empty answer to a full read always stops", "[F17]") {
    StockShop shop;
    const bool pushed_before = GENERATE(false, true);
    if (pushed_before) {
        shop.push_well();
        shop.make_full_read_due();
    }
    shop.sandbox.fault(empty_listing("GET /articles/inventoryPerWarehouse"));
    shop.sandbox.fault(empty_listing("GET /articles"));
    shop.sandbox.reset_journal();
    expect_stopped(shop, shop.push(), "");
    expect_stopped(shop, shop.push({"--allow-zeroing"}), "");
    shop.sandbox.clear_faults();
    shop.push_well();
    CHECK(shop.held(1) == 100);
    shop.expect_idle();
}

TEST_CASE("an empty answer about changes is nothing to do") {
    StockShop shop;
    shop.push_well();
    shop.sandbox.fault(empty_listing("GET /articles/inventoryPerWarehouse"));
    shop.sandbox.fault(empty_listing("GET /articles"));
    shop.expect_idle();
}

TEST_CASE("a page of the warehouse's stock that fails changes nothing by being absent") {
    StockShop shop;
    shop.push_well();
    shop.make_full_read_due();
    shop.sandbox.fault(
        json::Value::object().set("side", "ongoing").set("operation", "*").set("match", "/articles").set("fault", "html_403"));
    shop.sandbox.reset_journal();
    CHECK(shop.push().exit_code != 0);
    CHECK(shop.sandbox.writes() == 0);
    shop.sandbox.clear_faults();
    CHECK(shop.push().exit_code == 0);
    CHECK(shop.updates() == 0);
}

TEST_CASE("no stock is pushed while the last good orders run is too old", "[F16]") {
    StockSetup setup;
    setup.stock = stock_on("max_orders_age = \"50m\"");
    StockShop shop(setup);
    edit_state(shop.installation, "UPDATE cursors SET value = value - 3600 WHERE name = 'orders.complete_read_at'");
    expect_stopped(shop, shop.push(), "blongo orders sync");
    CHECK(shop.push({"--allow-zeroing"}).exit_code == 7);
    shop.sync_well();
    shop.push_well();
    CHECK(shop.held(1) == 100);
}

TEST_CASE("without any orders run no stock is pushed") {
    Sandbox sandbox({"--products", "20", "--set", "new_article_stock=100"});
    Installation installation(sandbox, {}, stock_on(), orders_on());
    REQUIRE(said(installation, {"articles", "sync"}).exit_code == 0);
    sandbox.reset_journal();
    const auto run = said(installation, {"stock", "push"});
    CHECK(run.exit_code == 7);
    expect_text(run.out + run.err, "blongo orders sync");
    CHECK(sandbox.writes() == 0);
    // The days before go-live: what would be pushed, with every accepted order taken off.
    sandbox.base_orders(base_order(1, {pieces_of(1, 3)}));
    const auto plan = said(installation, {"stock", "push", "--dry-run"});
    INFO(plan.out << plan.err);
    CHECK(plan.exit_code == 0);
    expect_text(plan.out, "97");
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an orders run that parked something is good enough") {
    StockShop shop;
    edit_state(shop.installation, "DELETE FROM runs WHERE flow = 'orders'");
    shop.sandbox.base_orders(base_order(1, {base_line("UNKNOWN-1")}));
    CHECK(sync_orders(shop.installation).exit_code == 3);
    shop.push_well();
}

TEST_CASE("a catalogue with reservations needs a figure that was chosen") {
    SECTION("not chosen") {
        StockShop shop;
        set_reservations(shop);
        const auto run = shop.push();
        CHECK(run.exit_code == 2);
        expect_text(run.out + run.err, "reservations");
        expect_text(run.out + run.err, "on_hand");
        CHECK(shop.sandbox.writes() == 0);
    }
    SECTION("sellable") {
        StockSetup setup;
        setup.stock = stock_on("figure = \"sellable\"");
        StockShop shop(setup);
        set_reservations(shop);
        shop.sandbox.base_orders(base_order(1, {pieces_of(1, 2)}, json::Value::object().set("order_status_id", status::fresh)));
        shop.push_well();
        CHECK(shop.held(1) == 98);
    }
    SECTION("on_hand: what stands there and may be sold; BaseLinker subtracts the orders itself") {
        StockSetup setup;
        setup.stock = stock_on("figure = \"on_hand\"\nbuffer = 1");
        StockShop shop(setup);
        set_reservations(shop);
        shop.article("P000001", from_text(R"({"stock":{"1":{"items":20.5,"locked_for_sale":3}}})"));
        shop.sandbox.base_orders(base_order(1, {pieces_of(1, 4)}));
        shop.sync_well();
        shop.sandbox.base_orders(base_order(2, {pieces_of(1, 2)}, json::Value::object().set("order_status_id", status::fresh)));
        shop.push_well();
        CHECK(shop.held(1) == 16);
        CHECK(shop.held(2) == 99);
        shop.expect_idle();
    }
}

TEST_CASE("a warehouse that is not BaseLinker's own, or not of the catalogue, is a configuration error") {
    for (const std::string warehouse : {"shop_5012233", "blconnect_6820", "bl_999"}) {
        INFO(warehouse);
        StockShop shop;
        std::string text = shop.installation.config_text();
        const std::string own = "\"bl_206\"";
        shop.installation.write_config(text.replace(text.find(own), own.size(), "\"" + warehouse + "\""));
        const auto run = shop.push();
        CHECK(run.exit_code == 2);
        expect_text(run.out + run.err, warehouse);
        CHECK(shop.sandbox.writes() == 0);
    }
}

TEST_CASE("a run that began before another one that pushes writes nothing: an older observation overwrites no newer one",
          "[F18]") {
    StockShop shop;
    shop.push_well();
    shop.shelf("P000001", "55");
    shop.sandbox.reset_journal();
    // What another host that began in an hour's time would have claimed.
    edit_state(shop.installation, "UPDATE cursors SET value = value + 3600000 WHERE name = 'stock.observed_at'");
    const auto late = shop.push();
    CHECK(late.exit_code == 11);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.held(1) == 100);
    edit_state(shop.installation, "UPDATE cursors SET value = value - 3600000 WHERE name = 'stock.observed_at'");
    shop.push_well();
    CHECK(shop.held(1) == 55);
}

TEST_CASE("--allow-zeroing needs exactly one connection") {
    StockShop shop;
    std::string second = shop.installation.config_text();
    second = second.substr(second.find("[connections.demo.baselinker]"));
    for (auto at = second.find(".demo."); at != std::string::npos; at = second.find(".demo.")) second.replace(at, 6, ".two.");
    shop.installation.write_config(shop.installation.config_text() + second);
    const auto run = shop.push({"--allow-zeroing"});
    CHECK(run.exit_code == 2);
    CHECK(shop.sandbox.writes() == 0);
}

TEST_CASE("stock show names every part of a figure") {
    StockSetup setup;
    setup.stock = stock_on("buffer = 7");
    StockShop shop(setup);
    shop.article("P000003", from_text(R"({"stock":{"1":81,"2":46.5}})"));
    shop.sandbox.base_orders(
        base_order(84512345, {pieces_of(3, 3)}, json::Value::object().set("order_status_id", status::fresh)));
    shop.sandbox.base_orders(base_order(84512346, {pieces_of(3, 2), base_line("UNKNOWN-1")}));
    REQUIRE(sync_orders(shop.installation).exit_code == 3);
    shop.push_well();
    REQUIRE(shop.held(3) == 127 - 5 - 7);
    shop.set_held(3, 38);
    shop.sandbox.reset_journal();
    const auto shown = said(shop.installation, {"stock", "show", "--sku", "P000003"});
    CHECK(shown.exit_code == 0);
    for (const char* part : {"P000003", "81", "46.5", "84512345", "8068", "84512346", "8069", "7", "115", "38", "bl_206"})
        expect_text(shown.out, part);
    const auto rows =
        lines_of(said(shop.installation, {"stock", "show", "--sku", "P000003", "--sku", "P000004", "--json"}), "stock");
    REQUIRE(rows.size() == 2);
    CHECK(rows.front()["schema"].integer() == 1);
    CHECK(rows.front()["connection"].text() == "demo");
    for (const char* part : {"P000003", "81", "46.5", "84512345", "8068", "84512346", "8069", "115", "38", "bl_206"})
        expect_text(rows.front().dump(), part);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(said(shop.installation, {"stock", "show", "--sku", "NO-SUCH"}).exit_code == 6);
}

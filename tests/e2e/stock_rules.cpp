// SPDX-License-Identifier: Apache-2.0
// Which products stock push writes and which it leaves alone, when it writes again, and what becomes of refusals.
#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value in_status(std::int64_t status) {
    return json::Value::object().set("order_status_id", status);
}

void cancel_in_ongoing(StockShop& shop, const std::string& number) {
    shop.sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", number).set("action", "cancel"));
}

json::Value product(std::int64_t id, const std::string& sku, const std::string& more = "{}") {
    json::Value row = from_text(more);
    row.set("id", id).set("sku", sku).set("name", "Towar " + sku).set("weight", 1);
    return row;
}

} // namespace

TEST_CASE("BaseLinker moves its own figure at confirmation and cancellation; afterwards it is right again") {
    StockSetup setup;
    setup.options = {"--set", "lower_stock_at_confirmation=true"};
    StockShop shop(setup);
    shop.push_well();
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3)}));
    shop.sandbox.base_orders(base_order(2, {pieces_of(2, 4)}, in_status(status::fresh)));
    REQUIRE(shop.held(1) == 97);
    shop.push_well();
    CHECK(shop.held(1) == 97);
    CHECK(shop.held(2) == 96);
    shop.sync_well();
    shop.push_well();
    CHECK(shop.held(1) == 97);
    shop.expect_idle();
    // Edited: BaseLinker takes two more, and of another product one; Ongoing does not hold those yet.
    shop.sandbox.base_orders(
        json::Value::object().set("order_id", 1).set("products", base_order(1, {pieces_of(1, 5), pieces_of(4, 1)})["products"]));
    REQUIRE(shop.held(1) == 95);
    shop.push_well();
    CHECK(shop.held(1) == 95);
    CHECK(shop.held(4) == 99);
    shop.expect_idle();
    // Edited down: BaseLinker gives back what Ongoing still holds.
    shop.sandbox.base_orders(
        json::Value::object().set("order_id", 1).set("products", base_order(1, {pieces_of(1, 1)})["products"]));
    REQUIRE(shop.held(1) == 99);
    shop.push_well();
    CHECK(shop.held(1) == 97);
    CHECK(shop.held(4) == 100);
    shop.expect_idle();
    // Cancelled: BaseLinker gives all back, Ongoing holds the imported one until it is cancelled there, too.
    shop.sandbox.base_orders(in_status(status::cancelled).set("order_id", 1));
    shop.sandbox.base_orders(in_status(status::cancelled).set("order_id", 2));
    shop.push_well();
    CHECK(shop.held(1) == 97);
    CHECK(shop.held(2) == 100);
    cancel_in_ongoing(shop, "1");
    shop.push_well();
    CHECK(shop.held(1) == 100);
    shop.expect_idle();
    // Deleted while it waits.
    shop.sandbox.base_orders(base_order(3, {pieces_of(3, 6)}, in_status(status::fresh)));
    shop.push_well();
    CHECK(shop.held(3) == 94);
    shop.sandbox.send("DELETE", "/_admin/baselinker/orders?id=3", {});
    shop.push_well();
    CHECK(shop.held(3) == 100);
    shop.expect_idle();
}

TEST_CASE("a SKU on an order is written although its figure is the one pushed last") {
    StockShop shop;
    shop.push_well();
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3)}));
    shop.push_well();
    CHECK(shop.held(1) == 97);
    shop.expect_idle();
    // What BaseLinker did on its own is not known; only the import says that something may have moved.
    shop.set_held(1, 61);
    shop.sync_well();
    shop.sandbox.reset_journal();
    const auto run = shop.push();
    CHECK(run.exit_code == 0);
    CHECK(actions_of(run) == std::map<std::string, std::string>{{"P000001", "order/done"}});
    CHECK(shop.held(1) == 97);
    shop.expect_idle();
    // The same with a cancellation: Ongoing frees three pieces, and the shelf has three less.
    shop.set_held(1, 62);
    shop.sandbox.base_orders(in_status(status::cancelled).set("order_id", 1));
    cancel_in_ongoing(shop, "1");
    shop.shelf("P000001", "97");
    shop.push_well();
    CHECK(shop.held(1) == 97);
    shop.expect_idle();
}

TEST_CASE("a figure that drifted in BaseLinker is put right by the next full read") {
    StockShop shop;
    shop.push_well();
    shop.set_held(5, 3);
    shop.sandbox.reset_journal();
    shop.push_well();
    CHECK(shop.sandbox.calls("baselinker", "getInventoryProductsStock") == 0);
    CHECK(shop.held(5) == 3);
    shop.make_full_read_due();
    shop.sandbox.reset_journal();
    const auto run = shop.push();
    CHECK(run.exit_code == 0);
    CHECK(actions_of(run) == std::map<std::string, std::string>{{"P000005", "drifted/done"}});
    CHECK(shop.sandbox.calls("baselinker", "getInventoryProductsStock") >= 1);
    CHECK(shop.written() == std::multiset<std::int64_t>{synthetic_id + 5});
    CHECK(shop.held(5) == 100);
    shop.expect_idle();
}

TEST_CASE("with another warehouse everything is read anew, and the former one is never written again") {
    StockShop shop;
    shop.push_well();
    std::string config = shop.installation.config_text();
    config.replace(config.find("warehouse = \"bl_206\""), 20, "warehouse = \"bl_207\"");
    shop.installation.write_config(config);
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3)}));
    shop.push_well();
    for (const int n : {1, 20}) {
        CHECK(shop.held(n, "bl_206") == 100);
        CHECK(shop.held(n, "bl_207") == (n == 1 ? 97 : 100));
    }
    shop.expect_idle();
}

TEST_CASE("an article that Ongoing reports no more keeps what BaseLinker holds, whatever orders ask of it") {
    StockShop shop;
    shop.push_well();
    shop.article("P000004", json::Value::object().set("sellable_null", true));
    shop.make_full_read_due();
    shop.push_well();
    shop.set_held(4, 2); // the seller knows better
    shop.sandbox.base_orders(base_order(1, {pieces_of(4, 1)}));
    shop.push_well();
    CHECK(shop.held(4) == 2);
    shop.expect_idle();
}

TEST_CASE("what is sold while the last batch is under way is taken off by the same push") {
    StockShop shop;
    json::Value sale = json::Value::array();
    sale.push_back(json::Value::object()
                       .set("method", "POST")
                       .set("path", "/_admin/baselinker/orders")
                       .set("body", base_order(1, {pieces_of(1, 3)})));
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "updateInventoryProductsStock")
                           .set("nth", 1)
                           .set("fault", "meanwhile")
                           .set("admin", std::move(sale)));
    shop.push_well();
    CHECK(shop.sandbox.base_order(1).is_object());
    CHECK(shop.held(1) == 97);
}

TEST_CASE("what is not reported is not pushed", "[F19]") {
    StockSetup setup;
    setup.on_the_shelf = 0; // no article has a row of stock
    StockShop shop(setup);
    shop.shelf("P000001", "5");
    shop.article("P000002", from_text(R"({"stock":{"1":8},"sellable_null":true})"));
    shop.push_well();
    CHECK(shop.written() == std::multiset<std::int64_t>{synthetic_id + 1});
    CHECK(shop.held(1) == 5);
    CHECK(shop.held(2) == 2);
    CHECK(shop.held(3) == 3);
    // Pushed once and null from then on: the last figure stays.
    shop.article("P000001", from_text(R"({"stock":{"1":1},"sellable_null":true})"));
    shop.push_well();
    CHECK(shop.held(1) == 5);
    // An order on it changes nothing about that.
    shop.sandbox.base_orders(base_order(1, {pieces_of(2, 1), pieces_of(3, 1)}, in_status(status::fresh)));
    shop.push_well();
    CHECK(shop.held(2) == 2);
    CHECK(shop.held(3) == 3);
}

TEST_CASE("never a parent, a bundle, an excluded or an ambiguous SKU, nor a product that is not in BaseLinker", "[F20]") {
    StockSetup setup;
    setup.stock = stock_on("exclude = [\"P00001*\", \"MUG-?\"]");
    setup.on_the_shelf = 50;
    StockShop shop(setup);
    shop.sandbox.base_products(product(10, "SHIRT", R"({"stock":{"bl_206":3}})"));
    shop.sandbox.base_products(product(11, "SHIRT-M", R"({"parent_id":10,"stock":{"bl_206":1}})"));
    shop.sandbox.base_products(product(12, "SHIRT-L", R"({"parent_id":10,"stock":{"bl_206":2}})"));
    shop.sandbox.base_products(product(20, "SET", R"({"is_bundle":true,"stock":{"bl_206":4},
        "bundle_products":{"900000001":2,"900000002":1}})"));
    shop.sandbox.base_products(product(30, "TWIN", R"({"stock":{"bl_206":5}})"));
    shop.sandbox.base_products(product(31, "TWIN", R"({"stock":{"bl_206":6}})"));
    shop.sandbox.base_products(product(40, "MUG-1", R"({"stock":{"bl_206":7}})"));
    CHECK(shop.installation.blongo({"articles", "sync"}).exit_code == 3); // TWIN is parked
    for (const char* sku : {"SHIRT", "TWIN", "ONLY-IN-ONGOING"}) shop.shelf(sku, "30");
    const auto run = shop.push();
    CHECK((run.exit_code == 0 || run.exit_code == 3));
    CHECK(shop.held_of(10) == 3);
    CHECK(shop.held_of(11) == 50);
    CHECK(shop.held_of(12) == 50);
    CHECK(shop.held_of(20) == 4);
    CHECK(shop.held_of(30) == 5);
    CHECK(shop.held_of(31) == 6);
    CHECK(shop.held_of(40) == 7);
    CHECK(shop.held(9) == 50);
    for (int n = 10; n <= 19; ++n) CHECK(shop.held(n) == n);
    CHECK(shop.held(20) == 50);
    CHECK(shop.written().size() == 9 + 1 + 2);
    CHECK(shop.sandbox.violations().empty());
    expect_text(run.out + run.err, "TWIN");

    // A bundle that is ordered waits by its components.
    shop.sandbox.base_orders(
        base_order(1, {base_line("SET", 3, json::Value::object().set("product_id", "20"))}, in_status(status::fresh)));
    const auto again = shop.push();
    CHECK((again.exit_code == 0 || again.exit_code == 3));
    CHECK(shop.held(1) == 50 - 6);
    CHECK(shop.held(2) == 50 - 3);
    CHECK(shop.held_of(20) == 4);
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("an article of which people made a structure gets no figure any more") {
    StockShop shop;
    shop.push_well();
    shop.sandbox.edit_article(synthetic_sku(2), from_text(R"({"structureDefinition": {"articleKind": "Structure",
                                                    "rows": [{"articleNumber": "P000003", "numberOfItems": 2}]}})"));
    shop.sandbox.base_products(from_text(R"({"text_fields": {"name": "Zestaw"}})").set("id", synthetic_id + 2));
    REQUIRE(shop.installation.blongo({"articles", "sync"}).exit_code == 0);
    shop.shelf(synthetic_sku(2), "7");
    shop.make_full_read_due();
    shop.push_well();
    CHECK(shop.held(2) == 100);
}

TEST_CASE("an ordered bundle counts once, before and after its import") {
    StockShop shop;
    shop.sandbox.base_products(product(20, "SET", R"({"is_bundle":true,"bundle_products":{"900000001":2,"900000002":1}})"));
    REQUIRE(shop.installation.blongo({"articles", "sync"}).exit_code == 0);
    shop.sandbox.base_orders(base_order(1, {base_line("SET", 3, json::Value::object().set("product_id", "20"))}));
    shop.push_well();
    CHECK(shop.held(1) == 94);
    CHECK(shop.held(2) == 97);
    shop.sync_well();
    REQUIRE(shop.sandbox.orders().size() == 1);
    shop.push_well();
    CHECK(shop.held(1) == 94);
    CHECK(shop.held(2) == 97);
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("writes go in batches, and new orders are read right before each") {
    StockSetup setup;
    setup.stock = stock_on("batch = 6");
    StockShop shop(setup);
    shop.push_well();
    CHECK(shop.updates() == 4);
    CHECK(shop.written().size() == 20);
    bool read = false;
    const json::Value journal = shop.sandbox.get("/_admin/journal?side=baselinker");
    for (const auto& call : journal.elements()) {
        const std::string operation(call["operation"].text());
        if (operation == "getOrders") read = true;
        if (operation != "updateInventoryProductsStock") continue;
        CHECK(read);
        CHECK(call["parameters"]["products"].size() <= 6);
        read = false;
    }
    shop.expect_idle();
}

TEST_CASE("warned ids are rejected and parked, the others recorded") {
    StockShop shop;
    shop.sandbox.options(json::Value::object().set("stock_warnings", "900000004,900000007"));
    const auto run = shop.push();
    CHECK(run.exit_code == 3);
    CHECK(summary_of(run)["updated"].integer() == 18);
    CHECK(summary_of(run)["parked"].integer() + summary_of(run)["rejected"].integer() == 2);
    CHECK(shop.held(4) == 4);
    CHECK(shop.held(5) == 100);
    std::map<std::string, std::string> causes;
    for (const auto& line : lines_of(run, "action")) causes[std::string(line["key"].text())] = line["cause"].text();
    CHECK(causes.size() == 20);
    CHECK(causes["P000004"] == "remote_rejected");
    CHECK(causes["P000005"].empty());
    CHECK(causes["P000007"] == "remote_rejected");
    const auto parked = said(shop.installation, {"parked", "list"});
    expect_text(parked.out, "P000004");
    expect_text(parked.out, "remote_rejected");
    // Nothing is written a second time that was taken; nothing new is rejected.
    shop.sandbox.reset_journal();
    const auto again = shop.push();
    CHECK(again.exit_code == 0);
    for (const auto id : shop.written()) CHECK((id == synthetic_id + 4 || id == synthetic_id + 7));
    // Once BaseLinker takes them, they are written and parked no longer.
    shop.sandbox.options(json::Value::object().set("stock_warnings", ""));
    shop.make_full_read_due();
    CHECK(shop.push().exit_code == 0);
    CHECK(shop.held(4) == 100);
    CHECK(shop.held(7) == 100);
    expect_no_text(said(shop.installation, {"parked", "list"}).out, "P000004");
    shop.expect_idle();
}

TEST_CASE("--sku pushes only these and forgets nothing of the others") {
    StockShop shop;
    shop.push_well();
    for (const char* sku : {"P000001", "P000002", "P000003"}) shop.shelf(sku, "70");
    shop.sandbox.base_orders(base_order(1, {pieces_of(4, 5)}, in_status(status::fresh)));
    shop.sandbox.reset_journal();
    const auto run = shop.push({"--sku", "P000002", "--sku", "P000003"});
    CHECK(run.exit_code == 0);
    CHECK(shop.written() == std::multiset<std::int64_t>{synthetic_id + 2, synthetic_id + 3});
    CHECK(shop.held(1) == 100);
    CHECK(shop.held(2) == 70);
    shop.push_well();
    CHECK(shop.held(1) == 70);
    CHECK(shop.held(4) == 95);
    shop.expect_idle();
}

TEST_CASE("a lost answer of updateInventoryProductsStock is repeated until it is known") {
    const std::string fault = GENERATE("drop_before", "drop_after", "truncated", "status_after", "html_502");
    INFO(fault);
    StockSetup setup;
    setup.stock = stock_on("batch = 10") + impatient;
    StockShop shop(setup);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "updateInventoryProductsStock")
                           .set("from", 2)
                           .set("fault", fault));
    (void)shop.push();
    for (int n = 1; n <= 20; ++n) CHECK((shop.held(n) == 100 || shop.held(n) == n));
    shop.sandbox.clear_faults();
    shop.sandbox.reset_journal();
    CHECK(shop.push().exit_code == 0);
    for (int n = 1; n <= 20; ++n) CHECK(shop.held(n) == 100);
    CHECK(shop.written().size() <= 10); // the first ten were recorded
    shop.expect_idle();
}

TEST_CASE("a killed push is finished by the next one") {
    const std::string fault = GENERATE("kill_before", "kill_after");
    StockSetup setup;
    setup.stock = stock_on("batch = 10");
    StockShop shop(setup);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "updateInventoryProductsStock")
                           .set("nth", 2)
                           .set("fault", fault));
    (void)shop.push();
    CHECK(fault_fired(shop.sandbox));
    shop.sandbox.clear_faults();
    CHECK(shop.push().exit_code == 0);
    for (int n = 1; n <= 20; ++n) CHECK(shop.held(n) == 100);
    shop.expect_idle();
}

TEST_CASE("--sku of an article that Ongoing has no more pushes nothing, and no figure of before") {
    StockShop shop;
    shop.push_well();
    shop.article("P000002", json::Value::object().set("sellable_null", true));
    shop.set_held(2, 7);
    shop.sandbox.reset_journal();
    CHECK(shop.push({"--sku", "P000002"}).exit_code == 0);
    CHECK(shop.updates() == 0);
    CHECK(shop.held(2) == 7);
}

TEST_CASE("an order that cannot be read is told: what it asks of the stock is not known") {
    StockShop shop;
    json::Value page = json::Value::array();
    page.push_back(base_order(1, {pieces_of(4, 1)},
                              json::Value::object()
                                  .set("date_confirmed", 1'770'000'000)
                                  .set("date_add", 1'770'000'000)
                                  .set("date_in_status", "not a time")));
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "getOrders")
                           .set("every", 1)
                           .set("fault", "status_before")
                           .set("code", 200)
                           .set("body", json::Value::object().set("status", "SUCCESS").set("orders", page).dump()));
    const auto push = shop.push();
    expect_text(push.out + push.err, "1 orders cannot be read");
}

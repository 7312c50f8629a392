// SPDX-License-Identifier: Apache-2.0
// What a push does not read anew, is not told, or does not get through: figures of the state, articles and orders that are
// gone, a call that is refused.
#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string update = "updateInventoryProductsStock";

/// The stock of every article changed long ago: a push that asks for changes is not told of it.
void long_unchanged(StockShop& shop) {
    const json::Value articles = shop.sandbox.articles();
    for (const auto& [number, article] : articles.members())
        shop.article(std::string(number), json::Value::object().set("stock_changed", "-1d"));
}

void delete_in_ongoing(StockShop& shop, const std::string& number) {
    shop.sandbox.send("DELETE", "/_admin/ongoing/articles?number=" + number, json::Value());
}

/// So many calls that write stock are refused.
void refuse(StockShop& shop, int calls) {
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", update)
                           .set("times", calls)
                           .set("fault", "status_before")
                           .set("code", 200)
                           .set("body", R"({"status":"ERROR","error_code":"ERROR_BAD_PRODUCT","error_message":"No"})"));
}

json::Value ago(const std::string& time) {
    return json::Value::object().set("date_confirmed", time).set("date_add", time).set("date_in_status", time);
}

} // namespace

TEST_CASE("an order lowers the figure of an article whose stock has not changed for long") {
    StockShop shop;
    shop.push_well();
    long_unchanged(shop);
    shop.sandbox.base_orders(base_order(1, {pieces_of(4, 5)}));
    shop.push_well();
    CHECK(shop.held(4) == 95);
    shop.expect_idle();
}

TEST_CASE("what was seen of an article that has left Ongoing is never pushed again") {
    StockShop shop;
    shop.push_well();
    long_unchanged(shop);
    delete_in_ongoing(shop, "P000004");
    shop.make_full_read_due();
    shop.push_well();
    shop.set_held(4, 2); // the seller knows better
    shop.sandbox.base_orders(base_order(1, {pieces_of(4, 1)}));
    shop.push_well();
    CHECK(shop.held(4) == 2);
    shop.expect_idle();
}

TEST_CASE("--sku of an article that has left Ongoing pushes no figure of before") {
    StockShop shop;
    shop.push_well();
    delete_in_ongoing(shop, "P000002");
    shop.set_held(2, 7);
    shop.sandbox.reset_journal();
    CHECK(shop.push({"--sku", "P000002"}).exit_code == 0);
    CHECK(shop.updates() == 0);
    CHECK(shop.held(2) == 7);
}

TEST_CASE("four single products that are refused are parked, and the push goes on") {
    StockShop shop;
    refuse(shop, 10); // the whole call, its halves, and each of the first four
    const auto run = shop.push();
    CHECK(run.exit_code == 3);
    CHECK(summary_of(run)["updated"].integer() == 16);
    CHECK(shop.held(4) == 4);
    CHECK(shop.held(5) == 100);
}

TEST_CASE("five single products that are refused in a row, before any was taken, end the push") {
    StockShop shop;
    refuse(shop, 11);
    const auto run = shop.push();
    CHECK(run.exit_code != 0);
    CHECK(summary_of(run)["updated"].integer() == 0);
    CHECK(shop.updates() == 11);
}

TEST_CASE("what left the warehouse is asked for no more, however many orders share its status") {
    StockSetup setup;
    setup.stock = stock_on() + shipments_on();
    StockShop shop(setup);
    for (int id = 1; id <= 3; ++id) shop.sandbox.base_orders(base_order(id, {pieces_of(id, 1)}, ago("-2d")));
    shop.sandbox.base_orders(base_order(9, {pieces_of(9, 1)}, ago("-1s"))); // the newest: no listing reaches the others
    shop.sync_well();
    shop.push_well();
    for (int id = 1; id <= 3; ++id)
        shop.sandbox.post("/_admin/ongoing/work",
                          json::Value::object()
                              .set("orderNumber", std::to_string(id))
                              .set("action", "pick_and_send")
                              .set("parcels", from_text(R"([{"weight":1,"length":30,"width":20,"height":10}])")));
    REQUIRE(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    shop.sandbox.reset_journal();
    shop.push_well();
    const auto calls = shop.sandbox.calls("baselinker", "getOrders");
    shop.sandbox.reset_journal();
    shop.push_well();
    CHECK(calls == shop.sandbox.calls("baselinker", "getOrders"));
    CHECK(shop.held(1) == 99);
}

TEST_CASE("a line that is taken off an order is right again, although BaseLinker gave its pieces back by itself") {
    StockShop shop;
    shop.sandbox.base_orders(base_order(1, {pieces_of(1, 3), pieces_of(2, 1)}));
    shop.sync_well();
    shop.push_well();
    REQUIRE(shop.held(1) == 97);
    shop.sandbox.base_orders(base_order(1, {pieces_of(2, 1)}));
    shop.set_held(1, 100); // Ongoing holds the three for the order still
    shop.push_well();
    CHECK(shop.held(1) == 97);
}

TEST_CASE("a line without a SKU asks for its product's article, not for one that the product had before") {
    StockShop shop;
    shop.push_well();
    edit_state(shop.installation,
               "CREATE TEMP TABLE former AS SELECT * FROM articles WHERE number = 'P000003'; UPDATE former SET "
               "number = 'OLD-3', gone = 1; INSERT INTO articles SELECT * FROM former");
    const std::string product = std::to_string(synthetic_id + 3);
    shop.sandbox.base_orders(base_order(1, {base_line("", 4, json::Value::object().set("product_id", product))}));
    shop.push_well();
    CHECK(shop.held(3) == 96);
}

TEST_CASE("--sku of a product that has variants since says that they get its stock") {
    StockShop shop;
    const auto product = [](std::int64_t id, const std::string& sku) {
        return json::Value::object().set("id", id).set("sku", sku).set("name", "Koszulka " + sku).set("weight", 1);
    };
    shop.sandbox.base_products(product(10, "SHIRT"));
    REQUIRE(said(shop.installation, {"articles", "sync"}).exit_code == 0);
    shop.sandbox.base_products(product(11, "SHIRT-M").set("parent_id", 10));
    REQUIRE(said(shop.installation, {"articles", "sync"}).exit_code == 0);
    const auto parent = shop.push({"--sku", "SHIRT"});
    CHECK(parent.exit_code == 6);
    expect_text(parent.out + parent.err, "a product with variants");
}

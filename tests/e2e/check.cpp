// SPDX-License-Identifier: Apache-2.0
// `blongo check`: every kind of difference planted behind blongo's back, found, mended by what it names, and gone.
#include <ctime>
#include <filesystem>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "e2e/check.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t first = 84510001;

/// All articles synced, an order imported and one sent: both sides agree.
struct Agreed {
    Sending shop{{.orders = "service_skus = [\"GIFT*\"]"}};
    Checked checked{shop};
    Agreed() {
        REQUIRE(shop.blongo({"articles", "sync"}).exit_code == 0);
        shop.import({one_piece(first), one_piece(first + 1)});
        shop.press_send(std::to_string(first));
        REQUIRE(shop.send().exit_code == 0);
        checked.expect_agreement();
    }
    static std::string sent() { return std::to_string(first); }
    static std::string waiting() { return std::to_string(first + 1); }
};

} // namespace

TEST_CASE("after a plain run both sides agree, and the books close") {
    Agreed world;
    const auto run = world.checked.look();
    CHECK(run.code == 0);
    CHECK(run.differences.empty());
    REQUIRE(run.books.size() == 3);
    const auto& articles = run.books[0];
    CHECK(articles["flow"].text() == "articles");
    CHECK(articles["products_and_variants"].integer() == articles["in_ongoing"].integer());
    CHECK(articles["in_ongoing"].integer() == 20);
    CHECK(run.books[1]["accepted"].integer() == 2);
    CHECK(run.books[1]["in_ongoing"].integer() == 2);
    CHECK(run.books[2]["sent"].integer() == 1);
    CHECK(run.books[2]["booked"].integer() == 1);
    for (const auto& books : run.books) CHECK(books["closes"].is_true());
    // What a list of Ongoing has shown is not asked for once more.
    CHECK(world.shop.sandbox.calls("ongoing", "GET /orders/{orderId}") == 0);
    const auto text = world.shop.blongo({"check"});
    expect_in(text.out, "both sides agree");
    expect_in(text.out, "demo orders: 2 accepted in BaseLinker = 2 in Ongoing + 0 cancelled");
}

TEST_CASE("an article that was deleted in Ongoing is made again by the command that check names") {
    Agreed world;
    const std::string sku = synthetic_sku(3);
    world.shop.sandbox.send("DELETE", "/_admin/ongoing/articles?number=" + sku, {});
    const auto found = world.checked.expect_one("article_missing", sku, "blongo articles sync --sku " + sku);
    CHECK_FALSE(found.books.front()["closes"].is_true());
    CHECK(found.books.front()["missing"].integer() == 1);
    world.checked.mend(found);
    world.checked.expect_agreement();
}

TEST_CASE("a product that no sync has brought yet is missing") {
    Agreed world;
    world.shop.sandbox.base_products(read_json(R"({"id": 900000900, "sku": "NEW'S 1", "ean": "5901234123457",
                                                   "text_fields": {"name": "Nowy"}, "weight": 0.4})"));
    (void)world.checked.expect_one("article_missing", "NEW'S 1", R"(blongo articles sync --sku 'NEW'\''S 1')");
    CHECK(world.shop.blongo({"articles", "sync", "--sku", "NEW'S 1"}).exit_code == 0);
    world.checked.expect_agreement();
}

TEST_CASE("an article that differs is shown member by member, and what the warehouse keeps is no difference") {
    Agreed world;
    const std::string sku = synthetic_sku(4), other = synthetic_sku(5);
    // People in the warehouse may correct what they like: articles sync leaves it alone, and so does check.
    world.shop.sandbox.edit_article(other, with("weight", json::Value::number("7.5")));
    world.checked.expect_agreement();
    world.shop.sandbox.base_products(
        json::Value::object().set("id", synthetic_id + 4).set("text_fields", with("name", "Inna nazwa")));
    const auto found = world.checked.expect_one("article_differs", sku, "blongo articles sync --sku " + sku);
    const auto& row = found.differences.front();
    expect_in(row["baselinker"].text(), "articleName: Inna nazwa");
    expect_in(row["ongoing"].text(), "articleName: ");
    expect_in(row["cause"].text(), "articleName");
    world.checked.mend(found);
    world.checked.expect_agreement();
}

TEST_CASE("a renamed SKU is one difference, not a missing and a surplus article") {
    Agreed world;
    world.shop.sandbox.base_products(json::Value::object().set("id", synthetic_id + 6).set("sku", "RENAMED-6"));
    const auto found = world.checked.expect_one("article_differs", "RENAMED-6", "blongo articles sync --sku RENAMED-6");
    expect_in(found.differences.front()["ongoing"].text(), "articleNumber: " + synthetic_sku(6));
    world.checked.mend(found);
    world.checked.expect_agreement();
}

TEST_CASE("an article that no product has is surplus: by a sync if it was ours, else by hand") {
    Agreed world;
    const std::string sku = synthetic_sku(7);
    world.shop.sandbox.send("DELETE", fmt::format("/_admin/baselinker/products?id={}", synthetic_id + 7), {});
    const auto ours = world.checked.expect_one("article_surplus", sku, "blongo articles sync");
    world.checked.mend(ours);
    world.checked.expect_agreement(); // it is known as gone, and kept

    world.shop.sandbox.edit_article("BOX-1", with("articleName", "Karton"));
    world.shop.sandbox.edit_article("GIFT-1", with("articleName", "Service"));
    const auto theirs = world.checked.expect_one("article_surplus", "BOX-1", "");
    expect_in(theirs.differences.front()["remedy"].text(), "inactive");
    world.shop.sandbox.edit_article("BOX-1", with("isActive", false));
    world.checked.expect_agreement();
}

TEST_CASE("articles that wait for a person are in the books, by cause, and no difference") {
    Agreed world;
    world.shop.sandbox.base_products(read_json(R"([{"id": 900000901, "sku": "", "text_fields": {"name": "Bez SKU"}},
        {"id": 900000902, "sku": "TWICE", "text_fields": {"name": "A"}}, {"id": 900000903, "sku": "TWICE", "text_fields": {"name": "B"}}])"));
    const auto run = world.checked.look({"--only", "articles"});
    CHECK(run.code == 0);
    CHECK(run.differences.empty());
    REQUIRE(run.books.size() == 1);
    CHECK(run.books.front()["closes"].is_true());
    CHECK(run.books.front()["parked"].integer() == 3);
    CHECK(run.books.front()["parked_by_cause"]["no_sku"].integer() == 1);
    CHECK(run.books.front()["parked_by_cause"]["duplicate_sku"].integer() == 2);
}

TEST_CASE("an order that was never sent to Ongoing is missing until orders sync") {
    Agreed world;
    world.shop.sandbox.base_orders(one_piece(first + 5));
    const std::string id = std::to_string(first + 5);
    const auto found = world.checked.expect_one("order_missing", id, "blongo orders sync --order " + id);
    world.checked.mend(found);
    world.checked.expect_agreement();
}

TEST_CASE("an order that vanished from Ongoing is sent again, once, and only where nothing was shipped") {
    Agreed world;
    world.shop.sandbox.send("DELETE", "/_admin/ongoing/orders?number=" + world.waiting(), {});
    const auto found =
        world.checked.expect_one("order_missing", world.waiting(), "blongo orders sync --order " + world.waiting());
    // Nobody named it: an ordinary run leaves it alone.
    world.shop.sandbox.reset_journal();
    CHECK(sync_orders(world.shop.installation).exit_code == 0);
    CHECK(world.shop.sandbox.writes() == 0);
    world.checked.mend(found);
    world.checked.expect_agreement();
    world.checked.mend(found); // again: nothing more
    CHECK(world.shop.there(world.waiting())["writes"].integer() == 1);

    world.shop.sandbox.send("DELETE", "/_admin/ongoing/orders?number=" + world.sent(), {});
    const auto shipped = world.checked.expect_one("order_missing", world.sent(), "");
    expect_in(shipped.differences.front()["remedy"].text(), "not sent a second time");
    CHECK(world.shop.blongo({"orders", "sync", "--order", world.sent()}).exit_code == 0);
    CHECK(world.shop.sandbox.orders().find(world.sent()) == nullptr);
}

TEST_CASE("an order that vanished from Ongoing is left alone once its status may mean that it was sent long ago") {
    Agreed world;
    // Nothing of it stands in the ledger of shipments: it was sent elsewhere, and Ongoing shows it no more.
    world.shop.sandbox.base_orders(json::Value::object().set("order_id", first + 1).set("order_status_id", status::sent));
    world.shop.sandbox.send("DELETE", "/_admin/ongoing/orders?number=" + world.waiting(), {});
    const auto found = world.checked.expect_one("order_missing", world.waiting(), "");
    expect_in(found.differences.front()["remedy"].text(), "not sent a second time");
    CHECK(world.shop.blongo({"orders", "sync", "--order", world.waiting()}).exit_code == 0);
    CHECK(world.shop.sandbox.orders().find(world.waiting()) == nullptr);
}

TEST_CASE("lines that are not the same are shown on both sides") {
    Agreed world;
    json::Value order = world.shop.sandbox.base_order(first + 1);
    order["products"].elements().front().set("quantity", 3);
    world.shop.sandbox.base_orders(order);
    const std::string sync = "blongo orders sync --order " + world.waiting();
    const bool started = GENERATE(false, true);
    if (started)
        world.shop.sandbox.post("/_admin/ongoing/orders",
                                json::Value::object().set("status", 320).set("data", with("orderNumber", world.waiting())));
    const auto found = world.checked.expect_one("order_line_differs", world.waiting(), started ? "" : sync);
    const auto& row = found.differences.front();
    expect_in(row["baselinker"].text(), ": 3 x ");
    expect_in(row["ongoing"].text(), ": 1 x ");
    CHECK(row["owner"].text() == "seller");
    if (started) { // as its remedy says
        order["products"].elements().front().set("quantity", 1);
        world.shop.sandbox.base_orders(order);
    } else {
        CHECK(world.shop.blongo({"orders", "sync", "--order", world.waiting()}).exit_code == 0);
        CHECK(world.shop.there(world.waiting())["lines"].elements().front()["ordered"].integer() == 3);
    }
    world.checked.expect_agreement();
}

TEST_CASE("an imported order whose lines cannot be said any more is found, one that lacks a word of its address is not") {
    Agreed world;
    json::Value order = world.shop.sandbox.base_order(first + 1);
    order["products"].elements().front().set("quantity", json::Value::number("1.5"));
    world.shop.sandbox.base_orders(order);
    const auto found = world.checked.expect_one("order_line_differs", world.waiting(), "");
    expect_in(found.differences.front()["cause"].text(), "no lines of an order any more: ");
    order["products"].elements().front().set("quantity", 1);
    world.shop.sandbox.base_orders(order.set("delivery_country_code", "").set("delivery_country", ""));
    world.checked.expect_agreement();
}

TEST_CASE("an order of Ongoing that BaseLinker never had is surplus") {
    Agreed world;
    json::Value stranger = world.shop.there(world.waiting());
    stranger.erase("orderId");
    stranger.erase("orderNumber");
    stranger["data"].set("orderNumber", "84599999").set("goodsOwnerOrderId", "84599999");
    stranger.set("orderId", 999001);
    world.shop.sandbox.post("/_admin/ongoing/orders", stranger);
    (void)world.checked.expect_one("order_surplus", "84599999", "");
    world.shop.sandbox.post("/_admin/ongoing/orders",
                            json::Value::object().set("status", 1000).set("data", with("orderNumber", "84599999")));
    world.checked.expect_agreement();
}

TEST_CASE("an order that is cancelled on one side only is found, whichever side that is") {
    Agreed world;
    const auto set_there = [&](int status) {
        world.shop.sandbox.post("/_admin/ongoing/orders",
                                json::Value::object().set("status", status).set("data", with("orderNumber", world.waiting())));
    };
    SECTION("cancelled in BaseLinker") {
        world.shop.edit_base(first + 1, with("order_status_id", status::cancelled));
        const auto found = world.checked.expect_one("order_cancelled_one_side", world.waiting(),
                                                    "blongo orders sync --order " + world.waiting());
        CHECK(found.differences.front()["owner"].text() == "warehouse");
        CHECK(world.shop.blongo({"orders", "sync", "--order", world.waiting()}).exit_code == 0);
    }
    SECTION("cancelled in BaseLinker, and the warehouse has started") {
        world.shop.edit_base(first + 1, with("order_status_id", status::cancelled));
        set_there(320);
        (void)world.checked.expect_one("order_cancelled_one_side", world.waiting(), "");
        set_there(1000);
    }
    SECTION("deleted in BaseLinker") {
        world.shop.sandbox.send("DELETE", fmt::format("/_admin/baselinker/orders?id={}", first + 1), {});
        const auto found = world.checked.expect_one("order_cancelled_one_side", world.waiting(), "blongo orders sync");
        CHECK(found.differences.front()["baselinker"].is_null());
        for (int look = 1; look <= 2; ++look) CHECK(world.shop.blongo({"orders", "sync"}).exit_code == 0);
    }
    SECTION("cancelled in Ongoing") {
        set_there(1000);
        const auto found =
            world.checked.expect_one("order_cancelled_one_side", world.waiting(), "blongo orders reimport " + world.waiting());
        CHECK(found.differences.front()["owner"].text() == "seller");
        world.shop.edit_base(first + 1, with("order_status_id", status::cancelled));
    }
    world.checked.expect_agreement();
}

TEST_CASE("an order that blongo does not know and BaseLinker cancelled is found in Ongoing, too") {
    Agreed world;
    const std::string id = std::to_string(first + 9);
    world.shop.sandbox.base_orders(one_piece(first + 9, with("order_status_id", status::cancelled)));
    json::Value there = world.shop.there(world.waiting()); // brought there by somebody else
    there.erase("orderNumber");
    there["data"].set("orderNumber", id).set("goodsOwnerOrderId", id);
    world.shop.sandbox.post("/_admin/ongoing/orders", there.set("orderId", 999002));
    const auto found = world.checked.expect_one("order_cancelled_one_side", id, "");
    expect_in(found.differences.front()["baselinker"].text(), "a cancelled status");
}

TEST_CASE("the books of the orders name everything that keeps an order out") {
    Sending shop({.orders = "import_delay = \"30m\"\nexclude_sources = [\"blog\"]"});
    Checked checked(shop);
    REQUIRE(shop.blongo({"articles", "sync"}).exit_code == 0);
    shop.import({one_piece(first)});
    const std::int64_t a_minute_ago = std::time(nullptr) - 60;
    const json::Value fresh = json::Value::object().set("date_confirmed", a_minute_ago).set("date_in_status", a_minute_ago);
    shop.sandbox.base_orders(one_piece(first + 1, fresh));                        // delayed
    shop.sandbox.base_orders(one_piece(first + 2, with("order_source", "blog"))); // filtered out
    shop.sandbox.base_orders(base_order(first + 3, {base_line("NOBODY-KNOWS")})); // parked
    CHECK(sync_orders(shop.installation).exit_code == 3);
    const auto run = checked.look({"--only", "orders"});
    CHECK(run.code == 0);
    REQUIRE(run.books.size() == 1);
    const auto& books = run.books.front();
    CHECK(books["accepted"].integer() == 4);
    CHECK(books["in_ongoing"].integer() == 1);
    CHECK(books["delayed"].integer() == 1);
    CHECK(books["filtered_out"].integer() == 1);
    CHECK(books["parked_by_cause"]["unknown_sku"].integer() == 1);
    CHECK(books["closes"].is_true());
}

TEST_CASE("an order of which nothing is for this warehouse is in the books, and nobody's to act on") {
    Sending shop({.orders = "lines_from = [\"bl_206\"]"});
    shop.sandbox.base_orders(base_order(first, {base_line(synthetic_sku(2), 1, with("warehouse_id", 207))}));
    CHECK(sync_orders(shop.installation).exit_code == 0);
    Checked checked(shop);
    const auto run = checked.look({"--only", "orders"});
    CHECK(run.differences.empty());
    REQUIRE(run.books.size() == 1);
    CHECK(run.books.front()["accepted"].integer() == 1);
    CHECK(run.books.front()["filtered_out"].integer() == 1);
    CHECK(run.books.front()["closes"].is_true());
}

TEST_CASE("orders from before start_from are in the books, not among the differences") {
    const auto start = format_utc(from_unix_seconds(std::time(nullptr) - 1800));
    Sandbox sandbox({"--products", "20"});
    const Installation installation(sandbox, {}, {}, orders_on({}, start));
    sandbox.base_orders(one_piece(first)); // confirmed an hour ago
    const auto run = installation.blongo({"check", "--json", "--exit-code", "--only", "orders"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    REQUIRE(lines_of(run, "check").size() == 1);
    CHECK(lines_of(run, "check").front()["before_cutover"].integer() == 1);
    CHECK(lines_of(run, "check").front()["closes"].is_true());
    CHECK(lines_of(run, "difference").empty());
    // No state was made by a command that only looks.
    CHECK_FALSE(std::filesystem::exists(installation.folder() / "state.db"));
}

TEST_CASE("with scope = \"ordered\" only articles that blongo brought are expected in Ongoing") {
    Sandbox sandbox({"--products", "20"});
    Installation installation(sandbox, "scope = \"ordered\"", {}, orders_on());
    sandbox.base_orders(one_piece(first));
    REQUIRE(sync_orders(installation).exit_code == 0);
    REQUIRE(sandbox.articles().size() == 1);
    Checked checked(sandbox, installation);
    const auto run = checked.look();
    CHECK(run.differences.empty());
    CHECK(run.books[0]["in_ongoing"].integer() == 1);
    CHECK(run.books[0]["filtered_out"].integer() == 19);
    const std::string number(sandbox.articles().members().front().first);
    sandbox.send("DELETE", "/_admin/ongoing/articles?number=" + number, {});
    checked.expect_one("article_missing", number, "blongo articles sync --sku " + number);
}

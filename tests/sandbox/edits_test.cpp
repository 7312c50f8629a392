// SPDX-License-Identifier: Apache-2.0
// What sellers do with orders in BaseLinker's screens and people in Ongoing's: the orders afterwards, the events.
#include <catch2/catch.hpp>

#include "running.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// Type, order, object.
using Event = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
using Events = std::vector<Event>;

struct Shop : Running {
    Shop() {
        options(parsed(R"({"journal":true})"));
        REQUIRE(admin("POST", "/baselinker/orders", parsed(R"([
            {"order_id":1,"order_status_id":8069,"order_source":"allegro","order_source_id":4417,"shop_order_id":0,
             "external_order_id":"A-1","payment_done":10,"delivery_price":5,"delivery_address":"Polna 1",
             "date_confirmed":"-1d","products":[{"order_product_id":11,"sku":"A","quantity":3},
                                                {"order_product_id":12,"sku":"B","quantity":1}]},
            {"order_id":2,"order_status_id":8069,"payment_done":7,
             "products":[{"order_product_id":21,"sku":"A","quantity":4}]}])"))
                    .status == 200);
        (void)fresh_events();
    }

    /// The events since the last look, by the interface.
    Events fresh_events() {
        const Answer answer = base("getJournalList", json::Value::object().set("last_log_id", last_ + 1));
        Events events;
        for (const json::Value& row : answer["logs"].elements()) {
            events.emplace_back(row["log_type"].integer(), row["order_id"].integer(), row["object_id"].integer());
            last_ = row["log_id"].integer();
        }
        return events;
    }
    Answer edit(const std::string& task) { return admin("POST", "/baselinker/edit", parsed(task)); }
    json::Value order(std::int64_t id) {
        const Answer rows = admin("GET", "/baselinker/orders?id=" + std::to_string(id));
        return rows.rows().empty() ? json::Value{} : rows.rows().front();
    }
    /// "A 3, B 1"
    std::string lines(std::int64_t id) {
        std::string text;
        const json::Value found = order(id);
        for (const json::Value& line : found["products"].elements())
            text += (text.empty() ? "" : ", ") + std::string(line["sku"].text()) + " " + line["quantity"].dump();
        return text;
    }

private:
    std::int64_t last_ = 0;
};

} // namespace

TEST_CASE("lines that the seller adds, changes and removes are events 12, 13, 14 with the line") {
    Shop shop;
    CHECK(shop.edit(R"({"order_id":1,"action":"add_line","line":{"sku":"C","quantity":2}})").status == 200);
    CHECK(shop.fresh_events() == Events{{12, 1, 0}});
    CHECK(shop.edit(R"({"order_id":1,"action":"edit_line","order_product_id":11,"line":{"quantity":5}})").status == 200);
    CHECK(shop.fresh_events() == Events{{13, 1, 0}});
    CHECK(shop.edit(R"({"order_id":1,"action":"remove_line","order_product_id":12})").status == 200);
    CHECK(shop.fresh_events() == Events{{14, 1, 12}});
    CHECK(shop.lines(1) == "A 5, C 2");
    // The same in one piece, as POST orders takes them: an edit that changes nothing is no event.
    const json::Value same = shop.order(1);
    CHECK(shop.admin("POST", "/baselinker/orders", same).status == 200);
    CHECK(shop.fresh_events().empty());
    CHECK(shop.edit(R"({"order_id":1,"action":"remove_line","order_product_id":99})").status == 400);
    CHECK(shop.edit(R"({"order_id":9,"action":"copy"})").status == 400);
    CHECK(shop.edit(R"({"order_id":1,"action":"burn"})").status == 400);
}

TEST_CASE("address, data, payment and status are events 11, 16, 3, 18") {
    Shop shop;
    const auto change = [&](const char* members) {
        CHECK(shop.admin("POST", "/baselinker/orders", parsed(members)).status == 200);
        return shop.fresh_events();
    };
    CHECK(change(R"({"order_id":1,"delivery_address":"Leśna 2","delivery_city":"Łódź"})") == Events{{11, 1, 0}});
    CHECK(change(R"({"order_id":1,"phone":"1"})") == Events{{16, 1, 0}});
    CHECK(change(R"({"order_id":1,"payment_done":20})") == Events{{3, 1, 0}});
    CHECK(change(R"({"order_id":1,"order_status_id":8073})") == Events{{18, 1, 8073}});
}

TEST_CASE("a split moves pieces to a new order that keeps source and numbers") {
    Shop shop;
    const Answer made =
        shop.edit(R"({"order_id":1,"action":"split","lines":[{"order_product_id":11,"quantity":1},{"order_product_id":12}]})");
    REQUIRE(made.status == 200);
    const std::int64_t id = made.rows().at(0)["order_id"].integer();
    CHECK(id == 3);
    CHECK(shop.fresh_events() == Events{{1, 3, 0}, {2, 3, 0}, {6, 1, 3}});
    CHECK(shop.lines(1) == "A 2");
    CHECK(shop.lines(3) == "A 1, B 1");
    const json::Value order = shop.order(3);
    CHECK(order["external_order_id"].text() == "A-1");
    CHECK(order["order_source"].text() == "allegro");
    CHECK(order["order_source_id"].integer() == 4417);
    CHECK(order["order_status_id"].integer() == 8069);
    CHECK(order["payment_done"].integer() == 0);
    CHECK(order["date_confirmed"].integer() > shop.order(1)["date_confirmed"].integer());
    for (const json::Value& line : order["products"].elements()) {
        CHECK(line["order_product_id"].integer() != 11);
        CHECK(line["order_product_id"].integer() != 12);
    }
    CHECK(shop.edit(R"({"order_id":1,"action":"split","lines":[{"order_product_id":11}]})").status == 400);
    CHECK(shop.edit(R"({"order_id":2,"action":"split","lines":[{"order_product_id":21,"quantity":5}]})").status == 400);
    // Ids are never used twice.
    CHECK(shop.edit(R"({"order_id":3,"action":"delete"})").status == 200);
    CHECK(shop.fresh_events() == Events{{4, 3, 0}});
    const json::Value world = shop.admin("GET", "/world").body;
    CHECK(shop.admin("PUT", "/world", world).status == 200);
    CHECK(shop.edit(R"({"order_id":1,"action":"copy","order":{"order_status_id":8068}})").rows().at(0)["order_id"].integer() ==
          4);
}

TEST_CASE("a copy has the same lines under new ids") {
    Shop shop;
    CHECK(shop.edit(R"({"order_id":1,"action":"copy","order":{"order_status_id":8068}})").status == 200);
    CHECK(shop.fresh_events() == Events{{1, 3, 0}, {2, 3, 0}, {17, 1, 3}});
    CHECK(shop.lines(3) == shop.lines(1));
    const json::Value order = shop.order(3);
    CHECK(order["products"].elements().at(0)["order_product_id"].integer() > 12);
    CHECK(order["order_status_id"].integer() == 8068);
    CHECK(order["external_order_id"].text() == "A-1");
}

TEST_CASE("a merge moves the lines to the main order, and the others are gone") {
    Shop shop;
    CHECK(shop.edit(R"({"order_id":2,"action":"merge","orders":[1]})").status == 200);
    CHECK(shop.fresh_events() == Events{{5, 2, 1}, {4, 1, 0}});
    CHECK(shop.order(1).is_null());
    CHECK(shop.lines(2) == "A 4, A 3, B 1");
    const json::Value order = shop.order(2);
    CHECK(order["products"].elements().at(1)["order_product_id"].integer() == 11);
    CHECK(order["payment_done"].integer() == 17);
    CHECK(shop.edit(R"({"order_id":2,"action":"merge","orders":[2]})").status == 400);
    CHECK(shop.edit(R"({"order_id":2,"action":"merge","orders":[]})").status == 400);
}

TEST_CASE("a split and a merge leave BaseLinker's own stock as it was") {
    Shop shop;
    shop.options(parsed(R"({"lower_stock_at_confirmation":true})"));
    const auto stock = [&] {
        const Answer rows = shop.admin("GET", "/baselinker/products?id=71");
        return rows.rows().at(0)["stock"]["bl_206"].integer();
    };
    REQUIRE(shop.admin("POST", "/baselinker/products", parsed(R"({"id":71,"sku":"S","stock":{"bl_206":10}})")).status == 200);
    REQUIRE(shop.admin("POST", "/baselinker/orders", parsed(R"([{"order_id":5,"products":
        [{"order_product_id":51,"product_id":"71","quantity":3},{"order_product_id":52,"product_id":"71"}]}])"))
                .status == 200);
    REQUIRE(stock() == 6);
    CHECK(shop.edit(R"({"order_id":5,"action":"split","lines":[{"order_product_id":51,"quantity":2}]})").status == 200);
    CHECK(stock() == 6);
    CHECK(shop.edit(R"({"order_id":5,"action":"merge","orders":[6]})").status == 200);
    CHECK(stock() == 6);
    CHECK(shop.edit(R"({"order_id":5,"action":"delete"})").status == 200);
    CHECK(stock() == 10);
}

TEST_CASE("an order that is un-confirmed says nothing, and is not answered; confirmed again it is") {
    Shop shop;
    const auto visible = [&] { return shop.base("getOrders", parsed(R"({"order_id":1})"))["orders"].size() == 1; };
    CHECK(shop.edit(R"({"order_id":1,"action":"unconfirm"})").status == 200);
    CHECK(shop.fresh_events().empty());
    CHECK_FALSE(visible());
    CHECK(shop.edit(R"({"order_id":1,"action":"confirm"})").status == 200);
    CHECK(shop.fresh_events() == Events{{2, 1, 0}});
    CHECK(visible());
}

TEST_CASE("an order that is not there is an empty list or an error, as the setting says") {
    Shop shop;
    const auto ask = [&] { return shop.base("getOrders", parsed(R"({"order_id":9})")); };
    CHECK(ask()["status"].text() == "SUCCESS");
    CHECK(ask()["orders"].size() == 0);
    shop.options(parsed(R"({"missing_order_is_error":true})"));
    CHECK(ask()["error_code"].text() == "ERROR_ORDER_NOT_FOUND");
    CHECK(shop.base("getOrders", parsed(R"({"order_id":1})"))["orders"].size() == 1);
}

TEST_CASE("people edit an order in Ongoing at any status, and it counts as no write") {
    Running world;
    world.plant_article("A");
    world.plant_article("B");
    REQUIRE(world.ongoing("PUT", "/orders", small_order("X", "A", 5)).status == 201);
    const auto edit = [&](const std::string& task) { return world.admin("POST", "/ongoing/edit", parsed(task)).status; };
    const auto stored = [&] { return world.admin("GET", "/ongoing/orders?number=X").rows().at(0); };
    CHECK(edit(R"({"orderNumber":"X","status":400})") == 200);
    CHECK(edit(R"({"orderNumber":"X","set":{"consignee.address1":"Polna 9","orderRemark":"ostrożnie"},
                   "lines":[{"rowNumber":"1","numberOfItems":2}],
                   "add_lines":[{"articleNumber":"B","numberOfItems":1},
                                {"articleNumber":"B","numberOfItems":7,"rowNumber":"9"}]})") == 200);
    json::Value order = stored();
    CHECK(order["status"].integer() == 400);
    CHECK(order["data"]["consignee"]["address1"].text() == "Polna 9");
    CHECK(order["data"]["consignee"]["name"].text() == "Anna Testowa");
    REQUIRE(order["lines"].size() == 3);
    CHECK(order["lines"].elements()[0]["ordered"].integer() == 2);
    CHECK(order["writes"].integer() == 1);
    CHECK(world.journal().size() == 1);
    const json::Value shown = world.ongoing("GET", "/orders/" + order["orderId"].dump()).body;
    CHECK(shown["orderLines"].elements()[1]["rowNumber"].is_null());
    CHECK(shown["orderInfo"]["orderRemark"].text() == "ostrożnie");

    CHECK(edit(R"({"orderNumber":"X","set":{"orderRemark":null},"delete_lines":["9"],"status":1000})") == 200);
    order = stored();
    CHECK(order["data"]["orderRemark"].is_null());
    CHECK(order["lines"].size() == 2);
    CHECK(order["status"].integer() == 1000);
    // All or nothing.
    CHECK(edit(R"({"orderNumber":"X","set":{"orderRemark":"x"},"delete_lines":["9"]})") == 400);
    CHECK(edit(R"({"orderNumber":"X","set":{"orderRemark":"x"},"add_lines":[{"articleNumber":"Z","numberOfItems":1}]})") == 400);
    CHECK(edit(R"({"orderNumber":"Y","status":300})") == 400);
    CHECK(stored()["data"]["orderRemark"].is_null());
}

TEST_CASE("the status from which an order cannot be cancelled may be another than that of updates") {
    Running world;
    world.plant_article("A");
    REQUIRE(world.ongoing("PUT", "/orders", small_order("X", "A")).status == 201);
    world.options(parsed(R"({"locked_from_status":300,"cancel_locked_from_status":320})"));
    CHECK(world.ongoing("PUT", "/orders", small_order("X", "A", 2)).status == 400);
    world.options(parsed(R"({"locked_from_status":320,"cancel_locked_from_status":300})"));
    CHECK(world.ongoing("PUT", "/orders", small_order("X", "A", 2)).status == 200);
    CHECK(world.ongoing("DELETE", "/orders?goodsOwnerId=1&orderNumber=X").status == 400);
    world.options(parsed(R"({"cancel_locked_from_status":0})"));
    CHECK(world.ongoing("DELETE", "/orders?goodsOwnerId=1&orderNumber=X").status == 200);
}

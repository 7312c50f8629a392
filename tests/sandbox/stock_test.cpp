// SPDX-License-Identifier: Apache-2.0
// Stock on both sides: what moves BaseLinker's by itself, what Ongoing shows of its own.
#include <catch2/catch.hpp>

#include "running.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

sandbox::Options with_products() {
    sandbox::Options options;
    options.products = 20;
    return options;
}

class Shop {
public:
    Shop() : world(with_products()) { world.options(parsed(R"({"lower_stock_at_confirmation":true})")); }
    std::int64_t stock(std::int64_t id, const std::string& warehouse = "bl_206") {
        const Answer answer = world.admin("GET", "/baselinker/products?id=" + std::to_string(id));
        return answer.rows().at(0)["stock"][warehouse].integer();
    }
    void order(const std::string& members) { (void)world.admin("POST", "/baselinker/orders", parsed(members)); }

    Running world;
};

/// sellableNumberOfItems of an article in a warehouse, as text.
std::string sellable(Running& world, const std::string& number, std::int64_t warehouse) {
    const Answer answer = world.ongoing("GET", "/articles/inventoryPerWarehouse?goodsOwnerId=1&articleNumbers=" + number);
    for (const json::Value& row : answer.rows().at(0)["inventoryPerWarehouse"].elements())
        if (row["warehouseId"].integer() == warehouse) return row["sellableNumberOfItems"].dump();
    return "no row";
}

} // namespace

TEST_CASE("a line takes its pieces from its warehouse, or from the catalogue's default one") {
    Shop shop;
    const std::int64_t first = shop.stock(900000001), second = shop.stock(900000002, "bl_207");
    shop.order(R"({"order_id":7,"confirmed":true,"order_status_id":8069,"products":[
        {"product_id":"900000001","quantity":3},{"product_id":"900000002","quantity":2,"warehouse_id":207},
        {"storage":"shop","product_id":"900000003","quantity":9},{"product_id":"","sku":"P000003","quantity":9}]})");
    CHECK(shop.stock(900000001) == first - 3);
    CHECK(shop.stock(900000002, "bl_207") == second - 2);
    CHECK(shop.stock(900000003) == 3);
}

TEST_CASE("edited quantities move the difference, cancelled and deleted orders give everything back") {
    Shop shop;
    shop.order(R"({"order_id":7,"confirmed":true,"order_status_id":8069,
        "products":[{"product_id":"900000020","quantity":3}]})");
    CHECK(shop.stock(900000020) == 17);
    shop.order(R"({"order_id":7,"products":[{"product_id":"900000020","quantity":5},
        {"product_id":"900000019","quantity":1}]})");
    CHECK(shop.stock(900000020) == 15);
    CHECK(shop.stock(900000019) == 18);
    shop.order(R"({"order_id":7,"products":[{"product_id":"900000020","quantity":1}]})");
    CHECK(shop.stock(900000020) == 19);
    CHECK(shop.stock(900000019) == 19);
    shop.order(R"({"order_id":7,"order_status_id":8073})");
    CHECK(shop.stock(900000020) == 20);
    shop.order(R"({"order_id":7,"order_status_id":8069})");
    CHECK(shop.stock(900000020) == 19);
    (void)shop.world.admin("DELETE", "/baselinker/orders?id=7");
    CHECK(shop.stock(900000020) == 20);
}

TEST_CASE("a bundle takes its components, and gives back those that it took") {
    Shop shop;
    (void)shop.world.admin("POST", "/baselinker/products", parsed(R"({"id":5,"sku":"SET","is_bundle":true,"stock":{"bl_206":4},
        "bundle_products":{"900000010":2,"900000011":1}})"));
    shop.order(R"({"order_id":7,"confirmed":true,"order_status_id":8069,
        "products":[{"product_id":"5","quantity":3}]})");
    CHECK(shop.stock(900000010) == 10 - 6);
    CHECK(shop.stock(900000011) == 11 - 3);
    CHECK(shop.stock(5) == 4);
    (void)shop.world.admin("POST", "/baselinker/products", parsed(R"({"id":5,"bundle_products":{"900000012":1}})"));
    shop.order(R"({"order_id":7,"order_status_id":8073})");
    CHECK(shop.stock(900000010) == 10);
    CHECK(shop.stock(900000011) == 11);
    CHECK(shop.stock(900000012) == 12);
}

TEST_CASE("without the setting orders leave BaseLinker's stock alone") {
    Shop shop;
    shop.world.options(parsed(R"({"lower_stock_at_confirmation":false})"));
    shop.order(R"({"order_id":7,"confirmed":true,"products":[{"product_id":"900000020","quantity":3}]})");
    CHECK(shop.stock(900000020) == 20);
}

TEST_CASE("Ongoing's sellable falls with an order and rises when it is cancelled, and changes are found by time") {
    Running world;
    (void)world.admin("POST", "/ongoing/articles", parsed(R"({"data":{"articleNumber":"A"},"stock_changed":"-2h",
        "stock":{"1":{"items":10,"locked_for_sale":2},"2":4.5}})"));
    CHECK(sellable(world, "A", 1) == "8.0");
    CHECK(sellable(world, "A", 2) == "4.5");
    const std::string an_hour_ago =
        format_utc(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now() - std::chrono::hours{1}));
    const auto changed = [&] {
        return world.ongoing("GET", "/articles/inventoryPerWarehouse?goodsOwnerId=1&stockInfoChangedFrom=" + an_hour_ago)
            .body.size();
    };
    CHECK(changed() == 0);
    const Answer made = world.ongoing("PUT", "/orders", small_order("N1", "A", 3));
    CHECK(sellable(world, "A", 1) == "5.0");
    CHECK(changed() == 1);
    CHECK(world.ongoing("DELETE", "/orders/" + std::string(made["orderId"].text())).status == 200);
    CHECK(sellable(world, "A", 1) == "8.0");
}

TEST_CASE("sellable can be null, and an article without stock has no rows") {
    Running world;
    (void)world.admin("POST", "/ongoing/articles", parsed(R"([{"data":{"articleNumber":"A"},"stock":{"1":3},
        "sellable_null":true},{"data":{"articleNumber":"B"}}])"));
    CHECK(sellable(world, "A", 1) == "null");
    CHECK(sellable(world, "B", 1) == "no row");
    const Answer article = world.ongoing("GET", "/articles?goodsOwnerId=1&articleNumber=A");
    CHECK(article.rows().at(0)["inventoryInfo"]["sellableNumberOfItems"].is_null());
    // Merged into what is there, and kept by the world's own form.
    (void)world.admin("PUT", "/world", world.admin("GET", "/world").body);
    CHECK(sellable(world, "A", 1) == "null");
    (void)world.admin("POST", "/ongoing/articles", parsed(R"({"data":{"articleNumber":"A"},"sellable_null":false})"));
    CHECK(sellable(world, "A", 1) == "3.0");
}

TEST_CASE("updateInventoryProductsStock warns of the chosen ids and does the others") {
    Shop shop;
    shop.world.options(parsed(R"({"stock_warnings":"900000001,900000003"})"));
    const Answer answer =
        shop.world.base("updateInventoryProductsStock",
                        parsed(R"({"inventory_id":307,"products":{"900000001":{"bl_206":70},"900000002":{"bl_206":71}}})"));
    CHECK(answer["counter"].integer() == 1);
    CHECK(answer["warnings"].size() == 1);
    CHECK_FALSE(answer["warnings"]["900000001"].text().empty());
    CHECK(shop.stock(900000001) == 1);
    CHECK(shop.stock(900000002) == 71);
    CHECK(shop.world.violations().empty());
}

TEST_CASE("something can happen while a call is on its way") {
    Shop shop;
    shop.world.fault(parsed(R"({"side":"baselinker","operation":"getInventoryProductsStock","nth":2,"fault":"meanwhile",
        "admin":[{"method":"POST","path":"/_admin/baselinker/orders","body":{"order_id":7,"confirmed":true,
            "products":[{"product_id":"900000020","quantity":3}]}},
            {"method":"DELETE","path":"/_admin/baselinker/products?id=900000001"}]})"));
    const auto seen = [&] {
        const Answer answer = shop.world.base("getInventoryProductsStock", parsed(R"({"inventory_id":307})"));
        return answer["products"]["900000020"]["stock"]["bl_206"].integer();
    };
    CHECK(seen() == 20);
    CHECK(seen() == 17);
    CHECK(seen() == 17);
    CHECK(shop.world.admin("GET", "/baselinker/products?id=900000001").body.size() == 0);
    CHECK(shop.world.violations().empty());
    // What cannot be done is not passed over in silence.
    shop.world.fault(
        parsed(R"({"operation":"getInventories","fault":"meanwhile","admin":{"method":"GET","path":"/_admin/nothing"}})"));
    (void)shop.world.base("getInventories");
    CHECK(shop.world.violations() == std::vector<std::string>{"bad_admin_call"});
    CHECK(shop.world.admin("POST", "/faults", parsed(R"({"operation":"*","fault":"meanwhile"})")).status == 400);
}

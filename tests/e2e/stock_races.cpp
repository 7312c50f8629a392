// SPDX-License-Identifier: Apache-2.0
// Something happens between two calls of one push: afterwards BaseLinker may hold less than is right, never more.
#include <catch2/catch.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t on_the_shelf = 100, sold = 3;

json::Value admin_call(const std::string& path, const json::Value& body) {
    json::Value calls = json::Value::array();
    calls.push_back(json::Value::object().set("method", "POST").set("path", path).set("body", body));
    return calls;
}

struct Call {
    std::string side, operation;
    std::int64_t nth = 0;            ///< of this operation
    std::set<std::int64_t> products; ///< that it writes
};

/// The calls of a push, in their order.
std::vector<Call> calls_of_a_push(Sandbox& sandbox) {
    std::vector<Call> calls;
    std::map<std::string, std::int64_t> seen;
    const json::Value journal = sandbox.get("/_admin/journal");
    for (const auto& call : journal.elements()) {
        const std::string operation(call["operation"].text());
        calls.push_back({std::string(call["side"].text()), operation, ++seen[operation], {}});
        if (operation == "updateInventoryProductsStock")
            for (const auto& [id, quantities] : call["parameters"]["products"].members())
                calls.back().products.insert(json::Value(id).integer());
    }
    return calls;
}

/// A shop in which both batches have something to write and the stock is read as a whole.
struct Race {
    Race() : shop(setup()) { shop.shelf_all(std::to_string(on_the_shelf)); }
    static StockSetup setup() {
        StockSetup setup;
        setup.stock = stock_on("batch = 10");
        setup.options = {"--set", "lower_stock_at_confirmation=true"};
        return setup;
    }
    void meanwhile(const Call& call, const json::Value& admin) {
        shop.sandbox.fault(json::Value::object()
                               .set("side", call.side)
                               .set("operation", call.operation)
                               .set("nth", call.nth)
                               .set("fault", "meanwhile")
                               .set("admin", admin));
    }
    StockShop shop;
};

/// What a push does, without anything in between.
std::vector<Call> undisturbed() {
    Race race;
    race.shop.sandbox.reset_journal();
    race.shop.push_well();
    return calls_of_a_push(race.shop.sandbox);
}

} // namespace

TEST_CASE("a sale during a push makes the figure lower, whenever it comes before the last read of orders") {
    const auto calls = undisturbed();
    // Whether a sale right before this call can only be noticed by the next push: nothing asks for orders any more
    // before the product is written.
    const auto too_late = [&](std::size_t at, int product) {
        for (; at < calls.size() && calls[at].operation != "getOrders"; ++at)
            if (calls[at].products.contains(synthetic_id + product)) return true;
        return false;
    };
    CHECK(std::ranges::count(calls, "updateInventoryProductsStock", &Call::operation) == 2);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        INFO(fmt::format("before call {}: {} {} number {}", i + 1, calls[i].side, calls[i].operation, calls[i].nth));
        const json::Value order = base_order(7, {pieces_of(1, sold), pieces_of(20, sold)},
                                             json::Value::object()
                                                 .set("order_status_id", i % 2 == 0 ? status::to_warehouse : status::fresh)
                                                 .set("date_confirmed", "-1s")
                                                 .set("date_add", "-1s")
                                                 .set("date_in_status", "-1s"));
        Race race;
        race.meanwhile(calls[i], admin_call("/_admin/baselinker/orders", order));
        race.shop.push_well();
        REQUIRE(race.shop.sandbox.base_order(7).is_object());
        for (const int product : {1, 20})
            if (!too_late(i, product)) CHECK(race.shop.held(product) == on_the_shelf - sold);
        race.shop.push_well();
        for (const int product : {1, 20}) CHECK(race.shop.held(product) == on_the_shelf - sold);
        race.shop.sync_well();
        race.shop.push_well();
        for (const int product : {1, 20}) CHECK(race.shop.held(product) == on_the_shelf - sold);
        race.shop.expect_idle();
    }
}

TEST_CASE("a stock change during a push is there after the next one at the latest") {
    for (const Call& call : undisturbed()) {
        INFO(fmt::format("before {} {} number {}", call.side, call.operation, call.nth));
        Race race;
        race.meanwhile(
            call, admin_call("/_admin/ongoing/articles", from_text(R"({"data":{"articleNumber":"P000020"},"stock":{"1":41}})")));
        race.shop.push_well();
        race.shop.push_well();
        CHECK(race.shop.held(20) == 41);
        race.shop.expect_idle();
    }
}

TEST_CASE("an order that is imported while a push reads is subtracted at least once") {
    for (const std::string operation : {"GET /articles/inventoryPerWarehouse", "GET /articles"}) {
        INFO(operation);
        Race race;
        race.shop.sandbox.base_orders(base_order(7, {pieces_of(1, sold)}));
        race.shop.sandbox.fault(json::Value::object()
                                    .set("side", "ongoing")
                                    .set("operation", operation)
                                    .set("nth", 1)
                                    .set("fault", "stall")
                                    .set("commit", false)
                                    .set("seconds", 2));
        const auto push = race.shop.installation.start({"stock", "push"});
        (void)race.shop.installation.blongo({"orders", "sync"}); // in between, or refused because the other one runs
        CHECK(push->wait().exit_code == 0);
        CHECK(race.shop.held(1) <= on_the_shelf - sold);
        CHECK(race.shop.held(1) >= on_the_shelf - 2 * sold);
        race.shop.sandbox.clear_faults();
        race.shop.sync_well();
        race.shop.push_well();
        CHECK(race.shop.held(1) == on_the_shelf - sold);
        race.shop.expect_idle();
    }
}

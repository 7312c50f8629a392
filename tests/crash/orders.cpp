// SPDX-License-Identifier: Apache-2.0
// The fault matrix of the order flow, generated: {fault} x {request} x {fresh, kept-alive}, but for requests that
// never come on a connection that is kept alive. After the recovery runs every order is in Ongoing exactly once, each
// status was set once, the last run ends with 0, and the sandbox saw no breach of a contract.
#include <catch2/catch.hpp>

#include <thread>

#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// A request of the flow. `first`: the first one of the run to its side, before which no connection is open.
/// `unsafe`: it never goes over a connection that was open before, since one that the side has closed meanwhile would
/// leave it unknown whether the request was executed.
struct FlowRequest {
    Operation operation;
    bool first = false, unsafe = false;
    [[nodiscard]] bool comes_kept_alive() const { return !first && !unsafe; }
};

const std::vector<FlowRequest> requests = {
    {{"baselinker", "getOrderStatusList"}, true},
    {{"baselinker", "getOrders"}},
    {{"baselinker", "getJournalList"}},
    {{"ongoing", "GET /orders"}},
    {{"ongoing", "GET /articles"}},
    {{"baselinker", "getInventoryProductsData"}},
    {{"baselinker", "getInventoryProductsList"}},
    {{"ongoing", "PUT /articles"}},
    {{"ongoing", "PUT /orders"}},
    {{"ongoing", "GET /orders/{orderId}"}},
    {{"baselinker", "setOrderStatus"}, false, true},
    {{"baselinker", "setOrderStatuses"}, false, true},
};

constexpr int stall_seconds = 1; ///< longer than the client waits

const std::vector<std::string> faults = {"drop_before", "drop_after", "status_before", "status_after", "html_502",
                                         "truncated",   "stall",      "late_commit",   "kill_before",  "kill_after"};

/// Shorter waits than impatient's: a stalled call costs its time-out.
const std::string short_waits = "[http]\nread_timeout = \"300ms\"\n"
                                "retry_ongoing = [\"5ms\", \"10ms\", \"20ms\"]\n"
                                "retry_baselinker = [\"5ms\", \"10ms\", \"20ms\", \"40ms\"]\n";

/// Five orders that move to one status in one call, one parked one that moves to another in a call of its own.
constexpr int good = 5;
constexpr std::int64_t parked_order = 90;

json::Value world() {
    json::Value orders = json::Value::array();
    for (int id = 1; id <= good; ++id)
        orders.push_back(base_order(id, {base_line(synthetic_sku(id), 1), base_line(synthetic_sku(id), 2)}));
    // A SKU of the catalogue on a line that names no product: it is searched.
    orders.push_back(base_order(good + 1, {base_line(synthetic_sku(good + 1), 1, json::Value::object().set("product_id", "")),
                                           base_line(synthetic_sku(1), 2)}));
    orders.push_back(base_order(parked_order, {}));
    return orders;
}

std::int64_t status_of(Sandbox& sandbox, std::int64_t order) {
    return sandbox.base_order(order)["order_status_id"].integer();
}

/// The change by which a seller gives an order what it lacked.
json::Value with_a_line(std::int64_t order) {
    json::Value lines = json::Value::array();
    lines.push_back(base_line(synthetic_sku(3)).set("order_product_id", order * 10));
    return json::Value::object().set("order_id", order).set("products", std::move(lines));
}

/// Runs until all is settled. A status whose answer was lost is looked at in every run and repeated only
/// after its request can no longer arrive: send_deadline + time-out + 60 s on the state's clock. The test
/// does not wait for that: it moves the recorded times into the past (age_intents), once the runs before
/// have had their look.
void expect_settled(Sandbox& sandbox, const Installation& installation) {
    int last = -1;
    std::string said;
    for (int run = 1; run <= 4 && last != 0; ++run) {
        if (run == 3) age_intents(installation);
        const auto again = installation.blongo({"orders", "sync", "--json"});
        last = again.exit_code;
        // Parked in this run instead of in the hurt one: it is news once.
        if (last == 3) last = installation.blongo({"orders", "sync"}).exit_code;
        said += again.out.substr(again.out.size() > 600 ? again.out.size() - 600 : 0) + again.err;
    }
    INFO(said);
    CHECK(last == 0);
    const json::Value orders = sandbox.orders(); // throws if a number is there twice
    CHECK(orders.size() == good + 1);
    for (int id = 1; id <= good + 1; ++id) {
        INFO("order " << id);
        const json::Value order = orders[std::to_string(id)];
        CHECK(order["data"]["goodsOwnerOrderId"].text() == std::to_string(id));
        CHECK(order["lines"].size() == 2);
        CHECK(sandbox.base_order(id)["order_status_id"].integer() == status::in_warehouse);
        CHECK(sandbox.status_writes(id, status::in_warehouse) == 1);
    }
    CHECK(sandbox.base_order(parked_order)["order_status_id"].integer() == status::trouble);
    CHECK(sandbox.status_writes(parked_order, status::trouble) == 1);
    expect_lawful_and_idle(sandbox, installation, "orders");
}

/// One cell: a run that is hurt once, and the runs after it. True if the fault was met.
bool play(const FlowRequest& request, const std::string& fault, const std::string& connection) {
    const Operation& operation = request.operation;
    INFO(fault << " at " << operation.name << " on a " << connection << " connection");
    Sandbox sandbox({"--products", "6", "--set", "journal=true"});
    Installation installation(
        sandbox, {}, short_waits,
        orders_on("status_after_import = 8070\nstatus_on_error = 8072", "2020-01-01T00:00:00Z", "[\"Do magazynu\"]"));
    if (operation.name == "getJournalList") {
        // It is asked while no sweep is due: after one that cost more than 10 calls.
        REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 0);
        edit_state(installation, "UPDATE cursors SET value = '50' WHERE name = 'orders.sweep_calls'");
    }
    sandbox.base_orders(world());
    if (operation.name == "GET /orders" && connection == "kept_alive") {
        // An order of an earlier run is looked for first.
        sandbox.fault(fault_rule({"ongoing", "PUT /orders"}, "kill_before", "", 0));
        REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 128 + 9);
        sandbox.clear_faults();
    }
    if (connection == "fresh") sandbox.options(json::Value::object().set("close_connections", true));
    sandbox.fault(fault_rule(operation, fault, connection, stall_seconds));
    const auto hurt = installation.blongo({"orders", "sync", "--json"});
    INFO(hurt.out << hurt.err);
    const bool met = fault_fired(sandbox);
    if (fault.starts_with("kill") && met) CHECK(hurt.exit_code == 128 + 9);
    sandbox.clear_faults();
    expect_settled(sandbox, installation);
    return met;
}

} // namespace

TEST_CASE("every fault at every request of the order flow leaves every order there exactly once, each status set once") {
    std::size_t fired = 0, cells = 0, played = 0;
    for (const auto& request : requests)
        for (const std::string connection : {"fresh", "kept_alive"}) {
            if (connection == "kept_alive" && !request.comes_kept_alive()) continue;
            for (const auto& fault : faults) {
                if (!in_share(cells++)) continue;
                ++played;
                const bool met = play(request, fault, connection);
                INFO(fault << " at " << request.operation.name << " on a " << connection << " connection never fired");
                CHECK(met);
                fired += met ? 1 : 0;
            }
        }
    WARN("faults that fired: " << fired << " of " << played << " cells");
    CHECK(cells == (2 * requests.size() - 3) * faults.size());
    CHECK(fired == played);
}

TEST_CASE("a write that must not happen twice, and the first request of a run, never meet a connection that is open") {
    for (const auto& request : requests)
        if (!request.comes_kept_alive()) CHECK_FALSE(play(request, "drop_before", "kept_alive"));
}

TEST_CASE("a run that was killed between the order and its status leaves the status to the next run", "[F38]") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(world());
    Installation installation(sandbox, {}, short_waits, orders_on("status_after_import = 8070\nstatus_on_error = 8072"));
    sandbox.fault(
        json::Value::object().set("side", "ongoing").set("operation", "PUT /orders").set("nth", 3).set("fault", "kill_before"));
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 128 + 9);
    sandbox.clear_faults();
    expect_settled(sandbox, installation);
}

TEST_CASE("a status_on_error that a killed run left unset is not set on an order that was sent meanwhile") {
    for (const std::string after_import : {"", "status_after_import = 8070\n"}) {
        INFO(after_import);
        Sandbox sandbox({"--products", "6"});
        sandbox.base_orders(base_order(1, {}));
        sandbox.base_orders(base_order(2, {base_line(synthetic_sku(2))}));
        Installation installation(sandbox, {}, short_waits, orders_on(after_import + "status_on_error = 8072"));
        sandbox.fault(json::Value::object()
                          .set("side", "ongoing")
                          .set("operation", "GET /orders")
                          .set("nth", 1)
                          .set("fault", "kill_before"));
        REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 128 + 9);
        sandbox.base_orders(with_a_line(1));
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.orders().size() == 2);
        CHECK(status_of(sandbox, 1) == (after_import.empty() ? status::to_warehouse : status::in_warehouse));
        CHECK(sandbox.status_writes(1, status::trouble) == 0);
        expect_lawful_and_idle(sandbox, installation, "orders");
    }
}

TEST_CASE("a status_on_error of unknown outcome does not outlast the order's way into Ongoing") {
    for (const std::string fault : {"drop_before", "drop_after", "late_commit"})
        for (const std::string after_import : {"", "status_after_import = 8070\n"}) {
            INFO(fault << " " << after_import);
            Sandbox sandbox({"--products", "6"});
            sandbox.base_orders(base_order(1, {}));
            Installation installation(sandbox, {}, short_waits, orders_on(after_import + "status_on_error = 8072"));
            sandbox.fault(json::Value::object()
                              .set("side", "baselinker")
                              .set("operation", "setOrderStatus")
                              .set("nth", 1)
                              .set("fault", fault)
                              .set("seconds", 2));
            REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 8);
            sandbox.base_orders(with_a_line(1));
            (void)sync_orders(installation); // creates the order; the lost status is looked at
            CHECK(sandbox.orders().size() == 1);
            for (int wait = 0; fault == "late_commit" && wait < 100 && sandbox.status_writes(1, status::trouble) == 0; ++wait)
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            age_intents(installation);
            CHECK(sync_orders(installation).exit_code == 0);
            CHECK(status_of(sandbox, 1) == (after_import.empty() ? status::to_warehouse : status::in_warehouse));
            CHECK(sandbox.status_writes(1, status::trouble) == (fault == "drop_before" ? 0 : 1));
            CHECK(sandbox.status_writes(1, status::in_warehouse) == (after_import.empty() ? 0 : 1));
            expect_lawful_and_idle(sandbox, installation, "orders");
        }
}

TEST_CASE("an order of which the warehouse lost a line is whole after any interruption of what mends it") {
    const std::vector<std::pair<std::string, int>> calls = {{"PUT /orders", 1}, {"GET /orders/{orderId}", 1}, {"PUT /orders", 2}};
    for (const auto& [operation, nth] : calls)
        for (const std::string fault : {"drop_before", "drop_after", "status_after", "truncated", "kill_before", "kill_after"}) {
            INFO(fault << " at " << operation << " " << nth);
            Sandbox sandbox({"--products", "6", "--set", "keep_last_equal_line=true"});
            sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 4), base_line(synthetic_sku(1), 2)}));
            Installation installation(sandbox, {}, short_waits, orders_on("status_after_import = 8070"));
            // Every repeat within the run meets it too; a killed run repeats nothing.
            json::Value rule = fault_rule({"ongoing", operation}, fault, "", 0).set("nth", 0).set("from", nth).set("times", 4);
            sandbox.fault(rule);
            (void)sync_orders(installation);
            CHECK(sandbox.get("/_admin/faults").dump().find("\"fired\":0") == std::string::npos);
            sandbox.clear_faults();
            int last = -1;
            for (int run = 1; run <= 3 && last != 0; ++run) last = sync_orders(installation).exit_code;
            CHECK(last == 0);
            const json::Value order = sandbox.orders()["1"];
            REQUIRE(order["lines"].size() == 1);
            CHECK(order["lines"].elements().front()["ordered"].integer() == 6);
            CHECK(sandbox.status_writes(1, status::in_warehouse) == 1);
            expect_lawful_and_idle(sandbox, installation, "orders");
        }
}

TEST_CASE("a person who moved the order on after a lost answer is not moved back") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1))}));
    Installation installation(sandbox, {}, short_waits, orders_on("status_after_import = 8070"));
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "setOrderStatus")
                      .set("nth", 1)
                      .set("fault", "drop_before"));
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 8);
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::sent));
    age_intents(installation);
    CHECK(installation.blongo({"orders", "sync"}).exit_code == 0);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::sent);
    CHECK(sandbox.status_writes(1, status::in_warehouse) == 0);
}

TEST_CASE("an order that answers 500 in three runs is parked, and the others go on") {
    Sandbox sandbox({"--products", "6"});
    for (int id = 1; id <= 5; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(id))}));
    Installation installation(sandbox, {}, short_waits, orders_on());
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "PUT /orders")
                      .set("match", "\"orderNumber\":\"3\"")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500));
    for (int run = 1; run <= 3; ++run) {
        const auto result = installation.blongo({"orders", "sync", "--json"});
        INFO("run " << run << "\n" << result.out << result.err);
        CHECK(result.exit_code == (run < 3 ? 5 : 3));
    }
    CHECK(sandbox.orders().size() == 4);
    sandbox.clear_faults();
    CHECK(installation.blongo({"parked", "retry", "3"}).exit_code == 0);
    CHECK(sandbox.orders().size() == 5);
}

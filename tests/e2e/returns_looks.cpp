// SPDX-License-Identifier: Apache-2.0
// What the returns flow asks after: which returns, how many in a run, how often, and what two runs at once make of it.
#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/returns.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// So many rows more in the ledger, like that of return 70, numbered from 1001 and X1001 on.
void remember_more(const ReturnShop& shop, int count, const std::string& state, const std::string& seen_at,
                   const std::string& looked_at) {
    edit_state(shop.installation, "WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                                      std::to_string(1000 + count) +
                                      ") INSERT INTO returns SELECT connection, i, order_id, 'X' || i, ongoing_id, " + state +
                                      ", adopted, fingerprint, base_status, sent_status, fate, sent_at, " + seen_at + ", " +
                                      looked_at + ", received_at FROM returns, n WHERE return_id = 70");
}

std::int64_t how_many(const ReturnShop& shop, const std::string& state) {
    std::int64_t count = 0;
    for (const auto& [id, row] : shop.listed()) count += row["state"].text() == state ? 1 : 0;
    return count;
}

/// Return 70 with so many pieces of the shop's second article on its only line.
void change(ReturnShop& shop, std::int64_t pieces, json::Value more = json::Value::object()) {
    json::Value lines = json::Value::array();
    lines.push_back(return_line(synthetic_sku(2), pieces).set("order_return_product_id", 701));
    shop.base(more.set("return_id", 70).set("products", std::move(lines)));
}

} // namespace

TEST_CASE("with more returns on the way than a run asks Ongoing after, each has its turn") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    remember_more(shop, 500, "2", "seen_at", "0"); // gone in Ongoing, and looked at before return 70
    shop.work("R70", json::Value::object().set("receive", true));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.listed()["70"]["state"].text() == "expected");
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.listed()["70"]["state"].text() == "received");
    expect_lawful(shop.sandbox);
}

TEST_CASE("returns that no listing shows are asked for by their ids, 20 in a run") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    remember_more(shop, 25, "0", "0", "looked_at");
    shop.sandbox.reset_journal();
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.sandbox.calls("baselinker", "getOrderReturns") == 1 + 20);
    CHECK(how_many(shop, "called off") == 20); // BaseLinker has them no more
    CHECK(shop.sync().exit_code == 0);
    CHECK(how_many(shop, "called off") == 25);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a return that waits for two reasons is asked for once") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    json::Value unknown = json::Value::array();
    unknown.push_back(return_line("UNKNOWN-1").set("order_return_product_id", 701));
    shop.base(json::Value::object().set("return_id", 70).set("products", std::move(unknown)));
    CHECK(shop.sync().exit_code == 3); // parked, and its return order is still open
    shop.sandbox.send("DELETE", "/_admin/baselinker/returns?id=70", json::Value());
    edit_state(shop.installation, "UPDATE returns SET seen_at = 0; UPDATE parked SET next_try = 0");
    shop.sandbox.reset_journal();
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.sandbox.calls("baselinker", "getOrderReturns") == 1 + 1);
    CHECK(shop.listed()["70"]["state"].text() == "called off");
}

TEST_CASE("a called off return stays so when it is named, and is expected again when it comes back changed") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.base(json::Value::object().set("return_id", 70).set("fulfillment_status", 2));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.sync({"--order", "1"}).exit_code == 0);
    CHECK(shop.listed()["70"]["state"].text() == "called off");
    shop.sandbox.send("DELETE", "/_admin/ongoing/returns?number=R70", json::Value()); // as the warehouse was told to
    change(shop, 2, json::Value::object().set("fulfillment_status", 0));
    CHECK(summary_of(shop.sync())["updated"].integer() == 1);
    CHECK(shop.expected("R70") == "P000002 x 2");
    CHECK(shop.listed()["70"]["state"].text() == "expected");
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a return order whose answer was lost is found by the next run, which says so") {
    ReturnShop shop(returns_on(), impatient);
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    json::Value rule = fault_rule({"ongoing", "PUT /returnOrders"}, "drop_after", "", 1);
    shop.sandbox.fault(rule.set("nth", 0).set("every", 1));
    CHECK(shop.sync().exit_code != 0);
    shop.sandbox.clear_faults();
    const auto next = shop.sync();
    CHECK(next.exit_code == 0);
    expect_text(next.out, "an earlier run was interrupted; the return order is in Ongoing");
    CHECK(shop.return_orders() == 1);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a return order that came through behind a firewall's page is known when its return is called off at once") {
    ReturnShop shop(returns_on(), impatient);
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    shop.sandbox.fault(fault_rule({"ongoing", "PUT /returnOrders"}, "html_403", "", 1).set("commit", true));
    CHECK(shop.sync().exit_code == 3);
    CHECK(shop.return_orders() == 1);
    shop.base(json::Value::object().set("return_id", 70).set("fulfillment_status", 2));
    const auto next = shop.sync();
    CHECK(next.exit_code == 0);
    expect_text(next.out, "cancel return order R70 in Ongoing");
    CHECK(shop.listed()["70"]["state"].text() == "called off");
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a lost status that another run has settled meanwhile is settled once") {
    ReturnShop shop(returns_on("statuses = [51002]\nstatus_after_received = 51006"), impatient);
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.work("R70", json::Value::object().set("receive", true));
    json::Value rule = fault_rule({"baselinker", "setOrderReturnStatus"}, "drop_before", "", 1);
    shop.sandbox.fault(rule);
    CHECK(shop.sync().exit_code == 8);
    shop.sandbox.clear_faults();
    age_intents(shop.installation);
    // This one looks, and its answer takes its time: the status is not set. Another host's run saw that a person had moved
    // the return on and back.
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "getOrderReturns")
                           .set("nth", 1)
                           .set("fault", "stall")
                           .set("seconds", json::Value::number("0.7")));
    const auto slow = shop.installation.start({"returns", "sync"});
    slow->wait_until([&] { return fault_fired(shop.sandbox); });
    edit_state(shop.installation,
               "UPDATE intents SET state = 4, settled = created, result = 'moved by a person' WHERE state = 3; "
               "UPDATE returns SET fate = 3");
    CHECK(slow->wait().exit_code == 0);
    CHECK(shop.listed()["70"]["status"].text() == "left as it was");
    CHECK(shop.status_of(70) == return_status::accepted);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

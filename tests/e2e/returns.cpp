// SPDX-License-Identifier: Apache-2.0
// What a user sees of the returns flow: which return orders Ongoing holds, what is printed, statuses, exit codes.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/returns.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value receive(const std::string& row, std::int64_t pieces) {
    return json::Value::object().set("receive", json::Value::object().set(row, pieces));
}

std::string cause_of(const Installation& installation, const std::string& key) {
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        if (row["flow"].text() == "returns" && row["key"].text() == key) return std::string(row["cause"].text());
    return {};
}

const std::string to_received = "statuses = [51002]\nstatus_after_received = 51006";

} // namespace

TEST_CASE("a return of an order of ours becomes a return order with that order's lines, and an idle run writes nothing") {
    ReturnShop shop(returns_on(), {}, "order_number_prefix = \"BL-\"");
    shop.base(base_return(70, 1,
                          {return_line(synthetic_sku(2), 2, json::Value::object().set("return_reason_comment", "pęknięty")),
                           return_line(synthetic_sku(1), 1)},
                          json::Value::object().set("reference_number", "RMA/11/2026/4")));
    const auto first = shop.sync();
    CHECK(first.exit_code == 0);
    CHECK(summary_of(first)["created"].integer() == 1);
    const json::Value there = shop.there("BL-R70");
    REQUIRE(there.is_object());
    CHECK(shop.expected("BL-R70") == "P000002 x 2, P000001 x 1");
    CHECK(there["orderId"].integer() == shop.sandbox.orders()["BL-1"]["orderId"].integer());
    CHECK(there["comment"].text() == "RMA/11/2026/4");
    CHECK(there["lines"].elements().front()["row"].text() == "701");
    CHECK(there["lines"].elements().front()["returnOrderLineComment"].text() == "pęknięty");

    shop.sandbox.reset_journal();
    const auto idle = shop.sync();
    CHECK(idle.exit_code == 0);
    CHECK(summary_of(idle)["same"].integer() == 1);
    CHECK(shop.sandbox.writes() == 0);
    // One look at BaseLinker's returns, one at what came of them.
    CHECK(shop.sandbox.calls("baselinker") == 1);
    CHECK(shop.sandbox.calls("ongoing") == 1);
    expect_lawful(shop.sandbox);
}

TEST_CASE("a return that changes is changed in Ongoing; what people changed there stays") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1), return_line(synthetic_sku(2), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.work("R70", json::Value::object()
                         .set("expect", json::Value::object().set("702", 3))
                         .set("returnOrderHandlingComment", "regał 7")
                         .set("inDate", "2026-12-02T12:00:00Z"));
    json::Value lines = json::Value::array();
    lines.push_back(return_line(synthetic_sku(1), 2).set("order_return_product_id", 701));
    lines.push_back(return_line(synthetic_sku(2), 1).set("order_return_product_id", 702));
    shop.base(json::Value::object().set("return_id", 70).set("products", std::move(lines)));
    const auto changed = shop.sync();
    CHECK(changed.exit_code == 0);
    CHECK(summary_of(changed)["updated"].integer() == 1);
    CHECK(changed.out.find("kept: 3 pieces of P000002") != std::string::npos);
    CHECK(shop.expected("R70") == "P000001 x 2, P000002 x 3");
    CHECK(shop.there("R70")["returnOrderHandlingComment"].text() == "regał 7");
    CHECK(shop.there("R70")["inDate"].text().starts_with("2026-12-02"));
    CHECK(shop.there("R70")["writes"].integer() == 2);

    // A line that goes in BaseLinker goes.
    json::Value rest = json::Value::array();
    rest.push_back(return_line(synthetic_sku(1), 2).set("order_return_product_id", 701));
    shop.base(json::Value::object().set("return_id", 70).set("products", std::move(rest)));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.expected("R70") == "P000001 x 2");
    CHECK(shop.return_orders() == 1);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("a return whose SKU is not that of one single line of the order is parked, and goes by itself when it is") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line("UNKNOWN-1")}));
    shop.base(base_return(71, 2, {return_line(synthetic_sku(1))})); // two lines have it
    shop.base(base_return(72, 1, {return_line(synthetic_sku(1))}));
    const auto first = shop.sync();
    CHECK(first.exit_code == 3);
    CHECK(shop.return_orders() == 1); // a bad one stops no other
    CHECK(cause_of(shop.installation, "70") == "unknown_sku");
    CHECK(cause_of(shop.installation, "71") == "unknown_sku");
    const auto told = shop.installation.blongo({"parked", "list"});
    CHECK(told.out.find("the order has no line of UNKNOWN-1") != std::string::npos);
    CHECK(told.out.find("2 lines of the order are of P000001") != std::string::npos);
    CHECK(told.out.find("seller acts") != std::string::npos);
    CHECK(shop.sync().exit_code == 0); // no news
    CHECK(shop.installation.blongo({"parked", "retry", "70"}).exit_code == 0);

    json::Value lines = json::Value::array();
    lines.push_back(return_line(synthetic_sku(2)).set("order_return_product_id", 701));
    shop.base(json::Value::object().set("return_id", 70).set("products", std::move(lines)));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.expected("R70") == "P000002 x 1");
    CHECK(cause_of(shop.installation, "70").empty());
    CHECK(cause_of(shop.installation, "71") == "unknown_sku");
    // One that is called off is waited for no longer.
    shop.base(json::Value::object().set("return_id", 71).set("fulfillment_status", 2));
    CHECK(shop.sync().exit_code == 0);
    CHECK(cause_of(shop.installation, "71").empty());
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("what the warehouse receives is read back and listed, and the status follows when all has come, once") {
    ReturnShop shop(returns_on(to_received));
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 2), return_line(synthetic_sku(2), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    CHECK(shop.listed()["70"]["state"].text() == "expected");
    shop.work("R70", receive("701", 1));
    CHECK(shop.sync().exit_code == 0);
    const json::Value partly = shop.listed()["70"];
    CHECK(partly["state"].text() == "partly received");
    CHECK(partly["expected"].integer() == 3);
    CHECK(partly["received"].integer() == 1);
    CHECK(shop.status_of(70) == return_status::accepted);

    shop.work("R70", json::Value::object().set("receive", true));
    CHECK(shop.sync({"--dry-run"}).out.find("status_after_received") != std::string::npos);
    CHECK(shop.status_of(70) == return_status::accepted);
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.status_of(70) == return_status::received);
    const json::Value whole = shop.listed()["70"];
    CHECK(whole["state"].text() == "received");
    CHECK(whole["received"].integer() == 3);
    CHECK(whole["status"].text() == "set");
    const auto text = shop.installation.blongo({"returns", "list"});
    CHECK(text.out.find("2 of 2 x P000001, 1 of 1 x P000002") != std::string::npos);
    CHECK(shop.installation.blongo({"returns", "list", "--format", "csv"}).out.find("R70") != std::string::npos);

    // A person moves it back, on purpose: theirs stays.
    shop.base(json::Value::object().set("return_id", 70).set("status_id", return_status::accepted));
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
    CHECK(shop.status_of(70) == return_status::accepted);
    CHECK(shop.sandbox.calls("ongoing") == 0); // nothing is expected any more
}

TEST_CASE("a return that a person moved on before its goods came keeps the status that it has") {
    ReturnShop shop(returns_on(to_received));
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.base(json::Value::object().set("return_id", 70).set("status_id", return_status::closed));
    shop.work("R70", json::Value::object().set("receive", true));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.status_of(70) == return_status::closed);
    CHECK(shop.status_writes(70, return_status::received) == 0);
    CHECK(shop.listed()["70"]["status"].text() == "left as it was");
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("returns of other orders are counted, of other statuses and called off ones left alone") {
    ReturnShop shop(returns_on("statuses = [\"Zaakceptowane\"]"));
    shop.base(base_return(70, 999, {return_line(synthetic_sku(1))}));
    shop.base(base_return(71, 1, {return_line(synthetic_sku(1))}, json::Value::object().set("status_id", return_status::fresh)));
    shop.base(base_return(72, 1, {return_line(synthetic_sku(1))}, json::Value::object().set("fulfillment_status", 2)));
    const auto run = shop.sync();
    CHECK(run.exit_code == 0);
    CHECK(summary_of(run)["skipped"].integer() == 1);
    CHECK(shop.return_orders() == 0);
    const auto named = shop.sync({"--order", "1"});
    CHECK(named.exit_code == 0);
    CHECK(named.out.find("its status is none of returns.statuses") != std::string::npos);
    // It gets there later.
    shop.base(json::Value::object().set("return_id", 71).set("status_id", return_status::accepted));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.return_orders() == 1);

    const Installation wrong(shop.sandbox, {}, returns_on("statuses = [\"Zaakceptowanee\"]"), orders_on());
    const auto refused = wrong.blongo({"returns", "sync"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("Zaakceptowane (51002)") != std::string::npos);
    CHECK(shop.installation.blongo({"list", "return-statuses"}).out.find("51009") != std::string::npos);
    const auto doctor = shop.installation.blongo({"doctor"});
    CHECK(doctor.out.find("1 of 4 statuses become return orders") != std::string::npos);
}

TEST_CASE("off by default: an explicit command says how to enable it, a dry run shows what it would do and writes nothing") {
    ReturnShop shop("");
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1))}));
    const auto refused = shop.installation.blongo({"returns", "sync"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("set enabled = true in [connections.demo.returns]") != std::string::npos);
    const auto dry = shop.sync({"--dry-run"});
    CHECK(dry.exit_code == 0);
    CHECK(summary_of(dry)["created"].integer() == 1);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.listed().empty());
    const auto rows = lines_of(shop.installation.blongo({"status", "--json"}), "status");
    REQUIRE(rows.size() == 5);
    CHECK(rows[4]["flow"].text() == "returns");
    CHECK(rows[4]["enabled"].is_bool());
    CHECK_FALSE(rows[4]["enabled"].is_true());
}

TEST_CASE("a return order that is there already is adopted if it says the same, and left alone if not") {
    ReturnShop shop;
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    shop.base(base_return(71, 1, {return_line(synthetic_sku(2), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    edit_state(shop.installation, "DELETE FROM returns; DELETE FROM return_lines; DELETE FROM intents");
    shop.work("R71", json::Value::object().set("expect", json::Value::object().set("711", 3)));
    shop.sandbox.reset_journal();
    const auto run = shop.sync();
    CHECK(run.exit_code == 3);
    CHECK(summary_of(run)["adopted"].integer() == 1);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.listed().size() == 1);
    CHECK(cause_of(shop.installation, "71") == "exists_in_warehouse");
}

TEST_CASE("a return that is called off, or gone on one side, is said and never made twice") {
    ReturnShop shop;
    for (int id = 70; id < 73; ++id) shop.base(base_return(id, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.base(json::Value::object().set("return_id", 70).set("fulfillment_status", 2));
    shop.sandbox.send("DELETE", "/_admin/baselinker/returns?id=71", json::Value());
    shop.sandbox.send("DELETE", "/_admin/ongoing/returns?number=R72", json::Value());
    edit_state(shop.installation, "UPDATE returns SET seen_at = seen_at - 3600000");
    shop.sandbox.reset_journal();
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.sandbox.writes() == 0);
    auto rows = shop.listed();
    CHECK(rows["70"]["state"].text() == "called off");
    CHECK(rows["71"]["state"].text() == "called off");
    CHECK(rows["72"]["state"].text() == "gone in Ongoing");
    // It lives again.
    shop.base(json::Value::object().set("return_id", 70).set("fulfillment_status", 0));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.listed()["70"]["state"].text() == "expected");
    CHECK(shop.return_orders() == 2);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("230 returns over three pages, with every quirk, and --limit") {
    ReturnShop shop(returns_on(to_received), {}, {}, {"--quirks"});
    json::Value many = json::Value::array();
    for (int id = 1001; id <= 1230; ++id) many.push_back(base_return(id, 1, {return_line(synthetic_sku(1), 1)}));
    shop.base(many);
    const auto limited = shop.sync({"--limit", "7"});
    CHECK(limited.exit_code == 0);
    CHECK(shop.return_orders() == 7);
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.return_orders() == 230);
    CHECK(shop.there("R1230")["writes"].integer() == 1);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

TEST_CASE("while no sweep is due, a new return is found by its date and a late status by the journal") {
    ReturnShop shop(returns_on("statuses = [51002]"), {}, {}, {"--set", "journal=true"});
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1))}));
    shop.base(base_return(71, 1, {return_line(synthetic_sku(2))},
                          json::Value::object().set("status_id", return_status::fresh).set("date_add", "-3d")));
    REQUIRE(shop.sync().exit_code == 0);
    edit_state(shop.installation, "UPDATE cursors SET value = '50' WHERE name = 'returns.sweep_calls'");
    shop.base(base_return(72, 1, {return_line(synthetic_sku(1))}));
    shop.base(json::Value::object().set("return_id", 71).set("status_id", return_status::accepted));
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.return_orders() == 3);
    CHECK(shop.sandbox.calls("baselinker", "getOrderReturnJournalList") > 0);
}

TEST_CASE("status counts what each flow's own ledger holds, and the requests of the last minute") {
    ReturnShop shop;
    for (const std::int64_t id : {70, 71}) shop.base(base_return(id, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    std::map<std::string, std::int64_t> ledger;
    for (const auto& row : lines_of(said(shop.installation, {"status", "--json"}), "status")) {
        ledger[std::string(row["flow"].text())] = row["ledger"].integer();
        CHECK(row["budget"]["used"].integer() > 0);
    }
    CHECK(ledger["returns"] == 2);
    CHECK(ledger["shipments"] == 0);
    CHECK(ledger["orders"] > 0);
    CHECK(ledger["articles"] > 0);
}

TEST_CASE("a return that BaseLinker does not show once, or whose call a firewall stopped, gets its status in the next run") {
    ReturnShop shop(returns_on(to_received));
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1), 1)}));
    REQUIRE(shop.sync().exit_code == 0);
    shop.work("R70", json::Value::object().set("receive", true));
    const auto spoil = [&](const char* operation, const char* fault) {
        shop.sandbox.fault(with("operation", operation).set("side", "baselinker").set("fault", fault));
    };
    SECTION("not shown") {
        spoil("getOrderReturns", "empty_listing");
        CHECK(shop.sync().exit_code == 0);
    }
    SECTION("stopped") {
        spoil("setOrderReturnStatus", "html_403");
        CHECK(shop.sync().exit_code == 3);
    }
    CHECK(shop.status_of(70) == return_status::accepted);
    shop.sandbox.clear_faults();
    CHECK(shop.sync().exit_code == 0);
    CHECK(shop.status_of(70) == return_status::received);
    CHECK(shop.status_writes(70, return_status::received) == 1);
    expect_lawful_and_idle(shop.sandbox, shop.installation, "returns");
}

// SPDX-License-Identifier: Apache-2.0
// What people read in the morning (`today`) and what a monitor asks (`health`).
#include <catch2/catch.hpp>

#include <fstream>

#include "support/e2e/faults.hpp"
#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;
using Catch::Contains;

namespace {

std::vector<std::string> told(const Finished& today) {
    std::vector<std::string> kinds;
    for (const auto& row : lines_of(today, "matter")) kinds.emplace_back(row["kind"].text());
    return kinds;
}

/// The sandbox's products have no weight, which is foreseen to fail at Send.
const std::string quiet = "preflight = \"off\"";

/// All flows that are enabled run well once.
void run_all(const Sending& world) {
    (void)world.blongo({"articles", "sync"});
    (void)world.blongo({"orders", "sync"});
    (void)world.send();
}

} // namespace

TEST_CASE("today is one line when nothing needs anybody, and no request") {
    Sending world({.orders = quiet});
    world.import({one_piece(1)});
    run_all(world);
    world.sandbox.reset_journal();
    const auto today = world.blongo({"today"});
    CHECK(today.exit_code == 0);
    CHECK(today.out == "demo: nothing needs anybody\n");
    CHECK(world.blongo({"today", "--json"}).out.empty());
    CHECK(world.sandbox.calls("baselinker") + world.sandbox.calls("ongoing") == 0);
}

TEST_CASE("today says of everything that waits who acts, since when, and the command") {
    Sending world({.orders = "status_after_import = 8070"});
    world.import({one_piece(1), one_piece(2), one_piece(3)});
    world.sandbox.base_orders(base_order(9, {base_line("NO-SUCH-SKU")}));
    run_all(world);
    CHECK(world.blongo({"orders", "hold", "2", "--reason", "customer calls back"}).exit_code == 0);
    // A short delivery of one of two ordered pieces.
    world.import({base_order(4, {base_line(synthetic_sku(1), 2)})});
    world.work("4", "pick_and_send", picked(4, {1}, {"0.5"}));
    REQUIRE(world.send().exit_code == 0);
    // A booking of which nobody knows whether it was carried out.
    world.sandbox.fault(fault_rule({"baselinker", "createPackage"}, "drop_before", "", 0));
    world.press_send("3");
    REQUIRE(world.send().exit_code == 8);

    const auto rows = lines_of(world.blongo({"today", "--json"}), "matter");
    REQUIRE(rows.size() == 6);
    CHECK(rows[0]["kind"].text() == "unknown");
    CHECK(rows[0]["key"].text() == "3");
    CHECK_THAT(std::string(rows[0]["command"].text()), Contains("blongo unknown resolve 3"));
    CHECK(rows[1]["kind"].text() == "parked");
    CHECK(rows[1]["key"].text() == "9");
    CHECK(rows[1]["cause"].text() == "unknown_sku");
    CHECK(rows[1]["owner"].text() == "seller");
    CHECK(rows[1]["command"].text() == "blongo orders why 9");
    CHECK(rows[1]["since"].is_string());
    CHECK(rows[2]["kind"].text() == "will_fail");
    CHECK(rows[2]["key"].text() == "1");
    CHECK(rows[2]["cause"].text() == "no_weight");
    CHECK(rows[3]["key"].text() == "2");
    CHECK(rows[4]["kind"].text() == "short_sent");
    CHECK(rows[4]["key"].text() == "4");
    CHECK(rows[4]["owner"].text() == "warehouse");
    CHECK(rows[5]["kind"].text() == "held");
    CHECK(rows[5]["key"].text() == "2");
    CHECK_THAT(std::string(rows[5]["detail"].text()), Contains("customer calls back"));

    const auto people = world.blongo({"today"});
    CHECK(people.exit_code == 0);
    CHECK_THAT(people.out, Contains("seller") && Contains("unknown_sku") && Contains("blongo orders unhold 2"));
    CHECK(people.out.find("nothing needs anybody") == std::string::npos);

    // The rest is sent, the SKU is mended, the hold ends: what was solved is not told any more.
    world.work("4", "pick_and_send", picked(4, {2}, {"0.5", "0.5"}));
    (void)world.send();
    world.sandbox.base_orders(base_order(9, {base_line(synthetic_sku(1))}));
    (void)world.blongo({"orders", "unhold", "2"});
    (void)world.blongo({"orders", "sync"});
    const auto later = told(world.blongo({"today", "--json"}));
    CHECK(later == std::vector<std::string>{"unknown"}); // order 4 showed that this warehouse weighs
    CHECK(world.blongo({"health"}).exit_code == 8);
}

TEST_CASE("many parked orders of one cause are one line") {
    Sending world({.orders = quiet});
    std::vector<json::Value> orders;
    for (std::int64_t id = 1; id <= 7; ++id) orders.push_back(base_order(id, {base_line("NO-SUCH-SKU")}));
    for (const auto& order : orders) world.sandbox.base_orders(order);
    run_all(world);
    const auto rows = lines_of(world.blongo({"today", "--json"}), "matter");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["count"].integer() == 7);
    CHECK(rows[0]["command"].text() == "blongo parked list --cause unknown_sku");
    CHECK_THAT(world.blongo({"today"}).out, Contains("unknown_sku (7 times)"));
}

TEST_CASE("health is 0 after good runs, and else the code of what is wrong, for each flow", "[F35]") {
    Sending world({.orders = quiet});
    const auto never = world.blongo({"health"});
    CHECK(never.exit_code == 5);
    CHECK(never.out.empty());
    CHECK_THAT(never.err, Contains("orders: it never ran"));

    world.import({one_piece(1)});
    run_all(world);
    const auto well = world.blongo({"health"});
    CHECK(well.exit_code == 0);
    CHECK(well.out.empty());
    CHECK(well.err.empty());

    edit_state(world.installation, "UPDATE runs SET started = started - 7200000 WHERE flow = 'orders'");
    const auto stale = world.blongo({"health", "--max-age", "1h"});
    CHECK(stale.exit_code == 5);
    CHECK_THAT(stale.err, Contains("orders: the last good run was 2 h ago"));
    CHECK(stale.err.find("articles") == std::string::npos);
    CHECK(world.blongo({"health", "--max-age", "3h"}).exit_code == 0);
    CHECK(told(world.blongo({"today", "--json"})) == std::vector<std::string>{"run"});

    std::ofstream(world.installation.folder() / "password") << "another\n";
    REQUIRE(world.blongo({"orders", "sync"}).exit_code == 4);
    const auto refused = world.blongo({"health"});
    CHECK(refused.exit_code == 4);
    CHECK_THAT(refused.err, Contains("orders:") && Contains("ended with 4"));
}

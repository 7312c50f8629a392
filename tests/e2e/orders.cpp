// SPDX-License-Identifier: Apache-2.0
// What a user sees of the order flow: which orders Ongoing holds afterwards, what was printed, exit codes.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::int64_t count(const json::Value& summary, const std::string& name) {
    return summary[name].integer(-1);
}

/// A sweep that cost more than 10 calls is repeated hourly only: from here on none is due.
void put_off_sweeps(const Installation& installation) {
    edit_state(installation, "UPDATE cursors SET value = '50' WHERE name = 'orders.sweep_calls'");
}

/// Every call of the operation answers this status and is not carried out.
json::Value always(const std::string& side, const std::string& operation, int code) {
    return json::Value::object()
        .set("side", side)
        .set("operation", operation)
        .set("every", 1)
        .set("fault", "status_before")
        .set("code", code);
}

} // namespace

TEST_CASE("250 orders, 130 of them in one second, over two statuses: 250 in Ongoing, none twice", "[F2][F4]") {
    Sandbox sandbox({"--products", "20"});
    json::Value orders = json::Value::array();
    std::vector<std::int64_t> ids;
    const std::int64_t second = to_unix_seconds(parse_timestamp("2026-03-02T10:00:00Z").value());
    for (int i = 0; i < 250; ++i) {
        // Ids descend while the later confirmations ascend: no order of ids may be relied on.
        const std::int64_t id = i < 130 ? 5000 + i : 9000 - i;
        ids.push_back(id);
        orders.push_back(one_piece(id, json::Value::object()
                                           .set("order_status_id", i < 130 || i % 2 == 0 ? 8069 : 8070)
                                           .set("date_confirmed", i < 130 ? second : second + i)
                                           .set("date_in_status", second)
                                           .set("date_add", second - i)));
    }
    sandbox.base_orders(orders);
    Installation installation(sandbox, {}, {}, orders_on({}, "2026-01-01T00:00:00Z", "[8069, 8070]"));
    const auto first = sync_orders(installation);
    CHECK(first.exit_code == 0);
    CHECK(count(summary_of(first), "created") == 250);
    expect_each_once(sandbox, ids);
    CHECK(sandbox.violations().empty());

    // Oldest first, always.
    const json::Value puts = sandbox.get("/_admin/journal?side=ongoing&operation=PUT%20/orders");
    REQUIRE(puts.size() == 250);
    CHECK(puts.elements().front()["parameters"]["orderNumber"].text() == "5000");
    CHECK(puts.elements().back()["parameters"]["orderNumber"].text() == std::to_string(ids.back()));

    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    expect_each_once(sandbox, ids);
}

TEST_CASE("an order that enters an accepted status three days after its confirmation arrives at the next run", "[F5]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("order_status_id", status::fresh).set("date_confirmed", "-3d")));
    sandbox.base_orders(one_piece(2));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {2});
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2});
}

TEST_CASE("an order that shows late, with an earlier confirmation than the newest, arrives although no sweep is due", "[F4]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, with("date_confirmed", "-5m")));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    put_off_sweeps(installation);
    sandbox.base_orders(one_piece(2, with("date_confirmed", "-30m")));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2});
}

TEST_CASE("a run that ends before its orders are recorded leaves them to the next one, although no sweep is due", "[F4]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, with("date_confirmed", "-6h")));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    put_off_sweeps(installation);
    sandbox.base_orders(one_piece(2, with("date_confirmed", "-4h")));
    sandbox.base_orders(one_piece(3, with("date_confirmed", "-1m")));
    sandbox.fault(always("ongoing", "PUT /orders", 401));
    CHECK(sync_orders(installation).exit_code == 4);
    sandbox.clear_faults();
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2, 3});
}

TEST_CASE("a list of orders that breaks off is an error of the run, and nothing is lost by it", "[F23]") {
    Sandbox sandbox({"--products", "20"});
    std::vector<std::int64_t> ids;
    for (std::int64_t id = 1; id <= 120; ++id) {
        ids.push_back(id);
        sandbox.base_orders(one_piece(id));
    }
    sandbox.fault(always("baselinker", "getOrders", 502).set("from", 2));
    Installation installation(sandbox, {}, impatient, orders_on());
    const auto broken = sync_orders(installation);
    CHECK(broken.exit_code == 5);
    CHECK_FALSE(summary_of(broken)["complete"].is_true());
    sandbox.clear_faults();
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, ids);
}

TEST_CASE("orders are the same when BaseLinker writes numbers as texts and empty maps as lists", "[F32]") {
    Sandbox plain({"--demo"}), odd({"--demo", "--quirks"});
    for (Sandbox* sandbox : {&plain, &odd}) {
        Installation installation(*sandbox, {}, {}, orders_on());
        CHECK(sync_orders(installation).exit_code == 3);
        CHECK(sandbox->violations().empty());
    }
    const json::Value a = plain.orders(), b = odd.orders();
    CHECK(a.size() > 10);
    REQUIRE(a.size() == b.size());
    for (const auto& [number, order] : a.members()) {
        INFO(number);
        CHECK(order["data"].canonical() == b[number]["data"].canonical());
    }
}

TEST_CASE("an unconfirmed order stays out until it is confirmed", "[F7]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("confirmed", false)));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 0);
    // Named, it is looked at and still not sent.
    CHECK(sync_orders(installation, {"--order", "1"}).exit_code == 0);
    CHECK(sandbox.orders().size() == 0);
    const auto why = installation.blongo({"why", "1"});
    CHECK(why.exit_code == 0);
    CHECK(why.out.find("not confirmed") != std::string::npos);
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("confirmed", true));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1});
}

TEST_CASE("order_sources takes only these, exclude_sources all but these, by name or by account") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("order_source", "allegro").set("order_source_id", 4417)));
    sandbox.base_orders(one_piece(2, json::Value::object().set("order_source", "amazon").set("order_source_id", 881)));
    sandbox.base_orders(one_piece(3));
    {
        Installation installation(sandbox, {}, {}, orders_on("exclude_sources = [\"amazon\", \"personal\"]"));
        CHECK(sync_orders(installation).exit_code == 0);
        expect_each_once(sandbox, {1});
    }
    Installation installation(sandbox, {}, {}, orders_on("order_sources = [\"amazon:881\"]"));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2});
    CHECK(installation.blongo({"why", "3"}).out.find("order_sources") != std::string::npos);
}

TEST_CASE("the prefix stands before the order number, not before the goods owner's id") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(77));
    Installation installation(sandbox, {}, {}, orders_on("order_number_prefix = \"BL-\""));
    CHECK(sync_orders(installation).exit_code == 0);
    const json::Value order = sandbox.orders()["BL-77"];
    REQUIRE(order.is_object());
    CHECK(order["data"]["goodsOwnerOrderId"].text() == "77");
    CHECK(installation.blongo({"why", "BL-77"}).exit_code == 0);
}

TEST_CASE("statuses are taken by their exact names; a name that is not there is a configuration error") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    Installation wrong(sandbox, {}, {}, orders_on({}, "2020-01-01T00:00:00Z", "[\"Do magazynuu\"]"));
    const auto refused = sync_orders(wrong);
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("Do magazynu (8069)") != std::string::npos);
    Installation right(sandbox, {}, {}, orders_on({}, "2020-01-01T00:00:00Z", "[\"Do magazynu\"]"));
    CHECK(sync_orders(right).exit_code == 0);
    expect_each_once(sandbox, {1});
}

TEST_CASE("a dry run says what it would do and writes nothing, not even a state file") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.base_orders(base_order(2, {base_line("UNKNOWN-1")}));
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070\nstatus_on_error = 8072"));
    const auto run = sync_orders(installation, {"--dry-run"});
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "created") == 1);
    CHECK(count(summary_of(run), "parked") == 1);
    for (const auto& line : lines_of(run, "action")) {
        CHECK(line["dry_run"].is_true());
        CHECK(line["outcome"].text() == "planned");
    }
    CHECK(sandbox.writes() == 0);
    CHECK_FALSE(std::filesystem::exists(installation.folder() / "state.db"));
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::to_warehouse);
}

TEST_CASE("the journal on or off makes no difference to which orders arrive") {
    for (const std::string journal : {"journal=true", "journal=false"}) {
        Sandbox sandbox({"--products", "20", "--set", journal});
        Installation installation(sandbox, {}, {}, orders_on());
        std::vector<std::int64_t> ids;
        for (int id = 1; id <= 30; ++id) {
            ids.push_back(id);
            sandbox.base_orders(one_piece(id, json::Value::object().set("order_status_id", status::fresh)));
            sandbox.base_orders(json::Value::object().set("order_id", id).set("order_status_id", status::to_warehouse));
            if (id % 10 == 0) CHECK(sync_orders(installation).exit_code == 0);
        }
        expect_each_once(sandbox, ids);
    }
}

TEST_CASE("a journal that stays empty while orders arrive is reported by doctor and status, one that tells is not", "[F8]") {
    for (const bool on : {false, true}) {
        INFO("journal " << on);
        Sandbox sandbox({"--products", "20", "--set", on ? "journal=true" : "journal=false"});
        Installation installation(sandbox, {}, {}, orders_on());
        const std::string words = "journal has told nothing";
        CHECK(installation.blongo({"doctor"}).out.find("no order was confirmed in the last 3 days") != std::string::npos);
        REQUIRE(sync_orders(installation).exit_code == 0);
        // It is asked while no sweep is due; then half an hour passes, and an order arrives.
        put_off_sweeps(installation);
        REQUIRE(sync_orders(installation).exit_code == 0);
        CHECK(installation.blongo({"status"}).err.find(words) == std::string::npos);
        edit_state(installation, "UPDATE cursors SET value = value - 1800 WHERE name = 'orders.journal_silent_since'");
        sandbox.base_orders(
            one_piece(1, json::Value::object().set("order_status_id", status::fresh).set("date_confirmed", "-5m")));
        sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse));
        REQUIRE(sync_orders(installation).exit_code == 0);
        expect_each_once(sandbox, {1});
        const auto status = installation.blongo({"status"});
        INFO(status.out << status.err);
        CHECK((status.err.find(words) == std::string::npos) == on);
        const auto doctor = installation.blongo({"doctor"});
        INFO(doctor.out << doctor.err);
        CHECK(doctor.exit_code == 0);
        CHECK((doctor.out.find("getJournalList tells nothing") == std::string::npos) == on);
        CHECK((doctor.out.find("getJournalList tells of orders") != std::string::npos) == on);
    }
}

TEST_CASE("while a sweep of the statuses is not due, the journal brings a late status") {
    Sandbox sandbox({"--products", "20", "--set", "journal=true"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("order_status_id", status::fresh).set("date_confirmed", "-3d")));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    put_off_sweeps(installation);
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1});
}

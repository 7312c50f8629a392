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

json::Value one_piece(std::int64_t id, json::Value more = json::Value::object()) {
    return base_order(id, {base_line(synthetic_sku(1 + static_cast<int>(id % 20)))}, std::move(more));
}

/// Takes a required key out of [connections.demo.orders].
void leave_out(const Installation& installation, const std::string& key) {
    std::string config = installation.config_text();
    const auto at = config.find("\n" + key + " = ");
    REQUIRE(at != std::string::npos);
    config.erase(at + 1, config.find('\n', at + 1) - at);
    installation.write_config(config);
}

/// Every number is there, and was written once.
void expect_each_once(Sandbox& sandbox, const std::vector<std::int64_t>& ids) {
    const json::Value orders = sandbox.orders();
    CHECK(orders.size() == ids.size());
    for (const auto id : ids) {
        const json::Value order = orders[std::to_string(id)];
        INFO("order " << id);
        REQUIRE(order.is_object());
        CHECK(order["data"]["goodsOwnerOrderId"].text() == std::to_string(id));
        CHECK(order["writes"].integer() == 1);
    }
}

} // namespace

TEST_CASE("250 orders, 130 of them in one second, over two statuses: 250 in Ongoing, none twice") {
    Sandbox sandbox({"--products", "20"});
    json::Value orders = json::Value::array();
    std::vector<std::int64_t> ids;
    const std::int64_t second = to_unix_seconds(parse_timestamp("2026-03-02T10:00:00Z").value());
    for (int i = 0; i < 250; ++i) {
        // Ids descend while the later confirmations ascend: no order of ids may be relied on.
        const std::int64_t id = i < 130 ? 5000 + i : 9000 - i;
        ids.push_back(id);
        orders.push_back(one_piece(id, json::Value::object()
                                           .set("order_status_id", i % 2 == 0 ? 8069 : 8070)
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

TEST_CASE("an order that enters an accepted status three days after its confirmation arrives at the next run") {
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

TEST_CASE("an unconfirmed order stays out until it is confirmed") {
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

TEST_CASE("start_from leaves older orders out, counts them, and backfill takes them by number or range") {
    Sandbox sandbox({"--products", "20"});
    for (const int id : {1, 2, 3})
        sandbox.base_orders(one_piece(id, json::Value::object()
                                              .set("date_confirmed", "2026-02-0" + std::to_string(id) + "T10:00:00Z")
                                              .set("date_in_status", "2026-02-05T10:00:00Z")));
    // Confirmed before and paid (put into its status) after the cut-over: it is one of ours.
    sandbox.base_orders(one_piece(4, json::Value::object()
                                         .set("date_confirmed", "2026-02-01T10:00:00Z")
                                         .set("date_in_status", "2026-03-05T10:00:00Z")));
    Installation installation(sandbox, {}, {}, orders_on({}, "2026-03-01T00:00:00Z"));
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "before_cutover") == 3);
    expect_each_once(sandbox, {4});
    CHECK(installation.blongo({"orders", "sync"}).out.find("3 from before start_from (blongo orders backfill)") !=
          std::string::npos);
    const auto why = installation.blongo({"why", "1"});
    CHECK(why.out.find("before start_from") != std::string::npos);
    CHECK(why.out.find("blongo orders backfill --order 1") != std::string::npos);

    // Naming an order in a sync is a filter: it lifts nothing, and says what does.
    const auto named = sync_orders(installation, {"--order", "1", "--order", "4"});
    CHECK(named.exit_code == 0);
    CHECK(count(summary_of(named), "before_cutover") == 1);
    const auto lines = lines_of(named, "action");
    REQUIRE(lines.size() == 1);
    CHECK(lines.front()["verb"].text() == "skip");
    CHECK(lines.front()["key"].text() == "1");
    CHECK(lines.front()["reason"].text() == "before start_from");
    CHECK(lines.front()["detail"].text().find("blongo orders backfill --order 1") != std::string::npos);
    const auto said = installation.blongo({"orders", "sync", "--order", "1", "-v"});
    INFO(said.out << said.err);
    CHECK(said.out.find("blongo orders backfill --order 1") != std::string::npos);
    expect_each_once(sandbox, {4});

    CHECK(installation.blongo({"orders", "backfill", "--order", "1"}).exit_code == 0);
    expect_each_once(sandbox, {1, 4});
    const auto range = installation.blongo({"orders", "backfill", "--from", "2026-02-02", "--to", "2026-02-03"});
    INFO(range.out << range.err);
    CHECK(range.exit_code == 0);
    expect_each_once(sandbox, {1, 2, 4});
    CHECK(installation.blongo({"orders", "backfill"}).exit_code == 2);
    CHECK(installation.blongo({"orders", "backfill", "--from", "yesterday"}).exit_code == 2);
}

TEST_CASE("a backfilled order that cannot be sent yet goes by itself later, although start_from leaves it out") {
    Sandbox sandbox({"--products", "20"});
    const auto old = json::Value::object()
                         .set("date_confirmed", "2026-02-01T10:00:00Z")
                         .set("date_in_status", "2026-02-01T10:00:00Z");
    sandbox.base_orders(base_order(1, {}, old));
    sandbox.base_orders(one_piece(2, old));
    sandbox.base_orders(one_piece(3, old)); // nobody asks for this one
    Installation installation(sandbox, {}, impatient, orders_on({}, "2026-03-01T00:00:00Z"));
    CHECK(sync_orders(installation, {"--order", "1"}).exit_code == 0);
    CHECK(sync_orders(installation, {"--order", "2"}).exit_code == 0);
    REQUIRE(sandbox.orders().size() == 0);
    // One is parked, of the other one the answer is lost.
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "PUT /orders")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(installation.blongo({"orders", "backfill", "--order", "1", "--order", "2"}).exit_code == 5);
    sandbox.clear_faults();
    json::Value line = json::Value::array();
    line.push_back(base_line(synthetic_sku(3)));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", line));
    const auto why = installation.blongo({"why", "2"});
    INFO(why.out);
    CHECK(why.out.find("before start_from") == std::string::npos);
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "created") == 2);
    CHECK(count(summary_of(run), "before_cutover") == 1);
    expect_each_once(sandbox, {1, 2});
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    expect_each_once(sandbox, {1, 2});
}

TEST_CASE("without start_from, statuses or cancel_statuses nothing starts") {
    Sandbox sandbox({"--products", "1"});
    for (const std::string missing : {"statuses", "start_from", "cancel_statuses"}) {
        Installation installation(sandbox, {}, {}, orders_on());
        leave_out(installation, missing);
        const auto run = installation.blongo({"orders", "sync"});
        INFO(run.out << run.err);
        CHECK(run.exit_code == 2);
        CHECK(run.err.find(missing) != std::string::npos);
        CHECK(installation.blongo({"orders", "sync", "--order", "1"}).exit_code == 2);
    }
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a missing start_from says what waits, and gives lines that can be copied") {
    Sandbox sandbox({"--products", "20"});
    int id = 0;
    for (const std::string ago : {"-2h", "-3d", "-20d", "-21d", "-60d"})
        sandbox.base_orders(one_piece(++id, json::Value::object().set("date_confirmed", ago).set("date_in_status", ago)));
    // Confirmed long ago, entered its status yesterday.
    sandbox.base_orders(one_piece(++id, json::Value::object()
                                            .set("order_status_id", status::in_warehouse)
                                            .set("date_confirmed", "-90d")
                                            .set("date_in_status", "-23h")));
    // None of these waits.
    sandbox.base_orders(one_piece(++id, json::Value::object().set("confirmed", false)));
    sandbox.base_orders(one_piece(++id, json::Value::object().set("order_status_id", status::fresh)));
    sandbox.base_orders(one_piece(++id, json::Value::object().set("order_source", "amazon")));
    const auto copied = [](const std::string& text, const std::string& after) {
        const auto at = text.find("start_from = ", text.find(after));
        return at == std::string::npos ? std::string{} : text.substr(at, std::string("start_from = 2026-11-24T06:00:00+01:00").size());
    };
    for (const bool dry : {true, false}) {
        Installation installation(sandbox, {}, {}, orders_on("exclude_sources = [\"amazon\"]", "2020-01-01T00:00:00Z", "[8069, 8070]"));
        leave_out(installation, "start_from");
        std::vector<std::string> command{"orders", "sync"};
        if (dry) command.emplace_back("--dry-run");
        const auto run = installation.blongo(command);
        INFO(run.out << run.err);
        CHECK(run.exit_code == 2);
        CHECK(run.err.find("start_from is missing") != std::string::npos);
        CHECK(run.err.find("8069 Do magazynu: 5 (4 in the last 30 days, 2 in the last 7 days, 1 in the last day)") !=
              std::string::npos);
        CHECK(run.err.find("8070 W magazynie: 1 (1 in the last 30 days, 1 in the last 7 days, 1 in the last day)") !=
              std::string::npos);
        CHECK(run.err.find("blongo orders backfill") != std::string::npos);
        CHECK(sandbox.writes() == 0);
        CHECK_FALSE(std::filesystem::exists(installation.folder() / "state.db"));

        const std::string from_now = copied(run.err, "from now on"), all = copied(run.err, "all of these");
        const std::string config = installation.config_text();
        for (const auto& [line, waiting] : {std::pair{from_now, 0}, std::pair{all, 6}}) {
            INFO(line);
            REQUIRE(line.size() > 30);
            std::string with = config;
            with.replace(with.find("start_from = "), with.find('\n', with.find("start_from = ")) - with.find("start_from = "), line);
            installation.write_config(with);
            CHECK(count(summary_of(sync_orders(installation, {"--dry-run"})), "created") == waiting);
        }
    }
}

TEST_CASE("a missing start_from counts a status of many orders as far back as that is cheap") {
    Sandbox sandbox({"--products", "20"});
    json::Value all = json::Value::array();
    for (int id = 1; id <= 1'050; ++id) {
        const std::string ago = id <= 2 ? "-1h" : id <= 5 ? "-6d" : "-40d";
        all.push_back(one_piece(id, json::Value::object().set("date_confirmed", ago).set("date_in_status", ago)));
    }
    sandbox.base_orders(all);
    Installation installation(sandbox, {}, {}, orders_on());
    leave_out(installation, "start_from");
    const auto run = installation.blongo({"orders", "sync"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("8069 Do magazynu: more than 1000 (5 in the last 30 days, 5 in the last 7 days, 2 in the last day)") !=
          std::string::npos);
    CHECK(sandbox.calls("baselinker", "getOrders") <= 15);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a missing start_from is said although BaseLinker cannot be asked what waits") {
    Sandbox sandbox({"--products", "1"});
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "getOrders")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500));
    Installation installation(sandbox, {}, impatient, orders_on());
    leave_out(installation, "start_from");
    const auto run = installation.blongo({"orders", "sync"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("start_from is missing") != std::string::npos);
}

TEST_CASE("import_delay holds fresh orders back, and says so") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.base_orders(one_piece(2, json::Value::object().set("date_confirmed", "-1m").set("date_in_status", "-1m")));
    Installation installation(sandbox, {}, {}, orders_on("import_delay = \"10m\""));
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "delayed") == 1);
    expect_each_once(sandbox, {1});
    // Naming it does not lift the delay; a backfill does.
    const auto named = sync_orders(installation, {"--order", "2"});
    CHECK(named.exit_code == 0);
    CHECK(lines_of(named, "action").front()["reason"].text() == "held back by import_delay");
    expect_each_once(sandbox, {1});
    sandbox.base_orders(one_piece(3, json::Value::object().set("date_confirmed", "-1m").set("date_in_status", "-1m")));
    CHECK(installation.blongo({"orders", "backfill", "--order", "3"}).exit_code == 0);
    expect_each_once(sandbox, {1, 3});
    sandbox.base_orders(json::Value::object().set("order_id", 2).set("date_confirmed", "-11m").set("date_in_status", "-11m"));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1, 2, 3});
}

TEST_CASE("what import_delay held back comes again when it may go, although no sweep is due") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("date_confirmed", "-2h").set("date_in_status", "-2h")));
    sandbox.base_orders(one_piece(2, json::Value::object().set("date_confirmed", "-1m").set("date_in_status", "-1m")));
    Installation installation(sandbox, {}, {}, orders_on("import_delay = \"3h\""));
    REQUIRE(sync_orders(installation).exit_code == 0);
    REQUIRE(sandbox.orders().size() == 0);
    edit_state(installation, "UPDATE cursors SET value = '50' WHERE name = 'orders.sweep_calls'");
    std::string config = installation.config_text();
    config.replace(config.find("\"3h\""), 4, "\"90m\""); // as if 90 minutes had passed
    installation.write_config(config);
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1});
}

TEST_CASE("mode plan writes nothing but the pilot orders") {
    Sandbox sandbox({"--products", "20"});
    for (const int id : {1, 2, 3}) sandbox.base_orders(one_piece(id));
    const auto mode = [](const std::string& pilots) {
        return "[connections.demo]\nmode = \"plan\"\npilot_orders = [" + pilots + "]\n";
    };
    Installation none(sandbox, {}, mode(""), orders_on("status_after_import = 8070"));
    const auto plan = sync_orders(none);
    CHECK(plan.exit_code == 0);
    CHECK(count(summary_of(plan), "created") == 3);
    CHECK(summary_of(plan)["dry_run"].is_true());
    CHECK(sandbox.writes() == 0);

    Installation installation(sandbox, {}, mode("\"2\""), orders_on("status_after_import = 8070"));
    CHECK(sync_orders(installation, {"--order", "3"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "created") == 2); // what is only planned
    expect_each_once(sandbox, {2});
    CHECK(sandbox.base_order(2)["order_status_id"].integer() == status::in_warehouse);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::to_warehouse);
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sync_orders(installation, {"--order", "2"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
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

TEST_CASE("a journal that stays empty while orders arrive is reported by doctor and status, one that tells is not") {
    for (const bool on : {false, true}) {
        INFO("journal " << on);
        Sandbox sandbox({"--products", "20", "--set", on ? "journal=true" : "journal=false"});
        Installation installation(sandbox, {}, {}, orders_on());
        const std::string words = "journal has told nothing";
        CHECK(installation.blongo({"doctor"}).out.find("no order was confirmed in the last 3 days") != std::string::npos);
        REQUIRE(sync_orders(installation).exit_code == 0);
        // It is asked while no sweep is due; then half an hour passes, and an order arrives.
        edit_state(installation, "UPDATE cursors SET value = '50' WHERE name = 'orders.sweep_calls'");
        REQUIRE(sync_orders(installation).exit_code == 0);
        CHECK(installation.blongo({"status"}).err.find(words) == std::string::npos);
        edit_state(installation, "UPDATE cursors SET value = value - 1800 WHERE name = 'orders.journal_silent_since'");
        sandbox.base_orders(one_piece(1, json::Value::object().set("order_status_id", status::fresh).set("date_confirmed", "-5m")));
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
    // A sweep that cost more than 10 calls is repeated hourly only.
    edit_state(installation, "UPDATE cursors SET value = '50' WHERE name = 'orders.sweep_calls'");
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse));
    CHECK(sync_orders(installation).exit_code == 0);
    expect_each_once(sandbox, {1});
}

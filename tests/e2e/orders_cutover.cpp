// SPDX-License-Identifier: Apache-2.0
// Which orders begin to be ours: start_from, import_delay, backfill, mode plan.
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

/// Takes a required key out of [connections.demo.orders].
void leave_out(const Installation& installation, const std::string& key) {
    std::string config = installation.config_text();
    const auto at = config.find("\n" + key + " = ");
    REQUIRE(at != std::string::npos);
    config.erase(at + 1, config.find('\n', at + 1) - at);
    installation.write_config(config);
}

} // namespace

TEST_CASE("start_from leaves older orders out, counts them, and backfill takes them by number or range") {
    Sandbox sandbox({"--products", "20"});
    for (const int id : {1, 2, 3})
        sandbox.base_orders(one_piece(id, json::Value::object()
                                              .set("date_confirmed", "2026-02-0" + std::to_string(id) + "T10:00:00Z")
                                              .set("date_in_status", "2026-02-05T10:00:00Z")));
    // Confirmed before and paid (put into its status) after the cut-over: it is one of ours.
    sandbox.base_orders(one_piece(
        4, json::Value::object().set("date_confirmed", "2026-02-01T10:00:00Z").set("date_in_status", "2026-03-05T10:00:00Z")));
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
    const auto old =
        json::Value::object().set("date_confirmed", "2026-02-01T10:00:00Z").set("date_in_status", "2026-02-01T10:00:00Z");
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
    const auto shown = installation.blongo({"orders", "show", "2"});
    INFO(shown.out);
    CHECK(shown.out.find("unknown:    put_order since ") != std::string::npos);
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
        return at == std::string::npos ? std::string{}
                                       : text.substr(at, std::string("start_from = 2026-11-24T06:00:00+01:00").size());
    };
    for (const bool dry : {true, false}) {
        Installation installation(sandbox, {}, {},
                                  orders_on("exclude_sources = [\"amazon\"]", "2020-01-01T00:00:00Z", "[8069, 8070]"));
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
            with.replace(with.find("start_from = "), with.find('\n', with.find("start_from = ")) - with.find("start_from = "),
                         line);
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

TEST_CASE("in mode plan why says what a run would do: create, or park with the cause that the dry run prints") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(one_piece(1));
    sandbox.base_orders(base_order(2, {base_line("NO-SUCH-SKU")}));
    const Installation installation(sandbox, {}, "[connections.demo]\nmode = \"plan\"\n", orders_on("preflight = \"off\""));
    const auto plan = installation.blongo({"orders", "sync"});
    const auto why = [&](const std::string& n) {
        const auto answer = installation.blongo({"orders", "why", n});
        INFO(plan.out << answer.out << answer.err);
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("will be sent") == std::string::npos);
        return answer.out;
    };
    CHECK_THAT(plan.out, Catch::Contains("unknown_sku"));
    CHECK_THAT(why("1"), Catch::Contains("would be created in Ongoing if mode were \"live\""));
    CHECK_THAT(why("2"),
               Catch::Contains("would be parked if mode were \"live\": with mode = \"plan\" nothing is written: unknown_sku: ") &&
                   Catch::Contains("seller acts: "));
    CHECK(sandbox.writes() == 0);
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "e2e/fleet.hpp"
#include "support/e2e/commands.hpp"
#include "support/replaced.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string quick_retries = "[http]\nretry_ongoing = [\"10ms\"]\nretry_baselinker = [\"10ms\"]\n";

std::vector<std::int64_t> ids(int client, int count) {
    std::vector<std::int64_t> out;
    for (int i = 1; i <= count; ++i) out.push_back(client * 1000 + i);
    return out;
}

/// Flows in the order of their summary lines, of one connection.
std::vector<std::string> flows_of(const Finished& run, const std::string& connection) {
    std::vector<std::string> flows;
    for (const auto& line : lines_of(run, "summary"))
        if (line["connection"].text() == connection) flows.emplace_back(line["flow"].text());
    return flows;
}

/// The pid of the child process that runs a connection; 0: none.
pid_t child_of(pid_t parent, const std::string& connection) {
    std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", parent));
    for (pid_t child = 0; list >> child;) {
        std::ifstream file(fmt::format("/proc/{}/cmdline", child));
        const std::string line((std::istreambuf_iterator<char>(file)), {});
        if (line.find(std::string(1, '\0') + connection + '\0') != std::string::npos) return child;
    }
    return 0;
}

} // namespace

TEST_CASE("40 clients: what happens to five of them touches none of the others, and is told exactly", "[run]") {
    const int wrong = 3, blocked = 11, unreachable = 17, poisoned = 23, broken = 31;
    Fleet fleet(40, quick_retries, [&](int client, std::string table) {
        if (client == unreachable) {
            const auto end = table.find("/sandbox\""), begin = table.rfind("http", end);
            table.replace(begin, end - begin, "http://127.0.0.1:1");
        }
        if (client == broken) table = replaced(table, "inventory_id = 307\n", "inventory_di = 307\n");
        return table;
    });
    for (int client = 1; client <= 40; ++client) fleet.orders(client, 2);
    fleet.write_password(wrong, "not-it");
    fleet.order(poisoned, base_order(poisoned * 1000 + 900, {base_line("NO SUCH SKU", 1)}));
    fleet.block(blocked);

    const Finished run = fleet.run({"--parallel", "4", "--json"});
    CHECK(run.exit_code == 4); // 4 > 2 > 5 > 3
    const auto ends = endings(run);
    REQUIRE(ends.size() == 40);
    const std::map<int, int> expected{{wrong, 4}, {blocked, 5}, {unreachable, 5}, {poisoned, 3}, {broken, 2}};
    for (int client = 1; client <= 40; ++client) {
        INFO("client " << client);
        const auto& end = ends.at(Fleet::name(client));
        INFO(end.dump());
        const auto found = expected.find(client);
        if (found == expected.end()) {
            CHECK(end["exit_code"].integer(-1) == 0);
            CHECK(end["finding"].is_null());
        } else {
            CHECK(end["exit_code"].integer(-1) == found->second);
            CHECK_FALSE(end["finding"].text().empty());
        }
        const bool written = found == expected.end() || client == poisoned;
        CHECK(fleet.arrived(client) == (written ? ids(client, 2) : std::vector<std::int64_t>{}));
        if (found == expected.end())
            CHECK(flows_of(run, Fleet::name(client)) == std::vector<std::string>{"shipments", "orders", "articles"});
    }
    // What every flow would meet is met once.
    CHECK(flows_of(run, Fleet::name(wrong)) == std::vector<std::string>{"shipments"});
    CHECK(flows_of(run, Fleet::name(blocked)).size() < 3);
    for (const auto& breach : fleet.sandbox.violations()) {
        INFO(breach);
        const bool meant =
            breach.find("bad_credentials") != std::string::npos || breach.find("called_while_blocked") != std::string::npos;
        CHECK(meant);
    }
    CHECK(fleet.sandbox.calls("ongoing", "PUT /orders") == 72);

    const Finished again = fleet.run({"--parallel", "4"});
    CHECK(again.exit_code == 4);
    expect_text(again.out, "40 connections: 36 ok, 4 not:");
    expect_text(again.out, "c03");
    expect_text(again.out, "credentials refused");
    expect_no_text(again.out.substr(again.out.find("40 connections:")), "c04");
    CHECK(fleet.sandbox.calls("ongoing", "PUT /orders") == 72); // none twice
}

TEST_CASE("an included file that cannot be read stops its own connections alone, and is told until it is mended", "[run]") {
    Fleet fleet(2, quick_retries);
    fleet.orders(1, 2);
    const auto& folder = fleet.installation.folder();
    std::filesystem::create_directory(folder / "clients");
    write_file(folder / "clients/other.toml", "[connections.other\n");
    const std::string config = read_file(fleet.installation.config_file());
    fleet.installation.write_config("include = [\"clients/*.toml\"]\n" + config);
    const Finished run = fleet.run({"--only", "orders"});
    CHECK(run.exit_code == 2);
    expect_text(run.err, "clients/other.toml:1:");
    expect_text(run.err, "the connections of other files go on");
    CHECK(fleet.arrived(1) == ids(1, 2));
    expect_text(fleet.installation.blongo({"config", "check"}).err, "clients/other.toml:1:");
    const Finished named = fleet.run({"--only", "orders", "-C", "other"});
    CHECK(named.exit_code == 2);
    expect_text(named.err, "clients/other.toml:1:");
    expect_text(named.err, "no connection is called 'other'");
    CHECK(fleet.run({"--only", "orders", "-C", "c01"}).exit_code == 0);
}

TEST_CASE("a child that is killed is a failure of its connection alone", "[run]") {
    Fleet fleet(3, quick_retries);
    for (int client = 1; client <= 3; ++client) fleet.orders(client, 2);
    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 150));
    auto run = fleet.installation.start({"run", "--json", "--parallel", "3"});
    run->wait_until([&] { return child_of(run->pid(), "c02") != 0; });
    REQUIRE(kill(child_of(run->pid(), "c02"), SIGKILL) == 0);
    const Finished ended = run->wait();
    INFO(ended.out << ended.err);
    CHECK(ended.exit_code == 1);
    const auto ends = endings(ended);
    CHECK(ends.at("c01")["exit_code"].integer(-1) == 0);
    CHECK(ends.at("c02")["exit_code"].integer(-1) == 1);
    CHECK(ends.at("c03")["exit_code"].integer(-1) == 0);
    expect_text(std::string(ends.at("c02")["finding"].text()), "signal 9");
    CHECK(fleet.arrived(1) == ids(1, 2));
    CHECK(fleet.arrived(3) == ids(3, 2));
    for (const char* line : {"run", "error"})
        for (const auto& one : lines_of(ended, line)) CHECK(one.is_object());

    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 0));
    age_intents(fleet.installation);
    CHECK(fleet.run({}).exit_code == 0);
    CHECK(fleet.arrived(2) == ids(2, 2));
}

TEST_CASE("SIGTERM ends every connection after its current item; nothing is doubled by the next run", "[run]") {
    const int signal = GENERATE(SIGTERM, SIGINT);
    Fleet fleet(4, quick_retries);
    for (int client = 1; client <= 4; ++client) fleet.orders(client, 12);
    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 100));
    auto run = fleet.installation.start({"run", "--json", "--parallel", "2"});
    run->wait_for_line("\"verb\":\"create\"");
    const auto asked = std::chrono::steady_clock::now();
    run->signal(signal);
    const Finished ended = run->wait();
    INFO(ended.out << ended.err);
    CHECK(ended.exit_code == 128 + signal);
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds{5});
    const auto ends = endings(ended);
    REQUIRE(ends.size() == 4);
    CHECK(ends.at("c01")["exit_code"].integer(-1) == 128 + signal);
    expect_text(std::string(ends.at("c04")["finding"].text()), "not started");
    CHECK(fleet.arrived(1).size() < 12);
    CHECK(fleet.arrived(4).empty());

    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 0));
    CHECK(fleet.run({}).exit_code == 0);
    for (int client = 1; client <= 4; ++client) CHECK(fleet.arrived(client) == ids(client, 12));
    CHECK(fleet.sandbox.violations().empty());
}

TEST_CASE("one deadline for all: who had no turn is told, and had no request", "[run]") {
    Fleet fleet(3, quick_retries);
    for (int client = 1; client <= 3; ++client) fleet.orders(client, 30);
    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 200));
    const auto began = std::chrono::steady_clock::now();
    const Finished run = fleet.run({"--json", "--parallel", "1", "--max-duration", "1500ms"});
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{6});
    CHECK(run.exit_code == 5);
    const auto ends = endings(run);
    REQUIRE(ends.size() == 3);
    expect_text(std::string(ends.at("c03")["finding"].text()), "time ran out");
    CHECK(fleet.arrived(3).empty());
    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 0));
    CHECK(fleet.run({}).exit_code == 0);
    for (int client = 1; client <= 3; ++client) CHECK(fleet.arrived(client) == ids(client, 30));
}

TEST_CASE("run: only what is meant, in the order of the contract; disabled flows and connections are passed over", "[run]") {
    Fleet fleet(2, quick_retries,
                [](int client, std::string table) {
                    table +=
                        fmt::format("[connections.{0}.stock]\nenabled = true\nwarehouse = \"bl_206\"\n", Fleet::name(client));
                    if (client == 2) table = fmt::format("[connections.c02]\nenabled = false\n{}", table);
                    return table;
                },
                {"--products", "20", "--set", "new_article_stock=60"});
    fleet.orders(1, 1);
    const Finished all = fleet.run({"--json"});
    CHECK(all.exit_code == 0);
    CHECK(flows_of(all, "c01") == std::vector<std::string>{"shipments", "orders", "articles", "stock"});
    CHECK(lines_of(all, "run").empty()); // one connection: no closing lines
    CHECK(flows_of(fleet.run({"--json", "--only", "stock,orders"}), "c01") == std::vector<std::string>{"orders", "stock"});
    const Finished returns = fleet.run({"--json", "--only", "returns"});
    CHECK(returns.exit_code == 0);
    CHECK(lines_of(returns, "summary").empty());
    const Finished named = fleet.run({"-C", "c02"});
    CHECK(named.exit_code == 0);
    expect_text(named.err, "the connection is disabled");
    const Finished wrong = fleet.run({"--only", "order"});
    CHECK(wrong.exit_code == 2);
    expect_text(wrong.err, "did you mean orders?");
    CHECK(fleet.run({"--parallel", "0"}).exit_code == 2);
    const std::int64_t before = fleet.sandbox.writes();
    CHECK(fleet.run({"-n"}).exit_code == 0);
    CHECK(fleet.sandbox.writes() == before);
    CHECK(fleet.run({"-q"}).out.empty());
}

TEST_CASE("a run of several connections notes --personal once for each", "[run]") {
    Fleet fleet(2, quick_retries);
    CHECK(fleet.run().exit_code == 0); // before it the state knows neither of them
    CHECK(fleet.run({"--personal"}).exit_code == 0);
    const Finished audit = fleet.installation.blongo({"audit", "show", "--json"});
    std::map<std::string, int> noted;
    for (const auto& row : lines_of(audit, "audit"))
        if (row["verb"].text() == "show personal data") ++noted[std::string(row["connection"].text())];
    CHECK(noted == std::map<std::string, int>{{"c01", 1}, {"c02", 1}});
}

TEST_CASE("lines of several connections are never mixed", "[run]") {
    Fleet fleet(6, quick_retries);
    for (int client = 1; client <= 6; ++client) fleet.orders(client, 15);
    const Finished run = fleet.run({"--json", "--parallel", "6", "-v"});
    CHECK(run.exit_code == 0);
    std::set<std::string> created;
    for (const auto& text : {run.out, run.err}) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            const auto value = json::Value::parse(line);
            INFO(line);
            REQUIRE(value);
            if ((*value)["verb"].text() == "create" && (*value)["flow"].text() == "orders" && (*value)["step"].is_null())
                created.insert(std::string((*value)["key"].text()));
        }
    }
    CHECK(created.size() == 90);
}

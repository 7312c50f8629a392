// SPDX-License-Identifier: Apache-2.0
// blongo-json(7) against what the commands really print with --json.
#include <catch2/catch.hpp>

#include <set>
#include <sstream>

#include <blongo/base/text.hpp>
#include <blongo/report/row_types.hpp>

#include "e2e/readme.hpp"
#include "support/e2e/demo_day.hpp"
#include "support/e2e/json_rows.hpp"
#include "support/e2e/returns.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// What prints no rows: a script for a shell, words for it, a page, a person's data as one document.
bool prints_other_things(const std::string& command) {
    return command.starts_with("completion") || command.starts_with("pii export") ||
           command.find("--help") != std::string::npos || command.find("--format html") != std::string::npos;
}

/// Message types that were printed; every line is an object that the page lists.
void collect(const std::string& text, std::set<std::string>& seen) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line.substr(0, 2000));
        const auto value = json::Value::parse(line);
        REQUIRE(value);
        REQUIRE((*value)["schema"].integer() == 1);
        CHECK(unlisted(*value) == "");
        seen.emplace((*value)["message_type"].text());
    }
}

/// Beside the commands of the README: what these leave out.
const std::set<std::string> more_commands = {
    "articles list",          "articles show X",      "check --only stock",     "connection pause NAME --until 1m",
    "connection resume NAME", "list return-statuses", "mapping show",           "mapping show --targets",
    "mapping test --sku X",   "orders show N -v",     "orders show N -vv",      "report --for technical",
    "returns sync",           "shipments refresh N",  "find nothing-like-that",
};

} // namespace

TEST_CASE("a row, a member and a part that blongo-json(7) does not list are found") {
    const auto of = [](const char* text) { return unlisted(json::Value::parse(text).value()); };
    CHECK(of(R"({"schema":1,"message_type":"label","connection":"a","printed":true})") == "");
    CHECK(of(R"({"schema":1,"message_type":"lable"})") == "a row of type lable");
    CHECK(of(R"({"message_type":"label","shape":1})") == "label.shape");
    CHECK(of(R"({"message_type":"action","changes":[{"member":"a","befor":1}]})") == "action.changes.befor");
    CHECK(of(R"({"message_type":"check","parked_by_cause":{"unknown_sku":1}})") == "");
}

TEST_CASE("every line that a command prints with --json is listed in blongo-json(7), and every listed row is printed") {
    const TempDir told;
    const std::string alerts = told / "alerts";
    DemoDay day("[notify]\ncommand = [\"/bin/sh\", \"-c\", \"cat >>" + alerts + "\"]\n");
    day.sandbox.post("/_admin/baselinker/returns", base_return(7001, 184'400'101, {return_line("KUB-CER-330")}));
    seller::edit(day.sandbox, 184'400'110, with("delivery_city", "Sopot")); // so that both sides differ
    std::set<std::string> commands = readme_commands();
    commands.insert(more_commands.begin(), more_commands.end());
    std::set<std::string> seen;
    const auto look = [&](const std::string& command) {
        if (prints_other_things(command)) return;
        const auto ran = day.run(command, "--json");
        INFO("blongo " << command << " --json");
        collect(ran.out, seen);
        collect(ran.err, seen);
    };
    for (const auto& command : commands) look(command);
    (void)day.lost_booking(false);
    for (const char* command : {"unknown list", "run", "today", "returns list"}) look(command);
    // Several connections: how each one ended.
    day.installation.write_config(
        day.installation.config_text() +
        "[connections.other.baselinker]\ntoken_file = \"nowhere\"\ninventory_id = 1\n"
        "[connections.other.ongoing]\nurl = \"https://127.0.0.1:1/o\"\nusername = \"WSI\"\n"
        "password_file = \"nowhere\"\ngoods_owner_id = 2\n[connections.other.orders]\nenabled = false\n");
    look("run");
    for (const char* command : {"orders hold N --reason call-Zofia", "pii find call-Zofia"}) look(command);
    edit_state(day.installation, "DROP TRIGGER audit_keep; UPDATE audit SET outcome = 'forged' WHERE seq = 2");
    look("audit verify");
    collect(read_file(alerts), seen);
    for (const report::RowType& type : report::row_types()) {
        INFO("blongo-json(7) lists a row that nothing printed: " << type.name);
        CHECK(seen.contains(std::string(type.name)));
    }
}

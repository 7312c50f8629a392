// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/table.hpp>
#include <blongo/sync/connections.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "rows.hpp"

namespace blongo::app {
namespace {

std::string verdict_text(sync::Check::Verdict verdict) {
    switch (verdict) {
    case sync::Check::Verdict::ok: return "ok";
    case sync::Check::Verdict::warning: return "warning";
    case sync::Check::Verdict::failure: return "FAIL";
    case sync::Check::Verdict::skipped: return "skipped";
    }
    return "FAIL";
}

/// A check for people; the remedy stands below what needs one.
std::string check_text(const std::string& connection, const sync::Check& check) {
    std::string text = report::padded(verdict_text(check.verdict), 8) + ' ';
    if (!connection.empty()) text += connection + ' ';
    text += fmt::format("{}: {}\n", check.name, check.finding);
    const bool calm = check.verdict == sync::Check::Verdict::ok || check.remedy.empty();
    return calm ? text : text + std::string(9, ' ') + check.remedy + '\n';
}

void print(Context& context, const std::string& connection, bool several, const sync::Check& check) {
    if (context.format() == report::Format::text) {
        context.reporter().text(check_text(several ? connection : "", check));
        return;
    }
    std::vector<Cell> cells = {text_cell("connection", connection),
                               text_cell("verdict", verdict_text(check.verdict)),
                               text_cell("name", check.name), text_cell("finding", check.finding),
                               text_cell("remedy", check.remedy)};
    const bool failed = check.verdict == sync::Check::Verdict::failure;
    cells.push_back(text_cell("code", failed ? std::string(to_string(check.kind)) : ""));
    context.reporter().row("check", cells);
}

/// Errors of the configuration as checks, so that one list shows everything.
std::vector<sync::Check> configuration_checks(const config::Connection& connection) {
    std::vector<sync::Check> checks;
    for (const auto& [flow, messages] : connection.errors)
        for (const std::string& message : messages)
            checks.push_back({"configuration" + (flow.empty() ? "" : " of " + flow),
                              sync::Check::Verdict::failure, message,
                              "correct it; blongo config check shows all errors", ErrorKind::config});
    return checks;
}

/// A pause, which makes every run pass the connection over. What keeps it from being known is another check's finding.
void add_pause_check(const config::Connection& connection, const sync::Runtime& runtime, std::vector<sync::Check>& checks) {
    const auto gate = sync::gate_of(connection, runtime);
    if (!gate || !gate->pause) return;
    checks.push_back({"pause", sync::Check::Verdict::warning, sync::pause_words(*gate->pause, connection.time_zone),
                      "blongo connection resume " + connection.name, ErrorKind::guard});
}

int run_doctor(Context& context) {
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    const auto config = context.config();
    for (const std::string& warning : (*config)->warnings)
        context.reporter().warning({}, warning);
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    for (const config::Connection* connection : *connections) {
        if (context.process().stop.requested()) break;
        std::vector<sync::Check> checks = configuration_checks(*connection);
        if (!connection->errors.contains("")) {
            const auto found = sync::doctor(**config, *connection, *runtime);
            checks.insert(checks.end(), found.begin(), found.end());
            add_pause_check(*connection, *runtime, checks);
        }
        for (const sync::Check& check : checks) {
            print(context, connection->name, connections->size() > 1, check);
            if (check.verdict == sync::Check::Verdict::failure)
                code = report::stronger(code, report::exit_code_for(check.kind));
        }
    }
    return code;
}

} // namespace

void add_doctor(Command& root) {
    root.command("doctor", "Check everything that can be checked from here, with remedies",
                 everywhere | requesting, run_doctor)
        .details("Reads only. Exits with the code of the strongest failure.")
        .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/fold.hpp>
#include <blongo/report/table.hpp>
#include <blongo/sync/connections.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "doctor.hpp"
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

/// Who has to act, in the order of the page.
struct Party {
    const char *name, *heading;
};
constexpr std::array parties = {Party{"seller", "The seller"}, Party{"warehouse", "The warehouse"},
                                Party{"administrator", "The administrator of blongo"}};

bool is_calm(const sync::Check& check) {
    return check.verdict == sync::Check::Verdict::ok || check.verdict == sync::Check::Verdict::skipped;
}

/// A check for people; the remedy stands below what needs one.
std::string check_text(const sync::Check& check) {
    std::string text = report::padded(verdict_text(check.verdict), 8) + fmt::format(" {}: {}\n", check.name, check.finding);
    return is_calm(check) || check.remedy.empty() ? text : text + std::string(9, ' ') + check.remedy + '\n';
}

/// One page for a connection: who has to act first, then what is good. `only`: that party's part alone, to be sent to it.
void print_page(Context& context, const config::Connection& connection, const std::vector<sync::Check>& checks,
                const std::string& only) {
    std::string page = fmt::format("blongo doctor: {}, {}\n", connection.name,
                                   format_local(context.process().clock.now(), connection.time_zone));
    bool anything = false;
    for (const Party& party : parties) {
        if (!only.empty() && only != party.name) continue;
        std::string part;
        for (const sync::Check& check : checks)
            if (!is_calm(check) && check.owner == party.name) part += check_text(check);
        if (part.empty()) continue;
        anything = true;
        page += fmt::format("\n{} has to act:\n{}", party.heading, part);
    }
    if (!anything) page += only.empty() ? "\nNobody has to act.\n" : fmt::format("\nNothing for the {} to do.\n", only);
    std::string calm;
    for (const sync::Check& check : checks)
        if (is_calm(check) && (only.empty() || check.owner == only)) calm += check_text(check);
    if (!calm.empty()) page += "\nChecked:\n" + calm;
    context.reporter().text(report::fold_lines(page, context.columns()));
}

void print_row(Context& context, const std::string& connection, const sync::Check& check) {
    const bool failed = check.verdict == sync::Check::Verdict::failure;
    context.reporter().row(
        "check", {text_cell("connection", connection), text_cell("verdict", verdict_text(check.verdict)),
                  text_cell("name", check.name), text_cell("finding", check.finding), text_cell("remedy", check.remedy),
                  text_cell("code", failed ? std::string(to_string(check.kind)) : ""), text_cell("owner", check.owner)});
}

/// Errors of the configuration as checks, so that one list shows everything.
std::vector<sync::Check> configuration_checks(const config::Connection& connection) {
    std::vector<sync::Check> checks;
    for (const auto& [flow, messages] : connection.errors)
        for (const std::string& message : messages)
            checks.push_back({"configuration" + (flow.empty() ? "" : " of " + flow), sync::Check::Verdict::failure, message,
                              "correct it; blongo config check shows all errors", ErrorKind::config, "administrator"});
    return checks;
}

/// A pause, which makes every run pass the connection over. What keeps it from being known is another check's finding.
void add_pause_check(const config::Connection& connection, const sync::Runtime& runtime, std::vector<sync::Check>& checks) {
    const auto gate = sync::gate_of(connection, runtime);
    if (!gate || !gate->pause) return;
    checks.push_back({"pause", sync::Check::Verdict::warning, sync::pause_words(*gate->pause, connection.time_zone),
                      "blongo connection resume " + connection.name, ErrorKind::guard, "administrator"});
}

struct DoctorOptions {
    std::int64_t sample = 0;
    std::string party;
};

Option party_option(DoctorOptions& options) {
    Option option =
        text("--for", "WHO", "only what seller, warehouse or administrator has to do, to be sent to them", options.party);
    option.set = [&options](const std::vector<std::string>& values) -> std::optional<std::string> {
        for (const Party& party : parties) {
            if (values.back() != party.name) continue;
            options.party = party.name;
            return {};
        }
        return fmt::format("'{}' is none of seller, warehouse, administrator", values.back());
    };
    return option;
}

int run_doctor(Context& context, const DoctorOptions& options) {
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    int code = report::done;
    for (const config::Connection* connection : *connections) {
        if (context.process().stop.requested()) break;
        code = report::stronger(code, show_doctor(context, *connection, options.sample, options.party));
    }
    return code;
}

} // namespace

int show_doctor(Context& context, const config::Connection& connection, std::int64_t sample, const std::string& party) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    std::vector<sync::Check> checks = configuration_checks(connection);
    if (!connection.errors.contains("")) {
        const auto found = sync::doctor(**config, connection, *runtime, sample);
        checks.insert(checks.end(), found.begin(), found.end());
        add_pause_check(connection, *runtime, checks);
    }
    int code = report::done;
    for (const sync::Check& check : checks) {
        if (check.verdict == sync::Check::Verdict::failure) code = report::stronger(code, report::exit_code_for(check.kind));
        if (context.format() != report::Format::text && (party.empty() || check.owner == party))
            print_row(context, connection.name, check);
    }
    if (context.format() == report::Format::text) print_page(context, connection, checks, party);
    return code;
}

void add_doctor(Command& root) {
    auto options = std::make_shared<DoctorOptions>();
    root.command("doctor", "Check everything that can be checked from here, with remedies", everywhere | requesting,
                 [options](Context& context) { return run_doctor(context, *options); })
        .add(number("--sample", "N", "map the last N orders as well, and say what would be parked and why", options->sample))
        .add(party_option(*options))
        .details("Reads only: about 20 requests, never out of what is kept for sends and orders. The page names who has to "
                 "act. Exits with the code of the strongest failure.")
        .prints_rows();
}

} // namespace blongo::app

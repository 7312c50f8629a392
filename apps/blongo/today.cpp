// SPDX-License-Identifier: Apache-2.0
// What a person asks in the morning, and what a monitor asks all day.
#include <memory>

#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/fold.hpp>
#include <blongo/sync/attention.hpp>

#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr std::chrono::hours late_run{1};       ///< `today`: cron runs every 15 minutes
constexpr std::chrono::minutes default_age{40}; ///< `health`

struct HealthOptions {
    std::optional<Milliseconds> max_age;
};

/// "unknown_sku", "late_label", "orders run".
std::string matter_words(const plan::Matter& matter) {
    std::string words = !matter.cause.empty()                  ? matter.cause
                        : matter.kind == plan::MatterKind::run ? matter.flow + " run"
                                                               : std::string(plan::to_string(matter.kind));
    if (matter.kind == plan::MatterKind::will_fail) words = "will fail at Send: " + words;
    return matter.count > 1 ? fmt::format("{} ({} times)", words, matter.count) : words;
}

void print_matter(Context& context, const config::Connection& connection, const plan::Matter& matter, const std::string& named) {
    const Timestamp now = context.process().clock.now();
    const std::string command = matter.command.empty() || named.empty() ? matter.command : matter.command + " -C " + named;
    std::vector<Cell> cells = {text_cell("connection", connection.name), text_cell("owner", matter.owner)};
    if (context.format() == report::Format::text) {
        cells.push_back(text_cell("what", matter_words(matter)));
    } else {
        cells.push_back(text_cell("kind", std::string(plan::to_string(matter.kind))));
        cells.push_back(text_cell("flow", matter.flow));
        cells.push_back(text_cell("cause", matter.cause));
        cells.push_back(number_cell("count", matter.count));
    }
    cells.push_back(text_cell("key", matter.key));
    if (context.format() == report::Format::text)
        cells.push_back(text_cell("since", matter.since ? format_age(now - *matter.since) : ""));
    else
        cells.push_back(time_cell("since", matter.since, connection.time_zone));
    cells.push_back(text_cell("command", command));
    cells.push_back(text_cell("detail", matter.detail));
    context.reporter().row("matter", cells);
}

int run_today(Context& context) {
    return list_rows(
        context, std::nullopt, "", [&](const auto& config, const auto& connection, const auto& runtime) -> Result<void> {
            BLONGO_TRY(const auto matters, sync::matters_of(connection, late_run, runtime));
            const bool several = config.connections.size() > 1;
            for (const plan::Matter& matter : matters) print_matter(context, connection, matter, several ? connection.name : "");
            if (matters.empty() && context.format() == report::Format::text)
                context.reporter().text(
                    report::fold_line(fmt::format("{}: nothing needs anybody{}", connection.name,
                                                  connection.mode == "plan" ? " (mode = \"plan\": nothing is written)" : ""),
                                      context.columns(), 4));
            return {};
        });
}

int run_health(Context& context, const HealthOptions& options) {
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    const Milliseconds max_age = options.max_age.value_or(Milliseconds(default_age));
    int code = report::done;
    for (const config::Connection* connection : selected->connections) {
        const auto findings = sync::health_of(*connection, max_age, selected->runtime);
        if (!findings) {
            code = report::stronger(code, context.failed(findings.error(), connection->name));
            continue;
        }
        for (const sync::HealthFinding& finding : *findings) {
            code = report::stronger(code, finding.code);
            context.reporter().warning(
                connection->name, finding.flow.empty() ? finding.detail : fmt::format("{}: {}", finding.flow, finding.detail));
        }
    }
    return code;
}

} // namespace

void add_today(Command& root) {
    root.command("today", "What needs somebody: who, what, since when, and the command", everywhere, run_today)
        .details("From what blongo remembers, without a request: writes of unknown outcome, flows that failed or did not run for "
                 "an hour, labels that are late, what is parked (many of one cause as one line), orders that Send is foreseen to "
                 "refuse, short deliveries of the last 14 days, orders on hold. Nothing of it: one line for the connection.")
        .prints_rows();
}

void add_health(Command& root) {
    auto options = std::make_shared<HealthOptions>();
    root.command("health", "Whether all is well, as an exit code for monitors", everywhere,
                 [options](Context& context) { return run_health(context, *options); })
        .add(duration("--max-age", "D", "how long ago the last good run of each enabled flow may be; default: 40m",
                      options->max_age))
        .details(
            "Prints nothing on stdout. Exits with 0 when every enabled flow of every connection ran well within that time; else "
            "with 5 when one did not run, with the code of its last run when that failed (4: credentials refused, 7: a guard, "
            "...), with 8 when a write is of unknown outcome, with 2 when the configuration has errors; the strongest one "
            "counts, and stderr has a line for each (not with -q). Connections with mode = \"plan\" need not run.");
}

} // namespace blongo::app

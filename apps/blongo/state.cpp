// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/rebuild.hpp>
#include <blongo/sync/state_care.hpp>
#include <blongo/sync/state_move.hpp>

#include "check.hpp"
#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr Milliseconds wait_for_runs{150'000}; ///< a send with a stalled courier ends within it

/// "3 connections, 120 orders, ...": tables that hold something.
std::string rows_in_words(const state::MoveReport& report) {
    std::vector<std::string> words;
    for (const auto& table : report.tables)
        if (table.rows > 0) words.push_back(fmt::format("{} {}", table.rows, table.name));
    return words.empty() ? "no rows" : join(words, ", ");
}

void print_move(Context& context, const state::MoveReport& report, const std::string& url) {
    if (context.format() != report::Format::text) {
        json::Value rows = json::Value::object();
        for (const auto& table : report.tables) rows.set(table.name, table.rows);
        context.reporter().row("state", {text_cell("done", "move"),
                                         text_cell("from", report.from_place),
                                         text_cell("to", report.to_place),
                                         {"rows", "", std::move(rows)},
                                         number_cell("labels", report.labels),
                                         number_cell("labels_lost", report.labels_lost)});
        return;
    }
    context.reporter().text(report.finished_earlier
                                ? fmt::format("everything was at {} already: the earlier move has ended now", report.to_place)
                                : fmt::format("moved to {}: {}; {} label files; every row was read back", report.to_place,
                                              rows_in_words(report), report.labels));
    context.reporter().text(fmt::format("now write this into the configuration, on every host:\n  [state]\n  url = \"{}\"", url));
    context.reporter().text(fmt::format("{} stays as it was and refuses every run; remove it when the new one works{}",
                                        report.from_place,
                                        report.labels_left.empty() ? "" : ", and its labels: " + join(report.labels_left, ", ")));
    if (report.labels_shared) context.reporter().text("the stored labels stay where they are: the new one uses them");
}

struct MoveArguments {
    std::string to;
    std::optional<Milliseconds> wait;
};

int run_move(Context& context, const MoveArguments& arguments) {
    const std::string& to = arguments.to;
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    runtime->lock_wait = arguments.wait.value_or(wait_for_runs);
    const auto report = sync::move_state(**config, to, *runtime);
    if (!report) return context.failed(report.error());
    print_move(context, *report, to);
    if (report->labels_lost > 0)
        context.reporter().warning({}, fmt::format("{} stored labels were gone or damaged already; the courier has them: "
                                                   "blongo shipments label N",
                                                   report->labels_lost));
    return report::done;
}

int run_check(Context& context) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const auto found = sync::check_state(**config, *runtime);
    if (!found) return context.failed(found.error());
    bool whole = true;
    for (const auto& finding : *found) {
        whole = whole && finding.ok;
        if (finding.ok && context.common().quiet) continue;
        context.reporter().row("state", {text_cell("connection", finding.connection), text_cell("check", finding.check),
                                         truth_cell("ok", finding.ok), number_cell("count", finding.count),
                                         text_cell("detail", finding.detail), text_cell("remedy", finding.remedy)});
    }
    context.reporter().end_rows(whole ? "the state is whole" : "");
    return whole ? report::done : report::failed;
}

int run_backup(Context& context, const std::vector<std::string>& files) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const auto report = sync::backup_state(**config, files.front(), *runtime);
    if (!report) return context.failed(report.error());
    if (report->labels_lost > 0)
        context.reporter().warning(
            {},
            fmt::format("{} stored labels are gone or damaged, and not in the backup: blongo state check", report->labels_lost));
    if (context.format() != report::Format::text) {
        context.reporter().row("state", {text_cell("done", "backup"), text_cell("from", report->place),
                                         text_cell("to", files.front()), number_cell("bytes", report->bytes),
                                         number_cell("labels", report->labels), number_cell("labels_lost", report->labels_lost)});
    } else if (!context.common().quiet) {
        context.reporter().text(
            fmt::format("{}: {} bytes with {} labels, checked", files.front(), report->bytes, report->labels));
    }
    return report::done;
}

int run_rebuild(Context& context) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    const auto& [connections, config, runtime] = *selected;
    if (const auto may = sync::may_rebuild(connections, runtime); !may) return context.failed(may.error());
    int code = report::done;
    for (const config::Connection* connection : connections) {
        if (!is_usable(context, *connection, "")) {
            code = report::stronger(code, report::misused);
            continue;
        }
        sync::rebuild(*config, *connection, *since, runtime, [&](const report::Summary& summary) {
            for (const Error& error : summary.errors) (void)context.failed(error, connection->name);
            context.reporter().summary(summary);
            code = report::stronger(
                code, report::exit_code_for(
                          summary, {.strict = false, .exit_code = false, .stop_signal = context.process().stop.signal()}));
        });
    }
    context.reporter().warning({}, "neither side knows what people told blongo: holds (blongo orders hold N) and pauses (blongo "
                                   "connection pause NAME) are lost; set them again before anything runs");
    // What was not learnt completely is no ground to compare from.
    if (code != report::done && code != report::has_problems) return code;
    return report::stronger(code, compare_sides(context, {}, *since));
}

} // namespace

void add_state(Command& root) {
    Command& state = root.group("state", "What blongo remembers: check, backup, move, rebuild");
    state.command("check", "Look whether it is whole", everywhere, run_check)
        .details(
            "Reads every page and every row, holds each stored label against its hash, and looks whether open writes and what "
            "is due can be gone on with, and who may read the files. Asks neither side and changes nothing; runs may go on "
            "meanwhile. Exits with 1 when something is wrong.")
        .prints_rows();
    auto files = std::make_shared<std::vector<std::string>>();
    state
        .command("backup", "Copy it into a file while runs go on", everywhere,
                 [files](Context& context) { return run_backup(context, *files); })
        .details("SQLite: one file that only its owner reads, as the state was at one moment, with all stored labels inside. A "
                 "backup of that name is replaced, nothing else is. To put it back stop all runs, move the state's file away "
                 "with its -wal and "
                 "-shm, and copy the backup there. PostgreSQL copies itself: exits with 2 and the command line.")
        .add(positional("FILE", "where the copy goes", true, *files));
    auto move = std::make_shared<MoveArguments>();
    state
        .command("move", "Move it to another place, with everything that is open", everywhere,
                 [move](Context& context) { return run_move(context, *move); })
        .details("From SQLite to PostgreSQL, back, or to another path. Takes every lock, and waits for what is being written "
                 "(--wait). Every table is copied, open writes, request budget and labels too, and read back. The old "
                 "place then refuses every run (2) and names the new one; nothing is deleted there. Killed at any point, one of "
                 "both places is the state: the same command goes on. PostgreSQL takes the password of [state], of either side.")
        .add(required(text("--to", "URL", "where: like [state] url, without a password", move->to)))
        .add(duration("--wait", "D", "wait this long for runs and writes to end (150s)", move->wait));
    state.command("rebuild", "Learn from both sides what a lost state knew", everywhere | requesting | by_time, run_rebuild)
        .details("Reads BaseLinker and Ongoing and writes to neither. Articles that are alike, orders that stand in Ongoing, and "
                 "packages with their labels are remembered again, so that the next run books and creates nothing twice; then "
                 "both sides are compared, as check does. Refused (7) while the state holds anything: it is for one that was "
                 "lost. Stop what calls blongo first. Holds and pauses are lost, since neither side knows them: set them "
                 "again before anything runs. A package whose Send lies more than a day back, or before "
                 "shipments.start_from, counts as done; the label of a newer one is filed where it is missing, and nothing is "
                 "printed by itself. An order of which nobody can tell whether it was booked is never booked: it is parked, and "
                 "unknown resolve says what is true. Sends without a package are booked by themselves only from "
                 "shipments.start_from on, else with --force-old. --since: orders confirmed, or made in Ongoing, at or after "
                 "that, and all that wait to be sent; without it start_from, at most 90 days back.");
}

} // namespace blongo::app

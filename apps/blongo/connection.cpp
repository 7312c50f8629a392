// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/connections.hpp>

#include "asked.hpp"
#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

std::string flows_on(const config::Connection& connection) {
    std::vector<std::string> names;
    for (const FlowEntry& flow : flows())
        if (flow.enabled(connection)) names.emplace_back(flow.name);
    return join(names, ", ");
}

std::vector<Cell> list_cells(const config::Connection& connection, const sync::ConnectionOverview& overview,
                             const std::string& pause) {
    const auto& run = overview.last_run;
    const auto started = run ? std::optional(run->started) : std::nullopt;
    return {text_cell("connection", connection.name),
            truth_cell("enabled", connection.enabled),
            text_cell("mode", connection.mode),
            text_cell("paused", pause),
            text_cell("account", connection.baselinker.account),
            id_cell("inventory_id", connection.baselinker.inventory_id.value()),
            text_cell("ongoing", connection.ongoing.url),
            id_cell("goods_owner_id", connection.ongoing.goods_owner_id.value()),
            text_cell("flows", flows_on(connection)),
            time_cell("last_run", started, connection.time_zone),
            text_cell("last_flow", run ? run->flow : ""),
            text_cell("result", !run         ? "never ran"
                                : run->ended ? std::string(report::exit_code_words(run->exit_code))
                                             : "not ended"),
            number_cell("parked", overview.parked),
            number_cell("unknown", overview.unknown)};
}

int run_list(Context& context) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    for (const auto& connection : (*config)->connections) {
        const auto& named = context.common().connections;
        if (!named.empty() && std::find(named.begin(), named.end(), connection.name) == named.end()) continue;
        const auto overview = sync::overview_of(connection, *runtime);
        if (!overview) {
            code = report::stronger(code, context.failed(overview.error(), connection.name));
            continue;
        }
        const std::string pause = overview->pause ? sync::pause_words(*overview->pause, connection.time_zone) : std::string{};
        context.reporter().row("connection", list_cells(connection, *overview, pause));
    }
    context.reporter().end_rows("no connection is configured");
    if (const auto forgotten = sync::forgotten_connections(**config, *runtime))
        for (const std::string& name : *forgotten)
            context.reporter().warning(
                name, fmt::format("remembered, but not in the configuration: blongo connection remove {}", name));
    return code;
}

struct PauseArguments {
    std::vector<std::string> names;
    std::string reason, until;
};

/// A line for people, a row for programs.
void say(Context& context, const std::string& connection, const std::string& words, const std::string& what) {
    if (context.format() == report::Format::text) return context.reporter().text(fmt::format("{}: {}", connection, words));
    context.reporter().row("connection",
                           {text_cell("connection", connection), text_cell("done", what), text_cell("detail", words)});
}

/// One action for each name; one that fails stops no other.
template <class Action> int for_connections(Context& context, const std::vector<std::string>& names, Action&& action) {
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    for (const std::string& name : names) {
        const auto connection = context.connection_called(name);
        if (!connection) {
            code = report::stronger(code, context.failed(connection.error()));
        } else if (!is_usable(context, **connection, "")) {
            code = report::stronger(code, report::misused);
        } else if (const Result<void> done = action(**connection, *runtime); !done) {
            code = report::stronger(code, context.failed(done.error(), name));
        }
    }
    return code;
}

int run_pause(Context& context, const PauseArguments& arguments) {
    const auto until = read_time(arguments.until, "--until", context.process().clock.now(), Direction::future);
    if (!until) return context.failed(until.error());
    return for_connections(context, arguments.names, [&](const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto pause, sync::pause_connection(connection, arguments.reason, *until, runtime));
        say(context, connection.name,
            fmt::format("{}; go on with: blongo connection resume {}", sync::pause_words(pause, connection.time_zone),
                        connection.name),
            "pause");
        return {};
    });
}

int run_resume(Context& context, const std::vector<std::string>& names) {
    return for_connections(context, names, [&](const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const bool was, sync::resume_connection(connection, runtime));
        say(context, connection.name, was ? "goes on at the next run" : "was not paused", "resume");
        return {};
    });
}

struct RemoveArguments {
    std::vector<std::string> names;
    bool erase = false;
};

/// "12 orders, 34 lines of orders, 3 label files".
std::string counts_text(const sync::Remembered& found, bool with_files) {
    std::vector<std::string> words;
    for (const auto& one : found.belongings)
        for (const auto& count : one.counts) words.push_back(fmt::format("{} {}", count.rows, count.words));
    if (with_files && found.label_files > 0) words.push_back(fmt::format("{} label files", found.label_files));
    return words.empty() ? "nothing but its name" : join(words, ", ");
}

void say_removed(Context& context, const std::string& name, const sync::Remembered& found, bool erased) {
    if (context.format() == report::Format::text) {
        context.reporter().text(fmt::format("{}: {} {}", name, erased ? "erased" : "would erase", counts_text(found, erased)));
        return;
    }
    json::Value rows = json::Value::object();
    for (const auto& one : found.belongings)
        for (const auto& count : one.counts) rows.set(count.table, rows[count.table].integer(0) + count.rows);
    context.reporter().row("connection", {text_cell("connection", name),
                                          text_cell("done", erased ? "erase" : ""),
                                          {"rows", "", std::move(rows)},
                                          number_cell("label_files", found.label_files)});
}

/// What stands in the way of an erasure; reported. 0: nothing.
int hindrance(Context& context, const std::string& name, const sync::Remembered& found) {
    if (found.running)
        return context.failed(
            make_error(ErrorKind::locked, "it is at work: " + *found.running, {}, "wait for it to end, or stop that process"),
            name);
    if (found.unsettled == 0) return report::done;
    (void)context.failed(make_error(ErrorKind::guard,
                                    fmt::format("{} write{} under way, or of unknown outcome", found.unsettled,
                                                found.unsettled == 1 ? " is" : "s are"),
                                    {}, fmt::format("blongo unknown list -C {}; a run settles what can be settled", name)),
                         name);
    return report::unknown_outcome;
}

int remove_one(Context& context, const config::Config& config, const sync::Runtime& runtime, const std::string& name,
               const RemoveArguments& arguments) {
    const auto found = sync::remembered_of(config, name, runtime);
    if (!found) return context.failed(found.error(), name);
    if (!arguments.erase) {
        say_removed(context, name, *found, false);
        context.reporter().warning(name, fmt::format("nothing was erased: blongo connection remove {} --erase --yes", name));
        return report::done;
    }
    if (const int hindered = hindrance(context, name, *found); hindered != report::done) return hindered;
    if (!context.common().yes && context.format() == report::Format::text) say_removed(context, name, *found, false);
    if (!is_agreed(context, name, {}))
        return context.failed(make_error(ErrorKind::usage, "nothing was erased: nobody said yes", {}, "add --yes"), name);
    const auto erased = sync::erase_remembered(config, name, runtime);
    if (!erased) return context.failed(erased.error(), name);
    if (const int hindered = hindrance(context, name, *erased); hindered != report::done) return hindered;
    say_removed(context, name, *erased, true);
    if (erased->labels_elsewhere > 0)
        context.reporter().warning(name, fmt::format("{} label files were not found: if label_dir was another folder before, "
                                                     "remove its folder {} by hand",
                                                     erased->labels_elsewhere, erased->keys.front()));
    if (config.find(name) != nullptr)
        context.reporter().warning(name, "it is still in the configuration: its next run begins anew and adopts what is there");
    return report::done;
}

int run_remove(Context& context, const RemoveArguments& arguments) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    for (const std::string& name : arguments.names)
        code = report::stronger(code, remove_one(context, **config, *runtime, name, arguments));
    return code;
}

} // namespace

void add_connection(Command& root) {
    Command& connection = root.group("connection", "One client: list, pause, resume, remove");
    connection.command("list", "All connections: what they join, what is on, how the last run ended", everywhere, run_list)
        .prints_rows();
    auto pause = std::make_shared<PauseArguments>();
    connection
        .command("pause", "Write nothing for a connection from now on", everywhere,
                 [pause](Context& context) { return run_pause(context, *pause); })
        .details("Runs over everything pass it over, with a line and exit code 0; a command that names it exits with 7. Dry runs "
                 "and everything that reads go on. A run that is under way ends its current flow.")
        .add(positional("NAME", "connection", true, pause->names))
        .add(text("--reason", "TEXT", "why, for those who meet it", pause->reason))
        .add(text("--until", "T", "it ends by itself: 2h, 3d, or a date or time", pause->until));
    auto resumed = std::make_shared<std::vector<std::string>>();
    connection
        .command("resume", "End the pause of a connection", everywhere,
                 [resumed](Context& context) { return run_resume(context, *resumed); })
        .add(positional("NAME", "connection", true, *resumed));
    auto remove = std::make_shared<RemoveArguments>();
    connection
        .command("remove", "Erase what is remembered of a connection", everywhere | asking,
                 [remove](Context& context) { return run_remove(context, *remove); })
        .details("Without --erase it says what would go. Rows of all tables and stored labels are erased; neither BaseLinker nor "
                 "Ongoing is touched. Refused while a run works for it (11), and while a write of unknown outcome is open (8). "
                 "The name may be one that is no longer in the configuration.")
        .add(positional("NAME", "connection", true, remove->names))
        .add(flag("--erase", "erase it, for good", remove->erase));
}

} // namespace blongo::app

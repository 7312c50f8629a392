// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct ListOptions {
    std::string cause;
};

/// A parked object for people: what, since when, who acts, the next command.
std::string parked_text(const state::ParkedRow& row, const config::Connection& connection, const std::string& named,
                        Timestamp now) {
    std::string text = fmt::format("? {}{} {}", named.empty() ? "" : named + ' ', row.flow, row.key);
    if (!row.label.empty() && row.label != row.key) text += fmt::format("  {}", row.label);
    text += fmt::format(": {} since {} ({})\n", row.cause, format_local(row.since, connection.time_zone),
                        format_age(now - row.since));
    if (!row.detail.empty()) text += fmt::format("    {}\n", row.detail);
    text += fmt::format("    {}\n", report::who_acts(report::describe_cause(row.cause, row.key, row.flow), named));
    if (row.next_try && *row.next_try > now)
        text += fmt::format("    tried {} times, next {}\n", row.attempts, format_local(*row.next_try, connection.time_zone));
    return text;
}

std::vector<Cell> parked_cells(const state::ParkedRow& row, const config::Connection& connection, const std::string& named,
                               Timestamp now) {
    const report::CauseInfo cause = report::describe_cause(row.cause, row.key, row.flow);
    std::string command = cause.command;
    if (!named.empty() && !command.empty()) command += " -C " + named;
    return {text_cell("connection", connection.name),
            text_cell("flow", row.flow),
            text_cell("key", row.key),
            text_cell("label", row.label),
            time_cell("since", row.since, connection.time_zone),
            {"age", format_age(now - row.since), json::Value(std::chrono::duration_cast<Seconds>(now - row.since).count())},
            text_cell("cause", row.cause),
            text_cell("owner", cause.owner),
            text_cell("detail", row.detail),
            text_cell("remedy", cause.remedy),
            text_cell("command", command),
            number_cell("attempts", row.attempts),
            time_cell("next_try", row.next_try, connection.time_zone)};
}

int run_list(Context& context, const ListOptions& options) {
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    const Timestamp now = context.process().clock.now();
    int code = report::done;
    bool some = false;
    for (const config::Connection* connection : *connections) {
        const auto rows = sync::parked_of(**config, *connection, {}, *runtime);
        if (!rows) {
            code = report::stronger(code, context.failed(rows.error(), connection->name));
            continue;
        }
        const std::string named = connections->size() > 1 ? connection->name : "";
        for (const state::ParkedRow& row : *rows) {
            if (!options.cause.empty() && row.cause != options.cause) continue;
            if (*since && row.since < **since) continue;
            some = true;
            if (context.format() == report::Format::text)
                context.reporter().text(parked_text(row, *connection, named, now));
            else
                context.reporter().row("parked", parked_cells(row, *connection, named, now));
        }
    }
    if (!some && code == report::done)
        context.reporter().end_rows(options.cause.empty() ? "nothing waits" : "nothing waits for " + options.cause);
    return code;
}

struct RetryOptions {
    std::vector<std::string> keys;
    std::string cause;
    bool all = false;
};

/// What is to be retried in one connection.
struct Waiting {
    const config::Connection* connection;
    std::vector<state::ParkedRow> rows;
};

bool is_meant(const state::ParkedRow& row, const RetryOptions& options) {
    const bool by_key =
        options.keys.empty() || std::find(options.keys.begin(), options.keys.end(), row.key) != options.keys.end();
    return by_key && (options.cause.empty() || row.cause == options.cause);
}

/// Named objects must be found, each in one connection only.
Result<void> check_keys(const std::vector<Waiting>& waiting, const RetryOptions& options) {
    for (const std::string& key : options.keys) {
        std::vector<std::string> names;
        for (const Waiting& one : waiting)
            if (std::any_of(one.rows.begin(), one.rows.end(), [&](const auto& row) { return row.key == key; }))
                names.push_back(one.connection->name);
        if (names.empty())
            return fail(ErrorKind::not_found, fmt::format("{} is not parked", key), {}, "blongo parked list shows what waits");
        if (names.size() > 1)
            return fail(ErrorKind::usage, fmt::format("{} is parked in several connections", key), {},
                        fmt::format("say which one with -C: {}", join(names, ", ")));
    }
    return {};
}

/// Makes the objects due and runs their flows.
int retry(Context& context, const Waiting& waiting, const RetryOptions& options) {
    if (const int refused = pause_refusal(context, *waiting.connection); refused != report::done) return refused;
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    for (const FlowEntry& flow : flows()) {
        std::vector<std::string> keys;
        for (const state::ParkedRow& row : waiting.rows)
            if (row.flow == flow.name) keys.push_back(row.key);
        if (keys.empty()) continue;
        if (!is_usable(context, *waiting.connection, flow.name)) {
            code = report::stronger(code, report::misused);
            continue;
        }
        sync::FlowOptions flow_settings = flow_options(context.common());
        if (!flow_settings.dry_run && waiting.connection->mode != "plan") {
            const auto marked = sync::retry_parked(**config, *waiting.connection, std::string(flow.name), keys, {}, *runtime);
            if (!marked) {
                code = report::stronger(code, context.failed(marked.error(), waiting.connection->name));
                continue;
            }
        }
        // An object without a number of its own ("#12") can only be met by a run over everything.
        const bool by_number = std::none_of(keys.begin(), keys.end(), [](const auto& key) { return key.starts_with('#'); });
        if (!options.keys.empty() && by_number) {
            auto& named = flow.name == "articles"  ? flow_settings.skus
                          : flow.name == "returns" ? flow_settings.returns
                                                   : flow_settings.orders;
            named = keys;
            flow_settings.explicit_objects = true;
        }
        code = report::stronger(code, run_on(context, flow, *waiting.connection, flow_settings));
    }
    return code;
}

int run_retry(Context& context, const RetryOptions& options) {
    if (options.keys.empty() && options.cause.empty() && !options.all) {
        return context.failed(make_error(ErrorKind::usage, "blongo parked retry needs a KEY, --cause or --all", {},
                                         "blongo parked list shows what waits"));
    }
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    std::vector<Waiting> waiting;
    for (const config::Connection* connection : *connections) {
        auto rows = sync::parked_of(**config, *connection, {}, *runtime);
        if (!rows) {
            code = report::stronger(code, context.failed(rows.error(), connection->name));
            continue;
        }
        std::erase_if(*rows, [&](const state::ParkedRow& row) { return !is_meant(row, options); });
        if (!rows->empty()) waiting.push_back({connection, std::move(*rows)});
    }
    if (const auto checked = check_keys(waiting, options); !checked)
        return report::stronger(code, context.failed(checked.error()));
    if (waiting.empty() && context.format() == report::Format::text) context.reporter().text("nothing waits");
    for (const Waiting& one : waiting) {
        if (context.process().stop.requested()) break;
        code = report::stronger(code, retry(context, one, options));
    }
    return code;
}

} // namespace

void add_parked(Command& root) {
    Command& parked = root.group("parked", "What waits, why, who acts, and the next command");

    auto list_options = std::make_shared<ListOptions>();
    parked
        .command("list", "List what waits, the oldest first", everywhere | by_time,
                 [list_options](Context& context) { return run_list(context, *list_options); })
        .add(text("--cause", "CAUSE", "only this cause", list_options->cause))
        .prints_rows();

    auto retry_options = std::make_shared<RetryOptions>();
    parked
        .command("retry", "Try parked objects again now", everywhere | writing | requesting,
                 [retry_options](Context& context) { return run_retry(context, *retry_options); })
        .add(positional("KEY", "key of a parked object, as parked list shows it", false, retry_options->keys))
        .add(text("--cause", "CAUSE", "only objects with this cause", retry_options->cause))
        .add(flag("--all", "everything that waits", retry_options->all))
        .details("Parked objects are tried again by themselves; this is for after a correction that blongo "
                 "cannot see.");
}

} // namespace blongo::app

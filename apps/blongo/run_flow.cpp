// SPDX-License-Identifier: Apache-2.0
#include "run_flow.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/articles.hpp>
#include <blongo/sync/connections.hpp>
#include <blongo/sync/order_cutover.hpp>
#include <blongo/sync/orders.hpp>
#include <blongo/sync/returns.hpp>
#include <blongo/sync/shipments.hpp>
#include <blongo/sync/stock.hpp>

#include "asked.hpp"

namespace blongo::app {
namespace {

constexpr std::array<FlowEntry, 5> entries = {{
    {"shipments", [](const config::Connection& connection) { return connection.shipments.enabled; }, true, &sync::run_shipments},
    {"orders", [](const config::Connection& connection) { return connection.orders.enabled; }, true, &sync::run_orders},
    {"articles", [](const config::Connection& connection) { return connection.articles.enabled; }, false, &sync::run_articles},
    {"stock", [](const config::Connection& connection) { return connection.stock.enabled; }, false, &sync::run_stock},
    {"returns", [](const config::Connection& connection) { return connection.returns.enabled; }, true, &sync::run_returns},
}};

/// What stops an explicit command of a disabled flow; a dry run may always look.
Error disabled_error(const config::Connection& connection, std::string_view flow) {
    const std::string table = connection.enabled ? fmt::format("[connections.{}.{}]", connection.name, flow)
                                                 : fmt::format("[connections.{}]", connection.name);
    const std::string what =
        connection.enabled ? fmt::format("{} {} disabled", flow, flow == "stock" ? "is" : "are") : "the connection is disabled";
    return make_error(ErrorKind::config, what, {},
                      fmt::format("set enabled = true in {}; --dry-run shows what would be done", table));
}

/// A missing start_from: what waits, and lines to copy (flows.md Orders 2). Empty for any other error, and where it
/// cannot be found out.
std::string advice(Context& context, const config::Connection& connection, const std::string& message) {
    const std::string missing = fmt::format("connections.{}.orders.start_from is missing", connection.name);
    const bool readable = !connection.errors.contains("") && !connection.orders.statuses.empty();
    if (!readable || message.find(missing) == std::string::npos) return {};
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!config || !runtime) return {};
    return sync::cutover_advice(**config, connection, *runtime).value_or(std::string{});
}

/// Failures of a quiet run are kept when it is one as cron makes them: live, and of whole flows.
void look_after(Context& context, const config::Connection& connection, std::string_view flow, const sync::FlowOptions& options) {
    const Common& common = context.common();
    const bool whole = options.orders.empty() && options.skus.empty() && common.orders.empty() && !options.explicit_objects;
    if (common.quiet && whole && !options.dry_run && connection.mode == "live" && !connection.errors.contains(""))
        context.quiet().begin(connection.name, std::string(flow));
}

std::string resume_command(const config::Connection& connection) {
    return "blongo connection resume " + connection.name;
}

} // namespace

std::span<const FlowEntry> flows() noexcept {
    return entries;
}

const FlowEntry* find_flow(std::string_view name) noexcept {
    for (const FlowEntry& flow : entries)
        if (flow.name == name) return &flow;
    return nullptr;
}

Result<Selected> select_connections(Context& context) {
    BLONGO_TRY(const auto connections, context.connections());
    BLONGO_TRY(const auto config, context.config());
    BLONGO_TRY(auto runtime, context.runtime());
    return Selected{connections, config, std::move(runtime)};
}

std::vector<std::string> split_lists(const std::vector<std::string>& texts) {
    std::vector<std::string> words;
    for (const std::string& text : texts)
        for (const std::string& word : split(text, ','))
            if (!trim(word).empty()) words.emplace_back(trim(word));
    return words;
}

Result<std::optional<Timestamp>> since_of(const Context& context) {
    return read_time(context.common().since, "--since", context.process().clock.now());
}

sync::FlowOptions flow_options(const Common& common) {
    sync::FlowOptions options;
    options.dry_run = common.dry_run;
    options.explicit_objects = !common.skus.empty();
    options.skus = common.skus;
    options.limit = common.limit;
    options.strict = common.strict;
    return options;
}

Result<const config::Connection*> only_connection(Context& context, const std::string& otherwise) {
    BLONGO_TRY(const auto connections, context.connections());
    if (connections.size() == 1) return connections.front();
    return fail(ErrorKind::usage, otherwise, {}, "name it with -C");
}

void report_failure(Context& context, const config::Connection& connection, const std::string& flow, const Error& error) {
    if (!context.quiet().keep(connection.name, flow, error)) (void)context.failed(error, connection.name);
}

bool is_usable(Context& context, const config::Connection& connection, std::string_view flow, bool before_a_run) {
    bool usable = true;
    if (before_a_run) look_after(context, connection, flow, flow_options(context.common()));
    for (const auto& [concerned, messages] : connection.errors) {
        if (!concerned.empty() && concerned != flow) continue;
        for (const std::string& message : messages) {
            usable = false;
            const std::string remedy = before_a_run ? advice(context, connection, message) : std::string{};
            report_failure(context, connection, concerned, make_error(ErrorKind::config, message, {}, remedy));
        }
    }
    return usable;
}

int refusal(Context& context, const config::Connection& connection, std::string_view flow) {
    const bool enabled = connection.enabled && find_flow(flow)->enabled(connection);
    if (!enabled && !context.common().dry_run) return context.failed(disabled_error(connection, flow), connection.name);
    if (!is_usable(context, connection, flow)) return report::misused;
    return pause_refusal(context, connection);
}

Result<std::optional<std::string>> pause_text(Context& context, const config::Connection& connection) {
    if (context.common().dry_run) return std::nullopt;
    BLONGO_TRY(const auto runtime, context.runtime());
    BLONGO_TRY(const auto gate, sync::gate_of_writer(connection, runtime));
    if (!gate.pause) return std::nullopt;
    return sync::pause_words(*gate.pause, connection.time_zone);
}

int pause_refusal(Context& context, const config::Connection& connection) {
    const auto paused = pause_text(context, connection);
    if (!paused) return context.failed(paused.error(), connection.name);
    if (!*paused) return report::done;
    return context.failed(make_error(ErrorKind::guard, **paused, {}, resume_command(connection)), connection.name);
}

bool plans_only(Context& context, const config::Connection& connection, const std::vector<std::string>& orders) {
    if (connection.mode != "plan") return false;
    const auto is_pilot = [&](const std::string& order) {
        return std::find(connection.pilot_orders.begin(), connection.pilot_orders.end(), order) != connection.pilot_orders.end();
    };
    if (!orders.empty() && std::all_of(orders.begin(), orders.end(), is_pilot)) return false;
    context.reporter().warning(connection.name, "mode = \"plan\": nothing is written");
    return true;
}

int run_and_report(Context& context, const config::Connection& connection, const RunOf& run, std::vector<Error>* errors) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error(), connection.name);
    report::Summary summary = run(**config, *runtime);
    if (!summary.dry_run) context.wrote_for(connection);
    for (const Error& error : summary.errors) {
        const bool told_by_signal = error.kind == ErrorKind::stopped && context.process().stop.requested();
        if (!told_by_signal) report_failure(context, connection, summary.flow, error);
    }
    if (errors != nullptr) errors->insert(errors->end(), summary.errors.begin(), summary.errors.end());
    summary.exit_code = report::exit_code_for(summary, {.strict = context.common().strict,
                                                        .exit_code = context.common().exit_code,
                                                        .stop_signal = context.process().stop.signal()});
    context.reporter().summary(summary);
    return summary.exit_code;
}

namespace {

int run_once(Context& context, const FlowEntry& flow, const config::Connection& connection, const sync::FlowOptions& options,
             std::vector<Error>* errors) {
    look_after(context, connection, flow.name, options);
    return run_and_report(
        context, connection,
        [&](const auto& config, const auto& runtime) {
            auto summary = flow.run(config, connection, options, runtime);
            context.quiet().end(connection.name, summary.flow, summary.complete && summary.errors.empty());
            return summary;
        },
        errors);
}

/// The orders that mode = "plan" lets through: pilot_orders, or those of them that were named.
std::vector<std::string> pilots(const config::Connection& connection, const std::vector<std::string>& named) {
    std::vector<std::string> out = connection.pilot_orders;
    std::erase_if(out, [&](const std::string& order) {
        return !named.empty() && std::find(named.begin(), named.end(), order) == named.end();
    });
    return out;
}

} // namespace

int run_on(Context& context, const FlowEntry& flow, const config::Connection& connection, sync::FlowOptions options,
           std::vector<Error>* errors) {
    if (connection.mode != "plan" || options.dry_run) return run_once(context, flow, connection, options, errors);
    int code = report::done;
    sync::FlowOptions through = options;
    if (flow.by_order) through.orders = pilots(connection, options.orders);
    const bool some = flow.by_order && !through.orders.empty();
    context.reporter().warning(
        connection.name,
        fmt::format("mode = \"plan\": nothing is written{}; set mode = \"live\" in [connections.{}] when the plan is right",
                    some ? " but for pilot_orders" : "", connection.name));
    if (some) {
        through.explicit_objects = true;
        code = run_once(context, flow, connection, through, errors);
    }
    options.dry_run = true;
    return report::stronger(code, run_once(context, flow, connection, options, errors));
}

int list_rows(Context& context, std::optional<std::string_view> flow, const std::string& empty_text, const RowsOf& rows) {
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    const auto& [connections, config, runtime] = *selected;
    int code = report::done;
    for (const config::Connection* connection : connections) {
        if (context.process().stop.requested()) break;
        if (flow && !is_usable(context, *connection, *flow)) {
            code = report::stronger(code, report::misused);
            continue;
        }
        if (const auto listed = rows(*config, *connection, runtime); !listed)
            code = report::stronger(code, context.failed(listed.error(), connection->name));
    }
    context.reporter().end_rows(code == report::done ? empty_text : "");
    return code;
}

namespace {

Result<std::optional<std::string>> pause_of_run(Context& context, const config::Connection& connection,
                                                const sync::FlowOptions& options) {
    if (options.dry_run) return std::nullopt;
    return pause_text(context, connection);
}

} // namespace

void pass_over(Context& context, const config::Connection& connection, const std::string& paused) {
    context.reporter().warning(connection.name,
                               fmt::format("passed over: {} (blongo connection resume {})", paused, connection.name));
}

int run_flow(Context& context, const FlowEntry& flow, const sync::FlowOptions& options) {
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    const auto enabled = [&](const config::Connection* connection) { return connection->enabled && flow.enabled(*connection); };
    const bool named = !context.common().connections.empty();
    const bool some_enabled = std::any_of(connections->begin(), connections->end(), enabled);
    int code = report::done;
    for (const config::Connection* connection : *connections) {
        if (context.process().stop.requested()) break;
        if (!enabled(connection) && !options.dry_run) {
            // Clients without this flow are no mistake of a command that means all of them.
            if (!named && some_enabled) continue;
            code = report::stronger(code, context.failed(disabled_error(*connection, flow.name), connection->name));
        } else if (!is_usable(context, *connection, flow.name, true)) {
            code = report::stronger(code, report::misused);
        } else if (const auto paused = pause_of_run(context, *connection, options); !paused) {
            code = report::stronger(code, context.failed(paused.error(), connection->name));
        } else if (*paused && named) {
            code = report::stronger(code, pause_refusal(context, *connection));
        } else if (*paused) {
            pass_over(context, *connection, **paused);
        } else {
            code = report::stronger(code, run_on(context, flow, *connection, options));
        }
    }
    return code;
}

} // namespace blongo::app

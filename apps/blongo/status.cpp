// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/connections.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

/// "12 of 60", "blocked until 2026-11-23 14:47 CET".
std::string budget_text(const std::optional<state::BudgetStatus>& budget, const config::Connection& connection) {
    if (!budget) return {};
    if (budget->blocked_until) return "blocked until " + format_local(*budget->blocked_until, connection.time_zone);
    return fmt::format("{} of {}", budget->used, connection.baselinker.requests_per_minute);
}

json::Value budget_json(const std::optional<state::BudgetStatus>& budget, const config::Connection& connection) {
    if (!budget) return {};
    json::Value value =
        json::Value::object().set("used", budget->used).set("per_minute", connection.baselinker.requests_per_minute);
    value.set("blocked_until", budget->blocked_until ? json::Value(format_utc(*budget->blocked_until)) : json::Value());
    return value;
}

std::string result_text(const sync::FlowStatus& flow) {
    if (!flow.config_errors.empty()) return "configuration error";
    if (!flow.enabled) return "disabled";
    if (!flow.last_run) return "never ran";
    if (!flow.last_run->ended) return flow.running ? "running" : "did not end (killed?)";
    return std::string(report::exit_code_words(flow.last_run->exit_code));
}

void print_flow(Context& context, const config::Connection& connection, const sync::FlowStatus& flow,
                const std::optional<state::BudgetStatus>& budget, bool paused) {
    const auto started = flow.last_run ? std::optional(flow.last_run->started) : std::nullopt;
    const auto good = flow.last_good ? std::optional(flow.last_good->started) : std::nullopt;
    const Timestamp now = context.process().clock.now();
    const auto age = [&](const std::optional<Timestamp>& time) { return time ? format_age(now - *time) : std::string(); };
    const auto age_value = [&](const std::optional<Timestamp>& time) {
        return time ? json::Value(std::chrono::duration_cast<Seconds>(now - *time).count()) : json::Value();
    };
    std::vector<Cell> cells = {text_cell("connection", connection.name),
                               text_cell("flow", flow.flow),
                               text_cell("mode", flow.mode),
                               time_cell("last_run", started, connection.time_zone),
                               {"age", age(started), age_value(started)},
                               text_cell("result", result_text(flow)),
                               {"last_good", age(good), good ? json::Value(format_utc(*good)) : json::Value()},
                               number_cell("parked", flow.parked),
                               number_cell("unsettled", flow.unsettled),
                               number_cell("ledger", flow.ledger),
                               {"budget", budget_text(budget, connection), budget_json(budget, connection)},
                               text_cell("running", flow.running.value_or(""))};
    if (context.format() == report::Format::json) {
        cells.push_back(truth_cell("enabled", flow.enabled));
        cells.push_back(truth_cell("paused", paused));
        const bool ended = flow.last_run && flow.last_run->ended;
        cells.push_back({"exit_code", "", ended ? json::Value(flow.last_run->exit_code) : json::Value()});
        cells.push_back(list_cell("config_errors", flow.config_errors));
    }
    context.reporter().row("status", cells);
}

int run_status(Context& context) {
    return list_rows(
        context, std::nullopt, "nothing ran yet", [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
            BLONGO_TRY(const auto status, sync::status_of(connection, runtime));
            if (status.problem) context.reporter().warning(connection.name, *status.problem);
            if (status.journal_silent_since)
                context.reporter().warning(
                    connection.name,
                    fmt::format("BaseLinker's journal has told nothing since {}, while orders arrive: late changes of status "
                                "are found by sweeps, within the hour. {}",
                                format_local(*status.journal_silent_since, connection.time_zone), sync::journal_remedy));
            BLONGO_TRY(const auto gate, sync::gate_of(connection, runtime));
            if (gate.pause)
                context.reporter().warning(connection.name,
                                           fmt::format("{} (blongo connection resume {})",
                                                       sync::pause_words(*gate.pause, connection.time_zone), connection.name));
            for (const sync::FlowStatus& flow : status.flows)
                print_flow(context, connection, flow, status.budget, gate.pause.has_value());
            return {};
        });
}

} // namespace

void add_status(Command& root) {
    root.command("status", "Last runs, what waits, and the request budget, from what blongo remembers", everywhere, run_status)
        .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

#include "context.hpp"

namespace blongo::app {

/// A flow as commands see it.
struct FlowEntry {
    std::string_view name; ///< "articles": its table in the configuration, too
    bool (*enabled)(const config::Connection& connection);
    bool by_order; ///< of single orders, which pilot_orders can let through
    report::Summary (*run)(const config::Config& config, const config::Connection& connection, const sync::FlowOptions& options,
                           const sync::Runtime& runtime);
};

/// All flows, in the order in which they run.
[[nodiscard]] std::span<const FlowEntry> flows() noexcept;
[[nodiscard]] const FlowEntry* find_flow(std::string_view name) noexcept;

/// What a command over connections begins with.
struct Selected {
    std::vector<const config::Connection*> connections;
    const config::Config* config = nullptr;
    sync::Runtime runtime;
};
[[nodiscard]] Result<Selected> select_connections(Context& context);

/// The words of a repeatable option that takes commas as well, without empty ones.
[[nodiscard]] std::vector<std::string> split_lists(const std::vector<std::string>& texts);

/// --since as a point in time: "2h", "3d" that long ago, or a date or time; none: it was not given.
[[nodiscard]] Result<std::optional<Timestamp>> since_of(const Context& context);

/// FlowOptions from the common options.
[[nodiscard]] sync::FlowOptions flow_options(const Common& common);

/// The one selected connection. Several: ErrorKind::usage with the words `otherwise`.
[[nodiscard]] Result<const config::Connection*> only_connection(Context& context, const std::string& otherwise);

/// Whether a connection's configuration lets a flow run; what does not is reported. `before_a_run`: with what helps to
/// write what is missing, which may cost requests that read.
[[nodiscard]] bool is_usable(Context& context, const config::Connection& connection, std::string_view flow,
                             bool before_a_run = false);

/// 0, or the exit code of a command that must not run, which is reported: its configuration (2), a disabled flow, which
/// only a dry run may look at (2), a pause (7).
[[nodiscard]] int refusal(Context& context, const config::Connection& connection, std::string_view flow);

/// What keeps a paused connection from being written for, in words with who, since when and why; nullopt in a dry run,
/// and when it is not paused. An error means that nobody knows.
[[nodiscard]] Result<std::optional<std::string>> pause_text(Context& context, const config::Connection& connection);
/// Says that a run over everything leaves this connection out.
void pass_over(Context& context, const config::Connection& connection, const std::string& paused);
/// 0, or the reported exit code of a command about a connection that is paused (7).
[[nodiscard]] int pause_refusal(Context& context, const config::Connection& connection);

/// Reports an error of a flow, or lets context.quiet() keep it.
void report_failure(Context& context, const config::Connection& connection, const std::string& flow, const Error& error);

/// Whether mode = "plan" keeps a command about these orders (BaseLinker ids) from writing: it does, unless all of them are
/// pilot_orders. Says so once.
[[nodiscard]] bool plans_only(Context& context, const config::Connection& connection, const std::vector<std::string>& orders);

/// What a command runs, with what every run needs.
using RunOf = std::function<report::Summary(const config::Config&, const sync::Runtime&)>;
/// Runs it, reports its errors and its summary, and answers the exit code. `errors` gets what ended or hurt it. An error of a
/// flow that context.quiet() looks after is kept there.
int run_and_report(Context& context, const config::Connection& connection, const RunOf& run,
                   std::vector<Error>* errors = nullptr);

/// Prints the rows of one connection.
using RowsOf = std::function<Result<void>(const config::Config&, const config::Connection&, const sync::Runtime&)>;
/// Prints one list of the rows of all selected connections, or `empty_text`, and answers the strongest exit code. An
/// error of one connection is reported and never stops another. With a flow ("": none in particular), connections whose
/// configuration does not let it run end with 2.
int list_rows(Context& context, std::optional<std::string_view> flow, const std::string& empty_text, const RowsOf& rows);

/// Runs a flow over the selected connections, one after the other: one connection's trouble never
/// stops another. Reports each summary and answers the strongest exit code. A paused connection is passed over with a
/// line, unless -C names it (7).
int run_flow(Context& context, const FlowEntry& flow, const sync::FlowOptions& options);

/// The same for one connection, its configuration and the flow's `enabled` unchecked. With mode = "plan" nothing is
/// written but for pilot_orders, which run first (of named orders: those that are pilots).
int run_on(Context& context, const FlowEntry& flow, const config::Connection& connection, sync::FlowOptions options,
           std::vector<Error>* errors = nullptr);

} // namespace blongo::app

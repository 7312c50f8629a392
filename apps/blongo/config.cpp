// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/config/show.hpp>
#include <blongo/report/exit_code.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "rows.hpp"

namespace blongo::app {
namespace {

int run_show(Context& context) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    if (!context.common().connections.empty())
        if (const auto selected = context.connections(); !selected) return context.failed(selected.error());
    for (const config::Setting& setting : config::select_settings(**config, context.common().connections))
        context.reporter().row(
            "setting", {text_cell("key", setting.key), text_cell("value", setting.value), text_cell("origin", setting.origin)});
    context.reporter().end_rows("nothing is set");
    return report::done;
}

/// Secrets of an enabled connection that can be looked at without running a command.
std::vector<Error> secret_errors(const config::Connection& connection, const config::Environment& environment) {
    std::vector<Error> errors;
    const auto look = [&](const config::SecretSource& source, const char* what) {
        if (!source.set() || !source.command.empty()) return;
        const std::string name = fmt::format("connections.{}.{}", connection.name, what);
        if (auto read = config::read_secret(source, name, environment); !read) errors.push_back(read.error());
    };
    look(connection.baselinker.token, "baselinker.token");
    look(connection.ongoing.password, "ongoing.password");
    return errors;
}

int run_check(Context& context) {
    const auto config = context.config();
    if (!config) return context.failed(config.error());
    const auto selected = context.connections();
    if (!selected) return context.failed(selected.error());
    const auto& only = context.common().connections;
    std::int64_t errors = 0, warnings = 0;
    for (const config::Problem& problem : config::problems(**config)) {
        const bool concerns =
            only.empty() || problem.connection.empty() || std::find(only.begin(), only.end(), problem.connection) != only.end();
        if (!concerns) continue;
        if (problem.severity == config::Problem::Severity::error) {
            ++errors;
            if (problem.connection.empty()) continue; // a file: connections() told it
            (void)context.failed(make_error(ErrorKind::config, problem.message), problem.connection);
        } else {
            ++warnings;
            context.reporter().warning(problem.connection, problem.message);
        }
    }
    for (const config::Connection* connection : *selected) {
        for (const Error& error : secret_errors(*connection, context.process().environment)) {
            ++errors;
            (void)context.failed(error, connection->name);
        }
    }
    const auto connections = static_cast<std::int64_t>((*config)->connections.size());
    if (context.format() == report::Format::text) {
        context.reporter().text(fmt::format("{}: {} connection{}, {} error{}, {} warning{}", (*config)->file, connections,
                                            connections == 1 ? "" : "s", errors, errors == 1 ? "" : "s", warnings,
                                            warnings == 1 ? "" : "s"));
    } else {
        context.reporter().row("check", {text_cell("name", "configuration"),
                                         text_cell("verdict", errors > 0     ? "FAIL"
                                                              : warnings > 0 ? "warning"
                                                                             : "ok"),
                                         text_cell("file", (*config)->file), number_cell("connections", connections),
                                         number_cell("errors", errors), number_cell("warnings", warnings)});
        context.reporter().end_rows({});
    }
    return errors > 0 ? report::misused : report::done;
}

} // namespace

void add_config(Command& root) {
    Command& config = root.group("config", "The configuration as it counts");
    config.command("show", "Show every effective value and where it comes from; secrets are never shown", everywhere, run_show)
        .prints_rows();
    config.command("check", "Report everything that is wrong with the configuration", everywhere, run_check)
        .details("Makes no request and runs no command; blongo doctor does. Exits with 2 when there is an error.")
        .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include "after_run.hpp"

#include <exception>

#include <fmt/format.h>

#include <blongo/report/alert_json.hpp>
#include <blongo/sync/alerts.hpp>
#include <blongo/sync/metrics.hpp>

#include "files.hpp"
#include "notify_command.hpp"

namespace blongo::app {
namespace {

constexpr Milliseconds longest_command{10'000};

/// Prints one message of a quiet run: a failure in the words in which the run met it.
void print_alert(Context& context, const config::Connection& connection, const QuietNotes& notes,
                 const plan::AlertMessage& message) {
    const plan::Alert& alert = message.alert;
    const bool is_new = message.state == plan::AlertState::problem;
    const bool is_parked = alert.kind == "parked" || alert.kind == "sent_without_shipment";
    if (is_new && is_parked && notes.parked.contains(alert.cause)) return; // printed already, each by itself
    const auto action = notes.actions.find(alert.key);
    const auto error = notes.errors.find(alert.key);
    if (alert.kind == "refused" && action != notes.actions.end()) {
        context.reporter().action(action->second);
        return;
    }
    const bool is_failure = alert.kind == "failed" && error != notes.errors.end() && message.state != plan::AlertState::solved;
    if (!is_failure || !is_new)
        context.print(context.format() == report::Format::json
                          ? report::alert_json(connection.name, message)
                          : report::alert_line(connection.name, message, connection.time_zone));
    if (is_failure) context.reporter().problem(connection.name, error->second);
}

/// Nobody knows what was told before: everything is.
void print_all(Context& context, const config::Connection& connection, const QuietNotes& notes) {
    for (const auto& [key, action] : notes.actions) context.reporter().action(action);
    for (const auto& [key, error] : notes.errors) context.reporter().problem(connection.name, error);
}

} // namespace

bool write_metrics(Context& context, bool told) {
    const auto config = context.config();
    if (!config || (*config)->metrics_textfile.empty()) return true;
    const auto runtime = context.runtime();
    if (!runtime) return true; // told by the run
    const std::string text = report::render_metrics(sync::metrics_of(**config, *runtime));
    const auto written = write_shared_file((*config)->metrics_textfile, text);
    if (!written && !told)
        context.reporter().warning({}, fmt::format("[metrics] textfile {}: {}; {}", (*config)->metrics_textfile,
                                                   written.error().message, written.error().remedy));
    return written.has_value();
}

bool tell_problems(Context& context, const std::set<std::string>& connections, bool told) {
    const auto config = context.config();
    if (!config || (*config)->notify.command.empty()) return true;
    const auto runtime = context.runtime();
    if (!runtime) return true; // told by the run
    const auto& command = (*config)->notify.command;
    for (const config::Connection& connection : (*config)->connections) {
        if (!connections.contains(connection.name)) continue;
        const auto give = [&](const plan::AlertMessage& message) {
            return give_message(command, report::alert_json(connection.name, message), longest_command,
                                context.process().environment);
        };
        const auto done = sync::tell_alerts(**config, connection, *runtime, give);
        if (done) continue;
        if (!told)
            context.reporter().warning(connection.name, fmt::format("[notify] command {}: {}; {}", command.front(),
                                                                    done.error().message, done.error().remedy));
        return false; // one that hangs would hang for the next connection, too
    }
    return true;
}

void tell_quiet(Context& context) {
    const auto names = context.quiet().connections();
    if (names.empty()) return;
    const auto config = context.config();
    const auto runtime = context.runtime();
    for (const std::string& name : names) {
        const config::Connection* connection = config ? (*config)->find(name) : nullptr;
        if (connection == nullptr) continue;
        const QuietNotes notes = context.quiet().take(name);
        const auto tell = [&](const plan::AlertMessage& message) -> Result<void> {
            print_alert(context, *connection, notes, message);
            return {};
        };
        Result<void> told;
        if (runtime) told = sync::tell_quietly(**config, *connection, notes.seen, *runtime, tell);
        if (!runtime || !told) print_all(context, *connection, notes);
    }
}

void after_run(Context& context) {
    tell_quiet(context);
    if (context.written_for().empty()) return;
    try {
        (void)write_metrics(context);
        (void)tell_problems(context, context.written_for());
    } catch (const std::exception& error) {
        context.reporter().warning({}, fmt::format("after the run: {}", error.what()));
    }
}

} // namespace blongo::app

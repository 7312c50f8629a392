// SPDX-License-Identifier: Apache-2.0
#include "after_run.hpp"

#include <exception>

#include <fmt/format.h>

#include <blongo/sync/alerts.hpp>
#include <blongo/sync/metrics.hpp>

#include "files.hpp"
#include "notify_command.hpp"

namespace blongo::app {
namespace {

constexpr Milliseconds longest_command{10'000};

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
    const auto give = [&](const std::string& message) {
        return give_message(command, message, longest_command, context.process().environment);
    };
    for (const config::Connection& connection : (*config)->connections) {
        if (!connections.contains(connection.name)) continue;
        const auto done = sync::tell_alerts(**config, connection, *runtime, give);
        if (done) continue;
        if (!told)
            context.reporter().warning(connection.name, fmt::format("[notify] command {}: {}; {}", command.front(),
                                                                    done.error().message, done.error().remedy));
        return false; // one that hangs would hang for the next connection, too
    }
    return true;
}

void after_run(Context& context) {
    if (context.written_for().empty()) return;
    try {
        (void)write_metrics(context);
        (void)tell_problems(context, context.written_for());
    } catch (const std::exception& error) {
        context.reporter().warning({}, fmt::format("after the run: {}", error.what()));
    }
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <array>
#include <exception>

#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/acting_person.hpp>

#include "after_run.hpp"
#include "audit.hpp"
#include "commands.hpp"

namespace blongo::app {
namespace {

/// Every group of commands, in the order of the help.
constexpr std::array groups = {add_articles, add_orders, add_stock,  add_shipments, add_returns,   add_run,
                               add_check,    add_today,  add_status, add_health,    add_report,    add_parked,
                               add_unknown,  add_init,   add_doctor, add_list,      add_mapping,   add_connection,
                               add_state,    add_audit,  add_pii,    add_config,    add_completion};

int run_command(const Command& command, Context& context) {
    sync::sign_process(context.process().environment, witness().acting_as, command.path().substr(command.path().find(' ') + 1),
                       BLONGO_VERSION);
    if (const auto opened = context.open_log(); !opened) return context.failed(opened.error());
    try {
        if (const auto noted = note_personal(context); !noted) return context.finish(context.failed(noted.error()));
        const int code = command.run()(context);
        after_run(context);
        return context.finish(code);
    } catch (const std::exception& error) {
        return context.failed(make_error(ErrorKind::internal, fmt::format("unexpected failure: {}", error.what()), {},
                                         "this is a bug in blongo: please report it with the output of -vv"));
    }
}

} // namespace

void add_commands(Command& root) {
    for (const auto add : groups) add(root);
}

int run(const Process& process) {
    Common common;
    CommandLine line("blongo", summary, common_options(common));
    add_commands(line.root());
    const auto chosen = line.parse(process.arguments, process.environment);
    Context context(process, common);
    if (!chosen) return context.finish(context.failed(chosen.error()));
    if (chosen->version) {
        context.print("blongo " BLONGO_VERSION "\n");
        return context.finish(report::done);
    }
    if (chosen->help) {
        context.print(help_text(*chosen->command));
        return context.finish(report::done);
    }
    if (common.format == "csv" && !chosen->command->has_rows())
        return context.failed(make_error(ErrorKind::usage, fmt::format("{} has no CSV form", chosen->command->path()), {},
                                         "use --format csv with lists, --json with everything else"));
    if (common.format == "html" && !chosen->command->has_page())
        return context.failed(make_error(ErrorKind::usage, fmt::format("{} makes no page", chosen->command->path()), {},
                                         "use --format html with blongo report"));
    return run_command(*chosen->command, context);
}

} // namespace blongo::app

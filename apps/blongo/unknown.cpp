// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"
#include "shipments.hpp"

namespace blongo::app {
namespace {

struct ResolveArguments {
    std::vector<std::string> orders;
    std::int64_t package = 0;
    bool nothing = false, rebook = false, leave = false;
    std::string of;
};

int run_list(Context& context) {
    return list_rows(context, std::nullopt, "no write is of unknown outcome",
                     [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
                         BLONGO_TRY(const auto rows, sync::list_unknown(connection, runtime));
                         for (const auto& row : rows)
                             context.reporter().row(
                                 "unknown", {text_cell("connection", connection.name),
                                             text_cell("key", fmt::to_string(row.order_id)), id_cell("delivery", row.delivery),
                                             text_cell("action", row.action), time_cell("since", row.since, connection.time_zone),
                                             time_cell("next_look", row.next_look, connection.time_zone),
                                             text_cell("detail", row.detail), text_cell("command", row.command)});
                         return {};
                     });
}

int run_resolve(Context& context, const ResolveArguments& arguments) {
    const int said =
        (arguments.package != 0 ? 1 : 0) + (arguments.nothing ? 1 : 0) + (arguments.rebook ? 1 : 0) + (arguments.leave ? 1 : 0);
    if (said != 1)
        return context.failed(make_error(ErrorKind::usage,
                                         "say what happened: --package ID, --nothing-was-booked, --rebook or --leave", {},
                                         "blongo unknown list; look at the order's packages in BaseLinker"));
    const sync::Resolution resolution{arguments.package, arguments.nothing || arguments.rebook, arguments.rebook, arguments.leave,
                                      arguments.of};
    const auto send = send_options(context, {});
    if (!send) return context.failed(send.error());
    return book_on_orders(
        context, arguments.orders, *send,
        [&](const auto& config, const auto& connection, BaseOrderId order, const auto& wanted, const auto& runtime) {
            return sync::resolve_unknown(config, connection, order, resolution, wanted, runtime);
        });
}

} // namespace

void add_unknown(Command& root) {
    Command& unknown = root.group("unknown", "Writes of which nobody knows whether they were carried out");
    unknown.command("list", "List them, the oldest first, without asking either side", everywhere, run_list).prints_rows();
    auto arguments = std::make_shared<ResolveArguments>();
    unknown
        .command("resolve", "Say what happened to a booking whose answer was lost", everywhere | writing | requesting,
                 [arguments](Context& context) { return run_resolve(context, *arguments); })
        .add(positional("N", order_n_help, true, arguments->orders))
        .add(number("--package", "ID", "this package of BaseLinker is the one", arguments->package))
        .add(text("--of", "NUMBER", "it is of this order of Ongoing: the order, or its back order", arguments->of))
        .add(flag("--nothing-was-booked", "the courier has no shipment: the order is due again", arguments->nothing))
        .add(flag("--rebook", "the same, and book it now", arguments->rebook))
        .add(flag(
            "--leave",
            "a Send that waits for your word needs no package of blongo's; a status that blongo could not set stays as it is",
            arguments->leave))
        .details("blongo never books a second time by itself: it looks for the package at every run. Look at the order's "
                 "packages in BaseLinker, then say what you found.");
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/orders.hpp>

#include "commands.hpp"
#include "order_surgery.hpp"
#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr int rows_listed = 1'000; ///< of `orders list`, newest first

/// Runs the flow for all selected connections, or for the one whose orders are named.
int run_for(Context& context, const FlowEntry& flow, bool resend_vanished) {
    sync::FlowOptions options = flow_options(context.common());
    options.resend_vanished = resend_vanished && !context.common().orders.empty();
    if (context.common().orders.empty()) return run_flow(context, flow, options);
    const config::Connection* connection = nullptr;
    auto named = ids_in_one_connection(context, context.common().orders, connection);
    if (!named) return context.failed(named.error());
    options.orders = std::move(*named);
    if (const int refused = refusal(context, *connection, "orders"); refused != report::done) return refused;
    return run_on(context, flow, *connection, options);
}

int run_sync(Context& context, bool allow_cancelling) {
    if (!allow_cancelling) return run_for(context, *find_flow("orders"), true);
    const auto only = only_connection(context, "--allow-cancelling lifts a brake and needs exactly one connection");
    if (!only) return context.failed(only.error());
    if (!context.common().orders.empty())
        return context.failed(
            make_error(ErrorKind::usage, "--allow-cancelling is for runs over all orders", {}, "leave --order out"));
    sync::FlowOptions options = flow_options(context.common());
    options.allow_cancelling = true;
    return run_flow(context, *find_flow("orders"), options);
}

struct BackfillOptions {
    std::string from, to;
};

/// The range of a backfill travels beside the flow's options: FlowEntry::run is a plain function.
std::optional<Timestamp> backfill_from, backfill_to;

report::Summary backfill(const config::Config& config, const config::Connection& connection, const sync::FlowOptions& options,
                         const sync::Runtime& runtime) {
    return sync::backfill_orders(config, connection, backfill_from, backfill_to, options, runtime);
}

int run_backfill(Context& context, const BackfillOptions& options) {
    const auto read = [](const std::string& text, std::optional<Timestamp>& into) {
        if (text.empty()) return true;
        into = parse_timestamp(text);
        return into.has_value();
    };
    if (!read(options.from, backfill_from) || !read(options.to, backfill_to))
        return context.failed(make_error(ErrorKind::usage, "--from and --to take a date or time such as 2026-11-24", {},
                                         "Try: blongo orders backfill --help"));
    if (context.common().orders.empty() && !backfill_from)
        return context.failed(make_error(ErrorKind::usage, "blongo orders backfill needs --order N or --from", {},
                                         "Try: blongo orders backfill --help"));
    FlowEntry flow = *find_flow("orders");
    flow.run = &backfill;
    return run_for(context, flow, false);
}

/// What the packers would meet, for whoever can mend it before.
int list_failing(Context& context) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    return list_rows(context, "orders", "nothing is foreseen to fail at Send",
                     [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
                         BLONGO_TRY(const auto rows, sync::list_forecasts(connection, runtime));
                         for (const auto& row : rows) {
                             if (*since && row.since < **since) continue;
                             context.reporter().row("order", {text_cell("connection", connection.name),
                                                              text_cell("key", fmt::to_string(row.order_id)),
                                                              text_cell("order_number", row.order_number.value()),
                                                              time_cell("since", row.since, connection.time_zone),
                                                              text_cell("cause", row.cause),
                                                              text_cell("owner", report::describe_cause(row.cause, "").owner),
                                                              text_cell("will_fail_at_send", row.detail)});
                         }
                         return {};
                     });
}

int run_list(Context& context) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    const std::string empty =
        *since ? "no order was sent to Ongoing since then" : "no order has been sent to Ongoing yet: run blongo orders sync";
    return list_rows(context, "orders", empty, [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto rows, sync::list_orders(connection, *since, rows_listed, runtime));
        for (const auto& [id, in_ledger, hold] : rows) {
            const auto& known = in_ledger;
            const state::OrderRow row = known.value_or(state::OrderRow{});
            const auto time = [&](Timestamp at) { return known ? std::optional{at} : std::nullopt; };
            context.reporter().row(
                "order", {text_cell("connection", connection.name), text_cell("key", fmt::to_string(id)),
                          text_cell("order_number", row.number.value()), id_cell("ongoing_id", row.ongoing_id.value()),
                          text_cell("source", row.order_source), text_cell("market_number", row.market_number),
                          time_cell("confirmed", time(row.date_confirmed), connection.time_zone),
                          time_cell("imported", time(row.imported_at), connection.time_zone), truth_cell("adopted", row.adopted),
                          time_cell("on_hold", hold ? std::optional{hold->since} : std::nullopt, connection.time_zone),
                          text_cell("hold_by", hold ? hold->who : ""), text_cell("hold_reason", hold ? hold->reason : "")});
        }
        return {};
    });
}

int run_find(Context& context, const std::string& n) {
    const auto found = find_orders(context, n);
    if (!found) return context.failed(found.error());
    for (const auto& order : *found)
        context.reporter().row(
            "order", {text_cell("connection", order.connection->name), text_cell("key", fmt::to_string(order.found.order_id)),
                      text_cell("order_number", order.found.number), text_cell("market_number", order.found.market_number),
                      text_cell("known_from", order.found.where)});
    context.reporter().end_rows("nothing is known as " + n);
    return found->empty() ? report::exit_code_for(ErrorKind::not_found) : report::done;
}

} // namespace

void add_orders(Command& root) {
    auto allow_cancelling = std::make_shared<bool>(false);
    Command& orders = root.group("orders", "Orders of BaseLinker as orders of Ongoing");
    orders
        .command("sync", "Send new orders in the accepted statuses to Ongoing", everywhere | writing | requesting | by_order,
                 [allow_cancelling](Context& context) { return run_sync(context, *allow_cancelling); })
        .details("Every confirmed order in an accepted status that is not in Ongoing yet is created there, whenever it "
                 "got into that status; articles that it needs are made first. Orders that cannot be sent are parked "
                 "with their cause, who acts, and the next command, and go by themselves when the cause is gone.\n"
                 "With --order N only these orders are looked at. start_from and import_delay leave out what they "
                 "leave out in every run: blongo orders backfill --order N sends such an order all the same.\n"
                 "Imported orders that are not finished are watched: what changes in BaseLinker is changed in Ongoing, what "
                 "is cancelled or deleted there is cancelled, as long as the warehouse has not started. When more than half of "
                 "them (and at least 10) are gone from BaseLinker at once, nothing is cancelled and the run ends with 7.")
        .add(flag("--allow-cancelling", "most imported orders are gone from BaseLinker, and it is so", *allow_cancelling));
    auto range = std::make_shared<BackfillOptions>();
    Command& backfill_command =
        orders.command("backfill", "Send orders that start_from left out", everywhere | writing | requesting | by_order,
                       [range](Context& context) { return run_backfill(context, *range); });
    backfill_command
        .details("Takes orders in the accepted statuses by number or by the time of their confirmation, whatever "
                 "start_from and import_delay say of them. One that cannot be sent is parked like any other, and goes "
                 "by itself when the cause is gone.")
        .add(text("--from", "TIME", "confirmed at or after this date or time", range->from))
        .add(text("--to", "TIME", "confirmed before this date or time", range->to));
    auto will_fail = std::make_shared<bool>(false);
    orders
        .command("list", "List the orders that blongo sent or adopted, newest first, without asking either side",
                 everywhere | by_time,
                 [will_fail](Context& context) { return *will_fail ? list_failing(context) : run_list(context); })
        .details("Orders that are on hold and were not sent stand before them. With --will-fail only those that Send is "
                 "foreseen to refuse (orders.preflight), oldest first, with what is wrong and who acts. An order leaves that "
                 "list by itself when it is mended, or was sent. --since T: sent to Ongoing, or foreseen to fail, at or after T.")
        .add(flag("--will-fail", "orders that will fail at Send, and why", *will_fail))
        .prints_rows();
    const auto named = [&](Command& group, const std::string& name, const std::string& summary,
                           int (*what)(Context&, const std::string&)) -> Command& {
        return add_named(group, name, summary, everywhere | requesting, "N", order_n_help, what);
    };
    add_order_surgery(orders);
    named(orders, "show", "Show one order on both sides, member by member", show_order).prints_rows();
    named(orders, "why", "Say where an order is, or what keeps it and who acts", explain_order);
    named(root, "why", "Say where an order is, or what keeps it and who acts", explain_order);
    named(root, "find", "Find an order by any of its numbers", run_find).prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include "order_surgery.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/order_diff.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/orders.hpp>

#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr const char* list_n_help =
    "BaseLinker order id, Ongoing order number, marketplace number, or #Ongoing id; - reads them from standard input";

/// Something that is done with orders of one connection.
using OrdersAction =
    std::function<report::Summary(const config::Config&, const config::Connection&, const std::vector<BaseOrderId>&,
                                  const sync::FlowOptions&, const sync::Runtime&)>;

/// One run for the orders of each connection; a name that means none stops no other.
int act_on_orders(Context& context, const std::vector<std::string>& names, const OrdersAction& action) {
    int code = report::done;
    std::vector<std::pair<const config::Connection*, std::vector<BaseOrderId>>> by_connection;
    const int resolved = for_each_name(context, names, [&](Context&, const std::string& n) {
        const auto order = find_one_order(context, n);
        if (!order) return context.failed(order.error());
        auto known = std::find_if(by_connection.begin(), by_connection.end(),
                                  [&](const auto& one) { return one.first == order->connection; });
        if (known == by_connection.end()) known = by_connection.insert(known, {order->connection, {}});
        auto& ids = known->second;
        if (std::find(ids.begin(), ids.end(), order->found.order_id) == ids.end()) ids.push_back(order->found.order_id);
        return report::done;
    });
    code = report::stronger(code, resolved);
    for (const auto& [selected, orders] : by_connection) {
        const auto* connection = selected;
        const auto& ids = orders;
        if (context.process().stop.requested()) break;
        if (const int refused = refusal(context, *connection, "orders"); refused != report::done) {
            code = report::stronger(code, refused);
            continue;
        }
        code = report::stronger(code, run_and_report(context, *connection, [&](const auto& config, const auto& runtime) {
                                    return action(config, *connection, ids, flow_options(context.common()), runtime);
                                }));
    }
    return code;
}

struct HoldArguments {
    std::vector<std::string> orders;
    std::string reason;
};

void add_hold(Command& orders) {
    auto arguments = std::make_shared<HoldArguments>();
    orders
        .command("hold", "Keep orders from being sent, changed and booked", everywhere | writing | requesting,
                 [arguments](Context& context) {
                     return act_on_orders(context, arguments->orders,
                                          [&](const auto& config, const auto& connection, const auto& ids, const auto& options,
                                              const auto& runtime) {
                                              return sync::hold_orders(config, connection, ids, arguments->reason, options,
                                                                       runtime);
                                          });
                 })
        .details("An order on hold is not sent to Ongoing, not changed there, and not booked when the warehouse sends it; "
                 "cancellations still go. blongo orders unhold N ends it.\n"
                 "A hold does not reach into the warehouse: an order that Ongoing has already can still be picked there. "
                 "Its status is shown; tell the warehouse. Orders that are sent, finished or cancelled are refused.")
        .add(positional("N", list_n_help, true, arguments->orders))
        .add(text("--reason", "TEXT", "why, for those who meet the order", arguments->reason));
    auto released = std::make_shared<std::vector<std::string>>();
    orders
        .command("unhold", "Release orders that are on hold", everywhere | writing | requesting,
                 [released](Context& context) { return act_on_orders(context, *released, &sync::unhold_orders); })
        .details("What the hold has kept goes on at the next run.")
        .add(positional("N", list_n_help, true, *released));
}

struct ReimportArguments {
    std::vector<std::string> orders;
    sync::SentAnew lifted;
};

/// What is lifted travels beside the flow's options: FlowEntry::run is a plain function.
sync::SentAnew lifted;

report::Summary reimport(const config::Config& config, const config::Connection& connection, const sync::FlowOptions& options,
                         const sync::Runtime& runtime) {
    return sync::reimport_orders(config, connection, lifted, options, runtime);
}

/// All or none: what lifts a guard is done to orders of one connection, every one of which is known.
int run_reimport(Context& context, const ReimportArguments& arguments) {
    const auto names = with_standard_input(context, arguments.orders);
    if (!names) return context.failed(names.error());
    const config::Connection* connection = nullptr;
    auto ids = ids_in_one_connection(context, *names, connection);
    if (!ids) return context.failed(ids.error());
    if (ids->empty()) return report::done; // nothing stood on standard input
    if (const int refused = refusal(context, *connection, "orders"); refused != report::done) return refused;
    sync::FlowOptions options = flow_options(context.common());
    options.orders = std::move(*ids);
    lifted = arguments.lifted;
    FlowEntry flow = *find_flow("orders");
    flow.run = &reimport;
    return run_on(context, flow, *connection, options);
}

void add_reimport(Command& orders) {
    auto arguments = std::make_shared<ReimportArguments>();
    orders
        .command("reimport", "Send orders to Ongoing anew", everywhere | writing | requesting,
                 [arguments](Context& context) { return run_reimport(context, *arguments); })
        .details("An order that is cancelled in Ongoing and alive again in BaseLinker goes under its next number, 84512345-2. "
                 "One that Ongoing lost before it was sent goes under its own. Nothing is sent while Ongoing holds the order: "
                 "both sides are looked at first, and what is refused says why, and what to do instead.\n"
                 "What was asked for is remembered: a run that is interrupted leaves it to the next blongo orders sync, which "
                 "asks the same questions again.")
        .add(positional("N", list_n_help, true, arguments->orders))
        .add(flag("--accept-identity", "the id is another order's now: send that one, under the next number",
                  arguments->lifted.accept_identity))
        .add(flag("--accept-copy", "send it although its lines may be in the warehouse twice then",
                  arguments->lifted.accept_copy));
}

void print_difference(Context& context, const config::Connection& connection, const sync::OrderDifference& found) {
    const auto value = [&](const std::string& text) {
        return found.own && !text.empty() ? std::string("***") : masked(found.member, text);
    };
    context.reporter().row("difference",
                           {text_cell("connection", connection.name), text_cell("flow", "orders"),
                            text_cell("key", fmt::to_string(found.order_id)), text_cell("order_number", found.number),
                            text_cell("member", found.member), text_cell("ongoing", value(found.ongoing)),
                            text_cell("baselinker", value(found.baselinker)), text_cell("verdict", found.verdict)});
}

int run_diff_of(Context& context, const config::Connection& connection, const std::vector<BaseOrderId>& ids, bool& differ) {
    if (!is_usable(context, connection, "orders")) return report::misused;
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error(), connection.name);
    const auto print = [&](const sync::OrderDifference& found) {
        differ = true;
        print_difference(context, connection, found);
    };
    const auto summary = sync::diff_orders(**config, connection, ids, print, *runtime);
    for (const Error& error : summary.errors) (void)context.failed(error, connection.name);
    return report::exit_code_for(
        summary, {.strict = false, .exit_code = context.common().exit_code, .stop_signal = context.process().stop.signal()});
}

/// Named orders, each of its connection; without names all unfinished ones of the selected connections.
int run_diff(Context& context, const std::vector<std::string>& names) {
    int code = report::done;
    bool differ = false;
    if (names.empty() && context.common().orders.empty()) {
        const auto connections = context.connections();
        if (!connections) return context.failed(connections.error());
        for (const config::Connection* connection : *connections) {
            if (context.process().stop.requested()) break;
            code = report::stronger(code, run_diff_of(context, *connection, {}, differ));
        }
    } else {
        std::vector<std::string> all = names;
        all.insert(all.end(), context.common().orders.begin(), context.common().orders.end());
        code = for_each_name(context, all, [&](Context&, const std::string& n) {
            const auto order = find_one_order(context, n);
            if (!order) return context.failed(order.error());
            return run_diff_of(context, *order->connection, {order->found.order_id}, differ);
        });
    }
    context.reporter().end_rows(!differ && code == report::done ? "a sync would change nothing" : "");
    return code;
}

void add_diff(Command& orders) {
    auto names = std::make_shared<std::vector<std::string>>();
    orders
        .command("diff", "Show what a sync would change, member by member", everywhere | requesting | by_order | comparing,
                 [names](Context& context) { return run_diff(context, *names); })
        .details("Without N: every order that Ongoing has and that is not finished. Each row is one member of an order, with "
                 "what both sides hold and what a sync does about it: update, patch, cancel, create; kept, where people edited "
                 "it in Ongoing and theirs stays; locked, where the warehouse has started; or the cause for which the order "
                 "waits. Writes nothing. With --exit-code it exits with 9 when something differs.")
        .add(positional("N", list_n_help, false, *names))
        .prints_rows();
}

} // namespace

void add_order_surgery(Command& orders) {
    add_hold(orders);
    add_diff(orders);
    add_reimport(orders);
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/returns.hpp>

#include "commands.hpp"
#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr int rows_listed = 1'000; ///< of `returns list`, newest first

/// All selected connections, or the one whose orders are named.
int run_sync(Context& context) {
    sync::FlowOptions options = flow_options(context.common());
    if (context.common().orders.empty()) return run_flow(context, *find_flow("returns"), options);
    const config::Connection* connection = nullptr;
    auto named = ids_in_one_connection(context, context.common().orders, connection);
    if (!named) return context.failed(named.error());
    options.orders = std::move(*named);
    if (const int refused = refusal(context, *connection, "returns"); refused != report::done) return refused;
    return run_on(context, *find_flow("returns"), *connection, options);
}

std::string pieces_text(const sync::ReturnView& view) {
    std::string text;
    for (const auto& line : view.entry.lines)
        text += fmt::format("{}{} of {} x {}", text.empty() ? "" : ", ", line.received.to_string(), line.quantity, line.article);
    return text;
}

json::Value pieces_json(const sync::ReturnView& view) {
    json::Value lines = json::Value::array();
    for (const auto& line : view.entry.lines)
        lines.push_back(json::Value::object()
                            .set("row", line.row_number)
                            .set("sku", line.article.value())
                            .set("expected", line.quantity)
                            .set("received", line.received));
    return lines;
}

int run_list(Context& context) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    const std::string empty = "no return has been sent to Ongoing yet: run blongo returns sync";
    return list_rows(context, "returns", empty, [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto views, sync::list_returns(connection, rows_listed, runtime));
        for (const auto& view : views) {
            const auto& row = view.entry.row;
            if (*since && row.sent_at < **since) continue;
            const auto received_at = row.received_at == Timestamp{} ? std::nullopt : std::optional(row.received_at);
            context.reporter().row("return", {text_cell("connection", connection.name),
                                              text_cell("key", fmt::to_string(row.return_id)),
                                              text_cell("return_number", row.number.value()),
                                              text_cell("order_id", fmt::to_string(row.order_id)),
                                              text_cell("order_number", view.order_number.value()),
                                              id_cell("ongoing_id", row.ongoing_id),
                                              text_cell("state", view.state_words()),
                                              number_cell("expected", view.expected()),
                                              {"received", view.received().to_string(), json::Value(view.received())},
                                              {"lines", pieces_text(view), pieces_json(view)},
                                              time_cell("sent", row.sent_at, connection.time_zone),
                                              time_cell("received_at", received_at, connection.time_zone),
                                              id_cell("base_status", row.base_status.value()),
                                              text_cell("status", view.status_words()),
                                              text_cell("cause", view.parked ? view.parked->cause : ""),
                                              truth_cell("adopted", row.adopted)});
        }
        return {};
    });
}

} // namespace

void add_returns(Command& root) {
    Command& returns = root.group("returns", "Returns of BaseLinker as return orders of Ongoing");
    returns
        .command("sync", "Send returns to Ongoing and read back what came", everywhere | writing | requesting | by_order,
                 run_sync)
        .details("Off until [connections.X.returns] says enabled = true; --dry-run shows what it would write. Every return "
                 "of an order that blongo sent, in one of the statuses of returns.statuses (none: in any), becomes a return "
                 "order with the order's own lines. A return whose SKUs are not those of single lines of the order is "
                 "parked, and goes by itself when they are. What the warehouse receives is read back; when all has come, "
                 "the return is moved to status_after_received in BaseLinker, once, unless a person has moved it on.\n"
                 "With --order N only the returns of these orders are looked at.");
    returns
        .command("list", "List the returns that blongo sent, newest first, with what came, without asking either side",
                 everywhere | by_time, run_list)
        .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/stock_view.hpp>

#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

int run_push(Context& context, bool allow_zeroing) {
    sync::FlowOptions options = flow_options(context.common());
    options.allow_zeroing = allow_zeroing;
    if (allow_zeroing) {
        const auto only = only_connection(context, "--allow-zeroing lifts a brake and needs exactly one connection");
        if (!only) return context.failed(only.error());
    }
    return run_flow(context, *find_flow("stock"), options);
}

std::string number_text(const std::optional<Decimal>& number) {
    return number ? number->to_string() : std::string("not reported");
}

template <class Number> json::Value number_json(const std::optional<Number>& number) {
    return number ? json::Value(*number) : json::Value();
}

json::Value to_json(const sync::StockView& view) {
    json::Value out = json::Value::object();
    json::Value warehouses = json::Value::array(), targets = json::Value::array(), waiting = json::Value::array();
    for (const auto& one : view.warehouses)
        warehouses.push_back(json::Value::object().set("warehouse_id", one.id).set("sellable", number_json(one.sellable)));
    for (const auto& one : view.targets)
        targets.push_back(json::Value::object()
                              .set("warehouse", one.key.value())
                              .set("observed", number_json(one.observed))
                              .set("waiting", one.waiting)
                              .set("buffer", one.buffer)
                              .set("figure", number_json(one.figure))
                              .set("pushed", number_json(one.pushed))
                              .set("held", number_json(one.held)));
    for (const auto& one : view.waiting)
        waiting.push_back(json::Value::object()
                              .set("order_id", one.order_id.value())
                              .set("status", one.status.value())
                              .set("pieces", one.pieces));
    return out.set("warehouses", std::move(warehouses)).set("targets", std::move(targets)).set("waiting", std::move(waiting));
}

std::string to_text(const config::Connection& connection, const sync::StockView& view) {
    std::string text = fmt::format("{} of {}\n", view.number, connection.name);
    if (!view.not_pushed.empty()) text += fmt::format("its stock goes nowhere: {}\n", view.not_pushed);
    for (const auto& one : view.warehouses)
        text += fmt::format("Ongoing, warehouse {}: {} sellable\n", one.id, number_text(one.sellable));
    if (view.warehouses.empty()) text += "Ongoing: no stock reported\n";
    for (const auto& one : view.waiting)
        text += fmt::format("waiting: order {}, {} pieces, status {}\n", one.order_id, one.pieces, one.status);
    for (const auto& one : view.targets) {
        text += fmt::format("{}: ", one.key);
        if (one.figure)
            text +=
                fmt::format("{} - {} waiting - {} buffer = {}", number_text(one.observed), one.waiting, one.buffer, *one.figure);
        else
            text += "not reported by Ongoing, nothing is pushed";
        if (one.pushed && view.pushed_at)
            text += fmt::format("; {} pushed {}", *one.pushed, format_local(*view.pushed_at, connection.time_zone));
        else
            text += "; never pushed";
        text += one.held ? fmt::format("; BaseLinker holds {}\n", *one.held) : "; BaseLinker holds none\n";
    }
    return text;
}

int run_show(Context& context) {
    if (context.common().skus.empty())
        return context.failed(
            make_error(ErrorKind::usage, "blongo stock show needs an article number", {}, "blongo stock show --sku S"));
    return list_rows(context, "stock", "", [&](const auto& config, const auto& connection, const auto& runtime) -> Result<void> {
        for (const auto& sku : context.common().skus) {
            BLONGO_TRY(const auto view, sync::show_stock(config, connection, ArticleNumber{sku}, runtime));
            if (context.format() == report::Format::text) {
                context.print(to_text(connection, view));
                continue;
            }
            const json::Value parts = to_json(view);
            context.reporter().row("stock", {text_cell("connection", connection.name),
                                             text_cell("key", view.number.value()),
                                             id_cell("product_id", view.product.value()),
                                             text_cell("not_pushed", view.not_pushed),
                                             {"warehouses", {}, parts["warehouses"]},
                                             {"targets", {}, parts["targets"]},
                                             {"waiting", {}, parts["waiting"]},
                                             time_cell("pushed_at", view.pushed_at, connection.time_zone)});
        }
        return {};
    });
}

} // namespace

void add_stock(Command& root) {
    Command& stock = root.group("stock", "Stock levels of Ongoing in BaseLinker");
    auto allow_zeroing = std::make_shared<bool>(false);
    stock
        .command("push", "Bring changed stock to BaseLinker", everywhere | writing | requesting | by_sku,
                 [allow_zeroing](Context& context) { return run_push(context, *allow_zeroing); })
        .add(flag("--allow-zeroing", "let more than max_zeroed_percent of the SKUs fall to 0, this once", *allow_zeroing))
        .details("Off until [connections.X.stock] says enabled = true; --dry-run shows what it would write. Each figure is what "
                 "Ongoing can sell, less what orders ask for that Ongoing does not hold yet, less the buffer, and never below 0. "
                 "An empty list, or too many SKUs that would fall to 0, stop the run before its first write.");
    stock.command("show", "Show every part of an article's figure", everywhere | requesting | by_sku, run_show).prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include "article_view.hpp"

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/articles.hpp>

#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct Found {
    const config::Connection* connection;
    sync::ArticleView view;
};

constexpr std::size_t widest_value = 28; ///< columns of a member's value on a terminal; JSON has all of it

std::string shortened(const std::string& value) {
    if (character_count(value) <= widest_value) return value;
    return cut_characters(value, widest_value - 3) + "...";
}

std::string heading(const Found& found) {
    const sync::ArticleView& view = found.view;
    std::string text = fmt::format("{} of {}\n", view.number, found.connection->name);
    text += view.in_baselinker ? fmt::format("BaseLinker: product {}", view.product_id) : "BaseLinker: not there";
    if (view.in_baselinker && view.source_id != view.product_id) text += fmt::format(", variant {}", view.source_id);
    text += view.in_ongoing ? fmt::format("\nOngoing:    article {}", view.article_system_id) : "\nOngoing:    not there";
    text += view.in_ledger ? "\nblongo:     knows it" : "\nblongo:     has not synced it yet";
    if (!view.former_numbers.empty()) text += "\nbefore:     " + join(view.former_numbers, ", ");
    if (view.parked_cause) {
        text += fmt::format("\nparked:     {}: {}", *view.parked_cause, view.parked_detail.value_or(""));
    }
    return text + "\n";
}

std::string reads_of(const sync::ArticleView::Line& line) {
    std::string text;
    for (const auto& [name, value] : line.reads) text += fmt::format("{}{} = \"{}\"", text.empty() ? "" : ", ", name, value);
    return text;
}

void print_json(Context& context, const Found& found) {
    const sync::ArticleView& view = found.view;
    json::Value lines = json::Value::array();
    for (const auto& line : view.lines) {
        lines.push_back(json::Value::object()
                            .set("target", line.target)
                            .set("source", line.source)
                            .set("baselinker", line.baselinker)
                            .set("ongoing", line.ongoing)
                            .set("agreed", line.agreed)
                            .set("verdict", line.verdict)
                            .set("mapping", line.own ? "own" : "default")
                            .set("reads", reads_of(line))
                            .set("default", line.by_default));
    }
    context.reporter().row("article", {text_cell("connection", found.connection->name),
                                       text_cell("key", view.number),
                                       truth_cell("in_baselinker", view.in_baselinker),
                                       truth_cell("in_ongoing", view.in_ongoing),
                                       truth_cell("in_ledger", view.in_ledger),
                                       id_cell("product_id", view.product_id),
                                       id_cell("source_id", view.source_id),
                                       id_cell("article_system_id", view.article_system_id),
                                       text_cell("cause", view.parked_cause.value_or("")),
                                       text_cell("detail", view.parked_detail.value_or("")),
                                       list_cell("former_numbers", view.former_numbers),
                                       {"lines", "", lines}});
}

void print(Context& context, const Found& found, bool with_templates) {
    if (context.format() == report::Format::json) {
        print_json(context, found);
        return;
    }
    context.reporter().text(heading(found));
    const bool narrow = context.format() == report::Format::text;
    for (const auto& line : found.view.lines) {
        const auto cell = [narrow](const char* name, const std::string& value) {
            return text_cell(name, narrow ? shortened(value) : value);
        };
        std::vector<Cell> cells = {text_cell("member", line.target)};
        if (with_templates) {
            cells.push_back(text_cell("source", line.source));
            cells.push_back(text_cell("reads", reads_of(line)));
            cells.push_back(cell("default", line.by_default));
        }
        cells.push_back(cell("baselinker", line.baselinker));
        cells.push_back(cell("ongoing", line.ongoing));
        cells.push_back(cell("agreed", line.agreed));
        cells.push_back(text_cell("verdict", line.verdict));
        context.reporter().row("article", cells);
    }
    context.reporter().end_rows({});
}

} // namespace

int show_article(Context& context, std::span<const config::Connection* const> connections, const std::string& sku,
                 bool with_templates) {
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    int code = report::done;
    std::vector<Found> found;
    std::vector<std::string> names;
    for (const config::Connection* connection : connections) {
        if (!is_usable(context, *connection, "articles")) {
            code = report::stronger(code, report::misused);
            continue;
        }
        auto view = sync::show_article(**config, *connection, sku, *runtime);
        if (!view && view.error().kind == ErrorKind::not_found) continue;
        if (!view) {
            code = report::stronger(code, context.failed(view.error(), connection->name));
            continue;
        }
        if (!view->in_baselinker && !view->in_ongoing && !view->in_ledger && !view->parked_cause) continue;
        names.push_back(connection->name);
        found.push_back({connection, std::move(*view)});
    }
    if (found.size() > 1) {
        return context.failed(make_error(ErrorKind::usage, fmt::format("article {} is known to several connections", sku), {},
                                         fmt::format("say which one with -C: {}", join(names, ", "))));
    }
    if (found.empty() && code == report::done) {
        return context.failed(make_error(ErrorKind::not_found, fmt::format("no article has the number {}", sku), {},
                                         "blongo articles list shows the numbers that blongo knows"));
    }
    for (const Found& one : found) print(context, one, with_templates);
    return code;
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <span>

#include <blongo/base/ids.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/articles.hpp>
#include <blongo/sync/mapping.hpp>

#include "article_view.hpp"
#include "commands.hpp"
#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct ShowOptions {
    bool targets = false;
};

int show_targets(Context& context) {
    for (const sync::MappingTarget& target : sync::mapping_targets())
        context.reporter().row("target",
                               {text_cell("target", target.key), text_cell("type", target.type), text_cell("note", target.note)});
    context.reporter().end_rows({});
    return report::done;
}

/// Without any configuration the mapping is the default.
Result<std::vector<const config::Connection*>> connections_if_any(Context& context) {
    const bool named = !context.common().config.empty() || !context.common().connections.empty();
    if (!named && !config::find_file({}, context.process().environment) && !context.process().environment("BLONGO_CONFIG"))
        return std::vector<const config::Connection*>{nullptr};
    return context.connections();
}

int run_show(Context& context, const ShowOptions& options) {
    if (options.targets) return show_targets(context);
    const auto connections = connections_if_any(context);
    if (!connections) return context.failed(connections.error());
    int code = report::done;
    for (const config::Connection* connection : *connections) {
        for (const FlowEntry& flow : flows()) {
            const bool usable = connection == nullptr || !connection->errors.contains(std::string(flow.name));
            if (!usable && !is_usable(context, *connection, flow.name)) code = report::stronger(code, report::misused);
            for (const sync::MappingLine& line : sync::mapping_in_effect(flow.name, connection))
                context.reporter().row("mapping",
                                       {text_cell("flow", line.flow), text_cell("target", line.target),
                                        text_cell("source", line.source), text_cell("transformation", line.transformation),
                                        text_cell("mapping", line.own ? "own" : "default"), text_cell("default", line.by_default),
                                        text_cell("connection", connection == nullptr ? "" : connection->name),
                                        text_cell("origin", line.origin)});
        }
    }
    context.reporter().end_rows({});
    return code;
}

/// `parked list` names this command for articles as well: what is no number of an order may be one of theirs.
bool is_article(Context& context, std::span<const config::Connection* const> connections, const std::string& name) {
    const auto runtime = context.runtime();
    if (parse_id(name) || !runtime) return false;
    return std::ranges::any_of(connections, [&](const config::Connection* connection) {
        const auto known = sync::knows_article(*connection, name, *runtime);
        return known && *known;
    });
}

int run_test(Context& context, const std::vector<std::string>& names) {
    const auto& skus = context.common().skus;
    if (names.empty() && skus.empty())
        return context.failed(make_error(ErrorKind::usage, "no order and no article is named", {},
                                         "blongo mapping test N, or blongo mapping test --sku S"));
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    int code = for_each_name(context, names, [&](Context& for_one, const std::string& name) {
        return is_article(for_one, *connections, name) ? show_article(for_one, *connections, name, true)
                                                       : test_order_mapping(for_one, name);
    });
    for (const std::string& sku : skus) code = report::stronger(code, show_article(context, *connections, sku, true));
    return code;
}

} // namespace

void add_mapping(Command& root) {
    Command& mapping = root.group("mapping", "Which field of Ongoing comes from which field of BaseLinker");
    auto show = std::make_shared<ShowOptions>();
    mapping
        .command("show", "Show the field mapping in effect: target, source, transformation", everywhere,
                 [show](Context& context) { return run_show(context, *show); })
        .details("Beside a template of [connections.X.mapping] stands the source that it replaces.")
        .add(flag("--targets", "instead, every member that a template may write", show->targets))
        .prints_rows();
    auto names = std::make_shared<std::vector<std::string>>();
    mapping
        .command("test", "Put both sides of one order or article next to each other, member by member",
                 everywhere | requesting | by_sku, [names](Context& context) { return run_test(context, *names); })
        .details("Shows what each template read, what it made of that, and what would stand there without it. Writes "
                 "nothing.")
        .add(positional("N", std::string(order_n_help) + "; or an article number", false, *names))
        .prints_rows();
}

} // namespace blongo::app

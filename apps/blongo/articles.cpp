// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <blongo/base/text.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/articles.hpp>

#include "article_view.hpp"
#include "commands.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

int run_sync(Context& context) {
    return run_flow(context, *find_flow("articles"), flow_options(context.common()));
}

int run_diff(Context& context) {
    FlowEntry diff = *find_flow("articles");
    diff.run = &sync::diff_articles;
    sync::FlowOptions options = flow_options(context.common());
    options.dry_run = true;
    return run_flow(context, diff, options);
}

struct ShowOptions {
    std::vector<std::string> skus;
};

int run_show(Context& context, const ShowOptions& options) {
    std::vector<std::string> skus = options.skus;
    skus.insert(skus.end(), context.common().skus.begin(), context.common().skus.end());
    if (skus.empty()) {
        return context.failed(
            make_error(ErrorKind::usage, "blongo articles show needs an article number", {}, "Try: blongo articles show --help"));
    }
    const auto connections = context.connections();
    if (!connections) return context.failed(connections.error());
    int code = report::done;
    for (const std::string& sku : skus) code = report::stronger(code, show_article(context, *connections, sku));
    return code;
}

struct ListOptions {
    std::vector<std::string> missing;
};

int run_list(Context& context, const ListOptions& options) {
    const std::vector<std::string> missing = split_lists(options.missing);
    const std::string empty =
        missing.empty() ? "no articles are known yet: run blongo articles sync" : "no article lacks " + join(missing, " or ");
    return list_rows(context, "articles", empty, [&](const auto& config, const auto& connection, const auto& runtime) {
        const auto print = [&](const sync::ArticleListRow& row) {
            context.reporter().row(
                "article", {text_cell("connection", connection.name), text_cell("key", row.number), text_cell("name", row.name),
                            text_cell("state", row.state), id_cell("product_id", row.source_id),
                            id_cell("article_system_id", row.article_system_id),
                            time_cell("written", row.written_at, connection.time_zone), list_cell("missing", row.missing)});
        };
        return sync::list_articles(config, connection, missing, runtime, print);
    });
}

} // namespace

void add_articles(Command& root) {
    Command& articles = root.group("articles", "Products and variants of BaseLinker as articles of Ongoing");
    articles.command("sync", "Bring new and changed products to Ongoing", everywhere | writing | requesting | by_sku, run_sync)
        .details("Creates what is missing, updates what differs, leaves alone what people filled in or changed in "
                 "Ongoing, and parks what cannot be synced, with its cause, who acts, and the next command. "
                 "Running "
                 "it again changes nothing when nothing changed.");
    articles
        .command("diff", "Show what a sync would change, member by member", everywhere | writing | requesting | by_sku, run_diff)
        .details("Compares every article with Ongoing itself, not with what blongo remembers. Writes "
                 "nothing. With "
                 "--exit-code it exits with 9 when something differs.");

    auto show = std::make_shared<ShowOptions>();
    Command& shown = articles.command("show", "Show one article on both sides", everywhere | requesting | by_sku,
                                      [show](Context& context) { return run_show(context, *show); });
    shown.add(positional("SKU", "article number", false, show->skus)).prints_rows();

    auto list_options = std::make_shared<ListOptions>();
    Command& listed = articles.command("list", "List the articles that blongo knows, without asking either side", everywhere,
                                       [list_options](Context& context) { return run_list(context, *list_options); });
    listed.add(list("--missing", "MEMBERS", "only articles that lack one of these: weight,barcode,...", list_options->missing))
        .prints_rows();
}

} // namespace blongo::app

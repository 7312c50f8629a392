// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/mapping.hpp>

#include "commands.hpp"
#include "order_view.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

int run_show(Context& context) {
    for (const FlowEntry& flow : flows()) {
        const sync::Table table = sync::mapping_table(std::string(flow.name));
        for (const auto& row : table.rows) {
            std::vector<Cell> cells = {text_cell("flow", std::string(flow.name))};
            for (std::size_t i = 0; i < table.columns.size(); ++i) cells.push_back(text_cell(table.columns[i], row[i]));
            context.reporter().row("mapping", cells);
        }
    }
    context.reporter().end_rows({});
    return report::done;
}

} // namespace

void add_mapping(Command& root) {
    Command& mapping = root.group("mapping", "Which field of Ongoing comes from which field of BaseLinker");
    mapping.command("show", "Show the field mapping: target, source, transformation", everywhere, run_show).prints_rows();
    add_named(mapping, "test", "Put both sides of one order next to each other, member by member",
              everywhere | requesting, "N",
              order_n_help, show_order)
        .prints_rows();
}

} // namespace blongo::app

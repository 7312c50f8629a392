// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/inspect.hpp>

#include "commands.hpp"
#include "context.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct Dictionary {
    const char* name;
    const char* message_type;
    const char* summary;
};

constexpr std::array dictionaries = {
    Dictionary{"statuses", "order_status", "Order statuses of BaseLinker"},
    Dictionary{"sources", "order_source", "Order sources of BaseLinker"},
    Dictionary{"inventories", "inventory", "Catalogues of BaseLinker"},
    Dictionary{"warehouses", "warehouse", "Warehouses of both sides"},
    Dictionary{"ways-of-delivery", "way_of_delivery", "Ways of delivery of Ongoing"},
    Dictionary{"transporters", "transporter", "Transporters of Ongoing"},
};

/// An id or number of a dictionary as a JSON number.
Cell dictionary_cell(const std::string& column, const std::string& text) {
    const bool is_id = column == "id" || column.ends_with("_id");
    const bool is_number = is_id && !text.empty() && text.size() < 19 &&
                           text.find_first_not_of("0123456789") == std::string::npos &&
                           (text == "0" || text.front() != '0');
    if (is_number) return {column, text, json::Value::number(text)};
    return text_cell(column, text);
}

int run_list(Context& context, const Dictionary& dictionary) {
    return list_rows(context, "", "none", [&](const auto& config, const auto& connection,
                                              const auto& runtime) -> Result<void> {
        BLONGO_TRY(const auto table, sync::list_dictionary(config, connection, dictionary.name, runtime));
        for (const auto& row : table.rows) {
            std::vector<Cell> cells = {text_cell("connection", connection.name)};
            for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i)
                cells.push_back(dictionary_cell(table.columns[i], row[i]));
            context.reporter().row(dictionary.message_type, cells);
        }
        return {};
    });
}

} // namespace

void add_list(Command& root) {
    Command& lists = root.group("list", "What can be written into the configuration");
    for (const Dictionary& dictionary : dictionaries)
        lists
            .command(dictionary.name, dictionary.summary, everywhere | requesting,
                     [&dictionary](Context& context) { return run_list(context, dictionary); })
            .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/mapping.hpp>

#include <blongo/map/article.hpp>
#include <blongo/map/order.hpp>

namespace blongo::sync {

Table mapping_table(const std::string& flow) {
    Table table{{"target", "source", "transformation"}, {}};
    const bool orders = flow == "orders";
    if (!orders && flow != "articles") return table;
    for (const map::MappingRow& row : orders ? map::order_mapping() : map::article_mapping())
        table.rows.push_back({std::string(row.target), std::string(row.source), std::string(row.transformation)});
    return table;
}

} // namespace blongo::sync

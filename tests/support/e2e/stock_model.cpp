// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/stock_model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace blongo::test {

namespace {

std::int64_t twice(const json::Value& number) {
    return (number.decimal().value_or(Decimal{}) * Decimal{2}).floor();
}

constexpr std::int64_t picked_from = 400, cancelled = 1000; // statuses of Ongoing

} // namespace

StockModel::StockModel(Sandbox& sandbox, const StockRules& rules) : rules_(rules) {
    count_warehouse(sandbox);
    count_waiting(sandbox);
}

void StockModel::add(PiecesOf& pieces, const std::string& sku, std::int64_t quantity) const {
    const auto bundle = rules_.bundles.find(sku);
    if (bundle == rules_.bundles.end())
        pieces[sku] += quantity;
    else
        for (const auto& [component, each] : bundle->second) pieces[component] += each * quantity;
}

void StockModel::count_warehouse(Sandbox& sandbox) {
    const json::Value articles = sandbox.get("/_admin/ongoing/articles");
    for (const auto& row : articles.elements())
        for (const auto& [warehouse, stock] : row["stock"].members())
            halves_[std::string(row["data"]["articleNumber"].text())] += twice(stock["items"]) - twice(stock["locked_for_sale"]);
    const json::Value orders = sandbox.get("/_admin/ongoing/orders");
    for (const auto& order : orders.elements()) {
        if (order["status"].integer() >= picked_from) continue;
        for (const auto& line : order["lines"].elements()) {
            PiecesOf left;
            add(left, std::string(line["data"]["articleNumber"].text()), (twice(line["ordered"]) - twice(line["allocated"])) / 2);
            for (const auto& [sku, quantity] : left) halves_[sku] -= 2 * quantity;
        }
    }
}

void StockModel::count_waiting(Sandbox& sandbox) {
    const json::Value in_ongoing = sandbox.orders();
    const json::Value base = sandbox.get("/_admin/baselinker/orders");
    for (const auto& order : base.elements()) {
        if (!order["confirmed"].is_true() || rules_.over.contains(order["order_status_id"].integer())) continue;
        const json::Value& there = std::as_const(in_ongoing)[std::to_string(order["order_id"].integer())];
        PiecesOf asked, held;
        for (const auto& line : order["products"].elements())
            add(asked, std::string(line["sku"].text()), line["quantity"].integer());
        if (there["status"].integer() != cancelled)
            for (const auto& line : there["lines"].elements())
                add(held, std::string(line["data"]["articleNumber"].text()), twice(line["ordered"]) / 2);
        for (const auto& [sku, quantity] : asked) waiting_[sku] += std::max<std::int64_t>(0, quantity - held[sku]);
    }
}

std::int64_t StockModel::sellable(const std::string& sku) const {
    const auto found = halves_.find(sku);
    return found == halves_.end() ? 0 : static_cast<std::int64_t>(std::floor(static_cast<double>(found->second) / 2));
}

std::int64_t StockModel::figure(const std::string& sku) const {
    const auto found = waiting_.find(sku);
    return std::max<std::int64_t>(0, sellable(sku) - (found == waiting_.end() ? 0 : found->second) - rules_.buffer);
}

} // namespace blongo::test

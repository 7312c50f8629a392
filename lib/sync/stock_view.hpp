// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/sync/session.hpp>
#include <blongo/sync/stock_orders.hpp>

namespace blongo::sync {

/// Every part of the figure of one article.
struct StockView {
    struct Target {
        WarehouseKey key;
        std::optional<Decimal> observed;      ///< sellable or on hand in Ongoing; nullopt: not reported
        std::int64_t waiting = 0, buffer = 0; ///< pieces
        std::optional<std::int64_t> figure, pushed, held;
    };
    struct Warehouse {
        std::int64_t id = 0; ///< Ongoing's
        std::optional<Decimal> sellable;
    };
    ArticleNumber number;
    ProductId product;      ///< 0: no product of BaseLinker takes it
    std::string not_pushed; ///< why its stock goes nowhere; empty: it goes
    std::vector<Warehouse> warehouses;
    std::vector<Target> targets;
    std::vector<WaitingOrder> waiting;
    std::optional<Timestamp> pushed_at;
};
/// Reads both sides and writes nothing. not_found: neither side knows the article.
[[nodiscard]] Result<StockView> show_stock(const config::Config& config, const config::Connection& connection,
                                           const ArticleNumber& number, const Runtime& runtime);

} // namespace blongo::sync

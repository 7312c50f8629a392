// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/order.hpp>
#include <blongo/ongoing/delivery_wire.hpp>
#include <blongo/ongoing/wire.hpp>

/// Stock of Ongoing as BaseLinker takes it, and what orders ask of it (flows.md Stock 1-3). Pure.
namespace blongo::map {

/// Pieces by warehouse of BaseLinker. The key "" stands for pieces of which no line says the warehouse.
using PiecesByWarehouse = std::map<WarehouseKey, std::int64_t>;

/// What orders ask of articles.
using Demand = std::map<ArticleNumber, PiecesByWarehouse>;
void add(Demand& demand, const Demand& more);

/// Which warehouse of BaseLinker takes the stock of which warehouse of Ongoing ([connections.X.stock]).
struct StockTargets {
    WarehouseKey all;                                  ///< `warehouse`: takes the sum of all; empty: `by_warehouse` decides
    std::map<std::int64_t, WarehouseKey> by_warehouse; ///< `warehouses`: by Ongoing's warehouse id
    [[nodiscard]] std::set<WarehouseKey> keys() const;
};

/// sellableNumberOfItems by target. A target of which one figure is not reported (null) is missing, and so is one of
/// which the answer has no warehouse: not reported is never 0 (contract ongoing.md 2.4).
[[nodiscard]] std::map<WarehouseKey, Decimal> sellable_by_target(const ongoing::WarehouseStock& stock,
                                                                 const StockTargets& targets);

/// numberOfItems - lockedForSaleNumberOfItems of all warehouses together; missing when one of them is not reported.
[[nodiscard]] std::map<WarehouseKey, Decimal> on_hand_by_target(const ongoing::Article& article, const StockTargets& targets);

/// The components of an article that is a structure, each with its pieces.
using Components = std::map<ArticleNumber, std::vector<std::pair<ArticleNumber, std::int64_t>>>;

/// What an order asks of the warehouse, by the articles that its lines name; lines that do not come to this goods owner,
/// or that nobody could send, ask nothing.
[[nodiscard]] Demand order_demand(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup);

/// The same with every structure replaced by its components.
[[nodiscard]] Demand by_components(const Demand& demand, const Components& components);

/// How many pieces of `demand` count against a target: those of its own warehouse, and those that are of no target at
/// all, since nobody knows where they will be taken from.
[[nodiscard]] std::int64_t pieces_for(const PiecesByWarehouse& demand, const WarehouseKey& target,
                                      const std::set<WarehouseKey>& targets);

/// max(0, floor(observed) - waiting - buffer)
[[nodiscard]] std::int64_t stock_figure(const Decimal& observed, std::int64_t waiting, std::int64_t buffer);

} // namespace blongo::map

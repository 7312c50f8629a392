// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/stock.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/order_lines.hpp>

namespace blongo::map {

void add(Demand& demand, const Demand& more) {
    for (const auto& [number, warehouses] : more)
        for (const auto& [key, pieces] : warehouses) demand[number][key] += pieces;
}

std::set<WarehouseKey> StockTargets::keys() const {
    std::set<WarehouseKey> out;
    if (!all.value().empty()) out.insert(all);
    for (const auto& [id, key] : by_warehouse) out.insert(key);
    return out;
}

std::map<WarehouseKey, Decimal> sellable_by_target(const ongoing::WarehouseStock& stock, const StockTargets& targets) {
    std::map<WarehouseKey, Decimal> out;
    std::set<WarehouseKey> unreported;
    for (const auto& figures : stock.warehouses) {
        WarehouseKey target = targets.all;
        if (target.value().empty()) {
            const auto found = targets.by_warehouse.find(figures.warehouse_id);
            if (found == targets.by_warehouse.end()) continue;
            target = found->second;
        }
        if (!figures.sellable_number_of_items) {
            unreported.insert(target);
            continue;
        }
        auto& sum = out[target];
        sum = sum + *figures.sellable_number_of_items;
    }
    for (const auto& target : unreported) out.erase(target);
    return out;
}

std::map<WarehouseKey, Decimal> on_hand_by_target(const ongoing::Article& article, const StockTargets& targets) {
    const auto& info = article.inventory;
    if (!info.number_of_items || !info.locked_for_sale_number_of_items) return {};
    return {{targets.all, *info.number_of_items - *info.locked_for_sale_number_of_items}};
}

Demand order_demand(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup) {
    Demand out;
    const ChosenLines chosen = choose_lines(order, options, lookup);
    if (chosen.all_elsewhere) return out;
    for (const auto& line : chosen.lines) {
        if (!line.to_pick) continue;
        const std::int64_t warehouse = line.product->warehouse_id;
        const WarehouseKey key{warehouse == 0 ? std::string{} : fmt::format("bl_{}", warehouse)};
        out[line.article][key] += line.quantity;
    }
    return out;
}

Demand by_components(const Demand& demand, const Components& components) {
    Demand out;
    for (const auto& [number, warehouses] : demand) {
        const auto found = components.find(number);
        if (found == components.end()) {
            add(out, {{number, warehouses}});
            continue;
        }
        for (const auto& [component, each] : found->second)
            for (const auto& [key, pieces] : warehouses) out[component][key] += pieces * each;
    }
    return out;
}

std::int64_t pieces_for(const PiecesByWarehouse& demand, const WarehouseKey& target, const std::set<WarehouseKey>& targets) {
    std::int64_t out = 0;
    for (const auto& [key, pieces] : demand)
        if (key == target || !targets.contains(key)) out += pieces;
    return out;
}

std::int64_t stock_figure(const Decimal& observed, std::int64_t waiting, std::int64_t buffer) {
    return std::max<std::int64_t>(0, observed.floor() - waiting - buffer);
}

} // namespace blongo::map

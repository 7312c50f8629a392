// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/demand_ledger.hpp>

#include <algorithm>

#include <blongo/json/value.hpp>

namespace blongo::sync {

namespace {

std::int64_t sum(const map::PiecesByWarehouse& warehouses) {
    std::int64_t out = 0;
    for (const auto& [key, pieces] : warehouses) out += pieces;
    return out;
}

} // namespace

std::string demand_text(const map::Demand& demand) {
    json::Value out = json::Value::object();
    for (const auto& [number, warehouses] : demand) {
        json::Value pieces = json::Value::object();
        for (const auto& [key, count] : warehouses) pieces.set(key.value(), count);
        out.set(number.value(), std::move(pieces));
    }
    return out.dump();
}

map::Demand demand_in(const std::string& text) {
    map::Demand out;
    const auto value = json::Value::parse(text.empty() ? "{}" : text);
    if (!value) return out;
    for (const auto& [number, warehouses] : value->members())
        for (const auto& [key, pieces] : warehouses.members())
            out[ArticleNumber{std::string(number)}][WarehouseKey{std::string(key)}] = pieces.integer();
    return out;
}

map::Demand told_before(const state::DemandRow& row) {
    map::Demand out;
    const auto waiting = demand_in(row.waiting);
    for (const auto& [number, warehouses] : demand_in(row.asked)) {
        const auto waits = waiting.find(number);
        out[number][WarehouseKey{}] = sum(warehouses) - (waits == waiting.end() ? 0 : sum(waits->second));
    }
    return out;
}

map::Demand not_held(const map::Demand& asked, const map::Demand& told) {
    map::Demand out;
    for (const auto& [number, warehouses] : asked) {
        const auto known = told.find(number);
        std::int64_t covered = known == told.end() ? 0 : sum(known->second);
        for (const auto& [key, pieces] : warehouses) {
            const std::int64_t taken = std::min(covered, pieces);
            covered -= taken;
            if (pieces > taken) out[number][key] = pieces - taken;
        }
    }
    return out;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/stock.hpp>

#include <algorithm>

namespace blongo::plan {

namespace {

constexpr std::int64_t least_falling = 5; ///< fewer are no catastrophe: small catalogues sell out

/// Whether `before` says the same of every target of `figures`.
bool holds(const map::PiecesByWarehouse& before, const map::PiecesByWarehouse& figures) {
    return std::ranges::all_of(figures, [&](const auto& figure) {
        const auto found = before.find(figure.first);
        return found != before.end() && found->second == figure.second;
    });
}

} // namespace

std::int64_t StockRules::buffer_of(const ArticleNumber& number) const {
    const auto found = buffers.find(number.value());
    return found == buffers.end() ? buffer : found->second;
}

std::int64_t waiting_pieces(const ArticleNumber& number, const WarehouseKey& target, const map::Demand& waiting,
                            const StockRules& rules) {
    const auto asked = waiting.find(number);
    if (!rules.subtract_waiting || asked == waiting.end()) return 0;
    return map::pieces_for(asked->second, target, rules.targets);
}

map::PiecesByWarehouse stock_figures(const StockItem& item, const map::Demand& waiting, const StockRules& rules) {
    map::PiecesByWarehouse out;
    if (item.is_parent) return out;
    for (const auto& [target, observed] : item.observed) {
        if (!rules.targets.contains(target)) continue; // of an earlier configuration
        out[target] =
            map::stock_figure(observed, waiting_pieces(item.number, target, waiting, rules), rules.buffer_of(item.number));
    }
    return out;
}

std::string_view to_string(StockReason reason) noexcept {
    switch (reason) {
    case StockReason::same: return "same";
    case StockReason::first: return "first";
    case StockReason::changed: return "changed";
    case StockReason::drifted: return "drifted";
    case StockReason::order: return "order";
    }
    return {};
}

StockReason stock_reason(const StockItem& item, const map::PiecesByWarehouse& figures) {
    if (figures.empty()) return StockReason::same;
    const bool as_pushed = holds(item.pushed, figures);
    if (item.held && holds(*item.held, figures))
        return item.moved && !item.pushed.empty() ? StockReason::order : StockReason::same;
    if (item.pushed.empty()) return StockReason::first;
    if (!as_pushed) return StockReason::changed;
    if (item.moved) return StockReason::order;
    return item.held ? StockReason::drifted : StockReason::same;
}

const map::PiecesByWarehouse& stock_before(const StockItem& item) {
    return item.held ? *item.held : item.pushed;
}

bool falls_to_zero(const StockItem& item, const map::PiecesByWarehouse& figures) {
    std::int64_t before = 0, after = 0;
    const auto& held = stock_before(item);
    for (const auto& [target, pieces] : figures) {
        after += pieces;
        if (const auto found = held.find(target); found != held.end()) before += std::max<std::int64_t>(0, found->second);
    }
    return before > 0 && after == 0;
}

bool too_many_fall(std::int64_t falling, std::int64_t known, std::int64_t max_zeroed_percent) {
    return falling >= least_falling && falling * 100 > known * max_zeroed_percent;
}

} // namespace blongo::plan

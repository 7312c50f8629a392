// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/map/stock.hpp>

namespace blongo::plan {

/// An article whose stock goes to a product or variant of BaseLinker, and what is known of it.
struct StockItem {
    ArticleNumber number;
    ProductId product;                          ///< the product or variant whose SKU is the number
    std::map<WarehouseKey, Decimal> observed;   ///< what Ongoing reported last; missing: not reported
    map::PiecesByWarehouse pushed;              ///< what BaseLinker took from us last; empty: never
    std::optional<map::PiecesByWarehouse> held; ///< what BaseLinker holds, when that was read
    bool is_parent = false;                     ///< BaseLinker shows variants of it: its stock is theirs
    bool moved = false;                         ///< an order moved BaseLinker's own figure since the last push
};

/// Settings of [connections.X.stock] that decide the figure.
struct StockRules {
    std::set<WarehouseKey> targets;
    bool subtract_waiting = true; ///< false: figure = "on_hand"
    std::int64_t buffer = 0;
    std::map<std::string, std::int64_t> buffers; ///< by SKU
    [[nodiscard]] std::int64_t buffer_of(const ArticleNumber& number) const;
};

/// The pieces that a target's figure leaves out because orders wait for them.
[[nodiscard]] std::int64_t waiting_pieces(const ArticleNumber& number, const WarehouseKey& target, const map::Demand& waiting,
                                          const StockRules& rules);

/// The figures that BaseLinker is to hold, by target; targets that are not reported are missing. None of a parent.
[[nodiscard]] map::PiecesByWarehouse stock_figures(const StockItem& item, const map::Demand& waiting, const StockRules& rules);

enum class StockReason : std::uint8_t {
    same,    ///< nothing is to be written
    first,   ///< never pushed
    changed, ///< another figure than was pushed last
    drifted, ///< BaseLinker holds another figure than was pushed
    order    ///< an order moved BaseLinker's own figure
};
[[nodiscard]] std::string_view to_string(StockReason reason) noexcept;

/// Whether and why these figures are written: where BaseLinker's were read they decide, else what was pushed last.
[[nodiscard]] StockReason stock_reason(const StockItem& item, const map::PiecesByWarehouse& figures);

/// What the item's targets hold as far as known: `held`, else `pushed`.
[[nodiscard]] const map::PiecesByWarehouse& stock_before(const StockItem& item);

/// Whether all of the item's stock falls to 0.
[[nodiscard]] bool falls_to_zero(const StockItem& item, const map::PiecesByWarehouse& figures);

/// flows.md Stock 5: too many of the known SKUs fall to 0 in one run.
[[nodiscard]] bool too_many_fall(std::int64_t falling, std::int64_t known, std::int64_t max_zeroed_percent);

} // namespace blongo::plan

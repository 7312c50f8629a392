// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "support/e2e/sandbox.hpp"

namespace blongo::test {

using PiecesOf = std::map<std::string, std::int64_t>; ///< by SKU

struct StockRules {
    std::int64_t buffer = 0;
    std::set<std::int64_t> over;               ///< statuses of BaseLinker in which an order holds nothing any more
    std::map<std::string, PiecesOf> bundles{}; ///< SKU of a bundle -> what one of it takes
};

/// What BaseLinker has to hold of each article in a shop of which Ongoing's stock is pushed. It knows nothing of blongo: it
/// looks at the orders and the shelves of both sides alone.
class StockModel {
public:
    StockModel(Sandbox& sandbox, const StockRules& rules);
    /// Whole pieces that Ongoing can sell; below 0 when more is ordered than there is.
    [[nodiscard]] std::int64_t sellable(const std::string& sku) const;
    /// max(0, sellable - waiting - buffer)
    [[nodiscard]] std::int64_t figure(const std::string& sku) const;

private:
    void add(PiecesOf& pieces, const std::string& sku, std::int64_t quantity) const;
    void count_warehouse(Sandbox& sandbox);
    void count_waiting(Sandbox& sandbox);

    StockRules rules_;
    PiecesOf halves_; ///< sellable, twice: shelves may hold half pieces
    PiecesOf waiting_;
};

} // namespace blongo::test

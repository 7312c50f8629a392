// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <blongo/map/article.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// The part of the catalogue that orders ask for: some products with their variants, read by id.
/// It answers what a line's product is called in Ongoing, and gives the products themselves.
class CatalogueSlice {
public:
    explicit CatalogueSlice(Flow& flow);

    /// Reads products (or variants: then their main products) that are not held yet.
    [[nodiscard]] Result<void> load(const std::set<ProductId>& ids);
    /// The ids of products and variants with exactly this SKU (one call).
    [[nodiscard]] Result<std::set<ProductId>> find(const std::string& sku);
    [[nodiscard]] const map::Catalogue& catalogue() const noexcept { return catalogue_; }
    [[nodiscard]] const std::map<ProductId, baselinker::Product>& products() const noexcept { return products_; }

private:
    [[nodiscard]] Result<std::set<ProductId>> fetch(const std::set<ProductId>& ids);

    Flow& flow_;
    bool parent_articles_;
    std::map<ProductId, baselinker::Product> products_; ///< main products
    std::set<ProductId> asked_;
    map::Catalogue catalogue_;
};

} // namespace blongo::sync

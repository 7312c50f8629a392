// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/map/document.hpp>

namespace blongo::map {

/// Settings of [connections.X.articles] that decide what a product becomes.
struct ArticleOptions {
    Decimal length_factor;          ///< BaseLinker cm x factor = Ongoing m
    bool parent_articles = false;   ///< parent = "article"
    bool html_description = false;  ///< description = "html"
    std::string language;
    enum class Bundles : std::uint8_t { structure, article, skip } bundles = Bundles::structure;
    std::vector<std::string> include_tags, include_categories, include_manufacturers, include_sku;
    std::vector<std::string> exclude_tags, exclude_categories, exclude_manufacturers, exclude_sku;
};

/// An article that will come out of the catalogue, known from the listing alone.
struct CatalogueEntry {
    ProductId source_id, product_id;
    ArticleNumber number;
};

/// The whole listing, small: ids and SKUs. Decides article numbers and finds doubled and missing
/// SKUs before anything is written. Rows may come in any order.
class Catalogue {
public:
    void add(const baselinker::ProductListRow& row);
    /// Ends the listing: resolves numbers (variant SKU, else the product's SKU if no sibling needs it
    /// too), finds duplicates and missing SKUs, refuses numbers over 50 characters.
    void finish(bool parent_articles);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }
    /// Main products, ascending: what details are asked for.
    [[nodiscard]] const std::vector<ProductId>& main_products() const noexcept { return mains_; }
    /// Articles with a number of their own, ascending by source id.
    [[nodiscard]] const std::vector<CatalogueEntry>& entries() const noexcept { return entries_; }
    /// no_sku, duplicate_sku (one per group: key is the SKU, reason names all ids), key_too_long.
    [[nodiscard]] const std::vector<Rejection>& rejections() const noexcept { return rejections_; }
    /// The number under which a product or variant goes to Ongoing; nullopt when it has none.
    [[nodiscard]] std::optional<ArticleNumber> number_of(ProductId source) const;
    /// Whether this EAN of a product with variants may go to a variant without one (no sibling needs it).
    [[nodiscard]] std::size_t variants_of(ProductId product) const;

private:
    struct Row {
        ProductId id, parent;
        std::string sku, name;
    };
    std::vector<Row> rows_;
    std::vector<ProductId> mains_;
    std::vector<CatalogueEntry> entries_;
    std::vector<Rejection> rejections_;
    std::unordered_map<ProductId, std::size_t> entry_of_;
    std::unordered_map<ProductId, std::size_t> variant_count_;
};

struct MappedProduct {
    std::vector<ArticleDocument> articles;
    std::vector<Rejection> rejected;
    bool filtered_out = false; ///< by include / exclude, bundles = "skip"
};

/// The article part of the mapping, to the letter of the seed's table.
[[nodiscard]] std::span<const MappingRow> article_mapping() noexcept;

/// One product with its variants. Pure.
[[nodiscard]] MappedProduct map_product(const baselinker::Product& product, const Catalogue& catalogue,
                                        const ArticleOptions& options);

/// Whether include / exclude let a product (and the SKU of one of its articles) through.
[[nodiscard]] bool passes_filter(const baselinker::Product& product, std::string_view sku,
                                 const ArticleOptions& options);

} // namespace blongo::map

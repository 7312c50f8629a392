// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/map/catalogue.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/own_members.hpp>

namespace blongo::map {

/// Settings of [connections.X.articles] that decide what a product becomes.
struct ArticleOptions {
    Decimal length_factor;         ///< BaseLinker cm x factor = Ongoing m
    bool parent_articles = false;  ///< parent = "article"
    bool html_description = false; ///< description = "html"
    std::string language;
    enum class Bundles : std::uint8_t { structure, article, skip } bundles = Bundles::structure;
    std::vector<std::string> include_tags, include_categories, include_manufacturers, include_sku;
    std::vector<std::string> exclude_tags, exclude_categories, exclude_manufacturers, exclude_sku;
    OwnMembers own_members; ///< [connections.X.mapping.article]
    bool trace = false;     ///< tell how each of those came about
};

/// What one product record yields.
struct MappedProduct {
    std::vector<ArticleDocument> articles; ///< ascending by source id
    std::vector<Rejection> rejected;
    bool filtered_out = false; ///< by include / exclude, bundles = "skip"
};

/// The article part of the mapping, to the letter of the seed's table.
[[nodiscard]] std::span<const MappingRow> article_mapping() noexcept;

/// The members that an article can have: those of the table, and what templates add.
[[nodiscard]] std::vector<std::string> article_targets(const ArticleOptions& options);

/// One product with its variants. Pure. Numbers are the catalogue's where listing and details agree,
/// else those of the details unless another row of the catalogue holds them (duplicate_sku). What the
/// catalogue has refused already is left out without a second rejection. The record of a variant
/// (parent_id set) yields nothing: its product's record yields it.
[[nodiscard]] MappedProduct map_product(const baselinker::Product& product, const Catalogue& catalogue,
                                        const ArticleOptions& options);

/// Whether include / exclude let a product (and the SKU of one of its articles) through. Each list that
/// is not empty must have a match in `include`; any match in `exclude` keeps it out. All are globs in any
/// case; categories and manufacturers are BaseLinker's ids.
[[nodiscard]] bool passes_filter(const baselinker::Product& product, std::string_view sku, const ArticleOptions& options);

/// The SKU part of passes_filter alone, which a listing can decide ("": no SKU).
[[nodiscard]] bool passes_sku_filter(std::string_view sku, const ArticleOptions& options);

} // namespace blongo::map

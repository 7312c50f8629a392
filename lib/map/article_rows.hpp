// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/article.hpp>
#include <blongo/map/article_numbers.hpp>
#include <blongo/map/catalogue.hpp>
#include <blongo/map/document.hpp>

namespace blongo::map {

/// What a row of the article mapping reads, and where it leaves notes and refusals.
struct ArticleContext {
    const baselinker::Product& product;
    const std::vector<ArticleSource>& sources; ///< all articles of the product
    const ArticleSource& source;
    const ArticleNumber& number;
    const Catalogue& catalogue;
    const ArticleOptions& options;
    std::vector<std::string>& notes;
    std::vector<ArticleNumber>& components;
    std::optional<Rejection>& rejected;
};

/// One row of the mapping with the function that runs it: null = not reported.
struct ArticleMappingRow {
    MappingRow row;
    json::Value (*value)(ArticleContext& context);
};

[[nodiscard]] std::span<const ArticleMappingRow> article_rows() noexcept;

/// Product name and variant name as one name, not cut.
[[nodiscard]] std::string article_name(const baselinker::Product& product, const ArticleSource& source,
                                       const ArticleOptions& options);

/// The EAN of an article: its own, or the product's where no other variant needs it; empty: none, or zeros alone.
[[nodiscard]] std::string article_barcode(const ArticleContext& context);

/// structureDefinition of a bundle; null and `rejected` where a component has no number.
[[nodiscard]] json::Value bundle_structure(ArticleContext& context);

} // namespace blongo::map

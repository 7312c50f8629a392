// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/map/catalogue.hpp>
#include <blongo/map/document.hpp>

namespace blongo::map {

/// A product or a variant that becomes one article.
struct ArticleSource {
    ProductId id;
    const baselinker::Variant* variant = nullptr; ///< nullptr: the product itself
};

/// A source with its number, or why it has none; neither: the catalogue has refused it already.
struct NumberedSource {
    ArticleSource source;
    std::string sku; ///< resolved, whether it can be a number or not; empty: none
    std::optional<ArticleNumber> number;
    std::optional<Rejection> rejected; ///< without label
};

/// Variants ascending by id, before them the product itself if it has none or parents are articles.
[[nodiscard]] std::vector<ArticleSource> article_sources(const baselinker::Product& product, bool parent_articles);

/// Variant value, else the product's, which a variant takes over only if no other article of the product
/// needs it too or has it already: the seed's "or", for SKUs and EANs alike. Empty: there is none.
/// `own` answers the value of a source, empty where it has none.
template <class Own> [[nodiscard]] std::string own_or_inherited(const ArticleSource& source,
                                                                const std::vector<ArticleSource>& all,
                                                                const ArticleSource& product, const Own& own) {
    std::string value = own(source);
    if (!value.empty() || source.variant == nullptr) return value;
    value = own(product);
    for (const ArticleSource& other : all) {
        if (other.id == source.id) continue;
        const std::string theirs = own(other);
        if (other.variant == nullptr || theirs.empty() || theirs == value) return {};
    }
    return value;
}

/// The numbers of all articles of a product, by listing and details (see map_product).
[[nodiscard]] std::vector<NumberedSource> number_sources(const baselinker::Product& product,
                                                         const std::vector<ArticleSource>& sources, const Catalogue& catalogue);

/// "products.5434.sku", "products.5434.variants.5435.ean"
[[nodiscard]] std::string source_path(const baselinker::Product& product, const ArticleSource& source, std::string_view field);

} // namespace blongo::map

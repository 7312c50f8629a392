// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/article_numbers.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

/// Whether the listing said the same of this source as the details do.
bool listing_agrees(const Catalogue::Listed& listed, const std::string& number) {
    switch (listed.fate) {
    case Fate::article:
    case Fate::duplicate: return listed.number == number;
    case Fate::no_sku: return number.empty();
    case Fate::too_long: return key_too_long(number);
    case Fate::left_out: return true;
    case Fate::parent: return false;
    }
    return false;
}

/// Other products of the catalogue, and other articles of this product, that would have the number.
std::vector<ProductId> others_with(const std::string& number, std::size_t self, const std::vector<ArticleSource>& sources,
                                   const std::vector<std::string>& numbers, ProductId product, const Catalogue& catalogue) {
    std::vector<ProductId> ids;
    for (const ProductId id : catalogue.holders_of(number)) {
        // What the listing said of this very product is older than its details.
        if (id != product && std::ranges::find(sources, id, &ArticleSource::id) == sources.end()) ids.push_back(id);
    }
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (i != self && numbers[i] == number) ids.push_back(sources[i].id);
    return ids;
}

} // namespace

std::vector<ArticleSource> article_sources(const baselinker::Product& product, bool parent_articles) {
    std::vector<ArticleSource> sources;
    for (const baselinker::Variant& variant : product.variants) sources.push_back({variant.id, &variant});
    std::ranges::sort(sources, {}, &ArticleSource::id);
    if (sources.empty() || parent_articles) sources.insert(sources.begin(), ArticleSource{product.id, nullptr});
    return sources;
}

std::string source_path(const baselinker::Product& product, const ArticleSource& source, std::string_view field) {
    if (source.variant == nullptr) return fmt::format("products.{}.{}", product.id, field);
    return fmt::format("products.{}.variants.{}.{}", product.id, source.id, field);
}

std::vector<NumberedSource> number_sources(const baselinker::Product& product, const std::vector<ArticleSource>& sources,
                                           const Catalogue& catalogue) {
    const auto own = [&](const ArticleSource& source) {
        return key_text(source.variant == nullptr ? product.sku : source.variant->sku);
    };
    std::vector<std::string> numbers;
    numbers.reserve(sources.size());
    for (const ArticleSource& source : sources) numbers.push_back(own_or_inherited(source, sources, {product.id, nullptr}, own));

    std::vector<NumberedSource> result;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string& number = numbers[i];
        NumberedSource numbered{sources[i], number, std::nullopt, std::nullopt};
        const std::string path = source_path(product, sources[i], "sku");
        const auto listed = catalogue.find(sources[i].id);
        if (listed && listing_agrees(*listed, number)) {
            if (listed->fate == Fate::article) numbered.number = ArticleNumber{number};
        } else if (number.empty()) {
            numbered.rejected =
                Rejection{"no_sku",
                          key_of(sources[i].id),
                          path,
                          sources[i].variant == nullptr ? "the product has no SKU"
                                                        : "the variant has no SKU, and that of its product is not for it alone",
                          {},
                          sources[i].id};
        } else if (key_too_long(number)) {
            numbered.rejected =
                Rejection{"key_too_long",
                          key_of(sources[i].id),
                          path,
                          fmt::format("the SKU {} has more than {} characters", cut_characters(number, 80), key_characters),
                          {},
                          sources[i].id};
        } else if (auto others = others_with(number, i, sources, numbers, product.id, catalogue); !others.empty()) {
            others.push_back(sources[i].id);
            std::ranges::sort(others);
            numbered.rejected = Rejection{"duplicate_sku", number, path, duplicate_reason(number, others), {}, sources[i].id};
        } else {
            numbered.number = ArticleNumber{number};
        }
        result.push_back(std::move(numbered));
    }
    return result;
}

} // namespace blongo::map

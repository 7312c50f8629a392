// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include <blongo/base/decimal.hpp>
#include <blongo/map/article.hpp>

/// Short ways of writing products and listings in tests.
namespace test {

using namespace blongo;

inline Decimal decimal(std::string_view text) {
    return *Decimal::parse(text);
}

inline map::ArticleOptions options() {
    map::ArticleOptions result;
    result.length_factor = decimal("0.01");
    return result;
}

inline baselinker::ProductListRow row(std::int64_t id, std::int64_t parent, std::string sku, std::string name = "name") {
    return {ProductId{id}, ProductId{parent}, std::move(sku), "", std::move(name)};
}

inline map::Catalogue catalogue(std::initializer_list<baselinker::ProductListRow> rows, bool parent_articles = false) {
    map::Catalogue result;
    for (const auto& listed : rows) result.add(listed);
    result.finish(parent_articles);
    return result;
}

inline baselinker::Product product(std::int64_t id, std::string sku, std::string name) {
    baselinker::Product result;
    result.id = ProductId{id};
    result.sku = std::move(sku);
    result.text_fields["name"] = std::move(name);
    return result;
}

inline baselinker::Variant variant(std::int64_t id, std::string sku, std::string name, std::string ean = "") {
    return {ProductId{id}, std::move(name), std::move(sku), std::move(ean)};
}

/// The listing that goes with a product, as BaseLinker would answer it.
inline void list(map::Catalogue& catalogue, const baselinker::Product& product) {
    catalogue.add(row(product.id.value(), 0, product.sku));
    for (const auto& one : product.variants) catalogue.add(row(one.id.value(), product.id.value(), one.sku, one.name));
}

inline map::Catalogue listing_of(std::initializer_list<baselinker::Product> products, bool parent_articles = false) {
    map::Catalogue result;
    for (const auto& one : products) list(result, one);
    result.finish(parent_articles);
    return result;
}

/// Maps one product as listed by itself.
inline map::MappedProduct map_alone(const baselinker::Product& product, const map::ArticleOptions& options = test::options()) {
    return map::map_product(product, listing_of({product}, options.parent_articles), options);
}

/// JSON of a member of the only article; "absent" where it is not reported.
inline std::string member(const map::MappedProduct& mapped, std::string_view target, std::size_t article = 0) {
    const json::Value* value = mapped.articles.at(article).find(target);
    return value == nullptr ? "absent" : value->dump();
}

} // namespace test

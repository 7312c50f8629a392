// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <blongo/map/article.hpp>

/// Generators of small, colliding worlds: few ids and few SKUs, so that duplicates, families and gaps
/// happen in most of them.
namespace property {

using namespace blongo;

/// Runs a property and answers whether it held; what falsified it is printed.
template <class Property> bool holds(const std::string& description, Property&& property) {
    return rc::check(description, std::forward<Property>(property));
}

inline rc::Gen<std::string> sku() {
    return rc::gen::weightedElement<std::string>(
        {{4, ""}, {4, "A"}, {4, "B"}, {4, "C"}, {3, "a"}, {2, " A "}, {3, "Ż-1"}, {1, std::string(51, 'x')}});
}

inline rc::Gen<std::vector<baselinker::ProductListRow>> listing() {
    return rc::gen::container<std::vector<baselinker::ProductListRow>>(
        rc::gen::map(rc::gen::tuple(rc::gen::inRange<std::int64_t>(1, 25),
                                    rc::gen::weightedOneOf<std::int64_t>(
                                        {{2, rc::gen::just<std::int64_t>(0)}, {1, rc::gen::inRange<std::int64_t>(1, 25)}}),
                                    sku()),
                     [](const auto& parts) {
                         const auto& [id, parent, text] = parts;
                         return baselinker::ProductListRow{ProductId{id}, ProductId{parent}, text, "", "name of " + text};
                     }));
}

inline rc::Gen<Decimal> decimal() {
    return rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(0, 5000), rc::gen::inRange(0, 4)),
                        [](const std::pair<std::int64_t, int>& parts) {
                            static const char* const units[] = {"1", "0.1", "0.01", "0.001"};
                            return Decimal{parts.first} * *Decimal::parse(units[parts.second]);
                        });
}

inline baselinker::Product any_product(std::int64_t id) {
    baselinker::Product product;
    product.id = ProductId{id};
    product.sku = *sku();
    product.ean = *rc::gen::element<std::string>("", "0", "590", "591");
    product.weight = *decimal();
    product.height = *decimal();
    product.length = *decimal();
    product.text_fields["name"] = *rc::gen::element<std::string>("", "Kubek", "kubek duży");
    product.text_fields["description"] = *rc::gen::element<std::string>("", "<p>opis</p>", "a\r\nb");
    const int variants = *rc::gen::inRange(0, 4);
    for (int i = 1; i <= variants; ++i)
        product.variants.push_back({ProductId{id * 10 + i}, *rc::gen::element<std::string>("", "Kubek L", "biały"), *sku(),
                                    *rc::gen::element<std::string>("", "590", "592")});
    const int packs = *rc::gen::inRange(0, 3);
    for (int i = 0; i < packs; ++i)
        product.additional_eans.push_back({*rc::gen::element<std::string>("", "590", "777", "778"), i});
    return product;
}

inline map::ArticleOptions any_options() {
    map::ArticleOptions options;
    options.length_factor = *Decimal::parse("0.01");
    options.parent_articles = *rc::gen::arbitrary<bool>();
    options.html_description = *rc::gen::arbitrary<bool>();
    return options;
}

inline void list(map::Catalogue& catalogue, const baselinker::Product& product) {
    catalogue.add({product.id, ProductId{}, product.sku, product.ean, "name"});
    for (const auto& variant : product.variants) catalogue.add({variant.id, product.id, variant.sku, variant.ean, variant.name});
}

/// The same elements in another order that rapidcheck chooses.
template <class T> std::vector<T> shuffled(std::vector<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[*rc::gen::inRange<std::size_t>(0, i)]);
    return items;
}

} // namespace property

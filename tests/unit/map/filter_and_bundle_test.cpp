// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "products.hpp"

using namespace test;
using Bundles = map::ArticleOptions::Bundles;

namespace {

baselinker::Product gift_set() {
    auto result = product(50, "SET", "Zestaw");
    result.is_bundle = true;
    result.bundle_products = {{ProductId{2}, 1}, {ProductId{1}, 3}};
    return result;
}

map::MappedProduct map_set(const baselinker::Product& set, std::initializer_list<baselinker::ProductListRow> others) {
    map::Catalogue listing;
    list(listing, set);
    for (const auto& other : others) listing.add(other);
    listing.finish(false);
    return map::map_product(set, listing, options());
}

void check_refused(const map::MappedProduct& mapped, const std::string& cause, const std::string& words) {
    CHECK(mapped.articles.empty());
    REQUIRE(mapped.rejected.size() == 1);
    CHECK(mapped.rejected[0].cause == cause);
    CHECK(mapped.rejected[0].key == "SET");
    CHECK(mapped.rejected[0].field == "products.50.bundle_products");
    CHECK_THAT(mapped.rejected[0].reason, Catch::Contains(words));
}

} // namespace

TEST_CASE("A bundle becomes a structure of its components, by article number") {
    const auto mapped = map_set(gift_set(), {row(1, 0, "MUG"), row(2, 0, "COFFEE")});
    REQUIRE(mapped.articles.size() == 1);
    CHECK(member(mapped, "structureDefinition") ==
          R"({"articleKind":"Structure","rows":[{"articleNumber":"COFFEE","numberOfItems":1},)"
          R"({"articleNumber":"MUG","numberOfItems":3}]})");
    CHECK(mapped.articles[0].components == std::vector{ArticleNumber{"COFFEE"}, ArticleNumber{"MUG"}});
}

TEST_CASE("A component with a single variant means that variant") {
    const auto mapped = map_set(gift_set(), {row(1, 0, "P"), row(11, 1, "MUG"), row(2, 0, "COFFEE")});
    REQUIRE(mapped.articles.size() == 1);
    CHECK(mapped.articles[0].components == std::vector{ArticleNumber{"COFFEE"}, ArticleNumber{"MUG"}});
}

TEST_CASE("Components that lead to one article add up") {
    const auto mapped = map_set(gift_set(), {row(2, 0, "P"), row(1, 2, "MUG")});
    CHECK(member(mapped, "structureDefinition") ==
          R"({"articleKind":"Structure","rows":[{"articleNumber":"MUG","numberOfItems":4}]})");
}

TEST_CASE("A bundle with a component that has no number is refused, naming the component") {
    check_refused(map_set(gift_set(), {row(1, 0, ""), row(2, 0, "COFFEE")}), "no_sku", "component 1 has no SKU");
    check_refused(map_set(gift_set(), {row(2, 0, "COFFEE")}), "unknown_sku", "component 1 is not in the catalogue");
    check_refused(map_set(gift_set(), {row(1, 0, "X"), row(2, 0, "X")}), "duplicate_sku", "have the SKU X: 1, 2");
    check_refused(map_set(gift_set(), {row(1, 0, "P"), row(11, 1, "A"), row(12, 1, "B"), row(2, 0, "COFFEE")}), "unknown_sku",
                  "component 1 is a product with 2 variants");
    check_refused(map_set(gift_set(), {row(1, 0, std::string(51, 'x')), row(2, 0, "COFFEE")}), "unknown_sku", "too long");
}

TEST_CASE("A bundle that makes no sense is refused") {
    auto empty = gift_set();
    empty.bundle_products.clear();
    check_refused(map_set(empty, {}), "unknown_sku", "no components");

    auto itself = gift_set();
    itself.bundle_products = {{ProductId{50}, 1}};
    check_refused(map_set(itself, {}), "unknown_sku", "the bundle itself");

    auto none = gift_set();
    none.bundle_products = {{ProductId{1}, 0}};
    check_refused(map_set(none, {row(1, 0, "MUG")}), "bad_quantity", "0 times");
}

TEST_CASE("bundles = article makes a plain article, bundles = skip none") {
    auto as_article = options();
    as_article.bundles = Bundles::article;
    const auto plain = map_alone(gift_set(), as_article);
    REQUIRE(plain.articles.size() == 1);
    CHECK(member(plain, "structureDefinition") == "absent");

    auto skip = options();
    skip.bundles = Bundles::skip;
    const auto skipped = map_alone(gift_set(), skip);
    CHECK(skipped.articles.empty());
    CHECK(skipped.filtered_out);
    CHECK_FALSE(map_alone(product(1, "A", "Kubek"), skip).filtered_out);
}

TEST_CASE("include and exclude go by tag, category, manufacturer and SKU") {
    auto one = product(1, "AB-1", "Kubek");
    one.tags = {"Nowość", "wms"};
    one.category_id = 22;
    one.manufacturer_id = 7;
    const auto passes = [&](auto change) {
        auto filter = options();
        change(filter);
        return map::passes_filter(one, one.sku, filter);
    };
    CHECK(passes([](auto&) {}));
    CHECK(passes([](auto& f) { f.include_tags = {"WMS"}; }));
    CHECK(passes([](auto& f) { f.include_tags = {"other", "nowo*"}; }));
    CHECK_FALSE(passes([](auto& f) { f.include_tags = {"other"}; }));
    CHECK_FALSE(passes([](auto& f) { f.exclude_tags = {"wms"}; }));
    CHECK(passes([](auto& f) { f.include_categories = {"22"}; }));
    CHECK_FALSE(passes([](auto& f) { f.include_categories = {"2"}; }));
    CHECK_FALSE(passes([](auto& f) { f.exclude_categories = {"22"}; }));
    CHECK(passes([](auto& f) { f.include_manufacturers = {"7"}; }));
    CHECK_FALSE(passes([](auto& f) { f.exclude_manufacturers = {"7"}; }));
    CHECK(passes([](auto& f) { f.include_sku = {"ab-*"}; }));
    CHECK_FALSE(passes([](auto& f) { f.include_sku = {"cd-*"}; }));
    CHECK_FALSE(passes([](auto& f) { f.exclude_sku = {"AB-?"}; }));
    CHECK_FALSE(passes([](auto& f) {
        f.include_tags = {"wms"};
        f.include_categories = {"3"};
    }));
    CHECK_FALSE(passes([](auto& f) {
        f.include_tags = {"wms"};
        f.exclude_tags = {"nowość"};
    }));
}

TEST_CASE("A product that is filtered out yields nothing and is refused for nothing") {
    auto one = product(1, "", "Kubek");
    one.tags = {"old"};
    auto filter = options();
    filter.exclude_tags = {"old"};
    const auto mapped = map::map_product(one, catalogue({}), filter);
    CHECK(mapped.filtered_out);
    CHECK(mapped.articles.empty());
    CHECK(mapped.rejected.empty());
}

TEST_CASE("The SKU filter goes by article: some variants stay") {
    auto one = product(1, "P", "Kubek");
    one.variants = {variant(2, "OLD-1", "1"), variant(3, "NEW-1", "2")};
    auto filter = options();
    filter.exclude_sku = {"OLD-*"};
    const auto mapped = map_alone(one, filter);
    REQUIRE(mapped.articles.size() == 1);
    CHECK(mapped.articles[0].number == ArticleNumber{"NEW-1"});
    CHECK_FALSE(mapped.filtered_out);

    filter.exclude_sku = {"*"};
    CHECK(map_alone(one, filter).filtered_out);
}

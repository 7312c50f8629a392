// SPDX-License-Identifier: Apache-2.0
// A product can change between the listing and its details.
#include <catch2/catch.hpp>

#include "products.hpp"

using namespace test;

namespace {

std::vector<std::string> numbers(const map::MappedProduct& mapped) {
    std::vector<std::string> result;
    for (const auto& article : mapped.articles) result.push_back(article.number.value());
    return result;
}

std::vector<std::string> rejected(const map::MappedProduct& mapped) {
    std::vector<std::string> result;
    for (const auto& one : mapped.rejected) result.push_back(one.cause + " " + one.key);
    return result;
}

using Strings = std::vector<std::string>;

baselinker::Product family(std::string first, std::string second) {
    auto result = product(1, "P", "Kubek");
    result.variants = {variant(2, std::move(first), "biały"), variant(3, std::move(second), "czarny")};
    return result;
}

} // namespace

TEST_CASE("An SKU changed after the listing counts as the details show it") {
    const auto mapped = map::map_product(family("A2", "B"), listing_of({family("A", "B")}), options());
    CHECK(numbers(mapped) == Strings{"A2", "B"});
    CHECK(mapped.rejected.empty());
}

TEST_CASE("An SKU changed to that of another product is refused") {
    const auto mapped =
        map::map_product(family("TAKEN", "B"), listing_of({family("A", "B"), product(9, "TAKEN", "x")}), options());
    CHECK(numbers(mapped) == Strings{"B"});
    CHECK(rejected(mapped) == Strings{"duplicate_sku TAKEN"});
    CHECK(mapped.rejected[0].reason == "2 products or variants have the SKU TAKEN: 2, 9");
    CHECK(mapped.rejected[0].field == "products.1.variants.2.sku");
    CHECK(mapped.rejected[0].label == "Kubek biały");
}

TEST_CASE("Variants that swapped their SKUs are both mapped") {
    const auto mapped = map::map_product(family("B", "A"), listing_of({family("A", "B")}), options());
    CHECK(numbers(mapped) == Strings{"B", "A"});
    CHECK(mapped.rejected.empty());
}

TEST_CASE("A variant that took its sibling's SKU does not displace it") {
    const auto mapped = map::map_product(family("A", "A"), listing_of({family("A", "B")}), options());
    CHECK(numbers(mapped) == Strings{"A"});
    CHECK(mapped.articles[0].source_id == ProductId{2});
    CHECK(rejected(mapped) == Strings{"duplicate_sku A"});
}

TEST_CASE("A variant that the listing did not show follows the same rules") {
    CHECK(numbers(map::map_product(family("A", "B"), catalogue({row(1, 0, "P"), row(2, 1, "A")}), options())) ==
          Strings{"A", "B"});
    const auto none = map::map_product(family("", ""), catalogue({row(1, 0, "P")}), options());
    CHECK(none.articles.empty());
    CHECK(rejected(none) == Strings{"no_sku #2", "no_sku #3"});
    CHECK(none.rejected[0].field == "products.1.variants.2.sku");
    CHECK(none.rejected[0].reason == "the variant has no SKU, and that of its product is not for it alone");
    const auto same = map::map_product(family("X", "X"), catalogue({}), options());
    CHECK(same.articles.empty());
    CHECK(rejected(same) == Strings{"duplicate_sku X"});
    const auto longer = map::map_product(family("A", std::string(51, 'x')), catalogue({}), options());
    CHECK(numbers(longer) == Strings{"A"});
    CHECK(rejected(longer) == Strings{"key_too_long #3"});
}

TEST_CASE("What the listing refused is not refused twice") {
    const auto other = product(9, "A", "x");
    const auto mapped = map::map_product(family("A", ""), listing_of({family("A", ""), other}), options());
    CHECK(numbers(mapped) == Strings{"P"});
    CHECK(mapped.rejected.empty());
    CHECK_FALSE(mapped.filtered_out);
}

TEST_CASE("A duplicate that was resolved since the listing is mapped") {
    const auto mapped =
        map::map_product(product(1, "NEW", "Kubek"), listing_of({product(1, "A", "Kubek"), product(9, "A", "x")}), options());
    CHECK(numbers(mapped) == Strings{"NEW"});
}

TEST_CASE("A listing without parent ids gives the same articles") {
    const auto listing = catalogue({row(1, 0, "P"), row(2, 0, "A"), row(3, 0, "B")});
    CHECK(numbers(map::map_product(family("A", "B"), listing, options())) == Strings{"A", "B"});

    auto record_of_variant = product(2, "A", "Kubek biały");
    record_of_variant.parent_id = ProductId{1};
    const auto nothing = map::map_product(record_of_variant, listing, options());
    CHECK(nothing.articles.empty());
    CHECK(nothing.rejected.empty());
}

TEST_CASE("A product that lost its variants becomes an article itself") {
    const auto mapped = map::map_product(product(1, "P", "Kubek"), listing_of({family("A", "B")}), options());
    CHECK(numbers(mapped) == Strings{"P"});
}

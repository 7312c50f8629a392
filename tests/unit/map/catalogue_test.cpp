// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <malloc.h>

#include "products.hpp"

using namespace test;
using map::Fate;

namespace {

std::vector<std::string> rejected(const map::Catalogue& listing) {
    std::vector<std::string> result;
    for (const auto& one : listing.rejections()) result.push_back(one.cause + " " + one.key);
    return result;
}

std::vector<std::string> numbers(const map::Catalogue& listing) {
    std::vector<std::string> result;
    for (const auto& entry : listing.entries()) result.push_back(entry.number.value());
    return result;
}

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("A product with variants gives one article per variant and none for itself") {
    const auto listing = catalogue({row(3, 1, "B"), row(1, 0, "P"), row(2, 1, "A"), row(9, 0, "S")});
    CHECK(numbers(listing) == Strings{"A", "B", "S"});
    CHECK(listing.rejections().empty());
    CHECK(listing.main_products() == std::vector{ProductId{1}, ProductId{9}});
    CHECK(listing.variants_of(ProductId{1}) == 2);
    CHECK(listing.variants_of(ProductId{9}) == 0);
    CHECK(listing.entries()[0] == map::CatalogueEntry{ProductId{2}, ProductId{1}, ArticleNumber{"A"}});
    CHECK(listing.find(ProductId{1})->fate == Fate::parent);
    CHECK_FALSE(listing.number_of(ProductId{1}));
    CHECK(listing.rows() == 4);
    CHECK(listing.count(Fate::article) == 3);
    CHECK(listing.count(Fate::parent) == 1);
    CHECK(listing.count(Fate::no_sku) == 0);
}

TEST_CASE("parent = article gives the parent one too, and keeps its SKU from the variants") {
    const auto listing = catalogue({row(1, 0, "P"), row(2, 1, "A"), row(3, 1, "")}, true);
    CHECK(numbers(listing) == Strings{"P", "A"});
    CHECK(rejected(listing) == Strings{"no_sku #3"});
}

TEST_CASE("A variant takes over the product's SKU only if no sibling needs it too") {
    CHECK(numbers(catalogue({row(1, 0, "P"), row(2, 1, "")})) == Strings{"P"});
    CHECK(numbers(catalogue({row(1, 0, "P"), row(2, 1, ""), row(3, 1, "B")})) == Strings{"P", "B"});

    const auto two = catalogue({row(1, 0, "P"), row(2, 1, "", "biały"), row(3, 1, "", "czarny")});
    CHECK(numbers(two).empty());
    CHECK(rejected(two) == Strings{"no_sku #2", "no_sku #3"});
    CHECK(two.rejections()[0].label == "biały");
    CHECK(two.rejections()[0].source_id == ProductId{2});

    CHECK(rejected(catalogue({row(1, 0, ""), row(2, 1, "")})) == Strings{"no_sku #2"});
}

TEST_CASE("A sibling that has the product's SKU keeps it") {
    const auto listing = catalogue({row(1, 0, "P"), row(2, 1, "P"), row(3, 1, "")});
    CHECK(numbers(listing) == Strings{"P"});
    CHECK(listing.number_of(ProductId{2}) == ArticleNumber{"P"});
    CHECK(rejected(listing) == Strings{"no_sku #3"});
}

TEST_CASE("A variant with the SKU of its own skipped parent is no duplicate") {
    const auto listing = catalogue({row(1, 0, "P"), row(2, 1, "P")});
    CHECK(numbers(listing) == Strings{"P"});
    CHECK(listing.rejections().empty());
    CHECK(rejected(catalogue({row(1, 0, "P"), row(2, 1, "P")}, true)) == Strings{"duplicate_sku P"});
}

TEST_CASE("The same SKU on several products is refused once per group, with all ids") {
    const auto listing =
        catalogue({row(5, 0, "X"), row(1, 0, " X "), row(2, 0, "Y"), row(4, 3, "Y"), row(3, 0, "Q"), row(6, 0, "Z")});
    CHECK(numbers(listing) == Strings{"Z"});
    CHECK(rejected(listing) == Strings{"duplicate_sku X", "duplicate_sku Y"});
    CHECK(listing.rejections()[0].reason == "2 products or variants have the SKU X: 1, 5");
    CHECK(listing.rejections()[1].reason == "2 products or variants have the SKU Y: 2, 4");
    CHECK(listing.holders_of("X") == std::vector{ProductId{1}, ProductId{5}});
    CHECK(listing.holders_of("nobody").empty());
    CHECK_FALSE(listing.number_of(ProductId{1}));
}

TEST_CASE("A large group of duplicates names ten ids and counts the others") {
    map::Catalogue listing;
    for (int id = 1; id <= 13; ++id) listing.add(row(id, 0, "X"));
    listing.finish(false);
    REQUIRE(listing.rejections().size() == 1);
    CHECK(listing.rejections()[0].reason == "13 products or variants have the SKU X: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more");
}

TEST_CASE("SKUs that differ in case are different articles") {
    CHECK(numbers(catalogue({row(1, 0, "ab"), row(2, 0, "AB")})) == Strings{"ab", "AB"});
}

TEST_CASE("An article number has at most 50 characters and is never cut") {
    std::string fifty;
    for (int i = 0; i < 50; ++i) fifty += "ź";
    const auto listing = catalogue({row(1, 0, fifty), row(2, 0, fifty + "x"), row(3, 0, fifty + "x")});
    CHECK(numbers(listing) == Strings{fifty});
    CHECK(rejected(listing) == Strings{"key_too_long #2", "key_too_long #3"});
}

TEST_CASE("Variants whose product the listing does not show are asked for through it") {
    const auto listing = catalogue({row(2, 1, "A")});
    CHECK(listing.main_products() == std::vector{ProductId{1}});
    CHECK(numbers(listing) == Strings{"A"});
}

TEST_CASE("A row that a page repeats counts once, the fuller one wins") {
    const auto listing = catalogue({row(2, 0, ""), row(2, 1, "A"), row(2, 1, "A"), row(1, 0, "P")});
    CHECK(listing.rows() == 2);
    CHECK(numbers(listing) == Strings{"A"});
    CHECK(listing.rejections().empty());
}

TEST_CASE("SKUs that the filter keeps out are neither articles nor duplicates nor missing") {
    auto filter = options();
    filter.exclude_sku = {"OLD-*"};
    map::Catalogue listing;
    for (const auto& one : {row(1, 0, "OLD-1"), row(2, 0, "old-1"), row(3, 0, "OLD-1"), row(4, 0, "NEW"), row(5, 0, "")})
        listing.add(one);
    listing.finish(false, [&](std::string_view sku) { return map::passes_sku_filter(sku, filter); });
    CHECK(numbers(listing) == Strings{"NEW"});
    CHECK(rejected(listing) == Strings{"no_sku #5"});
    CHECK(listing.main_products() == std::vector{ProductId{4}, ProductId{5}});
    CHECK(listing.find(ProductId{1})->fate == Fate::left_out);
}

TEST_CASE("An empty listing is empty") {
    const auto listing = catalogue({});
    CHECK(listing.empty());
    CHECK(listing.entries().empty());
    CHECK(listing.main_products().empty());
    CHECK_FALSE(listing.find(ProductId{1}));
    CHECK_FALSE(listing.number_of_only_variant(ProductId{1}));
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("A listing costs less than 200 bytes a row") {
    constexpr int products = 50'000;
    const auto used = [] {
        const auto info = mallinfo2();
        return info.uordblks + info.hblkhd;
    };
    const auto before = used();
    map::Catalogue listing;
    for (int id = 1; id <= products; ++id)
        listing.add(row(id, id % 4 == 0 ? 0 : id / 4 * 4 + 4, "SKU-WITH-USUAL-LENGTH-" + std::to_string(id),
                        "A product's name of the usual length, about sixty characters long"));
    listing.finish(false);
    CHECK((used() - before) / products < 200);
    CHECK(listing.entries().size() + listing.main_products().size() >= products);
}
#endif

// SPDX-License-Identifier: Apache-2.0
// The article part of the vendor's mapping table, row by row.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "products.hpp"

using namespace test;

namespace {

baselinker::Product shirt() {
    baselinker::Product result = product(100, "SHIRT", "Koszulka");
    result.ean = "5900000000001";
    result.weight = decimal("0.2");
    result.height = decimal("2.5");
    result.width = decimal("30");
    result.length = decimal("40");
    result.text_fields["description"] = "<p>Miękka &amp; lekka</p>";
    result.variants = {variant(102, "SHIRT-M", "czerwona M", "5900000000102"),
                       variant(101, "SHIRT-S", "czerwona S", "5900000000101")};
    return result;
}

} // namespace

TEST_CASE("Seed row Article name: product name + variant name") {
    const auto mapped = map_alone(shirt());
    CHECK(member(mapped, "articleName", 0) == R"("Koszulka czerwona S")");
    CHECK(member(mapped, "articleName", 1) == R"("Koszulka czerwona M")");
    CHECK(mapped.articles[0].name == "Koszulka czerwona S");
    CHECK(member(map_alone(product(1, "A", "Kubek")), "articleName") == R"("Kubek")");
}

TEST_CASE("Seed row Article number: variant SKU, or product SKU") {
    const auto mapped = map_alone(shirt());
    REQUIRE(mapped.articles.size() == 2);
    CHECK(mapped.articles[0].number == ArticleNumber{"SHIRT-S"});
    CHECK(mapped.articles[1].number == ArticleNumber{"SHIRT-M"});
    CHECK(map_alone(product(1, "A", "Kubek")).articles.at(0).number == ArticleNumber{"A"});

    baselinker::Product lone = product(1, "LONE", "Lampa");
    lone.variants = {variant(2, "", "biała")};
    CHECK(map_alone(lone).articles.at(0).number == ArticleNumber{"LONE"});
}

TEST_CASE("Seed row Product code: variant id, or product id") {
    CHECK(member(map_alone(shirt()), "productCode", 0) == R"("101")");
    CHECK(member(map_alone(product(784512, "A", "Kubek")), "productCode") == R"("784512")");
}

TEST_CASE("Seed row Barcode: variant EAN, or product EAN") {
    CHECK(member(map_alone(shirt()), "barCodeInfo.barCode", 0) == R"("5900000000101")");
    auto plain = product(1, "A", "Kubek");
    plain.ean = " 5901234123457 ";
    CHECK(member(map_alone(plain), "barCodeInfo.barCode") == R"("5901234123457")");
}

TEST_CASE("Seed row Weight: kilograms as they are") {
    CHECK(member(map_alone(shirt()), "weight") == "0.2");
}

TEST_CASE("Seed row Height: centimetres become metres") {
    CHECK(member(map_alone(shirt()), "height") == "0.025");
}

TEST_CASE("Seed row Width: centimetres become metres") {
    CHECK(member(map_alone(shirt()), "width") == "0.3");
}

TEST_CASE("Seed row Length: centimetres become metres") {
    CHECK(member(map_alone(shirt()), "length") == "0.4");
}

TEST_CASE("Seed row Description: text field description") {
    CHECK(member(map_alone(shirt()), "description") == R"("Miękka & lekka")");
}

TEST_CASE("The mapping that is shown is the mapping that runs") {
    auto full = shirt();
    full.variants = {variant(101, "SHIRT-S", "S", "5900000000101")};
    full.additional_eans = {{"5900000000999", 6}};
    full.is_bundle = true;
    full.bundle_products = {{ProductId{7}, 2}};
    map::Catalogue listing;
    list(listing, full);
    listing.add(row(7, 0, "PART"));
    listing.finish(false);
    const auto mapped = map::map_product(full, listing, options());

    REQUIRE(mapped.articles.size() == 1);
    std::vector<std::string> targets;
    for (const auto& one : mapped.articles[0].members) targets.push_back(one.target);
    std::vector<std::string> shown;
    for (const auto& line : map::article_mapping())
        if (line.target != "articleNumber") shown.emplace_back(line.target);
    CHECK(targets == shown);
    CHECK(shown.size() + 1 == map::article_mapping().size());
    for (const auto& line : map::article_mapping()) {
        CHECK_FALSE(line.source.empty());
        CHECK_FALSE(line.transformation.empty());
    }
}

TEST_CASE("Values that BaseLinker does not report are left out") {
    auto bare = product(1, "A", "");
    bare.ean = "000";
    bare.weight = decimal("-1");
    bare.text_fields["description"] = "<p> </p>";
    const auto mapped = map_alone(bare);
    REQUIRE(mapped.articles.size() == 1);
    REQUIRE(mapped.articles[0].members.size() == 1);
    CHECK(mapped.articles[0].members[0].target == "productCode");
}

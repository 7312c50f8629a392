// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "products.hpp"

using namespace test;

namespace {

std::string name_of(std::string product_name, std::string variant_name) {
    auto one = product(1, "A", std::move(product_name));
    one.variants = {variant(2, "A-1", std::move(variant_name))};
    return map_alone(one).articles.at(0).name;
}

} // namespace

TEST_CASE("A variant's name that repeats the product's name stands alone") {
    CHECK(name_of("T-shirt Basic", "T-shirt Basic M") == "T-shirt Basic M");
    CHECK(name_of("KUBEK żółty", "Kubek Żółty duży") == "Kubek Żółty duży");
    CHECK(name_of("Kubek", "Kubek-XL") == "Kubek-XL");
    CHECK(name_of("Kubek", "Kubek – biały") == "Kubek – biały");
    CHECK(name_of("Kubek", "kubek") == "kubek");
    CHECK(name_of("Kubek (biały)", "Kubek (biały)XL") == "Kubek (biały)XL");
}

TEST_CASE("A product's name inside a longer word is no repetition") {
    CHECK(name_of("Kub", "Kubek") == "Kub Kubek");
    CHECK(name_of("Kubek", "Kubeków zestaw") == "Kubek Kubeków zestaw");
    CHECK(name_of("Pas", "Pasłęk") == "Pas Pasłęk");
    CHECK(name_of("But 4", "But 42") == "But 4 But 42");
}

TEST_CASE("A name of which one half is missing is the other half") {
    CHECK(name_of("Kubek", "  ") == "Kubek");
    CHECK(name_of("", "biały") == "biały");
}

TEST_CASE("Names are one line, composed, without emoji") {
    CHECK(name_of("Kubek\r\n  duz\xCC\x87y", "bia\xC5\x82y \xF0\x9F\x98\x80") == "Kubek du\xC5\xBCy biały");
}

TEST_CASE("A name beyond 200 characters is cut, with a note") {
    std::string longest;
    for (int i = 0; i < 200; ++i) longest += "ż";
    const auto fits = map_alone(product(1, "A", longest));
    CHECK(fits.articles.at(0).name == longest);
    CHECK(fits.articles.at(0).notes.empty());

    const auto cut = map_alone(product(1, "A", longest + "ż"));
    CHECK(cut.articles.at(0).name == longest);
    CHECK(cut.articles.at(0).notes == std::vector<std::string>{"name cut to 200 characters"});
}

TEST_CASE("The language picks its own texts and falls back to those without one") {
    auto one = product(1, "A", "Kubek");
    one.text_fields["name|de"] = "Becher";
    one.text_fields["description"] = "opis";
    one.text_fields["description|de"] = "   ";
    auto german = options();
    german.language = "de";
    CHECK(member(map_alone(one, german), "articleName") == R"("Becher")");
    CHECK(member(map_alone(one, german), "description") == R"("opis")");
    CHECK(member(map_alone(one), "articleName") == R"("Kubek")");
}

TEST_CASE("Descriptions become plain text with line breaks, or stay HTML when asked") {
    auto one = product(1, "A", "Kubek");
    one.text_fields["description"] = "<p>Pierwszy</p><p>drugi</p>";
    const std::string text(map_alone(one).articles.at(0).find("description")->text());
    CHECK(text.find("Pierwszy\n") == 0);
    CHECK(text.find('<') == std::string::npos);

    auto html = options();
    html.html_description = true;
    CHECK(member(map_alone(one, html), "description") == R"("<p>Pierwszy</p><p>drugi</p>")");
}

TEST_CASE("Sizes use the connection's factor exactly") {
    auto one = product(1, "A", "Kubek");
    one.length = decimal("12.345");
    CHECK(member(map_alone(one), "length") == "0.12345");
    auto centimetres = options();
    centimetres.length_factor = 1;
    CHECK(member(map_alone(one, centimetres), "length") == "12.345");
}

TEST_CASE("A size that no exact number can hold is left out, with a note") {
    auto one = product(1, "A", "Kubek");
    one.width = decimal("999999999999999999");
    auto huge = options();
    huge.length_factor = decimal("999999999999999999");
    const auto mapped = map_alone(one, huge);
    CHECK(member(mapped, "width") == "absent");
    REQUIRE(mapped.articles.at(0).notes.size() == 1);
    CHECK(mapped.articles[0].notes[0].find("out of range") != std::string::npos);
}

TEST_CASE("The product's EAN goes to a variant only if no other variant needs it too") {
    auto one = product(1, "A", "Kubek");
    one.ean = "5900000000001";
    one.variants = {variant(2, "A-1", "1", "5900000000002"), variant(3, "A-2", "2")};
    CHECK(member(map_alone(one), "barCodeInfo.barCode", 1) == R"("5900000000001")");

    one.variants = {variant(2, "A-1", "1"), variant(3, "A-2", "2")};
    CHECK(member(map_alone(one), "barCodeInfo.barCode", 0) == "absent");
    CHECK(member(map_alone(one), "barCodeInfo.barCode", 1) == "absent");
}

TEST_CASE("No two articles of a product share the product's EAN") {
    auto one = product(1, "A", "Kubek");
    one.ean = "5900000000001";
    one.variants = {variant(2, "A-1", "1", "5900000000001"), variant(3, "A-2", "2")};
    CHECK(member(map_alone(one), "barCodeInfo.barCode", 1) == "absent");

    auto parents = options();
    parents.parent_articles = true;
    one.variants = {variant(3, "A-2", "2")};
    const auto mapped = map_alone(one, parents);
    REQUIRE(mapped.articles.size() == 2);
    CHECK(member(mapped, "barCodeInfo.barCode", 0) == R"("5900000000001")");
    CHECK(member(mapped, "barCodeInfo.barCode", 1) == "absent");
}

TEST_CASE("Additional EANs become alternative bar codes with their quantities") {
    auto one = product(1, "A", "Kubek");
    one.ean = "5900000000001";
    one.additional_eans = {{"5900000000099", 6}, {"5900000000001", 1}, {"", 3}, {"5900000000050", 0}};
    CHECK(member(map_alone(one), "barCodeInfo.alternativeBarCodes") ==
          R"([{"barCode":"5900000000050","quantityPerBarCode":1},{"barCode":"5900000000099","quantityPerBarCode":6}])");
}

TEST_CASE("Additional EANs of a product with several variants are nobody's") {
    auto one = product(1, "A", "Kubek");
    one.additional_eans = {{"5900000000099", 6}};
    one.variants = {variant(2, "A-1", "1"), variant(3, "A-2", "2")};
    CHECK(member(map_alone(one), "barCodeInfo.alternativeBarCodes", 0) == "absent");
    one.variants = {variant(2, "A-1", "1")};
    CHECK(member(map_alone(one), "barCodeInfo.alternativeBarCodes", 0) != "absent");
}

TEST_CASE("A fingerprint is the hash of the canonical form: another one would write every article again after an upgrade") {
    auto one = product(1, "A \"1\"", "Kubek żółty");
    one.weight = decimal("1.50");
    one.ean = "5905551230017";
    one.additional_eans = {{"5905551239997", 6}};
    const auto mapped = map_alone(one);
    const auto& article = mapped.articles.at(0);
    json::Value members = json::Value::object();
    for (const auto& each : article.members) members.set(each.target, each.value);
    const auto whole = json::Value::object().set("number", article.number.value()).set("members", members).set("mapping", 1);
    CHECK(article.fingerprint() == fingerprint(whole.canonical()));
    CHECK(fingerprint("") == "e3b0c44298fc1c149afbf4c8996fb924"); // SHA-256
}

TEST_CASE("A fingerprint follows values, not the way they are written") {
    auto one = product(1, "A", "Kubek");
    one.weight = decimal("1.50");
    const std::string before = map_alone(one).articles.at(0).fingerprint();
    one.weight = decimal("1.5");
    one.tags = {"nowość"};
    one.text_fields["extra_field_1"] = "x";
    CHECK(map_alone(one).articles.at(0).fingerprint() == before);

    one.weight = decimal("1.51");
    CHECK(map_alone(one).articles.at(0).fingerprint() != before);
    one.weight = decimal("1.5");
    one.sku = "B";
    CHECK(map_alone(one).articles.at(0).fingerprint() != before);
}

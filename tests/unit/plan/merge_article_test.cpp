// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/article_plan.hpp>
#include <blongo/plan/same_value.hpp>

using namespace blongo;
using json::Value;
using plan::ArticleMergeOptions;

namespace {

Value parse(const std::string& text) {
    auto value = Value::parse(text);
    REQUIRE(value);
    return *value;
}

map::ArticleDocument wanted(std::initializer_list<std::pair<std::string, std::string>> members) {
    map::ArticleDocument document;
    document.number = ArticleNumber{"A-1"};
    for (const auto& [target, value] : members) document.members.push_back({target, parse(value)});
    return document;
}

plan::ArticleMerge merge(const map::ArticleDocument& document, const std::string& agreed, const std::string& remote,
                         const ArticleMergeOptions& options = {}, std::string_view kind = "") {
    return plan::merge_article(document, parse(agreed), parse(remote), kind, options);
}

using Strings = std::vector<std::string>;

Strings changed(const plan::ArticleMerge& merge) {
    Strings members;
    for (const auto& change : merge.changes) members.push_back(change.member);
    return members;
}

} // namespace

TEST_CASE("A new article carries its number and all reported members, nested where the model nests them") {
    const auto document = wanted({{"articleName", R"("Kubek")"}, {"barCodeInfo.barCode", R"("590")"}, {"weight", "0.4"}});
    CHECK(plan::article_create_body(document).dump() ==
          R"({"articleNumber":"A-1","articleName":"Kubek","barCodeInfo":{"barCode":"590"},"weight":0.4})");
    CHECK(plan::article_agreed(document).dump() == R"({"articleName":"Kubek","barCodeInfo.barCode":"590","weight":0.4})");
}

TEST_CASE("Ongoing that holds everything already is not written") {
    const auto result = merge(wanted({{"articleName", R"("Kubek")"}, {"weight", "1"}, {"description", R"("a\nb")"}}), "{}",
                              R"({"articleNumber":"A-1","articleName":"Kubek","weight":1.0,"description":"a\r\nb"})");
    CHECK_FALSE(result.write);
    CHECK(result.changes.empty());
    CHECK(result.kept.empty());
    CHECK(result.agreed.canonical() == parse(R"({"articleName":"Kubek","weight":1,"description":"a\nb"})").canonical());
}

TEST_CASE("A member that Ongoing still holds as agreed is ours to change") {
    const auto result = merge(wanted({{"articleName", R"("Kubek duży")"}}), R"({"articleName":"Kubek"})",
                              R"({"goodsOwnerId":4,"articleNumber":"A-1","articleName":"Kubek","unitCode":"pcs"})");
    CHECK(result.write);
    CHECK(result.changes == std::vector{plan::Change{"articleName", Value("Kubek"), Value("Kubek duży")}});
    CHECK(result.body.dump() == R"({"articleNumber":"A-1","articleName":"Kubek duży","unitCode":"pcs"})");
    CHECK(result.agreed.dump() == R"({"articleName":"Kubek duży"})");
}

TEST_CASE("A member that people edited since the agreement is kept") {
    const auto result =
        merge(wanted({{"articleName", R"("Kubek duży")"}, {"weight", "2"}}), R"({"articleName":"Kubek","weight":1})",
              R"({"articleNumber":"A-1","articleName":"Kubek (3) C","weight":1})");
    CHECK(result.kept == Strings{"articleName"});
    CHECK(changed(result) == Strings{"weight"});
    CHECK(result.body["articleName"].text() == "Kubek (3) C");
    CHECK(result.agreed["articleName"].text() == "Kubek");
}

TEST_CASE("A member that people emptied stays empty") {
    const auto result = merge(wanted({{"description", R"("x")"}}), R"({"description":"x"})", R"({"articleNumber":"A-1"})");
    CHECK_FALSE(result.write);
    CHECK(result.kept == Strings{"description"});
}

TEST_CASE("An article that blongo did not create: gaps are filled, the rest stays") {
    const auto document = wanted(
        {{"articleName", R"("Kubek")"}, {"weight", "0.4"}, {"barCodeInfo.barCode", R"("590")"}, {"description", R"("opis")"}});
    const std::string remote =
        R"({"articleNumber":"A-1","articleName":"Cup","weight":0,"description":"","barCodeInfo":{"barCodePallet":"1"}})";
    const auto fill = merge(document, "{}", remote);
    CHECK(fill.kept == Strings{"articleName"});
    CHECK(changed(fill) == Strings{"weight", "barCodeInfo.barCode", "description"});
    CHECK(fill.body["barCodeInfo"].dump() == R"({"barCodePallet":"1","barCode":"590"})");
    CHECK(fill.agreed.find("articleName") == nullptr);

    ArticleMergeOptions overwrite;
    overwrite.overwrite_existing = true;
    const auto all = merge(document, "{}", remote, overwrite);
    CHECK(all.kept.empty());
    CHECK(changed(all) == Strings{"articleName", "weight", "barCodeInfo.barCode", "description"});
}

TEST_CASE("overwrite_existing does not touch what people edited in an article that is ours") {
    ArticleMergeOptions overwrite;
    overwrite.overwrite_existing = true;
    const auto result = merge(wanted({{"weight", "2"}}), R"({"weight":1})", R"({"weight":3})", overwrite);
    CHECK_FALSE(result.write);
    CHECK(result.kept == Strings{"weight"});
}

TEST_CASE("What the warehouse owns is never changed") {
    ArticleMergeOptions options;
    options.warehouse_owns = {"weight", "barCodeInfo"};
    const auto result = merge(wanted({{"weight", "2"}, {"barCodeInfo.barCode", R"("590")"}, {"width", "1"}}), R"({"weight":1})",
                              R"({"weight":1})", options);
    CHECK(changed(result) == Strings{"width"});
    CHECK(result.body.dump() == R"({"weight":1,"articleNumber":"A-1","width":1})");
    CHECK(result.agreed.dump() == R"({"weight":1,"width":1})");
    CHECK(result.kept.empty());

    options.warehouse_owns = {"wei"};
    CHECK(merge(wanted({{"weight", "2"}}), R"({"weight":1})", R"({"weight":1})", options).write);
}

TEST_CASE("A member that BaseLinker no longer reports is left alone and stays agreed") {
    const auto result = merge(wanted({{"articleName", R"("Kubek")"}}), R"({"articleName":"Kubek","weight":1})",
                              R"({"articleNumber":"A-1","articleName":"Kubek","weight":1})");
    CHECK_FALSE(result.write);
    CHECK(result.agreed["weight"].text() == "1");
}

TEST_CASE("A new number alone is a write") {
    const auto result = merge(wanted({{"articleName", R"("Kubek")"}}), R"({"articleName":"Kubek"})",
                              R"({"articleNumber":"OLD","articleName":"Kubek"})");
    CHECK(result.write);
    CHECK(result.changes == std::vector{plan::Change{"articleNumber", Value("OLD"), Value("A-1")}});
    CHECK(result.body["articleNumber"].text() == "A-1");
}

TEST_CASE("Alternative bar codes compare as a set and keep the type that people gave them") {
    const auto document = wanted({{"barCodeInfo.alternativeBarCodes",
                                   R"([{"barCode":"1","quantityPerBarCode":1},{"barCode":"6","quantityPerBarCode":6}])"}});
    CHECK_FALSE(merge(document, "{}",
                      R"({"barCodeInfo":{"alternativeBarCodes":[{"barCode":"6","quantityPerBarCode":6.0,)"
                      R"("barCodeType":{"code":"EAN13"}},{"barCode":"1","quantityPerBarCode":null}]}})")
                    .write);

    const auto result = merge(document, R"({"barCodeInfo.alternativeBarCodes":[{"barCode":"6","quantityPerBarCode":4}]})",
                              R"({"barCodeInfo":{"alternativeBarCodes":[{"barCode":"6","quantityPerBarCode":4,)"
                              R"("barCodeType":{"code":"EAN13"}}]}})");
    CHECK(result.write);
    CHECK(result.body.at_path("barCodeInfo.alternativeBarCodes").dump() ==
          R"([{"barCode":"1","quantityPerBarCode":1},)"
          R"({"barCode":"6","quantityPerBarCode":6,"barCodeType":{"code":"EAN13"}}])");
}

TEST_CASE("A structure is compared by components and quantities") {
    const auto document = wanted(
        {{"structureDefinition",
          R"({"articleKind":"Structure","rows":[{"articleNumber":"A","numberOfItems":1},{"articleNumber":"B","numberOfItems":2}]})"}});
    const auto remote = [](const std::string& count) {
        return R"({"structureDefinition":{"articleKind":"Structure","rows":[{"articleNumber":"B","numberOfItems":)" + count +
               R"(},{"articleNumber":"A","numberOfItems":1.0,"articleSystemId":7}]}})";
    };
    const std::string agreed =
        R"({"structureDefinition":{"articleKind":"Structure","rows":[{"articleNumber":"A","numberOfItems":1},{"articleNumber":"B","numberOfItems":3}]}})";
    CHECK_FALSE(merge(document, "{}", remote("2.0"), {}, "Structure").write);
    CHECK(merge(document, agreed, remote("3"), {}, "Structure").write);
    CHECK(merge(document, agreed, remote("4"), {}, "Structure").kept == Strings{"structureDefinition"});
}

TEST_CASE("A structure whose rows are not known is written only when ours changed, and sent along always") {
    const std::string two = R"({"articleKind":"Structure","rows":[{"articleNumber":"A","numberOfItems":2}]})";
    const std::string three = R"({"articleKind":"Structure","rows":[{"articleNumber":"A","numberOfItems":3}]})";
    const auto document = wanted({{"structureDefinition", two}, {"weight", "1"}});
    const auto same = merge(document, R"({"structureDefinition":)" + two + "}", R"({"weight":1})", {}, "Structure");
    CHECK_FALSE(same.write);
    CHECK(same.body["structureDefinition"].dump() == two);
    CHECK(changed(merge(document, R"({"structureDefinition":)" + three + "}", R"({"weight":1})", {}, "Structure")) ==
          Strings{"structureDefinition"});
    CHECK(merge(document, "{}", R"({"weight":1})", {}, "Structure").kept == Strings{"structureDefinition"});
}

TEST_CASE("An article of another kind is never made a structure, nor back") {
    const auto bundle =
        wanted({{"structureDefinition", R"({"articleKind":"Structure","rows":[{"articleNumber":"A","numberOfItems":1}]})"},
                {"weight", "1"}});
    ArticleMergeOptions overwrite;
    overwrite.overwrite_existing = true;
    const auto stock = merge(bundle, "{}", R"({"articleNumber":"A-1"})", overwrite, "");
    CHECK(changed(stock) == Strings{"weight"});
    CHECK(stock.body.find("structureDefinition") == nullptr);
    CHECK(stock.notes == Strings{"bundle_is_stock_article"});

    const auto back = merge(wanted({{"weight", "1"}}), "{}", R"({"structureDefinition":{"articleKind":"Structure","rows":[]}})",
                            overwrite, "Structure");
    CHECK(back.body.find("structureDefinition") != nullptr);
    CHECK(back.notes == Strings{"article_is_structure"});
}

TEST_CASE("Values that say the same are the same") {
    const auto same = [](const std::string& a, const std::string& b, std::string_view member = "weight") {
        return plan::same_article_value(member, parse(a), parse(b)) && plan::same_article_value(member, parse(b), parse(a));
    };
    CHECK(same("1", "1.000"));
    CHECK(same("1e1", "10"));
    CHECK(same(R"("784512")", "784512", "productCode"));
    CHECK(same("null", R"("")"));
    CHECK(same("[]", "null"));
    CHECK(same(R"("a\r\nb\rc")", R"("a\nb\nc")"));
    CHECK(same(R"({"a":1,"b":"x"})", R"({"b":"x","a":1.0})"));
    CHECK(same("true", "true"));
    CHECK_FALSE(same("1", "1.001"));
    CHECK_FALSE(same(R"("007")", R"("7")", "productCode"));
    CHECK_FALSE(same(R"("a")", R"("a ")"));
    CHECK_FALSE(same("0", "1"));
    CHECK_FALSE(same("true", "false"));
    CHECK_FALSE(same(R"("x")", "5"));
}

TEST_CASE("What no answer of Ongoing shows is judged by what was sent last, and goes along in every write") {
    const auto document = wanted({{"articlePackingHandlingComment", R"("bubble wrap")"}, {"weight", "1"}});
    const std::string there = R"({"articleNumber":"A-1","weight":1})", agreed = R"({"weight":1)";
    const auto same = merge(document, agreed + R"(,"articlePackingHandlingComment":"bubble wrap"})", there);
    CHECK_FALSE(same.write);
    CHECK(same.kept.empty());
    CHECK(same.body["articlePackingHandlingComment"].text() == "bubble wrap");
    const auto other = merge(document, agreed + R"(,"articlePackingHandlingComment":"paper"})", there);
    CHECK(changed(other) == Strings{"articlePackingHandlingComment"});
    CHECK(other.kept.empty());
    // A new template is meant for an article that we keep already; of one that people made nobody knows what stands there.
    CHECK(changed(merge(document, agreed + "}", there)) == Strings{"articlePackingHandlingComment"});
    CHECK(merge(document, "{}", there).kept == Strings{"articlePackingHandlingComment"});
    CHECK_FALSE(merge(document, "{}", there).write);
    CHECK(changed(merge(document, "{}", there, {.overwrite_existing = true, .warehouse_owns = {}})) ==
          Strings{"articlePackingHandlingComment"});
}

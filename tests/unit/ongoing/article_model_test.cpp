// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>

#include <blongo/ongoing/client.hpp>

#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using ongoing::post_model_of;

namespace {

const test::OpenApi& contract() {
    static const test::OpenApi document(test::read_data("ongoing-openapi.json"));
    return document;
}

json::Value fixture(const std::string& file) {
    return json::Value::parse(test::read_data("ongoing/" + file)).value();
}

/// Every value of `answer` stands again in `request`, under the same name where both models have it.
void keeps_shared_values(const json::Value& answer, const json::Value& request, const json::Value& full_request,
                         const std::string& path) {
    for (const auto& [name, value] : answer.members()) {
        CAPTURE(path + "." + name);
        const json::Value* known = full_request.find(name);
        const bool is_empty = value.is_null() || (value.is_string() && value.text().empty());
        if (!known || is_empty) continue; // not a member of the request model, or nothing to say
        const json::Value* kept = request.find(name);
        if (value.is_object()) {
            keeps_shared_values(value, kept ? *kept : json::Value(), *known, path + "." + name);
        } else if (value.is_array()) {
            if (value.size() == 0) continue;
            REQUIRE(kept);
            REQUIRE(kept->size() == value.size());
            for (std::size_t i = 0; i < value.size(); ++i)
                keeps_shared_values(value.elements()[i], kept->elements()[i], known->elements().at(0), path + "." + name);
        } else if (value.is_number()) {
            REQUIRE(kept);
            CHECK(kept->decimal() == value.decimal());
        } else {
            REQUIRE(kept);
            CHECK(*kept == value);
        }
    }
}

void is_a_request_that_says_the_same(const json::Value& answer) {
    const json::Value request = post_model_of(answer);
    CHECK(contract().violations("PostArticleModel", request) == std::vector<std::string>{});
    keeps_shared_values(answer, request, contract().full_example("PostArticleModel"), "$");
}

} // namespace

TEST_CASE("what Ongoing returns can be said again as a request of the closed model") {
    is_a_request_that_says_the_same(fixture("articles.get.response.json"));
    for (const char* file :
         {"articles.list.page1.response.json", "articles.list.page2.response.json", "articles.list.delta.response.json"}) {
        const json::Value list = fixture(file);
        for (const json::Value& article : list.elements()) is_a_request_that_says_the_same(article);
    }
}

TEST_CASE("an answer with every member filled in loses nothing that a request can say") {
    const json::Value answer = contract().full_example("GetArticleModel");
    is_a_request_that_says_the_same(answer);
    const json::Value request = post_model_of(answer);
    // members that stand elsewhere in the request
    CHECK(request.at_path("goodsOwnerId") == answer.at_path("goodsOwner.id"));
    CHECK(request.at_path("articleInboundHandlingComment") ==
          answer.at_path("articleHandlingComments.articleInboundHandlingComment"));
    CHECK(request.at_path("articlePickingHandlingComment") ==
          answer.at_path("articleHandlingComments.articlePickingHandlingComment"));
    CHECK(request.at_path("articleReturnHandlingComment") ==
          answer.at_path("articleHandlingComments.articleReturnHandlingComment"));
    const json::Value& from_class = answer["classes"].elements().at(0);
    const json::Value& to_class = request.at_path("articleClassesInfo.classes").elements().at(0);
    CHECK(to_class["code"] == from_class["code"]);
    CHECK(to_class["name"] == from_class["name"]);
    const json::Value& from_supplier = answer.at_path("supplierInfo.alternativeSuppliers").elements().at(0);
    const json::Value& to_supplier = request.at_path("alternativeSuppliersInfo.alternativeSuppliers").elements().at(0);
    CHECK(to_supplier.members() == from_supplier.members());
}

TEST_CASE("every member of the request model is either said again or known to be unreadable") {
    const json::Value request = post_model_of(contract().full_example("GetArticleModel"));
    const std::vector<std::string> unreadable{"structureDefinition", "quantityPerLayerOnPallet", "advanced",
                                              "articlePackingHandlingComment"};
    const json::Value full = contract().full_example("PostArticleModel");
    for (const auto& [name, value] : full.members()) {
        CAPTURE(name);
        const bool is_unreadable = std::find(unreadable.begin(), unreadable.end(), name) != unreadable.end();
        CHECK((request.find(name) != nullptr) != is_unreadable);
    }
}

TEST_CASE("nulls and empty objects are left out, odd numbers are put right") {
    const json::Value request =
        post_model_of(json::Value::parse(
                          R"({"articleNumber":"A","articleName":null,"weight":"1.50","quantityPerPackage":24.0,
            "quantityPerPallet":2.5,"isActive":"yes","barCodeInfo":{"barCode":null},"articleGroup":{},"classes":[],
            "taricNumbersInfo":{"taricNumbers":[{"countryCode":"NO","taricNumber":null},{"countryCode":"SE","taricNumber":"1"}]},
            "storageClass":{"name":null},"unknownNewMember":{"a":1}})")
                          .value());
    CHECK(request.dump() == R"({"articleNumber":"A","quantityPerPackage":24,"weight":1.5,)"
                            R"("taricNumbersInfo":{"taricNumbers":[{"countryCode":"SE","taricNumber":"1"}]}})");
}

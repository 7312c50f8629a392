// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include <blongo/ongoing/client.hpp>

#include "support/fake_transport.hpp"
#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::ongoing;

namespace {

const test::OpenApi& contract() {
    static const test::OpenApi document(test::read_data("ongoing-openapi.json"));
    return document;
}

json::Value fixture(const std::string& file) { return json::Value::parse(test::read_data("ongoing/" + file)).value(); }

/// Keeps every request to the contract and answers from the fixtures.
struct Gate {
    std::set<std::string> operations;
    std::map<std::string, http::Effect> effects;
    std::map<std::string, std::string> answers; ///< operation -> body
    test::FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        const std::string operation = contract().operation_of(request);
        CAPTURE(request.method, request.url, request.body);
        CHECK(contract().violations(request) == std::vector<std::string>{});
        CHECK("ongoing " + request.method + " " + operation.substr(operation.find("/api/v1") + 7) == request.name);
        operations.insert(operation);
        effects[operation] = request.effect;
        const auto answer = answers.find(operation);
        return test::response(200, answer == answers.end() ? "[]" : answer->second);
    }};
};

struct Fixture {
    Gate gate;
    ManualClock clock;
    Client client{gate.transport, clock,
                  {.url = "https://api.ongoingsystems.se/acme", .username = "WSI", .password = Secret("p"),
                   .goods_owner_id = GoodsOwnerId(4711)}};
};

} // namespace

TEST_CASE("every article request keeps the OpenAPI document") {
    Fixture f;
    f.gate.answers = {{"PUT /api/v1/articles", test::read_data("ongoing/articles.put.full.response.json")},
                      {"PUT /api/v1/articles/{articleSystemId}", test::read_data("ongoing/articles.putById.response.json")},
                      {"GET /api/v1/articles/{articleSystemId}", test::read_data("ongoing/articles.get.response.json")}};
    const std::vector<ArticleNumber> numbers{ArticleNumber("MUG-350-WHT"), ArticleNumber("Ł & Ó,1")};
    REQUIRE(f.client.each_article([](Article&&) -> Result<void> { return {}; }));
    REQUIRE(f.client.find_articles(numbers));
    REQUIRE(f.client.find_structures(numbers));
    for (const char* file : {"articles.put.minimal.request.json", "articles.put.full.request.json", "articles.put.kit.request.json"})
        REQUIRE(f.client.put_article(fixture(file)));
    REQUIRE(f.client.put_article(ArticleSystemId(30211), fixture("articles.put.full.request.json")));
    const auto article = f.client.get_article(ArticleSystemId(30211)).value().value();
    REQUIRE(f.client.put_article(post_model_of(article.document)));
    (void)f.client.get_warehouses();
    (void)f.client.get_order_statuses();
    (void)f.client.get_transporter_contracts();
    (void)f.client.get_ways_of_delivery();
    CHECK(f.gate.operations.size() == 9);
    for (const auto& [operation, effect] : f.gate.effects) {
        CAPTURE(operation);
        CHECK((effect == http::Effect::read) == operation.starts_with("GET"));
        CHECK(effect != http::Effect::unsafe_write);
    }
}

TEST_CASE("the Ongoing gate of these tests refuses what the contract forbids") {
    const auto violations = [](const std::string& method, const std::string& path, const std::string& body = {}) {
        http::Request request;
        request.method = method;
        request.url = "https://host/wh/api/v1" + path;
        request.body = body;
        request.headers = {{"Content-Type", "application/json"}};
        return contract().violations(request).size();
    };
    CHECK(violations("GET", "/articles?goodsOwnerId=1") == 0);
    CHECK(violations("GET", "/articles") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=x") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1&page=2") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1&goodsOwnerId=1") == 1);
    CHECK(violations("GET", "/article?goodsOwnerId=1") == 1);
    CHECK(violations("GET", "/articles/abc") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A"})") == 0);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":""})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A","barCode":"1"})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":1,"articleNumber":"A","weight":"1.5"})") == 1);
    CHECK(violations("PUT", "/articles", R"({"goodsOwnerId":null,"articleNumber":"A"})") == 1);
    CHECK(violations("PUT", "/articles",
                     R"({"goodsOwnerId":1,"articleNumber":"A","structureDefinition":{"articleKind":"Kit","rows":[]}})") == 2);
    CHECK(violations("PUT", "/articles") == 1);
    CHECK(violations("GET", "/articles?goodsOwnerId=1", "{}") == 1);
}

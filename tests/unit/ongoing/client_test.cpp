// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/ongoing/article_listing.hpp>
#include <blongo/ongoing/client.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::ongoing;
using test::FakeTransport;
using test::FunctionTransport;

namespace {

std::string fixture(const std::string& file) {
    return test::read_data("ongoing/" + file);
}

struct Fixture {
    explicit Fixture(http::Transport& transport)
        : client(transport, clock,
                 {.url = "https://api.ongoingsystems.se/acme/",
                  .username = "WSI_łucja",
                  .password = Secret("p:ä+"),
                  .goods_owner_id = GoodsOwnerId(4711)}) {}
    ManualClock clock{parse_timestamp("2026-11-23T13:00:00Z").value()};
    Client client;
};

std::string header(const http::Request& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

std::vector<ArticleNumber> numbers(std::size_t count, const std::string& prefix) {
    std::vector<ArticleNumber> result;
    for (std::size_t i = 0; i < count; ++i) result.emplace_back(prefix + std::to_string(i));
    return result;
}

Result<std::vector<Article>> all_articles(Client& client) {
    std::vector<Article> articles;
    BLONGO_CHECK(client.each_article([&](Article&& article) -> Result<void> {
        articles.push_back(std::move(article));
        return {};
    }));
    return articles;
}

} // namespace

TEST_CASE("a request carries Basic login in UTF-8, JSON headers and one name per operation") {
    FakeTransport fake;
    fake.on({.method = "GET"}).answer(200, fixture("articles.get.response.json"));
    fake.on({.method = "PUT"}).answer(200, fixture("articles.put.full.response.json"));
    Fixture f(fake);
    REQUIRE(f.client.get_article(ArticleSystemId(30211)).value());
    REQUIRE(f.client.put_article(json::Value::object().set("articleNumber", "A")));
    const auto requests = fake.requests();
    CHECK(requests[0].url == "https://api.ongoingsystems.se/acme/api/v1/articles/30211");
    CHECK(requests[0].name == "ongoing GET /articles/{articleSystemId}");
    CHECK(requests[0].effect == http::Effect::read);
    CHECK(requests[0].body.empty());
    CHECK(header(requests[0], "Authorization") == "Basic " + base64_encode("WSI_łucja:p:ä+"));
    CHECK(header(requests[0], "Accept") == "application/json");
    CHECK(header(requests[0], "Content-Type").empty());
    CHECK(requests[1].name == "ongoing PUT /articles");
    CHECK(requests[1].effect == http::Effect::idempotent_write);
    CHECK(header(requests[1], "Content-Type") == "application/json");
    CHECK(requests[1].body == R"({"goodsOwnerId":4711,"articleNumber":"A"})");
}

TEST_CASE("articles are read page by page with the highest id + 1 until a page is empty") {
    FakeTransport fake;
    fake.on({.url = "articleSystemIdFrom=0&maxArticlesToGet=500"}).answer(200, fixture("articles.list.page1.response.json"));
    fake.on({.url = "articleSystemIdFrom=30213&"}).answer(200, fixture("articles.list.page2.response.json"));
    fake.on({.url = "articleSystemIdFrom=30241&"}).answer(200, fixture("articles.list.page3-empty.response.json"));
    Fixture f(fake);
    const auto articles = all_articles(f.client).value();
    REQUIRE(articles.size() == 3);
    CHECK(articles[0].article_system_id == ArticleSystemId(30211));
    CHECK(articles[0].article_number == ArticleNumber("MUG-350-WHT"));
    CHECK(articles[0].article_name == "Kubek ceramiczny 350 ml, biały");
    CHECK(articles[0].is_active);
    CHECK(articles[0].inventory.sellable_number_of_items.value().to_string() == "110");
    CHECK(articles[0].inventory.number_of_booked_items.value().to_string() == "14");
    CHECK(articles[0].document["weight"].text() == "0.42");
    CHECK(articles[1].inventory.sellable_number_of_items.value().to_string() == "-4");
    CHECK(articles[1].article_kind.empty()); // null
}

TEST_CASE("a cursor that does not grow ends the listing with an error", "[F22]") {
    FunctionTransport transport([](const http::Request&) -> Result<http::Response> {
        return test::response(200, R"([{"articleSystemId":7,"articleNumber":"A"}])");
    });
    Fixture f(transport);
    const auto result = all_articles(f.client);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::protocol);
    CHECK(result.error().message.find("8") != std::string::npos);
}

TEST_CASE("rows may come in any order, and rows behind the cursor are passed over") {
    FakeTransport fake;
    fake.on({.url = "From=0&"}).answer(200, R"([{"articleSystemId":9},{"articleSystemId":4}])");
    fake.on({.url = "From=10&"}).answer(200, R"([{"articleSystemId":4},{"articleSystemId":12}])");
    fake.on({.url = "From=13&"}).answer(200, "[]");
    Fixture f(fake);
    const auto articles = all_articles(f.client).value();
    REQUIRE(articles.size() == 3);
    CHECK(articles[2].article_system_id == ArticleSystemId(12));
}

TEST_CASE("a listing can begin in the middle, says after each page where it goes on, and reads a page that failed again") {
    FakeTransport fake;
    fake.on({.url = "From=9&"}).answer(200, R"([{"articleSystemId":12},{"articleSystemId":9}])");
    fake.on({.url = "From=13&"}).answer(502, "<html>");
    fake.on({.url = "From=13&"}).answer(200, R"([{"articleSystemId":40}])");
    fake.on({.url = "From=41&"}).answer(200, "[]");
    Fixture f(fake);
    std::vector<std::int64_t> told;
    const auto tell = [&](Article&& article) -> Result<void> {
        told.push_back(article.article_system_id.value());
        return {};
    };
    ArticleListing listing(f.client, ArticleSystemId(9));
    CHECK(listing.next(tell).value());
    CHECK(listing.from() == ArticleSystemId(13));
    CHECK(listing.next(tell).error().kind == ErrorKind::unavailable);
    CHECK(listing.next(tell).value());
    CHECK(listing.from() == ArticleSystemId(41));
    CHECK_FALSE(listing.next(tell).value());
    CHECK(told == std::vector<std::int64_t>{12, 9, 40});
}

TEST_CASE("a listing that cannot be read to its end is an error", "[F23]") {
    for (const char* body : {"{}", R"([{"articleNumber":"A"}])", R"(["x"])", R"([{"articleSystemId":null}])"}) {
        FunctionTransport transport([&](const http::Request&) { return test::response(200, body); });
        Fixture f(transport);
        CHECK(all_articles(f.client).error().kind == ErrorKind::protocol);
        CHECK(f.client.find_articles(numbers(1, "A")).error().kind == ErrorKind::protocol);
    }
    FakeTransport fake;
    fake.on({}).answer(200, fixture("articles.list.page1.response.json"));
    fake.on({}).answer(502, "<html>");
    Fixture f(fake);
    CHECK(all_articles(f.client).error().kind == ErrorKind::unavailable);
}

TEST_CASE("the receiver of rows can end a listing") {
    FakeTransport fake;
    fake.on({}).answer(200, fixture("articles.list.page1.response.json"));
    Fixture f(fake);
    const auto result = f.client.each_article([](Article&&) -> Result<void> { return fail(ErrorKind::stopped, "enough"); });
    CHECK(result.error().kind == ErrorKind::stopped);
}

TEST_CASE("articles are looked up with one repeated, percent-encoded key per number") {
    FakeTransport fake;
    fake.on({}).answer(200, fixture("articles.list.page1.response.json"));
    Fixture f(fake);
    const std::vector<ArticleNumber> wanted{ArticleNumber("A&B"), ArticleNumber("ŁÓDŹ 1"), ArticleNumber("x,y")};
    CHECK(f.client.find_articles(wanted).value().size() == 2);
    CHECK(fake.requests().at(0).url == "https://api.ongoingsystems.se/acme/api/v1/articles?goodsOwnerId=4711&articleNumbers=A%26B"
                                       "&articleNumbers=%C5%81%C3%93D%C5%B9%201&articleNumbers=x%2Cy");
}

TEST_CASE("a look-up whose query would be too long for IIS is split, nothing is lost") {
    std::size_t asked = 0, calls = 0;
    FunctionTransport transport([&](const http::Request& request) {
        ++calls;
        const std::string query = request.url.substr(request.url.find('?') + 1);
        CHECK(query.size() <= 2048);
        for (const auto& part : split(query, '&')) asked += part.starts_with("articleNumbers=") ? 1U : 0U;
        return test::response(200, "[]");
    });
    Fixture f(transport);
    REQUIRE(f.client.find_articles(numbers(100, std::string(40, 'N'))));
    CHECK(asked == 100);
    CHECK(calls > 1);
    CHECK(calls < 6);
    CHECK(f.client.find_articles(numbers(101, "A")).error().kind == ErrorKind::internal);
    CHECK(f.client.find_structures(numbers(101, "A")).error().kind == ErrorKind::internal);
    CHECK(f.client.find_articles({}).value().empty());
}

TEST_CASE("an article that the side does not know is nothing, any other failure is an error") {
    FakeTransport fake;
    fake.on({}).answer(404, R"({"message":"not found"})");
    fake.on({}).answer(500, fixture("error.500.iis.json"));
    fake.on({}).answer(401, "");
    Fixture f(fake);
    CHECK_FALSE(f.client.get_article(ArticleSystemId(1)).value());
    CHECK(f.client.get_article(ArticleSystemId(1)).error().kind == ErrorKind::ambiguous);
    CHECK(f.client.get_article(ArticleSystemId(1)).error().kind == ErrorKind::auth);
}

TEST_CASE("putting an article returns its id, and an unknown outcome when there is none") {
    FakeTransport fake;
    fake.on({.method = "PUT"}).answer(200, fixture("articles.put.minimal.response.json"));
    fake.on({.method = "PUT", .url = "/articles/30211"}).answer(200, fixture("articles.putById.response.json"));
    fake.on({.method = "PUT"}).answer(200, R"({"articleSystemId":null,"message":"?"})");
    fake.on({.method = "PUT"}).answer(200, R"({"articleSystemId":1.5})");
    fake.on({.method = "PUT"}).answer(400, fixture("error.400.validation.json"));
    Fixture f(fake);
    const auto model = json::Value::object().set("articleNumber", "A").set("goodsOwnerId", 1);
    CHECK(f.client.put_article(model).value() == ArticleSystemId(30211));
    CHECK(f.client.put_article(ArticleSystemId(30211), model).value() == ArticleSystemId(30211));
    CHECK(fake.requests().at(1).name == "ongoing PUT /articles/{articleSystemId}");
    CHECK(fake.requests().at(1).body == R"({"goodsOwnerId":4711,"articleNumber":"A"})"); // ours, whatever the model says
    CHECK(f.client.put_article(model).error().kind == ErrorKind::ambiguous);
    CHECK(f.client.put_article(model).error().kind == ErrorKind::ambiguous);
    CHECK(f.client.put_article(model).error().kind == ErrorKind::rejected);
}

TEST_CASE("structures are looked up with their rows") {
    FakeTransport fake;
    fake.on({}).answer(200, fixture("articles.structureDefinitions.response.json"));
    Fixture f(fake);
    const auto structures = f.client.find_structures(numbers(1, "SET-")).value();
    REQUIRE(structures.size() == 1);
    CHECK(structures[0].article_number == ArticleNumber("SET-MUG-2"));
    CHECK(structures[0].article_kind == "Structure");
    REQUIRE(structures[0].rows.size() == 2);
    CHECK(structures[0].rows[1].article_number == ArticleNumber("MUG-350-BLK"));
    CHECK(structures[0].rows[1].number_of_items == Decimal(1));
    CHECK(fake.requests().at(0).url.find("goodsOwnerId=4711&articleKind=Structure&articleNumbers=SET-0") != std::string::npos);
}

TEST_CASE("warehouses, statuses, transporter contracts and ways of delivery are read") {
    FakeTransport fake;
    fake.on({.url = "/warehouses"}).answer(200, fixture("warehouses.list.response.json"));
    fake.on({.url = "/orders/statuses"}).answer(200, fixture("orders.statuses.response.json"));
    fake.on({.url = "/transporterContracts?goodsOwnerId=4711"}).answer(200, fixture("transporterContracts.list.response.json"));
    fake.on({.url = "/orders/wayOfDeliveryTypes?goodsOwnerId=4711"})
        .answer(200, fixture("orders.wayOfDeliveryTypes.list.response.json"));
    Fixture f(fake);
    CHECK(f.client.get_warehouses().value().at(0).name == "Gdańsk");
    const auto statuses = f.client.get_order_statuses().value();
    CHECK(statuses.at(5).number == 450);
    CHECK(statuses.at(5).text == "Sent");
    const auto contracts = f.client.get_transporter_contracts().value();
    REQUIRE(contracts.size() == 2); // one row per service, the default service not doubled
    CHECK(contracts[0].transporter_service_code == "LOCKER");
    CHECK(contracts[1].transporter_code == "INPOST");
    CHECK(contracts[1].transporter_service_code == "COURIER");
    CHECK(f.client.get_ways_of_delivery().value().at(0).code == "INPOST_LOCKER");
}

TEST_CASE("lists inside an answer may be null", "[F24]") {
    FunctionTransport transport([](const http::Request& request) {
        if (request.url.find("statuses") != std::string::npos) return test::response(200, R"({"orderStatuses":null})");
        if (request.url.find("wayOf") != std::string::npos) return test::response(200, R"({"wayOfDeliveryTypes":null})");
        return test::response(200, R"([{"transporterCode":"X","transporterServices":null}])");
    });
    Fixture f(transport);
    CHECK(f.client.get_order_statuses().value().empty());
    CHECK(f.client.get_ways_of_delivery().value().empty());
    CHECK(f.client.get_transporter_contracts().value().size() == 1);
}

TEST_CASE("an answer that somebody else judged already is still read") {
    FunctionTransport transport([](const http::Request&) {
        auto answer = test::response(200, fixture("warehouses.list.response.json"));
        answer.judged = true;
        return answer;
    });
    Fixture f(transport);
    CHECK(f.client.get_warehouses().value().size() == 1);
}

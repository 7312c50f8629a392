// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/known_ids.hpp>
#include <blongo/json/value.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;
using test::FakeTransport;
using test::FunctionTransport;

namespace {

const InventoryId inventory(48120);

struct Sent {
    std::string method;
    json::Value parameters;
};
Sent sent(const http::Request& request) {
    Sent result;
    for (const std::string& part : split(request.body, '&')) {
        const std::string value = percent_decode(part.substr(part.find('=') + 1), true);
        if (part.starts_with("method=")) result.method = value;
        if (part.starts_with("parameters=")) result.parameters = json::Value::parse(value).value();
    }
    return result;
}

struct Fixture {
    explicit Fixture(http::Transport& transport)
        : client(transport, clock, {.url = "https://api.baselinker.com/connector.php", .token = Secret("1-2-TOKEN")}) {}
    ManualClock clock{parse_timestamp("2026-11-23T13:00:00Z").value()};
    Client client;
};

std::string page(const std::vector<std::int64_t>& ids) {
    json::Value products = json::Value::object();
    for (const std::int64_t id : ids)
        products.set(std::to_string(id), json::Value::object().set("id", id).set("sku", "S" + std::to_string(id)));
    return json::Value::object().set("status", "SUCCESS").set("products", ids.empty() ? json::Value::array() : products).dump();
}

/// Serves pages of a listing; behind the last one whatever `after` says.
struct Listing {
    std::vector<std::string> pages;
    std::string after;
    int calls = 0;
    FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        ++calls;
        const auto number = static_cast<std::size_t>(sent(request).parameters["page"].integer());
        return test::response(200, number <= pages.size() ? pages[number - 1] : after);
    }};
};

std::vector<std::int64_t> ids_of(Client& client) {
    std::vector<std::int64_t> ids;
    const auto result = client.each_product(inventory, [&](ProductListRow&& row) -> Result<void> {
        ids.push_back(row.id.value());
        return {};
    });
    REQUIRE(result);
    return ids;
}

std::vector<ProductId> range(std::int64_t first, std::int64_t last) {
    std::vector<ProductId> ids;
    for (std::int64_t id = first; id <= last; ++id) ids.emplace_back(id);
    return ids;
}

std::string refusal(const std::string& code) {
    return R"({"status":"ERROR","error_code":")" + code + R"(","error_message":"no"})";
}

/// getInventoryProductsData of a catalogue in which some ids make the whole call fail.
struct DataServer {
    std::vector<std::int64_t> culprits;
    std::string code = "ERROR_PRODUCT_ID";
    int calls = 0;
    FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        ++calls;
        std::vector<std::int64_t> ids;
        const Sent asked = sent(request);
        for (const auto& id : asked.parameters["products"].elements()) ids.push_back(id.integer());
        const bool refused = std::any_of(ids.begin(), ids.end(), [&](std::int64_t id) {
            return std::find(culprits.begin(), culprits.end(), id) != culprits.end();
        });
        return test::response(200, refused ? refusal(code) : page(ids));
    }};
};

} // namespace

TEST_CASE("a call is one POST with the token in the header only and everything percent-encoded", "[F33][F34]") {
    FakeTransport fake;
    fake.on({.name = "getInventories"}).answer(200, test::read_data("baselinker/getInventories.json"));
    Fixture f(fake);
    REQUIRE(f.client.get_inventories());
    const auto request = fake.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.url == "https://api.baselinker.com/connector.php");
    CHECK(request.name == "baselinker getInventories");
    CHECK(request.effect == http::Effect::read);
    CHECK(request.body == "method=getInventories&parameters=%7B%7D");
    const auto header = [&](std::string_view name) {
        for (const auto& [key, value] : request.headers)
            if (key == name) return value;
        return std::string{};
    };
    CHECK(header("X-BLToken") == "1-2-TOKEN");
    CHECK(header("Content-Type") == "application/x-www-form-urlencoded");
    CHECK(request.body.find("TOKEN") == std::string::npos);
    CHECK(form_body("m", "a+b/ć=") == "method=m&parameters=a%2Bb%2F%C4%87%3D");
    REQUIRE(request.classify);
}

TEST_CASE("the client judges an answer itself when the transport did not") {
    FakeTransport fake;
    fake.on({.name = "getInventories"}).answer(200, test::read_data("baselinker/error.ERROR_BAD_TOKEN.json"));
    fake.on({.name = "getInventories"}).answer(502, test::read_data("baselinker/transport.502_html_body.html"));
    fake.on({.name = "getInventories"}).fail(ErrorKind::not_sent);
    Fixture f(fake);
    CHECK(f.client.get_inventories().error().kind == ErrorKind::auth);
    CHECK(f.client.get_inventories().error().kind == ErrorKind::unavailable);
    const auto lost = f.client.get_inventories();
    CHECK(lost.error().kind == ErrorKind::not_sent);
    CHECK(lost.error().where == "baselinker getInventories");
}

TEST_CASE("an answer that somebody else judged already is still read") {
    FunctionTransport transport([](const http::Request&) -> Result<http::Response> {
        auto answer = test::response(200, test::read_data("baselinker/getInventories.json"));
        answer.judged = true;
        return answer;
    });
    Fixture f(transport);
    CHECK(f.client.get_inventories().value().size() == 2);
}

TEST_CASE("dictionaries say which method answered in the wrong shape") {
    FunctionTransport transport([](const http::Request&) -> Result<http::Response> {
        return test::response(200, R"({"status":"SUCCESS","inventories":7})");
    });
    Fixture f(transport);
    CHECK(f.client.get_inventories().error().where == "baselinker getInventories $.inventories");
    CHECK(f.client.get_inventory_warehouses().error().kind == ErrorKind::protocol);
    CHECK(f.client.get_order_status_list().error().kind == ErrorKind::protocol);
    CHECK(f.client.get_order_sources().error().kind == ErrorKind::protocol);
}

TEST_CASE("the product list asks for ascending ids with variants, page after page") {
    Listing listing{{page({1, 2, 3}), page({4, 5})}, page({})};
    Fixture f(listing.transport);
    CHECK(ids_of(f.client) == std::vector<std::int64_t>{1, 2, 3, 4, 5});
    CHECK(listing.calls == 3);

    FakeTransport fake;
    fake.on({}).answer(200, page({}));
    Fixture g(fake);
    ids_of(g.client);
    const Sent asked = sent(fake.requests().at(0));
    CHECK(asked.method == "getInventoryProductsList");
    CHECK(asked.parameters.dump() == R"({"inventory_id":48120,"filter_sort":"id ASC","include_variants":true,"page":1})");
}

TEST_CASE("a listing ends when pages behind the end repeat the last page or begin again") {
    for (const auto& repeated : {page({4, 5}), page({1, 2, 3}), page({5, 1})}) {
        Listing listing{{page({1, 2, 3}), page({4, 5})}, repeated};
        Fixture f(listing.transport);
        CHECK(ids_of(f.client) == std::vector<std::int64_t>{1, 2, 3, 4, 5});
        CHECK(listing.calls == 3);
    }
}

TEST_CASE("a row that moved to another page between two calls is handed on once") {
    // variants stand behind their products: pages are not in ascending order
    Listing listing{{page({10, 30, 11, 12}), page({30, 40, 31}), page({12, 50})}, page({})};
    Fixture f(listing.transport);
    CHECK(ids_of(f.client) == std::vector<std::int64_t>{10, 30, 11, 12, 40, 31, 50});
}

TEST_CASE("rows without an id are reported and do not keep a listing alive") {
    Listing listing{{R"({"status":"SUCCESS","products":{"x":{"sku":"A"},"7":{"sku":"B"}}})"},
                    R"({"status":"SUCCESS","products":{"x":{"sku":"A"}}})"};
    Fixture f(listing.transport);
    CHECK(ids_of(f.client) == std::vector<std::int64_t>{0, 7, 0});
    CHECK(listing.calls == 2);
}

TEST_CASE("an error on any page ends the listing with that error") {
    Listing listing{{page({1, 2})}, refusal("ERROR_STORAGE_ID")};
    Fixture f(listing.transport);
    int rows = 0;
    const auto result = f.client.each_product(inventory, [&](ProductListRow&&) -> Result<void> {
        ++rows;
        return {};
    });
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::config);
    CHECK(result.error().remedy.find("inventory_id") != std::string::npos);
    CHECK(rows == 2);
}

TEST_CASE("the receiver of rows can end a listing") {
    Listing listing{{page({1, 2})}, page({})};
    Fixture f(listing.transport);
    const auto result =
        f.client.each_product(inventory, [](ProductListRow&&) -> Result<void> { return fail(ErrorKind::stopped, "enough"); });
    CHECK(result.error().kind == ErrorKind::stopped);
    CHECK(listing.calls == 1);
}

TEST_CASE("products are looked up by their whole SKU, whatever else the side returns") {
    FakeTransport fake;
    fake.on({.name = "getInventoryProductsList"})
        .answer(200, R"({"status":"SUCCESS","products":{"5":{"id":5,"sku":"KUB-1"},"6":{"id":6,"sku":"KUB-10"},)"
                     R"("7":{"id":7,"sku":"kub-1"},"x":{"sku":"KUB-1"}}})");
    Fixture f(fake);
    const auto rows = f.client.find_products(inventory, "KUB-1").value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id == ProductId(5));
    CHECK(sent(fake.requests().at(0)).parameters.dump() ==
          R"({"inventory_id":48120,"filter_sku":"KUB-1","filter_sort":"id ASC","include_variants":true,"page":1})");
    fake.on({}).answer(200, page({}));
    CHECK(f.client.find_products(inventory, "KUB-1").value().empty());
    fake.on({}).answer(200, R"({"status":"SUCCESS"})");
    CHECK(f.client.find_products(inventory, "KUB-1").error().kind == ErrorKind::protocol);
}

TEST_CASE("stock is read page by page and a page that is not full is the last") {
    std::vector<std::int64_t> full(1000);
    std::iota(full.begin(), full.end(), 1);
    Listing listing{{page(full), page({2000, 2001})}, page({})};
    Fixture f(listing.transport);
    int rows = 0;
    const auto count = [&](ProductStock&&) -> Result<void> {
        ++rows;
        return {};
    };
    REQUIRE(f.client.each_product_stock(inventory, count));
    CHECK(rows == 1002);
    CHECK(listing.calls == 2);

    Listing repeating{{page(full)}, page(full)};
    Fixture g(repeating.transport);
    rows = 0;
    REQUIRE(g.client.each_product_stock(inventory, count));
    CHECK(rows == 1000);
    CHECK(repeating.calls == 2);

    Listing broken{{page(full)}, "<html>"};
    Fixture h(broken.transport);
    CHECK(h.client.each_product_stock(inventory, count).error().kind == ErrorKind::unavailable);
}

TEST_CASE("product data is asked for with additional EANs, and what is not answered is missing") {
    FakeTransport fake;
    fake.on({.name = "getInventoryProductsData"}).answer(200, test::read_data("baselinker/getInventoryProductsData.json"));
    Fixture f(fake);
    const std::vector<ProductId> ids{ProductId(701450010), ProductId(999), ProductId(701450011), ProductId(701450020)};
    const auto data = f.client.get_products_data(inventory, ids).value();
    CHECK(data.products.size() == 3);
    CHECK(data.missing == std::vector<ProductId>{ProductId(999)});
    CHECK(sent(fake.requests().at(0)).parameters.dump() ==
          R"({"inventory_id":48120,"products":[701450010,999,701450011,701450020],"include_additional_eans":true})");
}

TEST_CASE("asking for nothing sends nothing, asking for too much is a bug") {
    FakeTransport fake;
    Fixture f(fake);
    CHECK(f.client.get_products_data(inventory, {}).value().products.empty());
    CHECK(f.client.get_products_data(inventory, range(1, 101)).error().kind == ErrorKind::internal);
    CHECK(fake.requests().empty());
}

TEST_CASE("one id that makes the side refuse the whole batch is found by halving") {
    for (const char* code : {"ERROR_PRODUCT_ID", "ERROR_STORAGE_ID", "ERROR_SOMETHING"}) {
        DataServer server{{37}, code};
        Fixture f(server.transport);
        const auto data = f.client.get_products_data(inventory, range(1, 100)).value();
        CHECK(data.products.size() == 99);
        REQUIRE(data.bad.size() == 1);
        CHECK(data.bad[0].id == ProductId(37));
        CHECK(data.bad[0].reason.find(code) != std::string::npos);
        CHECK(data.missing.empty());
        CHECK(server.calls <= 15);
        CHECK(std::is_sorted(data.products.begin(), data.products.end(),
                             [](const Product& a, const Product& b) { return a.id < b.id; }));
    }
}

TEST_CASE("several culprits are found, wherever they stand") {
    DataServer server{{1, 2, 3, 4, 50, 100}};
    Fixture f(server.transport);
    const auto data = f.client.get_products_data(inventory, range(1, 100)).value();
    CHECK(data.products.size() == 94);
    CHECK(data.bad.size() == 6);
}

TEST_CASE("when every id is refused the refusal itself is the error, at a bounded price") {
    DataServer few{{1, 2, 3}, "ERROR_STORAGE_ID"};
    Fixture f(few.transport);
    CHECK(f.client.get_products_data(inventory, range(1, 3)).error().kind == ErrorKind::config);
    CHECK(few.calls == 5);

    std::vector<std::int64_t> all(100);
    std::iota(all.begin(), all.end(), 1);
    DataServer many{all, "ERROR_STORAGE_ID"};
    Fixture g(many.transport);
    const auto refused = g.client.get_products_data(inventory, range(1, 100));
    CHECK(refused.error().kind == ErrorKind::config);
    CHECK(many.calls == limits::refused_data_calls);
}

TEST_CASE("a failure that no id causes is not halved") {
    for (const char* code : {"ERROR_BAD_TOKEN", "ERROR_BLOCKED_TOKEN"}) {
        DataServer server{{1}, code};
        Fixture f(server.transport);
        CHECK_FALSE(f.client.get_products_data(inventory, range(1, 100)));
        CHECK(server.calls == 1);
    }
    FunctionTransport odd(
        [](const http::Request&) -> Result<http::Response> { return test::response(200, R"({"status":"SUCCESS"})"); });
    Fixture f(odd);
    CHECK(f.client.get_products_data(inventory, range(1, 2)).error().kind == ErrorKind::protocol);
}

TEST_CASE("known ids forget nothing") {
    KnownIds known;
    CHECK(known.add(5));
    CHECK(known.add(3));
    CHECK_FALSE(known.add(5));
    known.end_page();
    CHECK_FALSE(known.add(3));
    CHECK(known.add(4));
    known.end_page();
    for (const std::int64_t id : {3, 4, 5}) CHECK_FALSE(known.add(id));
}

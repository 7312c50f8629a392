// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/decode_returns.hpp>
#include <blongo/baselinker/returns.hpp>
#include <blongo/json/value.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

json::Document parsed(std::string text) {
    return json::Document::parse(std::move(text)).value();
}

/// getOrderReturns of an account with returns 1 to `rows`: at most 100 a call, from id_from on.
struct Account {
    std::int64_t rows = 0;
    bool inclusive = true, descending = false, ignores_id = false;
    int calls = 0;
    test::FunctionTransport transport{[this](const http::Request& request) -> Result<http::Response> {
        ++calls;
        const auto asked =
            json::Value::parse(percent_decode(request.body.substr(request.body.find("parameters=") + 11), true)).value();
        const std::int64_t from = ignores_id ? 1 : asked["id_from"].integer() + (inclusive ? 0 : 1);
        std::vector<json::Value> found;
        for (std::int64_t id = std::max<std::int64_t>(from, 1); id <= rows && found.size() < 100; ++id)
            found.push_back(json::Value::object().set("return_id", id).set("order_id", id % 17 == 0 ? "odd" : "5"));
        if (descending) std::reverse(found.begin(), found.end());
        return test::response(200, json::Value::object().set("status", "SUCCESS").set("returns", found).dump());
    }};
};

struct Listing {
    Result<int> calls;
    std::vector<std::int64_t> ids;
    std::size_t bad = 0;
};

Listing list(Account& account) {
    ManualClock clock;
    Client client(account.transport, clock, {.url = "u", .token = Secret("T")});
    Listing out;
    out.calls = Returns(client).each_return(
        {},
        [&](OrderReturn&& one) -> Result<void> {
            out.ids.push_back(one.return_id.value());
            return {};
        },
        [&](BadReturn&& bad) -> Result<void> {
            ++out.bad;
            out.ids.push_back(bad.return_id.value());
            return {};
        });
    return out;
}

} // namespace

TEST_CASE("a return is read from the documented sample") {
    const auto document = parsed(test::read_data("baselinker/getOrderReturns.json"));
    const auto page = decode_returns(document.root()).value();
    REQUIRE(page.returns.size() == 1);
    const OrderReturn& one = page.returns.front();
    CHECK(one.return_id == ReturnId(880122));
    CHECK(one.order_id == BaseOrderId(184400101));
    CHECK(one.reference_number == "RMA/11/2026/4");
    CHECK(one.status_id == ReturnStatusId(51006));
    CHECK(one.date_add == from_unix_seconds(1796010000));
    CHECK(one.fulfillment_status == 0);
    REQUIRE(one.products.size() == 1);
    CHECK(one.products[0].order_return_product_id == ReturnProductId(22161));
    CHECK(one.products[0].sku == "KUB-CER-330");
    CHECK(one.products[0].quantity == Decimal(1));
    CHECK(one.products[0].return_reason_comment == "pęknięty");
}

TEST_CASE("returns come in every shape that PHP gives them, and a bad one stops no other") {
    const auto document = parsed(R"({"status":"SUCCESS","returns":{"7":{"order_id":"5","status_id":"51001","products":
        {"0":{"order_return_product_id":"9","sku":null,"quantity":"2.0"}}},
        "8":{"return_id":8,"order_id":5,"products":"","date_add":"0"},
        "9":{"return_id":9,"order_id":5,"products":[{"quantity":1}]}}})");
    const auto page = decode_returns(document.root()).value();
    REQUIRE(page.returns.size() == 2);
    CHECK(page.returns[0].return_id == ReturnId(7)); // from the key
    CHECK(page.returns[0].products.at(0).quantity == Decimal(2));
    CHECK(page.returns[0].products.at(0).sku.empty());
    CHECK(page.returns[1].products.empty());
    CHECK_FALSE(page.returns[1].date_add);
    REQUIRE(page.bad.size() == 1);
    CHECK(page.bad[0].return_id == ReturnId(9));
    CHECK(page.rows.size() == 3);
    CHECK(decode_returns(parsed(R"({"returns":[]})").root()).value().rows.empty());
    CHECK(decode_returns(parsed(R"({"returns":""})").root()).value().rows.empty());
    CHECK_FALSE(decode_returns(parsed(R"({"status":"SUCCESS"})").root()));
    CHECK_FALSE(decode_returns(parsed(R"({"returns":5})").root()));
}

TEST_CASE("the journal of returns is read with either name of its key, ascending") {
    const auto document = parsed(R"({"logs":[{"log_id":3,"return_id":7,"log_type":11,"object_id":51006},
        {"id":"2","return_id":"7","log_type":1},{"id":4,"log_type":1}]})");
    const auto entries = decode_return_journal(document.root()).value();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].log_id == 2);
    CHECK(entries[1].object_id == 51006);
    CHECK(decode_return_journal(parsed(test::read_data("baselinker/getOrderReturnJournalList.json")).root())->size() == 2);
    const auto statuses =
        decode_return_statuses(parsed(test::read_data("baselinker/getOrderReturnStatusList.json")).root()).value();
    REQUIRE(statuses.size() == 2);
    CHECK(statuses[1].name == "Przyjęty");
}

TEST_CASE("a listing of returns brings each once, whether id_from includes its own id or not") {
    for (const bool inclusive : {true, false})
        for (const std::int64_t rows : {0, 99, 100, 101, 250}) {
            CAPTURE(inclusive, rows);
            Account account;
            account.rows = rows;
            account.inclusive = inclusive;
            Listing listing = list(account);
            std::sort(listing.ids.begin(), listing.ids.end()); // of a page, those that cannot be read come last
            REQUIRE(listing.calls);
            CHECK(*listing.calls == account.calls);
            // The very first return has the smallest id there is: nothing asks for one before it.
            const std::size_t wanted = static_cast<std::size_t>(inclusive || rows == 0 ? rows : rows - 1);
            CHECK(listing.ids.size() == wanted);
            CHECK(std::adjacent_find(listing.ids.begin(), listing.ids.end()) == listing.ids.end());
            CHECK(listing.bad == static_cast<std::size_t>(rows / 17));
        }
}

TEST_CASE("returns in an order that cannot be paged are an error, not a short list") {
    Account descending;
    descending.rows = 250;
    descending.descending = true;
    CHECK(list(descending).calls.error().kind == ErrorKind::protocol);
    Account repeating;
    repeating.rows = 250;
    repeating.ignores_id = true;
    CHECK(list(repeating).calls.error().kind == ErrorKind::protocol);
    Account short_one;
    short_one.rows = 30;
    short_one.descending = true;
    CHECK(list(short_one).ids.size() == 30);
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <charconv>
#include <filesystem>
#include <map>

#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/decode.hpp>
#include <blongo/ongoing/decode_orders.hpp>
#include <blongo/ongoing/returns.hpp>

#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;

namespace {

std::map<std::string, std::string> files_with(const std::string& part) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(BLONGO_TEST_DATA "/ongoing")) {
        const std::string name = entry.path().filename().string();
        if (name.find(part) != std::string::npos) files[name] = test::read_file(entry.path());
    }
    return files;
}

http::Response response(int status, std::string body) {
    http::Response result;
    result.status = status;
    result.body = std::move(body);
    return result;
}

/// Reads what our decoders read, by the shape of the file's name.
void decode(const std::string& name, json::Node root) {
    const auto one = [&](json::Node item) {
        if (name.starts_with("orders."))
            (void)ongoing::decode_order(item, name);
        else if (name.starts_with("returnOrders."))
            (void)ongoing::decode_return_order(item, name);
        else
            (void)ongoing::decode_article(item, name);
    };
    if (!root.is_array()) one(root);
    for (const json::Node item : root) {
        one(item);
        (void)ongoing::decode_structure(item);
    }
    (void)ongoing::decode_transporter_contracts(root);
}

} // namespace

TEST_CASE("every recorded answer of Ongoing is good unless it says that it is not") {
    const auto files = files_with(".response.json");
    CHECK(files.size() > 40);
    for (const auto& [name, text] : files) {
        CAPTURE(name);
        const auto error = ongoing::classify(response(200, text), name, http::Effect::idempotent_write);
        CHECK(error.has_value() == (name.find(".refused.") != std::string::npos));
    }
}

TEST_CASE("every recorded refusal of Ongoing is an error that keeps its words") {
    for (const auto& [name, text] : files_with("error.")) {
        CAPTURE(name);
        int status = 0;
        std::from_chars(name.data() + 6, name.data() + 9, status);
        const auto error = ongoing::classify(response(status, text), "ongoing GET /orders");
        REQUIRE(error);
        CHECK(error->http_status == status);
        CHECK(error->message.find('<') == std::string::npos);
        CHECK(error->message.size() > 20);
    }
}

TEST_CASE("no damage to an answer brings a decoder or a request model down") {
    const auto files = files_with(".response.json");
    std::vector<std::pair<std::string, std::string>> list;
    for (const auto& file : files)
        if (file.first.starts_with("orders.get.") || file.first.starts_with("orders.list") ||
            file.first.starts_with("articles.") || file.first.starts_with("transporter"))
            list.push_back(file);
    const test::OpenApi contract(test::read_data("ongoing-openapi.json"));
    rc::check([&] {
        const auto& [name, original] = list[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(list.size())))];
        std::string text = original;
        const auto hits = *rc::gen::inRange(1, 4);
        for (int i = 0; i < hits && !text.empty(); ++i) {
            const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
            const std::string piece =
                *rc::gen::element<std::string>("", "0", "-", "\"", "[]", "{}", "null", "true", "1.5", ",", ":", "\x80");
            text.replace(at, static_cast<std::size_t>(*rc::gen::inRange(0, 12)), piece);
        }
        const auto document = json::Document::parse(text);
        if (!document) return;
        decode(name, document->root());
        // whatever the answer looks like, the request made of it has known members of the right types
        const json::Node root = document->root();
        const json::Value value = json::Value::from(root.is_array() && root.size() > 0 ? *root.begin() : root);
        json::Value article = ongoing::post_model_of(value);
        article.set("goodsOwnerId", 1).set("articleNumber", "A");
        RC_ASSERT(contract.violations("PostArticleModel", article).empty());
        if (auto order = ongoing::post_model_of_order(value)) {
            order->set("goodsOwnerId", 1).set("orderNumber", "N").set("deliveryDate", "2026-11-24T12:00:00Z");
            order->set("consignee", json::Value::object());
            RC_ASSERT(contract.violations("PostOrderModel", *order).empty());
        }
    });
}

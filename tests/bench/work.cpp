// SPDX-License-Identifier: Apache-2.0
#include "bench/work.hpp"

#include <stdexcept>
#include <utility>

#include <rapidjson/document.h>

#include <blongo/baselinker/decode_catalogue.hpp>
#include <blongo/baselinker/decode_orders.hpp>
#include <blongo/baselinker/verdict.hpp>
#include <blongo/map/article.hpp>
#include <blongo/map/order.hpp>

#include "bench/answers.hpp"

namespace blongo::bench {

namespace {

constexpr std::int64_t products = 100, orders = 100; // what one call answers

json::Document judged(const http::Response& answer, const std::string& method) {
    auto verdict = baselinker::judge(answer, method, from_unix_seconds(1'800'000'000));
    if (!verdict.document) throw std::runtime_error(method + ": not a good answer");
    return std::move(*verdict.document);
}

baselinker::ProductsData products_of(const http::Response& answer) {
    const json::Document document = judged(answer, "getInventoryProductsData");
    auto data = baselinker::decode_products_data(document.root());
    if (!data || !data->bad.empty()) throw std::runtime_error("products that cannot be read");
    return std::move(*data);
}

baselinker::OrdersPage orders_of(const http::Response& answer) {
    const json::Document document = judged(answer, "getOrders");
    auto page = baselinker::decode_orders(document.root());
    if (!page) throw std::runtime_error("orders that cannot be read");
    return std::move(*page);
}

/// A listing of one row would be cheaper than the real one, so it has them all.
map::Catalogue listing_of(const std::vector<baselinker::Product>& all) {
    map::Catalogue catalogue;
    for (const auto& product : all) {
        catalogue.add({product.id, {}, product.sku, product.ean, {}});
        for (const auto& variant : product.variants)
            catalogue.add({variant.id, product.id, variant.sku, variant.ean, variant.name});
    }
    catalogue.finish(false);
    return catalogue;
}

struct NamedWork {
    std::string_view name;
    std::string (*input)();
    void (*run)(const http::Response& answer);
};

std::string products_input() {
    return products_answer(products);
}
std::string orders_input() {
    return orders_answer(orders);
}

constexpr NamedWork works[] = {
    {"parse_dom_products", &products_input, &parse_dom}, {"decode_products", &products_input, &decode_products},
    {"map_products", &products_input, &map_products},    {"decode_orders", &orders_input, &decode_orders},
    {"map_orders", &orders_input, &map_orders},
};

} // namespace

http::Response answer_with(std::string body) {
    http::Response answer;
    answer.status = 200;
    answer.body = std::move(body);
    return answer;
}

void parse_dom(const http::Response& answer) {
    rapidjson::Document document;
    document.Parse(answer.body.data(), answer.body.size());
    if (document.HasParseError()) throw std::runtime_error("RapidJSON cannot read the answer");
}

void decode_products(const http::Response& answer) {
    if (products_of(answer).products.empty()) throw std::runtime_error("an answer without products");
}

void decode_orders(const http::Response& answer) {
    if (orders_of(answer).orders.empty()) throw std::runtime_error("an answer without orders");
}

void map_products(const http::Response& answer) {
    const auto data = products_of(answer);
    const map::Catalogue catalogue = listing_of(data.products);
    map::ArticleOptions options;
    options.length_factor = *Decimal::parse("0.01");
    std::size_t hashed = 0;
    for (const auto& product : data.products)
        for (const auto& document : map::map_product(product, catalogue, options).articles)
            hashed += document.fingerprint().size();
    if (hashed == 0) throw std::runtime_error("no article came of the products");
}

void map_orders(const http::Response& answer) {
    const auto nothing_known = [](ProductId, bool) { return std::optional<ArticleNumber>{}; };
    std::size_t hashed = 0;
    for (const auto& order : orders_of(answer).orders)
        if (const auto mapped = map::map_order(order, {}, nothing_known); mapped.document)
            hashed += mapped.document->fingerprint().size();
    if (hashed == 0) throw std::runtime_error("no document came of the orders");
}

/// Named in --toggle-collect, so it must not be inlined, and C gives it a name without signature.
extern "C" [[gnu::noinline]] void measured_work(const NamedWork& work, const http::Response& answer) {
    work.run(answer);
}

bool run_work(const std::string& name) {
    for (const NamedWork& work : works) {
        if (work.name != name) continue;
        const http::Response answer = answer_with(work.input());
        measured_work(work, answer);
        return true;
    }
    return false;
}

} // namespace blongo::bench

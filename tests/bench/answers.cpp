// SPDX-License-Identifier: Apache-2.0
#include "bench/answers.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <blongo/json/value.hpp>

#include "support/temp_dir.hpp"

namespace blongo::bench {

namespace {

json::Value fixture(const std::string& name) {
    auto value = json::Value::parse(test::read_data("baselinker/" + name));
    if (!value) throw std::runtime_error(name + " is not JSON");
    return std::move(*value);
}

} // namespace

std::string products_answer(std::int64_t count) {
    constexpr std::int64_t first_id = 700'000'000;
    json::Value answer = fixture("getInventoryProductsData.json");
    const json::Value::Object samples = answer["products"].members();
    json::Value products = json::Value::object();
    for (std::int64_t i = 0; i < count; ++i) {
        json::Value product = samples[static_cast<std::size_t>(i) % samples.size()].second;
        product.set("sku", fmt::format("{}-{}", product["sku"].text(), i)).set("parent_id", 0);
        std::int64_t id = first_id + i * 10;
        json::Value variants = product["variants"].is_object() ? json::Value::object() : json::Value::array();
        for (json::Value::Member variant : product["variants"].members()) {
            variant.second.set("sku", fmt::format("{}-{}", variant.second["sku"].text(), i));
            variants.set(std::to_string(++id), std::move(variant.second));
        }
        product.set("variants", std::move(variants));
        products.members().emplace_back(std::to_string(first_id + i * 10), std::move(product));
    }
    return answer.set("products", std::move(products)).dump();
}

std::string orders_answer(std::int64_t count) {
    constexpr std::int64_t first_id = 84'000'000;
    json::Value answer = fixture("getOrders.json");
    const json::Value::Array samples = answer["orders"].elements();
    json::Value orders = json::Value::array();
    for (std::int64_t i = 0; i < count; ++i) {
        json::Value order = samples[static_cast<std::size_t>(i) % samples.size()];
        std::int64_t line = (first_id + i) * 10;
        order.set("order_id", first_id + i);
        for (json::Value& product : order["products"].elements()) product.set("order_product_id", ++line);
        orders.push_back(std::move(order));
    }
    return answer.set("orders", std::move(orders)).dump();
}

} // namespace blongo::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <blongo/map/order.hpp>

/// Short ways of writing orders in tests.
namespace test {

using namespace blongo;

inline Decimal money(std::string_view text) {
    return *Decimal::parse(text);
}

inline baselinker::OrderProduct line(std::int64_t id, std::string sku, std::int64_t quantity = 1, std::string_view price = "10") {
    baselinker::OrderProduct result;
    result.order_product_id = OrderProductId{id};
    result.storage = "db";
    result.product_id = std::to_string(7000 + id);
    result.variant_id = "0";
    result.name = "Product " + std::to_string(id);
    result.sku = std::move(sku);
    result.quantity = quantity;
    result.price_brutto = money(price);
    return result;
}

/// A line typed in by hand: no SKU, no product.
inline baselinker::OrderProduct manual_line(std::int64_t id, std::string name, std::string_view price) {
    auto result = line(id, "", 1, price);
    result.storage = "shop";
    result.product_id = result.variant_id = "";
    result.name = std::move(name);
    return result;
}

inline baselinker::Order order() {
    baselinker::Order result;
    result.order_id = BaseOrderId{84512345};
    result.shop_order_id = "2824";
    result.order_source = "shop";
    result.confirmed = true;
    result.date_add = parse_timestamp("2026-11-23T10:00:00Z");
    result.date_confirmed = parse_timestamp("2026-11-23T23:30:00Z");
    result.delivery_fullname = "Anna Żółć";
    result.delivery_address = "ul. Kwiatowa 7/3";
    result.delivery_postcode = "80-208";
    result.delivery_city = "Gdańsk";
    result.delivery_country_code = "pl";
    result.currency = "PLN";
    result.products = {line(1, "MUG", 2, "39.90")};
    return result;
}

inline map::NumberLookup nothing_known() {
    return [](ProductId, bool) { return std::nullopt; };
}

inline map::MappedOrder map_order(const baselinker::Order& source, const map::OrderOptions& options = {},
                                  const map::NumberLookup& lookup = nothing_known()) {
    return map::map_order(source, options, lookup);
}

/// JSON of a member of the head; "absent" where it is not reported.
inline std::string head(const baselinker::Order& source, std::string_view target, const map::OrderOptions& options = {}) {
    const auto mapped = map_order(source, options);
    REQUIRE(mapped.document);
    const json::Value* value = mapped.document->find(target);
    return value == nullptr ? "absent" : value->dump();
}

/// The same of a line.
inline std::string of_line(const baselinker::Order& source, std::string_view target, const map::OrderOptions& options = {},
                           std::size_t index = 0) {
    const auto mapped = map_order(source, options);
    REQUIRE(mapped.document);
    const json::Value* value = mapped.document->lines.at(index).find(target);
    return value == nullptr ? "absent" : value->dump();
}

inline std::vector<std::string> causes(const map::MappedOrder& mapped) {
    std::vector<std::string> result;
    for (const auto& one : mapped.rejected) result.push_back(one.cause);
    return result;
}

} // namespace test

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/map/stock.hpp>

#include "orders.hpp"

using namespace blongo;
using namespace blongo::map;

namespace {

const WarehouseKey main_house{"bl_206"}, outlet{"bl_207"};

ongoing::WarehouseStock stock(std::vector<ongoing::WarehouseStock::Figures> warehouses) {
    return {ArticleSystemId{1}, ArticleNumber{"CUP"}, std::move(warehouses)};
}

baselinker::OrderProduct line_from(std::int64_t warehouse, std::int64_t id, const std::string& sku, std::int64_t quantity) {
    auto out = test::line(id, sku, quantity);
    out.warehouse_id = warehouse;
    return out;
}

} // namespace

TEST_CASE("one target takes the sum of all warehouses, several take their own") {
    const auto both = stock({{1, Decimal{5}, Decimal{3}}, {2, Decimal{7}, Decimal{4}}});
    CHECK(sellable_by_target(both, {main_house, {}}) == std::map<WarehouseKey, Decimal>{{main_house, Decimal{7}}});
    const StockTargets several{WarehouseKey{}, {{1, main_house}, {2, outlet}}};
    CHECK(sellable_by_target(both, several) == std::map<WarehouseKey, Decimal>{{main_house, Decimal{3}}, {outlet, Decimal{4}}});
    CHECK(several.keys() == std::set<WarehouseKey>{main_house, outlet});
    const StockTargets one_of_them{WarehouseKey{}, {{2, outlet}}};
    CHECK(sellable_by_target(both, one_of_them) == std::map<WarehouseKey, Decimal>{{outlet, Decimal{4}}});
}

TEST_CASE("null and missing are not reported, never 0", "[F19]") {
    const StockTargets all{main_house, {}};
    CHECK(sellable_by_target(stock({}), all).empty());
    CHECK(sellable_by_target(stock({{1, Decimal{5}, std::nullopt}}), all).empty());
    CHECK(sellable_by_target(stock({{1, Decimal{5}, Decimal{3}}, {2, Decimal{5}, std::nullopt}}), all).empty());
    const StockTargets several{WarehouseKey{}, {{1, main_house}, {2, outlet}}};
    CHECK(sellable_by_target(stock({{1, Decimal{5}, Decimal{3}}, {2, Decimal{5}, std::nullopt}}), several) ==
          std::map<WarehouseKey, Decimal>{{main_house, Decimal{3}}});
    ongoing::Article article;
    CHECK(on_hand_by_target(article, all).empty());
    article.inventory.number_of_items = Decimal{9};
    CHECK(on_hand_by_target(article, all).empty());
    article.inventory.locked_for_sale_number_of_items = Decimal{2};
    CHECK(on_hand_by_target(article, all) == std::map<WarehouseKey, Decimal>{{main_house, Decimal{7}}});
}

TEST_CASE("an order asks for the lines that would come to this goods owner, by warehouse") {
    baselinker::Order order;
    order.order_id = BaseOrderId{1};
    order.products = {line_from(206, 1, "CUP", 2), test::line(2, "CUP"), line_from(207, 3, "JUG", 4), test::line(4, ""),
                      test::line(5, "WRAP")};
    OrderOptions options;
    options.service_skus = {"WRAP"};
    const Demand all{{ArticleNumber{"CUP"}, {{main_house, 2}, {WarehouseKey{}, 1}}}, {ArticleNumber{"JUG"}, {{outlet, 4}}}};
    CHECK(order_demand(order, options, {}) == all); // the line without SKU parks the order; the others still wait
    options.lines_from = {"bl_206"};
    CHECK(order_demand(order, options, {}) == Demand{{ArticleNumber{"CUP"}, {{main_house, 2}}}});
    order.products = {line_from(207, 3, "JUG", 4)};
    CHECK(order_demand(order, options, {}).empty());
    order.products = {test::line(1, "CUP", 2)};
    order.products.front().quantity = *Decimal::parse("1.5");
    CHECK(order_demand(order, {}, {}).empty());
}

TEST_CASE("structures count by their components") {
    const Components components{{ArticleNumber{"SET"}, {{ArticleNumber{"CUP"}, 6}, {ArticleNumber{"JUG"}, 1}}}};
    const Demand demand{{ArticleNumber{"SET"}, {{main_house, 2}}}, {ArticleNumber{"CUP"}, {{main_house, 1}}}};
    CHECK(by_components(demand, components) ==
          Demand{{ArticleNumber{"CUP"}, {{main_house, 13}}}, {ArticleNumber{"JUG"}, {{main_house, 2}}}});
}

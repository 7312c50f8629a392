// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/stock.hpp>

using namespace blongo;
using namespace blongo::plan;

namespace {

const WarehouseKey main_house{"bl_206"}, outlet{"bl_207"};

StockItem item(const std::string& sellable) {
    StockItem out;
    out.number = ArticleNumber{"CUP"};
    out.product = ProductId{7};
    out.observed[main_house] = *Decimal::parse(sellable);
    return out;
}

StockRules rules() {
    StockRules out;
    out.targets = {main_house};
    return out;
}

} // namespace

TEST_CASE("a figure is what can be sold, less what waits, less the buffer, in whole pieces, never below 0") {
    struct Row {
        std::string sellable;
        std::int64_t waiting, buffer, figure;
    };
    const auto row = GENERATE(Row{"10", 0, 0, 10}, Row{"10", 3, 2, 5}, Row{"10.9", 0, 0, 10}, Row{"-4", 0, 0, 0},
                              Row{"-0.5", 0, 0, 0}, Row{"2", 5, 0, 0}, Row{"0.99", 0, 0, 0});
    auto wanted = rules();
    wanted.buffer = row.buffer;
    const map::Demand waiting{{ArticleNumber{"CUP"}, {{WarehouseKey{}, row.waiting}}}};
    CHECK(stock_figures(item(row.sellable), waiting, wanted) == map::PiecesByWarehouse{{main_house, row.figure}});
}

TEST_CASE("an SKU's own buffer wins, and on_hand subtracts nothing that waits") {
    auto wanted = rules();
    wanted.buffer = 1;
    wanted.buffers["CUP"] = 4;
    const map::Demand waiting{{ArticleNumber{"CUP"}, {{main_house, 3}}}};
    CHECK(stock_figures(item("10"), waiting, wanted).at(main_house) == 3);
    wanted.subtract_waiting = false;
    CHECK(stock_figures(item("10"), waiting, wanted).at(main_house) == 6);
}

TEST_CASE("pieces of a line's warehouse count there, and those of no target of ours count everywhere") {
    auto wanted = rules();
    wanted.targets = {main_house, outlet};
    auto both = item("10");
    both.observed[outlet] = Decimal{10};
    const map::Demand waiting{
        {ArticleNumber{"CUP"}, {{main_house, 1}, {outlet, 2}, {WarehouseKey{}, 3}, {WarehouseKey{"bl_999"}, 4}}}};
    CHECK(stock_figures(both, waiting, wanted) == map::PiecesByWarehouse{{main_house, 2}, {outlet, 1}});
}

TEST_CASE("what is not reported is not written") {
    auto unknown = item("1");
    unknown.observed.clear();
    unknown.pushed[main_house] = 5;
    CHECK(stock_figures(unknown, {}, rules()).empty());
    CHECK(stock_reason(unknown, {}) == StockReason::same);
}

TEST_CASE("why a figure is written") {
    auto one = item("9");
    const map::PiecesByWarehouse figures{{main_house, 9}};
    CHECK(stock_reason(one, figures) == StockReason::first);
    one.held = map::PiecesByWarehouse{{main_house, 9}};
    CHECK(stock_reason(one, figures) == StockReason::same); // BaseLinker holds it already
    one.held.reset();
    one.pushed = figures;
    CHECK(stock_reason(one, figures) == StockReason::same);
    one.moved = true;
    CHECK(stock_reason(one, figures) == StockReason::order);
    one.moved = false;
    one.pushed[main_house] = 8;
    CHECK(stock_reason(one, figures) == StockReason::changed);
    one.pushed[main_house] = 9;
    one.held = map::PiecesByWarehouse{{main_house, 7}};
    CHECK(stock_reason(one, figures) == StockReason::drifted);
    one.pushed[main_house] = 7;
    one.held = figures; // read after BaseLinker moved it itself
    CHECK(stock_reason(one, figures) == StockReason::same);
    one.held = map::PiecesByWarehouse{}; // the product has no figure in this warehouse yet
    CHECK(stock_reason(one, figures) == StockReason::changed);
}

TEST_CASE("an article falls to zero only from something to nothing, all its warehouses together") {
    auto one = item("0");
    CHECK_FALSE(falls_to_zero(one, {{main_house, 0}})); // never had any
    one.pushed = {{main_house, 3}, {outlet, 0}};
    CHECK(falls_to_zero(one, {{main_house, 0}, {outlet, 0}}));
    CHECK_FALSE(falls_to_zero(one, {{main_house, 0}, {outlet, 1}}));
    one.held = map::PiecesByWarehouse{{main_house, -2}};
    CHECK_FALSE(falls_to_zero(one, {{main_house, 0}}));
}

TEST_CASE("the brake needs five SKUs and more than the percentage") {
    CHECK_FALSE(too_many_fall(4, 4, 20));
    CHECK(too_many_fall(5, 5, 20));
    CHECK_FALSE(too_many_fall(20, 100, 20));
    CHECK(too_many_fall(21, 100, 20));
    CHECK_FALSE(too_many_fall(100, 100, 100));
}

// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/stock.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

} // namespace

TEST_CASE("the stock of an article comes back as it was put, and is marked only where it is known", "[stock]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store), other = make_connection(*store, "other", 160);
    Stock stock(*store, key), others(*store, other);
    CHECK(value(stock.all()).empty());
    CHECK(value(stock.count()) == 0);
    const StockRow cup{
        ArticleNumber{"CUP"}, ProductId{5'000'000'001}, R"({"bl_206":"7.5"})", R"({"bl_206":7})", true, false, noon};
    const StockRow jug{ArticleNumber{"JUG"}, ProductId{2}, "{}", "", false, true, std::nullopt};
    value(stock.put(std::vector{cup, jug}));
    value(others.put(std::vector{cup}));
    auto rows = value(stock.all());
    REQUIRE(rows.size() == 2);
    CHECK(value(stock.count()) == 2);
    CHECK(rows[0].number == cup.number);
    CHECK(rows[0].product_id == cup.product_id);
    CHECK(rows[0].observed == cup.observed);
    CHECK(rows[0].pushed == cup.pushed);
    CHECK(rows[0].is_parent);
    CHECK_FALSE(rows[0].moved);
    CHECK(rows[0].pushed_at == noon);
    CHECK(rows[1].moved);
    CHECK_FALSE(rows[1].pushed_at);

    value(stock.mark_moved(std::vector{ArticleNumber{"CUP"}, ArticleNumber{"NONE"}}));
    value(stock.mark_moved({}));
    rows = value(stock.all());
    CHECK(rows.size() == 2);
    CHECK(rows[0].moved);
    CHECK_FALSE(value(others.all())[0].moved);
    StockRow seen = cup; // read before it was marked
    seen.observed = R"({"bl_206":"9"})";
    value(stock.put_observed(std::vector{seen, StockRow{ArticleNumber{"MUG"}, ProductId{3}, "{}", "", false, true, {}}}));
    rows = value(stock.all());
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].observed == seen.observed);
    CHECK(rows[0].moved);
    CHECK_FALSE(rows[2].moved);
    value(stock.mark_moved(std::vector{ArticleNumber{"CUP"}}, false));
    CHECK_FALSE(value(stock.all())[0].moved);
    value(stock.erase(std::vector{ArticleNumber{"CUP"}, ArticleNumber{"MUG"}}));
    value(stock.erase({}));
    CHECK(value(stock.count()) == 1);
    CHECK(value(others.count()) == 1);
}

TEST_CASE("what orders ask of the stock is kept, replaced and forgotten by order", "[stock]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Demands demands(*store, make_connection(*store)), others(*store, make_connection(*store, "other", 160));
    DemandRow row{BaseOrderId{5'000'000'001},
                  OrderStatusId{8069},
                  DemandState::waiting,
                  R"({"SET":{"":1}})",
                  R"({"CUP":{"":6}})",
                  R"({"CUP":{"":2}})",
                  noon};
    const DemandRow second{BaseOrderId{2}, OrderStatusId{8070}, DemandState::held, "{}", "{}", "{}", noon};
    value(demands.put(std::vector{row, second}));
    value(others.put(std::vector{row}));
    row.state = DemandState::closed;
    value(demands.put(std::vector{row}));
    auto rows = value(demands.all());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].state == DemandState::held);
    CHECK(rows[1].order_id == row.order_id);
    CHECK(rows[1].state == DemandState::closed);
    CHECK(rows[1].status == row.status);
    CHECK(rows[1].lines == row.lines);
    CHECK(rows[1].asked == row.asked);
    CHECK(rows[1].waiting == row.waiting);
    CHECK(rows[1].confirmed == noon);
    value(demands.erase(std::vector{BaseOrderId{2}, BaseOrderId{99}}));
    value(demands.erase({}));
    CHECK(value(demands.all()).size() == 1);
    CHECK(value(others.all()).size() == 1);
}

TEST_CASE("only products that are there take stock, and bundles are known as such", "[stock]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    ArticleRow cup, gone, foreign, set;
    cup.number = ArticleNumber{"CUP"};
    cup.source_id = ProductId{11};
    cup.product_id = ProductId{10};
    gone = cup;
    gone.number = ArticleNumber{"GONE"};
    gone.gone = true;
    foreign.number = ArticleNumber{"FOREIGN"};
    set = cup;
    set.number = ArticleNumber{"SET"};
    set.is_bundle = true;
    set.kind = "Structure";
    value(articles.put(std::vector{cup, gone, foreign, set}));
    const auto targets = value(articles.targets());
    REQUIRE(targets.size() == 2);
    CHECK(targets[0].number == cup.number);
    CHECK(targets[0].source_id == cup.source_id);
    CHECK(targets[0].product_id == cup.product_id);
    CHECK_FALSE(targets[0].is_bundle);
    CHECK(targets[1].is_bundle);
    CHECK(targets[1].kind == "Structure");
    CHECK(value(articles.find(set.number))->is_bundle);
    CHECK(value(articles.find_variants(ProductId{10})).size() == 2);
    CHECK(value(articles.find_variants(ProductId{11})).empty());
}

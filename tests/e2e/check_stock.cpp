// SPDX-License-Identifier: Apache-2.0
// `blongo check` of the stock: a figure that differs is found, mended by the push that it names, and gone.
#include <catch2/catch.hpp>

#include "e2e/check.hpp"
#include "support/e2e/stock.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value books_of_stock(const CheckRun& run) {
    for (const auto& books : run.books)
        if (books["flow"].text() == "stock") return books;
    FAIL("no books of the stock");
    return {};
}

} // namespace

TEST_CASE("a figure of BaseLinker that is not Ongoing's is stock_differs, and the push that it names mends it") {
    StockShop shop;
    Checked checked(shop.sandbox, shop.installation);
    shop.push_well();
    checked.expect_agreement();
    const auto all = books_of_stock(checked.look());
    CHECK(all["articles"].integer() == 20);
    CHECK(all["agree"].integer() == 20);

    shop.sandbox.base_orders(base_order(1, {pieces_of(5, 3)}).set("order_status_id", status::fresh));
    shop.push_well();
    shop.set_held(5, 98); // somebody typed it in
    const auto found = checked.expect_one("stock_differs", "P000005", "blongo stock push --sku P000005");
    expect_in(found.differences.front()["baselinker"].text(), "bl_206: 98");
    expect_in(found.differences.front()["ongoing"].text(), "bl_206: 97 = 100 - 3 waiting - 0 buffer");
    CHECK(books_of_stock(found)["differ"].integer() == 1);
    checked.mend(found);
    CHECK(shop.held(5) == 97);
    checked.expect_agreement();
}

TEST_CASE("stock that was never pushed differs everywhere; what is not reported or left alone does not") {
    StockSetup setup;
    setup.stock = stock_on("exclude = [\"P000001\"]");
    StockShop shop(setup);
    shop.article("P000002", json::Value::object().set("sellable_null", true));
    Checked checked(shop.sandbox, shop.installation);
    const auto run = checked.look({"--only", "stock"});
    CHECK(run.code == 9);
    CHECK(run.differences.size() == 18);
    const auto books = books_of_stock(run);
    CHECK(books["not_reported"].integer() == 1);
    CHECK(books["left_alone"].integer() == 1);
    CHECK(books["closes"].is_true());
    shop.push_well();
    checked.expect_agreement();
}

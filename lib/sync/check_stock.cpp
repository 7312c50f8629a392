// SPDX-License-Identifier: Apache-2.0
// What BaseLinker offers against what a push would write now.
#include <blongo/sync/check_parts.hpp>
#include <blongo/sync/goods_owner_orders.hpp>
#include <blongo/sync/stock_book.hpp>

namespace blongo::sync {

Result<void> check_stock(CheckContext& context) {
    StockBook book(context.session);
    BLONGO_CHECK(book.load());
    BLONGO_TRY(auto orders, GoodsOwnerOrders::open(context.config, context.session, true));
    BLONGO_CHECK(orders.read(true));
    BLONGO_TRY([[maybe_unused]] const std::size_t articles, book.read_stock(std::nullopt));
    book.forget_unseen();
    BLONGO_CHECK(book.read_held());
    BLONGO_TRY(const auto fresh, orders.read_new()); // as before each write: what was sold meanwhile
    const auto rules = stock_rules(context.session.connection().stock);
    std::int64_t agree = 0, not_reported = 0, differ = 0;
    for (auto& entry : book.entries()) {
        const auto figures = plan::stock_figures(entry.item, orders.waiting(), rules);
        if (figures.empty()) {
            ++not_reported;
        } else if (const auto difference = plan::judge_stock(entry.item, figures, orders.waiting(), rules)) {
            ++differ;
            context.sink.difference(*difference);
        } else {
            ++agree;
        }
    }
    plan::Totals totals{.flow = "stock", .what = "articles"};
    totals.total = static_cast<std::int64_t>(book.entries().size() + book.left_alone());
    totals.terms = {{"agree", agree},
                    {"differ", differ},
                    {"not_reported", not_reported},
                    {"left_alone", static_cast<std::int64_t>(book.left_alone())}};
    context.sink.totals(totals);
    return {};
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/stock_view.hpp>

#include <fmt/format.h>

#include <blongo/sync/goods_owner_orders.hpp>
#include <blongo/sync/stock_book.hpp>

namespace blongo::sync {

Result<StockView> show_stock(const config::Config& config, const config::Connection& connection, const ArticleNumber& number,
                             const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::stock, true, runtime));
    StockView view;
    view.number = number;
    const auto rules = stock_rules(connection.stock);
    StockBook book(*session);
    BLONGO_CHECK(book.load());
    BLONGO_TRY(const auto there, session->ongoing().find_warehouse_stock(std::span(&number, 1)));
    StockBook::Entry* entry = book.find(number);
    if (there.empty() && entry == nullptr)
        return fail(ErrorKind::not_found, fmt::format("neither Ongoing nor the ledger knows the article {}", number), {},
                    fmt::format("blongo articles show --sku {}", number));
    for (const auto& stock : there)
        for (const auto& figures : stock.warehouses)
            view.warehouses.push_back({figures.warehouse_id, figures.sellable_number_of_items});
    view.not_pushed = book.not_pushed(number);
    if (entry == nullptr) return view;
    view.product = entry->item.product;
    view.pushed_at = entry->pushed_at;
    if (connection.stock.figure == "on_hand") {
        BLONGO_CHECK(book.read_stock(std::span(&number, 1)));
    } else {
        for (const auto& stock : there) book.take(stock);
    }
    book.forget_unseen();
    BLONGO_TRY(auto orders, GoodsOwnerOrders::open(config, *session, true));
    BLONGO_CHECK(orders.read(false));
    view.waiting = orders.waiting_for(number);
    BLONGO_CHECK(book.read_held(std::span(&number, 1)));
    const auto figures = plan::stock_figures(entry->item, orders.waiting(), rules);
    const auto known = [](const map::PiecesByWarehouse& pieces, const WarehouseKey& key) {
        const auto found = pieces.find(key);
        return found == pieces.end() ? std::optional<std::int64_t>{} : std::optional{found->second};
    };
    for (const auto& key : rules.targets) {
        StockView::Target target;
        target.key = key;
        if (const auto observed = entry->item.observed.find(key); observed != entry->item.observed.end())
            target.observed = observed->second;
        target.waiting = plan::waiting_pieces(number, key, orders.waiting(), rules);
        target.buffer = rules.buffer_of(number);
        target.figure = known(figures, key);
        target.pushed = known(entry->item.pushed, key);
        if (entry->item.held) target.held = known(*entry->item.held, key);
        view.targets.push_back(target);
    }
    return view;
}

} // namespace blongo::sync

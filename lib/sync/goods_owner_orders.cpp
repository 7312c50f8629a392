// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/goods_owner_orders.hpp>

#include <blongo/sync/settings.hpp>

namespace blongo::sync {

Result<GoodsOwnerOrders> GoodsOwnerOrders::open(const config::Config& config, Session& session, bool dry_run) {
    GoodsOwnerOrders out(dry_run);
    const auto& mine = session.connection();
    const auto owner = identity_of(mine);
    out.orders_.push_back(std::make_unique<StockOrders>(session));
    for (const auto& other : config.connections) {
        if (other.name == mine.name || !other.enabled) continue;
        const auto others = identity_of(other);
        const bool same = others.ongoing_host == owner.ongoing_host && others.ongoing_path == owner.ongoing_path &&
                          others.goods_owner_id == owner.goods_owner_id;
        if (!same) continue;
        BLONGO_TRY(auto opened, Session::open(config, other, state::BudgetClass::stock, dry_run, session.runtime()));
        out.others_.push_back(std::move(opened));
        out.orders_.push_back(std::make_unique<StockOrders>(*out.others_.back()));
    }
    return out;
}

Result<void> GoodsOwnerOrders::read(bool complete) {
    for (const auto& orders : orders_) {
        BLONGO_CHECK(orders->read(complete));
        if (!dry_run_) BLONGO_CHECK(orders->record());
    }
    sum();
    return {};
}

Result<std::set<ArticleNumber>> GoodsOwnerOrders::read_new() {
    std::set<ArticleNumber> fresh;
    for (const auto& orders : orders_) {
        BLONGO_TRY(const auto numbers, orders->read_new());
        fresh.insert(numbers.begin(), numbers.end());
        if (!numbers.empty() && !dry_run_) BLONGO_CHECK(orders->record());
    }
    if (!fresh.empty()) sum();
    return fresh;
}

std::vector<WaitingOrder> GoodsOwnerOrders::waiting_for(const ArticleNumber& number) const {
    std::vector<WaitingOrder> out;
    for (const auto& orders : orders_)
        for (const auto& order : orders->waiting_for(number)) out.push_back(order);
    return out;
}

void GoodsOwnerOrders::sum() {
    waiting_.clear();
    for (const auto& orders : orders_) map::add(waiting_, orders->waiting());
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <vector>

#include <blongo/map/stock.hpp>
#include <blongo/sync/session.hpp>
#include <blongo/sync/stock_orders.hpp>

namespace blongo::sync {

/// StockOrders of all enabled connections of one goods owner: they sell the same pieces.
class GoodsOwnerOrders {
public:
    /// `session` is of the connection that the stock goes to; the others are opened, read-only in a dry run.
    [[nodiscard]] static Result<GoodsOwnerOrders> open(const config::Config& config, Session& session, bool dry_run);
    /// Reads the waiting lists and, unless in a dry run, records them.
    [[nodiscard]] Result<void> read(bool complete);
    /// Of all of them (StockOrders::read_new), recorded at once.
    [[nodiscard]] Result<std::set<ArticleNumber>> read_new();
    [[nodiscard]] const map::Demand& waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::vector<WaitingOrder> waiting_for(const ArticleNumber& number) const;
    /// Articles whose figure BaseLinker moved by itself in the account that the stock goes to.
    [[nodiscard]] std::set<ArticleNumber> moved() const { return orders_.front()->moved(); }

private:
    explicit GoodsOwnerOrders(bool dry_run) : dry_run_(dry_run) {}
    void sum();
    bool dry_run_;
    std::vector<std::unique_ptr<Session>> others_;
    std::vector<std::unique_ptr<StockOrders>> orders_; ///< the first is of the connection that the stock goes to
    map::Demand waiting_;
};

} // namespace blongo::sync

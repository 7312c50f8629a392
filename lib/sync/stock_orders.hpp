// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/stock.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/stock.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// An order that asks for an article and that Ongoing does not hold.
struct WaitingOrder {
    BaseOrderId order_id;
    OrderStatusId status;
    std::int64_t pieces = 0;
};

/// What the orders of one connection ask of the stock and Ongoing does not know of yet (flows.md Stock 1 and 2), and whose
/// articles BaseLinker has moved by itself since the last push. Read before the stock is read, and completed by read_new()
/// right before each write: whatever happens in between makes a figure lower, never higher.
class StockOrders {
public:
    explicit StockOrders(Session& session);

    /// The waiting list. `complete`: all orders from start_from on, not only those that are new or were open.
    [[nodiscard]] Result<void> read(bool complete);
    /// Orders that were confirmed since; answers the articles that they ask for. They count even if Ongoing holds them by
    /// now: the stock was read before.
    [[nodiscard]] Result<std::set<ArticleNumber>> read_new();
    /// What waits, by components.
    [[nodiscard]] const map::Demand& waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::vector<WaitingOrder> waiting_for(const ArticleNumber& number) const;
    /// Articles of orders that are new, or changed, since the last push.
    [[nodiscard]] std::set<ArticleNumber> moved() const {
        std::set<ArticleNumber> all = marked_;
        all.insert(moved_.begin(), moved_.end());
        return all;
    }
    /// Records what was seen, in one transaction.
    [[nodiscard]] Result<void> record();

private:
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> resolve_statuses();
    /// Reads a listing and judges its orders, some at a time. `late`: behind the waiting list. `only_known`: no others.
    [[nodiscard]] Result<void> list(const baselinker::OrderQuery& query, bool late, bool only_known);
    [[nodiscard]] Result<void> list_status(OrderStatusId status, const std::vector<const state::DemandRow*>& wanted);
    [[nodiscard]] Result<void> look_again();
    [[nodiscard]] Result<void> read_one(BaseOrderId id);
    [[nodiscard]] Result<void> take_listed(bool late);
    [[nodiscard]] Result<void> take(const baselinker::Order& order, const map::Demand& lines, bool held, bool late);
    [[nodiscard]] Result<map::Demand> told_to_ongoing(BaseOrderId id);
    [[nodiscard]] Result<void> close(state::DemandRow& row);
    [[nodiscard]] Result<bool> was_sent(BaseOrderId id);
    [[nodiscard]] Result<void> read_components(const std::set<ArticleNumber>& numbers);
    void change(const state::DemandRow& row);
    void count(const state::DemandRow& row, int sign);
    void touch(const state::DemandRow& row);

    Session& session_;
    Timestamp start_from_, list_from_;      ///< which orders count; how far back they are listed
    std::set<OrderStatusId> done_statuses_; ///< cancelled, finished, or sent by us
    bool first_ = false;                    ///< nothing was ever read
    std::optional<Timestamp> newest_;       ///< latest confirmation seen
    BaseOrderId newest_id_;                 ///< of the order that came last
    std::map<BaseOrderId, state::DemandRow> rows_;
    std::set<BaseOrderId> changed_, erased_, seen_;
    std::vector<baselinker::Order> listed_;
    map::Demand waiting_;
    std::set<ArticleNumber> moved_, marked_, fresh_; ///< not recorded yet; recorded; of the last read_new()
    map::Components components_;
    std::set<ArticleNumber> asked_components_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What became of an order in the ledger.
enum class OrderState : std::uint8_t {
    imported,                 ///< in Ongoing, ours to keep up to date
    finished_before_adoption, ///< was at or above Send when it was adopted: never updated, never booked
    cancelled                 ///< cancelled in Ongoing, proven
};

/// One order of one connection that is in Ongoing. Key: (connection, order_id).
struct OrderRow {
    BaseOrderId order_id;
    OrderNumber number;        ///< in Ongoing
    OngoingOrderId ongoing_id; ///< 0: not known
    OrderState state = OrderState::imported;
    bool adopted = false;      ///< was there before blongo
    int attempt = 1;           ///< 2 and above: sent anew as "<number>-2"
    std::string identity;      ///< map::order_identity
    std::string fingerprint;   ///< of the document last accepted; "": never agreed
    std::string agreed;        ///< JSON object of what was last accepted and cannot be read back
    std::string market_number; ///< shop_order_id or external_order_id, for `find`
    std::string order_source;
    OrderStatusId base_status;       ///< BaseLinker status when last seen
    OrderStatusId status_set;        ///< BaseLinker status that a write-back of ours set last; 0: none
    std::int64_t ongoing_status = 0; ///< Ongoing's status number when last seen
    Timestamp date_confirmed;
    Timestamp imported_at;
    Timestamp seen_at;               ///< when BaseLinker's copy was last read
    std::string source_mark;         ///< of BaseLinker's order as last agreed: another one may mean a change; "": unknown
    BaseOrderId newest_id;           ///< highest order id of BaseLinker known before this one was read for its import
    std::string tried;               ///< what the warehouse refused: not tried again unchanged
    Timestamp absent_at;             ///< when BaseLinker first said that it has no such order; 0: it has
    std::int64_t warehouse_told = 0; ///< Ongoing's status number that was passed on to BaseLinker last
    std::string freed;               ///< JSON object: pieces by article that it gave up and no other order took over
    BaseOrderId merged_into;         ///< the order that took its lines over; 0: none
    Timestamp closed_at;             ///< since when it is finished, and not looked at any more; 0: it is not
    std::string receiver;            ///< mark of the name that it goes to; written when it is set, and never read back
};

/// A line as it was last accepted.
struct OrderLineRow {
    std::string row_number; ///< order_product_id
    ArticleNumber article;
    std::int64_t quantity = 0;
};

/// The orders of one connection in the ledger, with their lines.
class Orders {
public:
    Orders(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::int64_t> count();
    [[nodiscard]] Result<std::optional<OrderRow>> find(BaseOrderId order);
    /// One query for many: each known order once, ascending by id.
    [[nodiscard]] Result<std::vector<OrderRow>> find_many(std::span<const BaseOrderId> orders);
    /// Rows whose Ongoing number or market number is exactly this text, or whose Ongoing id is it.
    [[nodiscard]] Result<std::vector<OrderRow>> search(const std::string& text);
    /// Newest import first; `since`: imported at or after.
    [[nodiscard]] Result<std::vector<OrderRow>> list(std::optional<Timestamp> since, int limit);
    /// Rows in one state, oldest look (seen_at) first.
    [[nodiscard]] Result<std::vector<OrderRow>> in_state(OrderState state, int limit);
    /// Imported orders that are not closed, oldest look (seen_at) first.
    [[nodiscard]] Result<std::vector<OrderRow>> watched();
    /// Their ids alone, ascending.
    [[nodiscard]] Result<std::vector<BaseOrderId>> watched_ids();
    /// Imported orders to a receiver, whom OrderRow::receiver names, that are not closed or were closed at or after a time;
    /// ascending.
    [[nodiscard]] Result<std::vector<BaseOrderId>> of_receiver(const std::string& mark, Timestamp closed_from);
    /// Which orders have the lines of these row numbers; numbers that none has are left out.
    [[nodiscard]] Result<std::multimap<std::string, BaseOrderId>> owners_of_rows(std::span<const std::string> row_numbers);
    /// The lines of many orders; an order without any is left out.
    [[nodiscard]] Result<std::map<BaseOrderId, std::vector<OrderLineRow>>> lines_of(std::span<const BaseOrderId> orders);
    /// Orders behind `after` of which it is not recorded whom they go to, ascending by id: written by a version before
    /// schema 10.
    [[nodiscard]] Result<std::vector<OrderRow>> without_receiver(BaseOrderId after, int limit);
    /// Records OrderRow::receiver of those that have none yet, and nothing else.
    [[nodiscard]] Result<void> fill_receivers(std::span<const OrderRow> rows);
    /// Orders with this number of a shop or market place, ascending by id; of an empty one none.
    [[nodiscard]] Result<std::vector<OrderRow>> of_market_number(const std::string& number);
    /// Rows by their id in Ongoing; each known one once.
    [[nodiscard]] Result<std::vector<OrderRow>> find_many_there(std::span<const OngoingOrderId> orders);
    /// Inserts or replaces a row and its lines, in one transaction (or the one that is open).
    [[nodiscard]] Result<void> put(const OrderRow& row, std::span<const OrderLineRow> lines);
    /// Replaces the row alone; not_found when the order is not known.
    [[nodiscard]] Result<void> update(const OrderRow& row);
    /// seen_at and base_status of many, and that they are not absent; orders that are not known are passed over.
    [[nodiscard]] Result<void> touch(std::span<const std::pair<BaseOrderId, OrderStatusId>> seen, Timestamp at);
    /// In the order in which they were put.
    [[nodiscard]] Result<std::vector<OrderLineRow>> lines(BaseOrderId order);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

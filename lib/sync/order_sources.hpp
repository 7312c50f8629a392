// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_settings.hpp>

namespace blongo::sync {

/// JournalEntry::log_type of events that may bring or change an order (contract baselinker 3.3).
namespace log_type {
inline constexpr int created = 1, confirmed = 2, removed = 4, merged = 5, split = 6, delivery_edited = 11, line_added = 12,
                     line_edited = 13, line_removed = 14, data_edited = 16, copied = 17, status = 18;
} // namespace log_type

/// Since when BaseLinker's journal has told nothing although orders were confirmed meanwhile; nullopt: it tells, or is
/// not needed (it is asked while no sweep of the statuses is due). Reads the state only.
[[nodiscard]] Result<std::optional<Timestamp>> journal_silent_since(state::Store& store, state::ConnectionKey key);

/// When the last read of all sources began whose orders were all dealt with; nullopt: never. Named orders and backfills
/// are none.
[[nodiscard]] Result<std::optional<Timestamp>> complete_orders_read(state::Store& store, state::ConnectionKey key);

/// Orders of BaseLinker that may have to be in Ongoing, or to be changed there, from all sources, each once:
/// (a) by date_confirmed from the cursor on, with overlap; (b) late arrivals: a sweep of each accepted status; (c) imported
/// orders that are not finished: sweeps of the statuses to which our write-backs and cancellations move them, and by id
/// what no sweep brought; (d) the journal, where it is on, for what happened while no sweep is due; and parked or
/// backfilled orders that none of these brought. The ledger decides what is done with them.
class OrderSources {
public:
    /// `start_from`: where the very first read begins; `backfilled`: BackfilledOrders::waiting().
    OrderSources(Flow& flow, const OrderStatuses& statuses, Timestamp start_from, std::set<BaseOrderId> backfilled);

    /// Reads all sources. An error on any page ends the step: part of a listing is never the listing.
    [[nodiscard]] Result<void> read();
    /// Only these orders, confirmed or not (named ones).
    [[nodiscard]] Result<void> read_named(const std::vector<BaseOrderId>& ids);
    /// Only orders confirmed in a range, in accepted statuses (backfill).
    [[nodiscard]] Result<void> read_range(Timestamp from, Timestamp to);

    /// What came; the reader may move them out.
    [[nodiscard]] std::vector<baselinker::Order>& orders() noexcept { return orders_; }
    [[nodiscard]] const std::vector<baselinker::BadOrder>& bad() const noexcept { return bad_; }
    /// Whether an order came, also as one that could not be read.
    [[nodiscard]] bool has_seen(BaseOrderId order) const { return seen_.contains(order); }
    /// Orders that were asked for by their id, and of which BaseLinker says that it has none.
    [[nodiscard]] const std::set<BaseOrderId>& absent() const noexcept { return absent_; }
    /// Whether this run has read every status in which orders of ours may stand.
    [[nodiscard]] bool has_swept() const noexcept { return swept_; }
    /// How many of the imported orders that are not finished this run has read, or found gone.
    [[nodiscard]] std::size_t watched_looked_at() const;
    /// Imported orders that were not finished when the run began.
    [[nodiscard]] const std::vector<state::OrderRow>& watched() const noexcept { return watched_; }
    /// Merges, splits and copies that the journal told of.
    [[nodiscard]] const std::vector<baselinker::JournalEntry>& relations() const noexcept { return relations_; }
    /// The highest order id that BaseLinker has shown, by this run or an earlier one.
    [[nodiscard]] BaseOrderId newest_id() const noexcept { return newest_id_; }
    /// When the page of an order was read: an order older than 60 s is read again before it is created.
    [[nodiscard]] Timestamp read_at() const noexcept { return read_at_; }
    /// Moves the cursors: called when the fate of every order that came is recorded.
    [[nodiscard]] Result<void> commit();

private:
    [[nodiscard]] Result<void> by_confirmation();
    [[nodiscard]] Result<void> read_journal();
    [[nodiscard]] Result<bool> sweep_is_due();
    [[nodiscard]] Result<void> sweeps();
    [[nodiscard]] Result<int> sweep(OrderStatusId status, Timestamp from);
    [[nodiscard]] Result<void> watch_sweeps();
    [[nodiscard]] Result<void> follow_journal();
    [[nodiscard]] Result<void> waiting_ones();
    [[nodiscard]] Result<void> missing_ones();
    [[nodiscard]] Result<void> read_one(BaseOrderId id);
    /// Orders of a filter; those that cannot be read are kept in bad_.
    [[nodiscard]] Result<baselinker::OrderListing> list(const baselinker::OrderQuery& query,
                                                        const std::function<Result<void>(baselinker::Order&&)>& order);
    [[nodiscard]] Result<void> take(baselinker::Order&& order);
    [[nodiscard]] Result<std::optional<std::int64_t>> number_cursor(const std::string& name);

    Flow& flow_;
    const OrderStatuses& statuses_;
    Timestamp start_from_;
    std::set<BaseOrderId> backfilled_;
    Timestamp read_at_;
    std::vector<baselinker::Order> orders_;
    std::vector<baselinker::BadOrder> bad_;
    std::set<BaseOrderId> seen_, absent_;
    BaseOrderId newest_id_;
    std::vector<state::OrderRow> watched_; ///< oldest look first
    std::vector<baselinker::JournalEntry> journal_, relations_;
    bool swept_ = false, journal_gap_ = false;
    std::map<std::string, std::string> cursors_; ///< to be set by commit()
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <blongo/map/order.hpp>
#include <blongo/plan/admission.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/catalogue_slice.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/on_demand.hpp>
#include <blongo/sync/order_changes.hpp>
#include <blongo/sync/order_family.hpp>
#include <blongo/sync/order_records.hpp>
#include <blongo/sync/order_reimport.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/order_take_over.hpp>
#include <blongo/sync/preflight.hpp>
#include <blongo/sync/warehouse_statuses.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

/// Brings orders of BaseLinker to Ongoing: admission by the ledger, map, articles on demand, take-over of what
/// is already there, create, record; what the ledger knows goes to OrderChanges. One order, one intent; a bad order never
/// stops the others.
class OrderWriter {
public:
    OrderWriter(Flow& flow, const OrderStatuses& statuses, const plan::AdmissionRules& rules, BackfilledOrders& backfilled,
                const OrderSources& sources);

    /// Settles what earlier runs left open: looks each order up by its number in Ongoing.
    [[nodiscard]] Result<void> recover();
    /// What the warehouse did since the last run: before process().
    [[nodiscard]] Result<void> poll_warehouse() { return warehouse_.poll(); }
    /// Oldest first, in batches. `read_at`: when the orders were read.
    [[nodiscard]] Result<void> process(std::vector<baselinker::Order> orders, Timestamp read_at);
    /// Orders that BaseLinker has no more, and what the warehouse did to orders that no source brought: after process().
    [[nodiscard]] Result<void> finish(Timestamp read_at);
    /// The run is complete.
    [[nodiscard]] Result<void> commit() { return warehouse_.commit(); }
    /// An order that could not be read is parked; the others go on.
    [[nodiscard]] Result<void> park_unreadable(const baselinker::BadOrder& bad);
    /// A backfill: neither start_from nor import_delay leaves an order out.
    void lift_cutover() noexcept { lifting_ = true; }

    [[nodiscard]] Preflight& preflight() noexcept { return preflight_; }
    /// How many orders start_from left out, by this run.
    [[nodiscard]] std::int64_t before_cutover() const noexcept { return before_cutover_; }
    [[nodiscard]] std::int64_t delayed() const noexcept { return delayed_; }

private:
    using KnownOrders = std::unordered_map<BaseOrderId, const state::OrderRow*>;
    [[nodiscard]] Result<void> look_up(std::span<const state::IntentRow> writes);
    /// `there`: the order of that number in Ongoing; null: none.
    [[nodiscard]] Result<void> recover(const state::IntentRow& write, LedgerOrder kept, const ongoing::Order* there);
    [[nodiscard]] Result<void> process_batch(std::vector<baselinker::Order> orders, Timestamp read_at);
    /// What is done with an order as far as the ledger and its admission tell.
    enum class Way : std::uint8_t { settled, create, change };
    [[nodiscard]] Result<Way> way_of(const baselinker::Order& order, const state::OrderRow* known);
    [[nodiscard]] Result<Way> known_way(const baselinker::Order& order, const state::OrderRow& known);
    [[nodiscard]] Result<void> change(std::vector<OrderItem> items);
    [[nodiscard]] Result<bool> may_go(OrderItem& item);
    [[nodiscard]] Result<bool> is_free_of_merges(OrderItem& item);
    [[nodiscard]] Result<bool> has_vanished(const baselinker::Order& order, const state::OrderRow& known);
    /// What a person asked for by `orders reimport`, now or earlier.
    [[nodiscard]] Result<bool> is_sent_anew(const baselinker::Order& order, const state::OrderRow* known);
    [[nodiscard]] int attempt_of(BaseOrderId order, const state::OrderRow* known) const;
    [[nodiscard]] plan::Admission judge(const baselinker::Order& order);
    [[nodiscard]] Result<std::vector<OrderItem>> map_orders(std::vector<baselinker::Order> orders, const KnownOrders& known);
    [[nodiscard]] Result<void> need_articles(std::vector<OrderItem>& items);
    [[nodiscard]] Result<bool> read_again(OrderItem& item);
    [[nodiscard]] Result<void> create(OrderItem& item);
    [[nodiscard]] Result<void> put(OrderItem& item, const state::IntentRow& intent, LedgerOrder kept);
    [[nodiscard]] Result<void> put_failed(const OrderItem& item, const state::IntentRow& intent, const Error& error,
                                          state::IntentState outcome, const std::string& result);
    [[nodiscard]] Result<void> read_back(OrderItem& item, OngoingOrderId id);
    void merge_lines(OrderItem& item);
    [[nodiscard]] Result<void> remember_equal_lines(bool merged, const OrderNumber& seen_at);
    [[nodiscard]] LedgerOrder ledger_of(const OrderItem& item) const;
    [[nodiscard]] report::Action create_action(const OrderItem& item) const;
    [[nodiscard]] bool merges_equal_lines();

    Flow& flow_;
    const OrderStatuses& statuses_;
    const plan::AdmissionRules& rules_;
    plan::AdmissionRules lifted_rules_; ///< without start_from and import_delay
    BackfilledOrders& backfilled_;
    const OrderSources& sources_;
    map::OrderOptions map_options_;
    CatalogueSlice slice_;
    OnDemandArticles on_demand_;
    StatusWriteBack write_back_;
    OrderRecords records_;
    OrderTakeOver take_over_;
    OrderReimport reimport_;
    OrderFamily family_;
    OrderChanges changes_;
    WarehouseStatuses warehouse_;
    Preflight preflight_;
    state::Orders ledger_;
    bool lifting_ = false;
    bool equal_lines_known_ = false; ///< this warehouse has shown what it does with equal lines
    std::int64_t before_cutover_ = 0, delayed_ = 0;
    std::vector<std::pair<BaseOrderId, OrderStatusId>> seen_;
    std::unordered_map<BaseOrderId, int> attempts_; ///< under which orders are sent anew
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/warehouse_statuses.hpp>

#include <algorithm>

#include <blongo/plan/order_life.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_family.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/second_look.hpp>

namespace blongo::sync {

namespace {

const std::string polled_cursor = "orders.warehouse_polled_at";
constexpr std::chrono::minutes overlap{10}; ///< clocks differ, and an order may be changed while a page is made
constexpr std::size_t reads_a_run = 100;    ///< of BaseLinker's orders, one call each
constexpr std::size_t rows_at_once = 200;

} // namespace

WarehouseStatuses::WarehouseStatuses(Flow& flow, const OrderStatuses& statuses, StatusWriteBack& write_back)
    : flow_(flow), statuses_(statuses), write_back_(write_back), ledger_(flow.session().store(), flow.session().key()),
      polled_at_(flow.session().runtime().clock.now()) {}

Result<void> WarehouseStatuses::poll() {
    BLONGO_TRY(const auto known, ledger_.count());
    if (known == 0) return {};
    BLONGO_TRY(const auto last, state::Cursors(flow_.session().store(), flow_.session().key()).number(polled_cursor));
    ongoing::OrderQuery query;
    query.status_changed_from = polled_at_ - overlap;
    if (last) {
        query.status_changed_from = from_unix_seconds(*last) - overlap;
    } else { // a ledger from before it was kept
        BLONGO_TRY(const auto watched, ledger_.watched());
        for (const auto& row : watched)
            query.status_changed_from = std::min(*query.status_changed_from, row.imported_at - overlap);
    }
    std::map<OngoingOrderId, std::int64_t> statuses;
    const auto judge = [&]() -> Result<void> {
        std::vector<OngoingOrderId> ids;
        for (const auto& [id, status] : statuses) ids.push_back(id);
        BLONGO_TRY(const auto rows, ledger_.find_many_there(ids));
        for (const auto& row : rows) BLONGO_CHECK(take(row, statuses.at(row.ongoing_id)));
        statuses.clear();
        return {};
    };
    BLONGO_CHECK(flow_.session().ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
        statuses[order.order_id] = order.status_number;
        return statuses.size() < rows_at_once ? Result<void>{} : judge();
    }));
    return judge();
}

Result<void> WarehouseStatuses::take(const state::OrderRow& known, std::int64_t status) {
    if (known.state == state::OrderState::finished_before_adoption) return {};
    state::OrderRow row = known;
    row.ongoing_status = status;
    if (row.state == state::OrderState::imported && status == plan::cancelled_in_ongoing) {
        // A cancellation of ours that is not settled yet settles itself.
        BLONGO_TRY(const auto writing,
                   state::Intents(flow_.session().store(), flow_.session().key()).find(order_intent_key(row.order_id)));
        if (writing) return {};
        BLONGO_TRY(const auto lines, ledger_.lines(row.order_id));
        row.state = state::OrderState::cancelled;
        set_freed(row, plan::sum_of(freed_of(row), pieces_of(lines)));
    }
    if (row.closed_at != Timestamp{} && status < plan::lowest_sent(flow_.session().connection().shipments.send))
        row.closed_at = Timestamp{}; // taken up again
    if (row.closed_at == Timestamp{} && row.state == state::OrderState::imported) {
        BLONGO_TRY(const bool left, has_left_for_good(flow_.session(), row));
        if (left) row.closed_at = polled_at_;
    }
    if (row.warehouse_told != status) {
        if (statuses_.by_warehouse.contains(status))
            pending_.insert(row.order_id);
        else
            row.warehouse_told = status;
    }
    if (flow_.dry_run() || (row.ongoing_status == known.ongoing_status && row.warehouse_told == known.warehouse_told &&
                            row.state == known.state && row.closed_at == known.closed_at))
        return {};
    return ledger_.update(row);
}

/// Whether nobody but us has moved the order to where it is, and what we set last is not further on.
bool WarehouseStatuses::may_move(const state::OrderRow& row, OrderStatusId status) const {
    const auto meaning = plan::meaning_of(flow_.session().connection().shipments.send, row.ongoing_status);
    const bool is_send = meaning == plan::SendMeaning::book || meaning == plan::SendMeaning::no_shipment;
    const bool is_short = status.value() != 0 && status == statuses_.after_short_send;
    if (is_send && (is_short || statuses_.finished.contains(status))) return false;
    return statuses_.waits(status) || statuses_.is_warehouse_status(status) ||
           (row.status_set.value() != 0 && status == row.status_set && status != statuses_.cancel_refused);
}

Result<bool> WarehouseStatuses::tell(const baselinker::Order& order, const state::OrderRow& row) {
    if (!pending_.contains(order.order_id)) return false;
    pending_.erase(order.order_id);
    const auto target = statuses_.by_warehouse.find(row.ongoing_status);
    const bool moves =
        target != statuses_.by_warehouse.end() && order.order_status_id != target->second && may_move(row, order.order_status_id);
    const auto steps = [&]() -> Result<void> {
        if (moves) BLONGO_CHECK(write_back_.want(order.order_id, order.order_status_id, target->second, "status_by_warehouse"));
        if (flow_.dry_run()) return {};
        BLONGO_TRY(auto now, ledger_.find(order.order_id));
        if (!now) return {};
        now->warehouse_told = row.ongoing_status;
        return ledger_.update(*now);
    };
    BLONGO_CHECK(flow_.dry_run() ? steps() : flow_.session().store().in_transaction(steps));
    return moves;
}

Result<void> WarehouseStatuses::finish() {
    std::size_t reads = 0;
    while (!pending_.empty()) {
        if (flow_.session().out_of_time() || ++reads > reads_a_run) {
            flow_.incomplete();
            return {};
        }
        const BaseOrderId id = *pending_.begin();
        BLONGO_TRY(const auto look, look_at_order(flow_, id));
        BLONGO_TRY(const auto row, ledger_.find(id));
        if (!look.order || !row) {
            pending_.erase(id);
            looks_again_ = looks_again_ || (row && !look.is_gone);
            continue;
        }
        BLONGO_CHECK(tell(*look.order, *row));
    }
    return {};
}

Result<void> WarehouseStatuses::commit() {
    if (flow_.dry_run() || looks_again_) return {};
    return state::Cursors(flow_.session().store(), flow_.session().key())
        .set(polled_cursor, std::to_string(to_unix_seconds(polled_at_)));
}

} // namespace blongo::sync

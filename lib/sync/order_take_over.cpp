// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_take_over.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/plan/order_life.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/send_notice.hpp>

namespace blongo::sync {

Result<void> OrderTakeOver::look(std::vector<OrderItem>& items) {
    if (items.empty()) return {};
    std::vector<OrderNumber> numbers;
    for (const auto& item : items) numbers.push_back(item.document.number);
    BLONGO_TRY(const auto found, flow_.session().ongoing().find_orders(numbers));
    for (const auto& there : found) {
        const auto item = std::find_if(items.begin(), items.end(), [&](const OrderItem& candidate) {
            return candidate.document.number == there.order_number;
        });
        if (item == items.end()) continue;
        const std::string key = fmt::to_string(item->order.order_id);
        const bool same = there.goods_owner_order_id == key;
        const auto lines = ledger_lines(item->document);
        if (same && lines_agree(lines, there)) {
            BLONGO_CHECK(adopt(*item, there));
        } else {
            BLONGO_TRY(const auto write, last_write(item->order.order_id));
            const bool is_half_written = write && write->state == state::IntentState::withdrawn && write->result == lines_lost;
            if (same && is_half_written) continue;
            const std::string why = same ? "its lines are not those of BaseLinker"
                                         : fmt::format("its goods owner order id is \"{}\"", there.goods_owner_order_id);
            BLONGO_CHECK(records_.park(item->order,
                                       {"exists_in_warehouse",
                                        key,
                                        "orderNumber",
                                        fmt::format("Ongoing already has an order {}, and {}", there.order_number, why),
                                        key,
                                        {}},
                                       item->fingerprint));
        }
        items.erase(item);
    }
    return {};
}

Result<std::optional<state::IntentRow>> OrderTakeOver::last_write(BaseOrderId order) {
    BLONGO_TRY(auto last, state::Intents(flow_.session().store(), flow_.session().key()).history(order_intent_key(order), 1));
    return last.empty() ? std::nullopt : std::optional(std::move(last.front()));
}

Result<void> OrderTakeOver::adopt(const OrderItem& item, const ongoing::Order& there) {
    LedgerOrder kept = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    const bool finished = there.status_number >= plan::lowest_finished(flow_.session().connection().shipments.send);
    // A write of ours came later than the look for it, or without all of its lines (of unknown outcome it is in a dry run, which
    // looks for none): nobody else made this order, and it is booked when sent.
    BLONGO_TRY(const auto write, last_write(item.order.order_id));
    const std::string_view result = write ? std::string_view(write->result) : std::string_view{};
    const bool is_unknown = write && write->state == state::IntentState::unknown && !is_by_firewall(result);
    const bool is_ours = is_unknown || result.starts_with(in_doubt) || result == lines_lost;
    const bool is_somebody_elses = finished && !is_ours;
    kept.row.ongoing_id = there.order_id;
    kept.row.ongoing_status = there.status_number;
    kept.row.adopted = true;
    kept.row.attempt = item.attempt;
    kept.row.newest_id = sources_.newest_id();
    kept.row.state = state_of_found(there.status_number, is_somebody_elses);
    auto line = flow_.action(plan::Verb::adopt, fmt::to_string(item.order.order_id),
                             is_somebody_elses ? "finished before adoption" : "already there");
    line.order_number = item.document.number.value();
    const auto want = [&]() -> Result<void> {
        return finished ? records_.leave_status(item.order.order_id)
                        : records_.want_after_import(item.order.order_id, item.order.order_status_id);
    };
    flow_.report(line);
    if (flow_.dry_run()) return want();
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(records_.keep(kept));
        if (finished && is_ours)
            BLONGO_CHECK(
                SendNotice::look_back(flow_.session().store(), flow_.session().key(), kept.row.order_id, write->created));
        return want();
    }));
    return flow_.item_succeeded(line.key);
}

} // namespace blongo::sync

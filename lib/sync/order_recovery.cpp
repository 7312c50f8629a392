// SPDX-License-Identifier: Apache-2.0
// What became of new orders whose write nobody saw the end of.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include <blongo/plan/order_life.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_writer.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/second_look.hpp>
#include <blongo/sync/send_notice.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;

} // namespace

Result<void> OrderWriter::recover() {
    if (flow_.dry_run()) return {};
    BLONGO_TRY(auto open, state::Intents(flow_.session().store(), flow_.session().key()).unsettled(std::string(put_action)));
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    std::erase_if(open, [&](const state::IntentRow& intent) {
        return intent.state == state::IntentState::open && may_be_alive(intent, now, flow_.session().http().read_timeout);
    });
    for (std::span<const state::IntentRow> left = open; !left.empty();) {
        const auto batch = left.first(std::min(batch_size, left.size()));
        left = left.subspan(batch.size());
        BLONGO_CHECK(look_up(batch));
    }
    BLONGO_CHECK(changes_.recover());
    return write_back_.recover();
}

Result<void> OrderWriter::look_up(std::span<const state::IntentRow> writes) {
    std::vector<LedgerOrder> orders;
    std::vector<OrderNumber> numbers;
    for (const auto& write : writes) {
        BLONGO_TRY(const auto payload, json::Value::parse(write.payload));
        orders.push_back(LedgerOrder::from_json(payload));
        numbers.push_back(orders.back().row.number);
    }
    BLONGO_TRY(const auto found, flow_.session().ongoing().find_orders(numbers));
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto there = std::ranges::find(found, numbers[i], &ongoing::Order::order_number);
        BLONGO_CHECK(recover(writes[i], std::move(orders[i]), there == found.end() ? nullptr : &*there));
    }
    return {};
}

Result<void> OrderWriter::recover(const state::IntentRow& write, LedgerOrder kept, const ongoing::Order* there) {
    const auto withdraw = [&](std::string_view words) -> Result<void> {
        BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key())
                         .settle(write.id, state::IntentState::withdrawn, std::string(words)));
        return {};
    };
    const bool is_walled = is_by_firewall(write.result);
    // A PUT by number that comes late, or again, makes the same order and no second one. What a firewall answered is there by
    // now, or was stopped.
    if (there == nullptr) return withdraw(is_walled ? "not there" : fmt::format("{}not there", in_doubt));
    if (there->goods_owner_order_id != fmt::to_string(kept.row.order_id)) // the take-over judges it
        return withdraw("another order has its number");
    const bool is_whole = lines_agree(kept.lines, *there);
    if (is_walled && !is_whole) return withdraw("another order has its id"); // the same: nothing shows that it is ours
    if (has_equal_lines(kept.lines) && !is_whole) {
        BLONGO_CHECK(withdraw(lines_lost));
        return remember_equal_lines(true, kept.row.number);
    }
    const auto& shipments = flow_.session().connection().shipments;
    const bool is_finished = there->status_number >= plan::lowest_finished(shipments.send);
    const bool books = shipments.enabled && plan::meaning_of(shipments.send, there->status_number) == plan::SendMeaning::book;
    kept.row.ongoing_id = there->order_id;
    kept.row.ongoing_status = there->status_number;
    if (is_walled) kept.row.state = state_of_found(there->status_number, is_finished && !books);
    // A person may have moved it on since: theirs stays.
    BLONGO_TRY(const auto look, look_at_order(flow_, kept.row.order_id));
    const OrderStatusId stands = look.order ? look.order->order_status_id : kept.row.base_status;
    bool is_first = false;
    state::Store& store = flow_.session().store();
    BLONGO_CHECK(store.in_transaction([&]() -> Result<void> {
        BLONGO_TRY(is_first, state::Intents(store, flow_.session().key()).settle(write.id, state::IntentState::done, "seen"));
        if (!is_first) return {}; // another run has, and has gone on with it
        BLONGO_CHECK(records_.keep(kept));
        BLONGO_CHECK(family_.took_over(kept.row.order_id, kept.takes));
        // Sent while nobody knew that it is there: a poll of what was sent passed over it. Behind a firewall that kept ours out
        // another connector may have written it, too.
        if (is_finished && !is_walled)
            BLONGO_CHECK(SendNotice::look_back(store, flow_.session().key(), kept.row.order_id, write.created));
        if (is_walled && books)
            BLONGO_CHECK(SendNotice::ask_a_person(store, flow_.session().key(), kept.row.order_id, *there, write.created));
        return is_walled && is_finished ? records_.leave_status(kept.row.order_id)
                                        : records_.want_after_import(kept.row.order_id, stands, look.order.has_value());
    }));
    if (!is_first) return {};
    BLONGO_CHECK(flow_.item_succeeded(fmt::to_string(kept.row.order_id)));
    auto line = flow_.action(plan::Verb::create, fmt::to_string(kept.row.order_id), "recovered");
    line.order_number = kept.row.number.value();
    line.detail = "an earlier run was interrupted; the order is in Ongoing";
    flow_.report(line);
    return {};
}

} // namespace blongo::sync

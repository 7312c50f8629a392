// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/unserved_sends.hpp>

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

constexpr std::size_t most_looks = 50; ///< of one kind, in one run

} // namespace

UnservedSends::UnservedSends(SendContext& context, SendNotice& notice, SendDesk& desk, PackerNote& note)
    : context_(context), notice_(notice), desk_(desk), note_(note) {}

Result<void> UnservedSends::show() {
    BLONGO_TRY(const Timestamp start_from, context_.start_from());
    const auto lowest = plan::lowest_send_status(context_.config().send);
    if (!lowest || context_.dry_run()) return {};
    BLONGO_TRY(const auto sightings, context_.sightings().without_delivery(
                                         std::max(start_from, context_.now() - context_.config().max_order_age), *lowest));
    std::set<std::string> standing;
    std::size_t looked_at = 0;
    for (const auto& seen : sightings) {
        const auto meaning = plan::meaning_of(context_.config().send, seen.status);
        if (meaning == plan::SendMeaning::ignore || meaning == plan::SendMeaning::no_shipment) continue;
        BLONGO_TRY(const auto orders, context_.orders().search(fmt::to_string(seen.ongoing_id)));
        const auto order = std::ranges::find(orders, seen.ongoing_id, &state::OrderRow::ongoing_id);
        if (order == orders.end() || order->state != state::OrderState::imported) continue;
        const std::string key = fmt::to_string(order->order_id);
        standing.insert(key);
        const std::string cause = context_.flow().cause_of(key);
        const bool told = !cause.empty();
        const bool is_this = cause == "sent_without_shipment";
        if (told && (!is_this || ++looked_at > most_looks)) {
            BLONGO_CHECK(context_.flow().keep_parked(key));
            continue;
        }
        // Listings show what is Sent; what was taken back since shows only here.
        BLONGO_TRY(const auto there, context_.session().ongoing().get_order(seen.ongoing_id));
        const std::int64_t status = there ? there->status_number : 0;
        const auto means = plan::meaning_of(context_.config().send, status);
        if (status < *lowest || means == plan::SendMeaning::ignore || means == plan::SendMeaning::no_shipment) {
            BLONGO_CHECK(notice_.saw_outside(seen.ongoing_id, status));
            BLONGO_CHECK(desk_.forget(order->order_id, seen.ongoing_id));
            if (is_this) BLONGO_CHECK(context_.flow().release(key));
            continue;
        }
        if (is_this) {
            BLONGO_CHECK(context_.flow().keep_parked(key));
            continue;
        }
        const std::string words = fmt::format("Ongoing shows it at {}, and no package of it stands", status);
        BLONGO_CHECK(context_.flow().park({"sent_without_shipment", key, "orderStatus", words, order->number.value(), {}}));
        BLONGO_TRY(auto row, waiting_delivery(order->order_id, there->order_number, seen.ongoing_id,
                                              seen.shipped.value_or(context_.now())));
        BLONGO_CHECK(note_.tell(row, map::packer_message("sent_without_shipment"), "sent_without_shipment", words,
                                there->warehouse_instruction));
        BLONGO_CHECK(note_.store(row));
    }
    std::vector<std::string> gone;
    for (const auto& [key, row] : context_.flow().parked())
        if (row.cause == "sent_without_shipment" && !standing.contains(key)) gone.push_back(key);
    for (const auto& key : gone) BLONGO_CHECK(context_.flow().release(key));
    return {};
}

Result<void> UnservedSends::tell_blocked(const Error& error) {
    if (error.kind != ErrorKind::throttled || context_.dry_run()) return {};
    BLONGO_TRY(auto due, notice_.due());
    for (auto& send : due) {
        BLONGO_TRY(const bool sent, notice_.load(send));
        if (!sent || context_.flow().parked().contains(fmt::to_string(send.ledger.order_id))) continue;
        BLONGO_TRY(auto row, waiting_delivery(send.ledger.order_id, send.there.order_number, send.there.order_id, send.sent_at));
        BLONGO_TRY(const auto known, context_.deliveries().find(row.order_id, row.number));
        if (!known && row.number > 1) continue; // it has its label: this Send may be a reprint
        BLONGO_CHECK(note_.tell(row, map::PackerMessage::waiting, std::string(map::token_blocked), error.message,
                                send.there.warehouse_instruction));
        BLONGO_CHECK(note_.store(row));
    }
    // Booked, and the label cannot be fetched: those who read a text already read why.
    static constexpr std::array without_label{DeliveryState::booked};
    BLONGO_TRY(auto booked, context_.deliveries().in_states(without_label, static_cast<int>(most_looks)));
    for (auto& row : booked)
        if (row.kept_instruction.empty()) BLONGO_CHECK(note_.tell_parked(row, std::string(map::token_blocked), error.message));
    return {};
}

Result<state::DeliveryRow> UnservedSends::waiting_delivery(BaseOrderId order, const OrderNumber& number, OngoingOrderId id,
                                                           Timestamp sent_at) {
    BLONGO_TRY(const auto rows, context_.deliveries().of_order(order));
    state::DeliveryRow row;
    row.number = 1;
    for (const auto& known : rows) {
        if (known.state == DeliveryState::due && known.ongoing_id == id) return known;
        row.number = std::max(row.number, known.number + 1);
    }
    row.order_id = order;
    row.order_number = number;
    row.ongoing_id = id;
    row.sent_at = sent_at;
    return row;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
// Shipments of both sides: what the warehouse sent and what the ledger holds, one order after the other, against BaseLinker's
// packages and the order's files in Ongoing: two calls each.
#include <algorithm>

#include <fmt/format.h>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/ongoing/deliveries.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/check_parts.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

namespace {

using plan::HeldDelivery;
using state::DeliveryState;

constexpr std::int64_t highest_send_status = plan::returned_in_ongoing; ///< flows.md Shipments 1: returned orders were sent once
constexpr std::size_t batch_size = 100;
constexpr int most_deliveries = 1'000'000;

HeldDelivery::State state_of(DeliveryState state) {
    switch (state) {
    case DeliveryState::due: return HeldDelivery::State::due;
    case DeliveryState::booking: return HeldDelivery::State::unknown;
    case DeliveryState::no_shipment: return HeldDelivery::State::no_shipment;
    case DeliveryState::cancelled: return HeldDelivery::State::cancelled;
    case DeliveryState::booked:
    case DeliveryState::labelled:
    case DeliveryState::done: break;
    }
    return HeldDelivery::State::booked;
}

class ShipmentCheck {
public:
    explicit ShipmentCheck(CheckContext& context)
        : context_(context), session_(context.session), settings_(session_.connection().shipments),
          orders_(session_.store(), session_.key()), deliveries_(session_.store(), session_.key()),
          labels_(session_.store(), session_.key(), settings_.label_dir), sightings_(session_.store(), session_.key()),
          couriers_(session_.baselinker()), warehouse_(session_.ongoing()), flow_(session_, "shipments", FlowOptions::looking()) {
    }

    Result<void> run() {
        BLONGO_CHECK(flow_.load_parked());
        BLONGO_TRY(start_from_, sends_from(session_));
        const Timestamp looks_back = context_.now() - check_looks_back;
        since_ = context_.options.since.value_or(std::max(start_from_, looks_back));
        BLONGO_CHECK(sent_orders());
        BLONGO_CHECK(rest_of_the_ledger());
        if (!context_.ended_early()) totals();
        return {};
    }

private:
    Result<void> sent_orders() {
        const auto lowest = plan::lowest_send_status(settings_.send);
        if (!lowest) return {};
        ongoing::OrderQuery query;
        query.status_from = *lowest;
        query.status_to = highest_send_status;
        query.status_changed_from = since_;
        std::vector<ongoing::Order> batch;
        BLONGO_CHECK(session_.ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
            order.document = {};
            batch.push_back(std::move(order));
            return batch.size() < batch_size ? Result<void>{} : judge_batch(std::exchange(batch, {}));
        }));
        return judge_batch(batch);
    }

    Result<void> judge_batch(const std::vector<ongoing::Order>& orders) {
        std::vector<BaseOrderId> ids;
        for (const auto& order : orders)
            if (const auto id = parse_id(order.goods_owner_order_id)) ids.emplace_back(*id);
        BLONGO_TRY(const auto rows, orders_.find_many(ids));
        for (const auto& order : orders) {
            if (session_.out_of_time()) return {};
            BLONGO_TRY(const auto ledger, ledger_of(order, rows, orders_));
            if (!ledger || ledger->state != state::OrderState::imported) continue;
            BLONGO_CHECK(judge(*ledger, order));
        }
        return {};
    }

    /// Deliveries whose order the warehouse took back from Send, or that were changed before `since` and sent after it.
    Result<void> rest_of_the_ledger() {
        BLONGO_TRY(const auto rows, deliveries_.list(since_, most_deliveries));
        for (const auto& row : rows) {
            if (session_.out_of_time()) return {};
            const bool has_package = row.package_id != 0;
            if (!has_package || row.ongoing_id.value() == 0 || judged_.contains(row.ongoing_id)) continue;
            BLONGO_TRY(const auto ledger, orders_.find(row.order_id));
            if (!ledger) continue;
            BLONGO_TRY(const auto order, session_.ongoing().get_order(row.ongoing_id));
            if (!order) continue; // gone: the orders part says so
            BLONGO_CHECK(judge(*ledger, *order));
        }
        return {};
    }

    /// Whether this order was sent and is ours to book.
    Result<bool> is_sent(const ongoing::Order& order) {
        const auto lowest = plan::lowest_send_status(settings_.send);
        const auto meaning = plan::meaning_of(settings_.send, order.status_number);
        if (!lowest || order.status_number < *lowest || order.status_number >= highest_send_status ||
            meaning == plan::SendMeaning::ignore)
            return false;
        BLONGO_TRY(const auto seen, sightings_.find(order.order_id));
        std::optional<plan::Sighting> before;
        if (seen) before = plan::Sighting{seen->status, seen->shipped, seen->event_id, seen->first_send_seen};
        return plan::sent_at(order, before, context_.now()) >= start_from_;
    }

    Result<void> judge(const state::OrderRow& ledger, const ongoing::Order& order) {
        if (!judged_.insert(order.order_id).second) return {};
        flow_.progress("comparing shipments", judged_.size(), 0);
        plan::ShipmentSides sides;
        sides.order = ledger.order_id;
        sides.number = ledger.number;
        sides.ongoing_words = fmt::format("{} {}", order.status_number, order.status_text);
        sides.now = context_.now();
        BLONGO_TRY(sides.sent, is_sent(order));
        BLONGO_TRY(const auto rows, deliveries_.of_order(ledger.order_id));
        take_deliveries(sides, rows, order.order_id);
        BLONGO_TRY(const auto labels, labels_.of_order(ledger.order_id));
        for (const auto& label : labels)
            for (auto& delivery : sides.deliveries)
                if (label.withdrawn && delivery.number == label.delivery) delivery.label_is_expected = false;
        const auto in_state = [&](HeldDelivery::State state) {
            return std::ranges::any_of(sides.deliveries, [&](const auto& delivery) { return delivery.state == state; });
        };
        const bool nothing_booked = in_state(HeldDelivery::State::no_shipment) && !in_state(HeldDelivery::State::booked) &&
                                    !in_state(HeldDelivery::State::cancelled);
        if (sides.sent) ++sent_;
        if (sides.sent && nothing_booked) ++no_shipment_;
        if (nothing_booked || (!sides.sent && sides.deliveries.empty())) return {};
        BLONGO_CHECK(read_sides(sides, order));
        const auto found = plan::judge_shipment(sides);
        for (const auto& difference : found) context_.sink.difference(difference);
        if (!sides.sent) return {};
        if (std::ranges::find(found, "sent_without_booking", &plan::Difference::kind) == found.end())
            ++booked_;
        else if (!sides.parked_cause.empty())
            ++parked_[sides.parked_cause];
        else
            ++missing_;
        return {};
    }

    static void take_deliveries(plan::ShipmentSides& sides, const std::vector<state::DeliveryRow>& rows, OngoingOrderId order) {
        for (const auto& row : rows) {
            if (const auto wishes = json::Value::parse(row.wishes.empty() ? "{}" : row.wishes))
                for (const auto id : SendWishes::from_json(*wishes).ignore_packages) sides.other_packages.insert(id);
            if (row.ongoing_id != order) {
                if (row.package_id != 0) sides.other_packages.insert(row.package_id);
                continue;
            }
            if (!row.order_number.value().empty()) sides.number = row.order_number;
            HeldDelivery delivery;
            delivery.number = row.number;
            delivery.state = state_of(row.state);
            delivery.package_id = row.package_id;
            delivery.package_number = row.package_number;
            delivery.tracking_url = row.tracking_url;
            delivery.booked_at = row.booked_at.value_or(row.sent_at);
            delivery.label_is_expected = row.strategy != "report" && !parsed_object(row.steps)[step_as_found].is_true();
            sides.deliveries.push_back(std::move(delivery));
        }
    }

    Result<void> read_sides(plan::ShipmentSides& sides, const ongoing::Order& order) {
        BLONGO_TRY(sides.packages, couriers_.packages_of(sides.order));
        BLONGO_TRY(const auto files, warehouse_.get_files(order.order_id));
        for (const auto& file : files) sides.files.push_back(file.file_name);
        sides.way_bill = order.way_bill;
        for (const auto& row : order.tracking) sides.waybills.push_back(row.waybill);
        for (const auto& parcel : order.parcels) sides.waybills.push_back(parcel.waybill);
        if (const auto parked = flow_.parked().find(fmt::to_string(sides.order)); parked != flow_.parked().end()) {
            sides.parked_cause = parked->second.cause;
            sides.parked_detail = parked->second.detail;
        }
        return {};
    }

    void totals() {
        context_.sink.totals({.flow = "shipments",
                              .what = "sent",
                              .total = sent_,
                              .terms = {{"booked", booked_}, {"no_shipment", no_shipment_}},
                              .parked = parked_,
                              .missing = missing_});
    }

    CheckContext& context_;
    Session& session_;
    const config::Shipments& settings_;
    state::Orders orders_;
    state::Deliveries deliveries_;
    state::Labels labels_;
    state::Sightings sightings_;
    baselinker::Couriers couriers_;
    ongoing::Deliveries warehouse_;
    Flow flow_;
    Timestamp start_from_, since_;
    std::set<OngoingOrderId> judged_;
    std::int64_t sent_ = 0, booked_ = 0, no_shipment_ = 0, missing_ = 0;
    std::map<std::string, std::int64_t> parked_;
};

} // namespace

Result<void> check_shipments(CheckContext& context) {
    return ShipmentCheck(context).run();
}

} // namespace blongo::sync

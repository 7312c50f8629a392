// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/plan/causes.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

std::string verdict_of(const OrderShipments& view, const config::Connection& connection) {
    if (!view.unsettled.empty())
        return "whether its last booking was carried out is not known: blongo looks at every run; if you know, say so with "
               "blongo unknown resolve " +
               fmt::to_string(view.order_id);
    if (view.parked) {
        const auto* cause = plan::find_cause(view.parked->cause);
        return fmt::format("parked since {}: {}. {} acts: {}", format_local(view.parked->since, connection.time_zone),
                           view.parked->detail, cause == nullptr ? "admin" : cause->owner, cause == nullptr ? "" : cause->remedy);
    }
    if (view.deliveries.empty()) return "nothing was sent yet: blongo books when the warehouse presses Send";
    const auto& last = view.deliveries.back().delivery;
    switch (last.state) {
    case DeliveryState::due: return "sent in the warehouse; booked at the next run of blongo shipments send";
    case DeliveryState::booking: return "being booked";
    case DeliveryState::booked: return "booked as " + package_words(last) + "; the label is not in Ongoing yet";
    case DeliveryState::labelled:
        return "booked as " + package_words(last) + "; the label is in Ongoing, the tracking page is waited for";
    case DeliveryState::done: return "sent: " + package_words(last) + "; label and tracking are in Ongoing";
    case DeliveryState::no_shipment: return "nothing was to be booked";
    case DeliveryState::cancelled: return "its package was cancelled: " + package_words(last);
    }
    return {};
}

Result<std::vector<std::string>> unsettled_of(state::Store& store, state::ConnectionKey key, BaseOrderId id,
                                              const std::string& zone) {
    std::vector<std::string> out;
    BLONGO_TRY(const auto open, unsettled_writes(store, key, "shipments"));
    for (const auto& intent : open) {
        const auto payload = json::Value::parse(intent.payload);
        if (!payload || (*payload)["order_id"].integer() != id.value()) continue;
        out.push_back(fmt::format("{} since {}: {}", intent.action, format_local(intent.created, zone),
                                  intent.result.empty() ? "no answer recorded" : intent.result));
    }
    return out;
}

} // namespace

Result<std::vector<ShipmentView>> list_shipments(const config::Connection& connection, std::optional<Timestamp> since, int limit,
                                                 const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    state::Deliveries deliveries(*opened.store, opened.key);
    state::Labels labels(*opened.store, opened.key, connection.shipments.label_dir);
    BLONGO_TRY(const auto waiting, state::Parked(*opened.store, opened.key).list("shipments"));
    std::map<std::string, state::ParkedRow> parked;
    for (const auto& row : waiting) parked.emplace(row.key, row);
    BLONGO_TRY(const auto rows, deliveries.list(since, limit));
    std::vector<ShipmentView> out;
    for (const auto& row : rows) {
        ShipmentView view;
        view.delivery = row;
        BLONGO_TRY(view.labels, labels.of_delivery(row.order_id, row.number));
        if (const auto found = parked.find(fmt::to_string(row.order_id)); found != parked.end()) view.parked = found->second;
        out.push_back(std::move(view));
    }
    return out;
}

Result<OrderShipments> show_shipments(const config::Connection& connection, BaseOrderId id, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    state::Deliveries deliveries(*opened.store, opened.key);
    state::Labels labels(*opened.store, opened.key, connection.shipments.label_dir);
    OrderShipments out;
    out.order_id = id;
    BLONGO_TRY(const auto order, state::Orders(*opened.store, opened.key).find(id));
    if (order) out.number = order->number;
    BLONGO_TRY(out.parked, state::Parked(*opened.store, opened.key).find("shipments", fmt::to_string(id)));
    BLONGO_TRY(const auto rows, deliveries.of_order(id));
    for (const auto& row : rows) {
        ShipmentView view;
        view.delivery = row;
        BLONGO_TRY(view.labels, labels.of_delivery(id, row.number));
        out.deliveries.push_back(std::move(view));
    }
    BLONGO_TRY(out.unsettled, unsettled_of(*opened.store, opened.key, id, connection.time_zone));
    if (!order && out.deliveries.empty())
        return fail(ErrorKind::not_found, fmt::format("blongo did not send order {} to Ongoing", id), {},
                    fmt::format("blongo why {}", id));
    out.verdict = verdict_of(out, connection);
    return out;
}

Result<std::vector<UnknownWrite>> list_unknown(const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    return list_unknown(opened);
}

Result<std::vector<UnknownWrite>> list_unknown(const OpenedState& opened) {
    BLONGO_TRY(const auto open, unsettled_writes(*opened.store, opened.key));
    state::Due due(*opened.store, opened.key);
    std::vector<UnknownWrite> out;
    for (const auto& intent : open) {
        const auto payload = json::Value::parse(intent.payload);
        if (!payload) continue;
        UnknownWrite row;
        row.order_id = order_of(*payload);
        row.delivery = (*payload)["number"].is_number() ? (*payload)["number"].integer() : 0;
        row.action = intent.action;
        row.detail = intent.result.empty() ? "no answer recorded" : intent.result;
        row.since = intent.created;
        const std::string_view flow = flow_of(intent);
        const bool given_up = (*payload)["given_up"].integer(0) != 0;
        const std::string_view what = is_booking(intent.action) ? "unknown resolve {}"
                                      : given_up                ? "unknown resolve {} --leave"
                                      : flow == "orders"        ? "orders sync --order {}"
                                                                : "shipments send {}";
        row.command = flow == "returns" ? "blongo returns sync" : "blongo " + fmt::format(fmt::runtime(what), row.order_id);
        if (row.delivery != 0) {
            BLONGO_TRY(const auto step, due.find(due_delivery, delivery_key(row.order_id, row.delivery)));
            if (step) row.next_look = step->at;
        }
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace blongo::sync

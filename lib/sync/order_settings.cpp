// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_settings.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/sync/status_names.hpp>

namespace blongo::sync {

Result<OrderStatusId> StatusNames::operator()(const config::StatusRef& status) {
    if (status.name.empty()) return OrderStatusId{status.id};
    if (!read_) {
        BLONGO_TRY(known_, session_.baselinker().get_order_status_list());
        read_ = true;
    }
    std::vector<NamedStatus> names;
    for (const auto& known : known_) names.push_back({known.id.value(), known.name});
    BLONGO_TRY(const std::int64_t id,
               status_called(status.name, names, "status", fmt::format("[connections.{}]", session_.connection().name)));
    return OrderStatusId{id};
}

OrderStatusId OrderStatuses::error_status(const std::string& cause) const {
    auto found = on_error.find(cause);
    // A person's own decision is no error: only a status that is named for it is meant.
    if (found == on_error.end() && cause != "on_hold") found = on_error.find("default");
    return found == on_error.end() ? OrderStatusId{} : found->second;
}

bool OrderStatuses::is_error_status(OrderStatusId status) const {
    return std::any_of(on_error.begin(), on_error.end(), [&](const auto& row) { return row.second == status; });
}

bool OrderStatuses::is_warehouse_status(OrderStatusId status) const {
    return std::any_of(by_warehouse.begin(), by_warehouse.end(), [&](const auto& row) { return row.second == status; });
}

std::set<OrderStatusId> OrderStatuses::watched() const {
    std::set<OrderStatusId> out = cancel;
    out.insert({after_import, cancel_refused});
    for (const auto& [cause, status] : on_error) out.insert(status);
    for (const auto& [number, status] : by_warehouse) out.insert(status);
    for (const auto& status : accepted) out.erase(status);
    out.erase(OrderStatusId{});
    return out;
}

plan::AdmissionRules admission_rules(const config::Orders& settings, const OrderStatuses& statuses) {
    return {statuses.accepted, settings.start_from, settings.import_delay, settings.order_sources, settings.exclude_sources};
}

Result<std::set<OrderStatusId>> resolve_cancel_statuses(Session& session, StatusNames& resolve) {
    std::set<OrderStatusId> out;
    for (const auto& status : session.connection().orders.cancel_statuses) {
        BLONGO_TRY(const auto id, resolve(status));
        out.insert(id);
    }
    return out;
}

Result<OrderStatuses> resolve_order_statuses(Session& session) {
    StatusNames resolve(session);
    return resolve_order_statuses(session, resolve);
}

Result<OrderStatuses> resolve_order_statuses(Session& session, StatusNames& resolve) {
    const auto& settings = session.connection().orders;
    OrderStatuses out;
    for (const auto& status : settings.statuses) {
        BLONGO_TRY(const auto id, resolve(status));
        out.accepted.insert(id);
    }
    BLONGO_TRY(out.after_import, resolve(settings.status_after_import));
    for (const auto& [cause, status] : settings.status_on_error) {
        BLONGO_TRY(const auto id, resolve(status));
        if (id.value() != 0) out.on_error.emplace(cause, id);
    }
    BLONGO_TRY(out.cancel, resolve_cancel_statuses(session, resolve));
    BLONGO_TRY(out.cancel_refused, resolve(settings.status_after_cancel_refused));
    for (const auto& [number, status] : settings.status_by_warehouse) {
        BLONGO_TRY(const auto id, resolve(status));
        if (id.value() != 0) out.by_warehouse.emplace(number, id);
    }
    for (const auto& status : settings.finished_statuses) {
        BLONGO_TRY(const auto id, resolve(status));
        out.finished.insert(id);
    }
    const auto& shipments = session.connection().shipments;
    std::vector<config::StatusRef> after_send{shipments.status_after_send};
    for (const auto& rule : shipments.couriers) after_send.push_back(rule.status_after_send);
    for (const auto& status : after_send) {
        BLONGO_TRY(const auto id, resolve(status));
        if (id.value() != 0) out.finished.insert(id);
    }
    BLONGO_TRY(out.after_short_send, resolve(shipments.status_after_short_send));
    return out;
}

} // namespace blongo::sync

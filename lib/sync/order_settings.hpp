// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <blongo/plan/admission.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Write-back settings with their statuses resolved.
struct OrderStatuses {
    std::set<OrderStatusId> accepted;
    OrderStatusId after_import;                         ///< 0: leave
    std::map<std::string, OrderStatusId> on_error;      ///< by cause; "default" for all others
    std::set<OrderStatusId> cancel;                     ///< cancel_statuses
    OrderStatusId cancel_refused;                       ///< status_after_cancel_refused; 0: leave
    std::map<std::int64_t, OrderStatusId> by_warehouse; ///< by Ongoing's status number
    std::set<OrderStatusId> finished;                   ///< finished_statuses, and what shipments set after a complete Send
    OrderStatusId after_short_send;                     ///< what shipments set after a short Send; 0: leave
    [[nodiscard]] OrderStatusId error_status(const std::string& cause) const;
    /// Whether status_on_error may have moved an order here.
    [[nodiscard]] bool is_error_status(OrderStatusId status) const;
    /// Whether a write-back of ours may have moved an order here because of what the warehouse does.
    [[nodiscard]] bool is_warehouse_status(OrderStatusId status) const;
    /// Statuses besides the accepted ones in which an imported order may stand without anybody's doing but ours, and those
    /// that cancel.
    [[nodiscard]] std::set<OrderStatusId> watched() const;
    /// Accepted, or moved by status_on_error: nobody else has moved the order.
    [[nodiscard]] bool is_ours(OrderStatusId status) const { return accepted.contains(status) || is_error_status(status); }
    /// Whether an order of this status is still to be sent: ours, or as status_after_import leaves it.
    [[nodiscard]] bool waits(OrderStatusId status) const {
        return is_ours(status) || (after_import.value() != 0 && status == after_import);
    }
};

/// Turns the statuses of the configuration into ids. Names are looked up in BaseLinker's list, which costs one call at the
/// first name; without names nothing is asked. A name that is not there, or there twice, is ErrorKind::config with
/// the names that are.
class StatusNames {
public:
    explicit StatusNames(Session& session) : session_(session) {}
    Result<OrderStatusId> operator()(const config::StatusRef& status);

private:
    Session& session_;
    std::vector<baselinker::OrderStatus> known_;
    bool read_ = false;
};

/// cancel_statuses as ids; none when it says "none".
[[nodiscard]] Result<std::set<OrderStatusId>> resolve_cancel_statuses(Session& session, StatusNames& resolve);
/// Which orders are admitted, by the settings.
[[nodiscard]] plan::AdmissionRules admission_rules(const config::Orders& settings, const OrderStatuses& statuses);
/// The statuses of [connections.X.orders] as ids.
[[nodiscard]] Result<OrderStatuses> resolve_order_statuses(Session& session);
[[nodiscard]] Result<OrderStatuses> resolve_order_statuses(Session& session, StatusNames& resolve);

} // namespace blongo::sync

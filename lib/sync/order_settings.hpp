// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Write-back settings with their statuses resolved.
struct OrderStatuses {
    std::set<OrderStatusId> accepted;
    OrderStatusId after_import;                     ///< 0: leave
    std::map<std::string, OrderStatusId> on_error;  ///< by cause; "default" for all others
    [[nodiscard]] OrderStatusId error_status(const std::string& cause) const;
    /// Whether status_on_error may have moved an order here.
    [[nodiscard]] bool is_error_status(OrderStatusId status) const;
};

/// The statuses of [connections.X.orders] as ids. Names are looked up in BaseLinker's list, which costs one
/// call; without names nothing is asked. A name that is not there, or there twice, is ErrorKind::config with
/// the names that are.
[[nodiscard]] Result<OrderStatuses> resolve_order_statuses(Session& session);

} // namespace blongo::sync

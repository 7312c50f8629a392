// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/sync/order_writer.hpp>

namespace blongo::sync {

/// The statuses of [connections.X.orders] as ids. Names are looked up in BaseLinker's list, which costs one
/// call; without names nothing is asked. A name that is not there, or there twice, is ErrorKind::config with
/// the names that are.
[[nodiscard]] Result<OrderStatuses> resolve_order_statuses(Session& session);

} // namespace blongo::sync

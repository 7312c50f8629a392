// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// Empties what the row of an order tells of its buyer, if the order was erased (orders.erased_at), and closes it.
/// Within a transaction; what SOCI throws passes through.
void blank_if_erased(Store::Session& session, ConnectionKey connection, BaseOrderId order);

} // namespace blongo::state

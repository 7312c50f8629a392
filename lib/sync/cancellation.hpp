// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// shipments cancel: deleteCourierPackage, never forced; what counts is what getOrderPackages shows afterwards (flows.md
/// Shipments 16). True: the package is gone, and the delivery covers nothing any more.
[[nodiscard]] Result<bool> cancel(SendContext& context, const state::DeliveryRow& row);

/// Deletes label files of a cancelled package that are still in Ongoing.
[[nodiscard]] Result<void> clear_away(SendContext& context, const state::DeliveryRow& row);

/// Cancellations whose end no run saw: settled by looking whether the package is still there.
[[nodiscard]] Result<void> recover_cancellations(SendContext& context, const std::set<BaseOrderId>& only);

} // namespace blongo::sync

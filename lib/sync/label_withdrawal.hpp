// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// privacy.delete_labels_in_ongoing_after: label files that this connection put to orders in Ongoing longer ago than that,
/// and on whose delivery nothing is left to do, are deleted there (Ongoing: Orders_DeleteFile). A run deletes a few of
/// them, the oldest first; what Ongoing refuses is told, and tried again by the next run.
[[nodiscard]] Result<void> withdraw_labels(SendContext& context);

} // namespace blongo::sync

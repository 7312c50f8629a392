// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/reader.hpp>

/// Decoders of order answers (contract section 3), from the root of a SUCCESS answer.
namespace blongo::baselinker {

[[nodiscard]] Result<OrdersPage> decode_orders(json::Node root);
/// Entries in ascending log_id order; what has no id or order is left out.
[[nodiscard]] Result<std::vector<JournalEntry>> decode_journal(json::Node root);

} // namespace blongo::baselinker

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/baselinker/return_wire.hpp>
#include <blongo/json/reader.hpp>

/// Decoders of answers about returns (contract 3.6), from the root of a SUCCESS answer.
namespace blongo::baselinker {

[[nodiscard]] Result<ReturnsPage> decode_returns(json::Node root);
[[nodiscard]] Result<std::vector<ReturnStatus>> decode_return_statuses(json::Node root);
/// Entries in ascending log_id order; what has no id or return is left out.
[[nodiscard]] Result<std::vector<ReturnJournalEntry>> decode_return_journal(json::Node root);

} // namespace blongo::baselinker

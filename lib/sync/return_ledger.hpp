// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/json/value.hpp>
#include <blongo/state/returns.hpp>

namespace blongo::sync {

/// What the ledger will keep of a return, as it travels in an intent's payload, so that recovery can write the row.
[[nodiscard]] json::Value entry_to_json(const state::ReturnEntry& entry);
[[nodiscard]] state::ReturnEntry entry_from_json(const json::Value& value);

} // namespace blongo::sync

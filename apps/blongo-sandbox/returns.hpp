// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// Puts the given members over the return with the same return_id (or makes it), with the events of the difference
/// (baselinker.md 3.6): as a seller or a buyer does. Lines without an id get one. Returns it as stored.
Result<json::Value> change_base_return(Account& account, const json::Value& change, Timestamp now);

/// The statuses of returns; those of the sandbox, unless the dictionaries have "return_statuses".
[[nodiscard]] json::Value return_statuses(const Account& account);

/// A return order of the warehouse as the admin interface shows it, or nullptr.
[[nodiscard]] json::Value* find_return_order(GoodsOwner& owner, std::string_view number);

/// What people in the warehouse do with a return order: {"returnOrderNumber", "receive": {rowNumber: pieces}, or true for
/// all of it; "expect": {rowNumber: pieces}; "remove": [rowNumber]; "status"}. Received pieces go on the shelf and on
/// the order's line; a return order of which all has come is finished (500).
[[nodiscard]] Result<void> work_on_return(GoodsOwner& owner, const json::Value& task, Timestamp now);

} // namespace blongo::sandbox

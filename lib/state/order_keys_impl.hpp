// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <soci/soci.h>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// By what rows are of an order.
struct OrderKeys {
    BaseOrderId order;
    std::vector<std::int64_t> returns; ///< BaseLinker's ids
};
[[nodiscard]] OrderKeys keys_of(soci::session& sql, ConnectionKey connection, BaseOrderId order);

/// Conditions on `key` that together fit the rows of an order in intents and due; an index finds each of them.
[[nodiscard]] std::vector<std::string> write_conditions(const OrderKeys& keys);
/// The same on `flow` and `key` of parked.
[[nodiscard]] std::vector<std::string> parked_conditions(const OrderKeys& keys);

/// The order, or the return, of which an intent is, by its key: "order:84512345", "return:77"; "": neither.
[[nodiscard]] std::string owner_of_key(const std::string& key);

} // namespace blongo::state

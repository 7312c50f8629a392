// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

struct LabelCopies {
    std::int64_t copied = 0;
    std::int64_t lost = 0; ///< their bytes are gone or damaged
};

/// Copies the stored labels of a connection, whose rows are in both states, from where the one keeps them (database, folder)
/// to where the other does. `label_dir`: as in Labels, of both. Each is checked against its hash.
[[nodiscard]] Result<LabelCopies> copy_label_bytes(Store& from, Store& to, ConnectionKey connection,
                                                   const std::string& label_dir);

/// Puts the bytes of those labels into the database `to`, a copy of the SQLite state, which is in a transaction. What is gone by
/// now is counted as lost.
[[nodiscard]] Result<LabelCopies> keep_label_bytes(Store& from, Store::Session& to, ConnectionKey connection,
                                                   const std::string& label_dir);

/// Orders with labels that are stored, ascending.
[[nodiscard]] Result<std::vector<BaseOrderId>> orders_with_labels(Store& store, ConnectionKey connection);

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// A table whose rows belong to connections, by its column `connection`.
struct OwnedTable {
    std::string_view name;
    std::string_view words; ///< what a row is, for people: "orders"
};
/// Every table with a column `connection`: what is erased with a connection. A new table of that kind stands here, too.
/// The audit has none: it stays, without its words.
[[nodiscard]] std::span<const OwnedTable> owned_tables() noexcept;

/// What the state holds of one connection.
struct Belongings {
    struct Count {
        std::string table, words;
        std::int64_t rows = 0;
    };
    std::vector<Count> counts;    ///< without tables that hold nothing, in the order of owned_tables()
    std::int64_t kept_labels = 0; ///< label rows whose stored file was not erased yet
};
[[nodiscard]] Result<Belongings> belongings_of(Store& store, ConnectionKey connection);

/// Erases the connection's rows in all tables and its own row, in one transaction. Answers what it erased. The caller has
/// made sure that nothing runs for it.
[[nodiscard]] Result<Belongings> erase_connection(Store& store, ConnectionKey connection);

/// Where the stored labels of a connection are with SQLite; `label_dir` as in Labels. Empty with PostgreSQL.
[[nodiscard]] std::string label_folder(const Store& store, ConnectionKey connection, const std::string& label_dir);
/// The same of the SQLite state in this file.
[[nodiscard]] std::string label_folder_beside(const std::string& state_file, ConnectionKey connection,
                                              const std::string& label_dir);
/// Removes that folder with the label files in it; how many they were. ErrorKind::state.
[[nodiscard]] Result<std::int64_t> erase_label_files(const std::string& folder);

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A table as the migrations make it: what is copied when a state moves.
struct TableShape {
    struct Column {
        std::string name;
        bool is_number = false; ///< BIGINT; else text
    };
    std::string name;
    std::vector<Column> columns;
    bool counts = false; ///< its column id is given by the database and never given again
};

/// Every table of the newest schema but blongo_schema and moves, by name: those two belong to a place, everything else to
/// the state. Read from a database that the migrations make in memory, so that no table can be forgotten. The bytes of
/// labels are left out of `labels`: where they are differs from place to place. ErrorKind::internal: a column of another type.
[[nodiscard]] Result<std::vector<TableShape>> schema_tables(Clock& clock);

/// One value of a row.
struct CopiedValue {
    std::int64_t number = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
};
using CopiedRow = std::vector<CopiedValue>;

/// Rows counted and summed up, in whatever order they come.
struct Tally {
    std::int64_t rows = 0;
    std::array<std::uint64_t, 4> sum{}; ///< of the rows' SHA-256, four numbers each
    void add(const TableShape& table, const CopiedRow& row);
    friend bool operator==(const Tally&, const Tally&) = default;
};

/// Reads a whole table; never all of it at once with SQLite.
[[nodiscard]] Result<Tally> read_table(Store::Session& session, const TableShape& table,
                                       const std::function<Result<void>(const CopiedRow&)>& row);

/// Writes rows into a table of another session, which is in a transaction; flush() after the last.
class TableWriter {
public:
    TableWriter(Store::Session& session, const TableShape& table) : session_(session), table_(table) {}
    [[nodiscard]] Result<void> put(const CopiedRow& row);
    [[nodiscard]] Result<void> flush();

private:
    Store::Session& session_;
    const TableShape& table_;
    std::vector<CopiedRow> waiting_;
};

/// Statements that make the triggers of a table again.
using Guards = std::vector<std::string>;

/// Takes the triggers of a table away until put_back(), both within one transaction: only `state move` may fill a table
/// that is append only.
[[nodiscard]] Result<Guards> lift_guards(Store::Session& session, const std::string& table);
[[nodiscard]] Result<void> put_back(Store::Session& session, const Guards& guards);

/// The highest id that a table which counts has given, rows that are gone included; 0: none.
[[nodiscard]] Result<std::int64_t> last_id(Store::Session& session, const TableShape& table);
/// From now on it gives higher ones.
[[nodiscard]] Result<void> set_last_id(Store::Session& session, const TableShape& table, std::int64_t last);

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A table of the ledger whose rows are read and written whole. Its primary key is the column
/// `connection` and the first `keys` of `columns`.
struct Table {
    std::string name;
    std::vector<std::string> columns; ///< without `connection`, in the order in which they are bound
    std::size_t keys = 1;
};

/// "SELECT <columns> FROM <table> WHERE connection = <connection> <rest>".
[[nodiscard]] std::string select_text(const Table& table, const std::string& rest, const std::string& connection = ":c");

/// INSERT of `rows` rows; one whose key is known replaces what stands there.
[[nodiscard]] std::string upsert_text(const Table& table, std::size_t rows);

constexpr std::size_t keys_per_query = 500;
/// SQLite: SOCI binds one row fastest. PostgreSQL: each statement is a journey to the server.
constexpr std::size_t rows_per_insert_sqlite = 1, rows_per_insert_postgresql = 20;

// `Values` below holds one row in the types that SOCI binds:
//   static const Table& table();
//   static void each(self, body);   calls body(value) for every value of self, in the order of the table's columns
//   Row row() const;

/// All rows of one connection that fit `rest`; `bind(statement)` adds what `rest` needs.
template <class Values, class Bind>
auto select_rows(soci::session& sql, const ConnectionKey& connection, const std::string& rest, Bind&& bind) {
    Values values;
    soci::statement statement(sql);
    Values::each(values, [&](auto& value) { read_value(statement, value); });
    statement.exchange(soci::use(connection));
    bind(statement);
    statement.alloc();
    statement.prepare(select_text(Values::table(), rest));
    statement.define_and_bind();
    std::vector<decltype(values.row())> rows;
    statement.execute();
    while (statement.fetch()) rows.push_back(values.row());
    return rows;
}

/// A prepared INSERT of `values.size()` rows, executed again with new contents.
template <class Values> class Upsert {
public:
    Upsert(soci::session& sql, const ConnectionKey& connection, const std::vector<Values>& values) : statement_(sql) {
        for (const Values& row : values) {
            statement_.exchange(soci::use(connection));
            Values::each(row, [&](const auto& value) { write_value(statement_, value); });
        }
        statement_.alloc();
        statement_.prepare(upsert_text(Values::table(), values.size()));
        statement_.define_and_bind();
    }
    void execute() { statement_.execute(true); }

private:
    soci::statement statement_;
};

/// Inserts or replaces `count` rows of different keys; `make(i)` gives the Values of each.
template <class Values, class Make>
void upsert_rows(soci::session& sql, const ConnectionKey& connection, std::size_t count, Make&& make) {
    const std::size_t rows_per_insert =
        sql.get_backend_name() == "postgresql" ? rows_per_insert_postgresql : rows_per_insert_sqlite;
    const std::size_t whole = count - count % rows_per_insert;
    std::size_t next = 0;
    if (whole > 0) {
        std::vector<Values> values(rows_per_insert);
        Upsert<Values> insert(sql, connection, values);
        while (next < whole) {
            for (Values& value : values) value = make(next++);
            insert.execute();
        }
    }
    if (next < count) {
        std::vector<Values> values;
        while (next < count) values.push_back(make(next++));
        Upsert<Values>(sql, connection, values).execute();
    }
}

/// The last of each key, in their order: one INSERT must not meet a key twice.
template <class Row, class KeyOf> std::vector<const Row*> without_doubles(std::span<const Row> rows, KeyOf&& key_of) {
    std::unordered_map<std::string_view, std::size_t> last;
    last.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) last[key_of(rows[i])] = i;
    std::vector<const Row*> out;
    out.reserve(last.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (last[key_of(rows[i])] == i) out.push_back(&rows[i]);
    }
    return out;
}

/// Calls `body(bind, list)` for slices of the keys, where `bind(statement)` adds the slice and `list` has its placeholders.
template <class Key, class Body> void in_slices(soci::session& sql, const std::vector<Key>& all, Body&& body) {
    for (std::size_t begin = 0; begin < all.size(); begin += keys_per_query) {
        const std::size_t count = std::min(keys_per_query, all.size() - begin);
        const auto bind = [&](soci::statement& statement) {
            for (std::size_t i = 0; i < count; ++i) statement.exchange(soci::use(all[begin + i]));
        };
        body(bind, placeholders(sql, count));
    }
}

/// Executes `text`, which ends with "IN ", once for each slice of the keys; `bind_first(statement)` adds what it names before.
template <class Key, class BindFirst>
void execute_for_keys(soci::session& sql, const std::vector<Key>& keys, const std::string& text, BindFirst&& bind_first) {
    in_slices(sql, keys, [&](const auto& bind, const std::string& list) {
        soci::statement statement(sql);
        bind_first(statement);
        bind(statement);
        statement.alloc();
        statement.prepare(text + list);
        statement.define_and_bind();
        statement.execute(true);
    });
}

/// The values of ids, as SOCI binds them.
template <class Id> std::vector<typename Id::rep> bound(std::span<const Id> ids) {
    std::vector<typename Id::rep> out;
    out.reserve(ids.size());
    for (const Id& id : ids) out.push_back(id.value());
    return out;
}

/// The rows of many orders of a table with a column of their ids: each once, ascending.
template <class Values, class OrderId> auto select_orders(soci::session& sql, const ConnectionKey& connection,
                                                          std::span<const OrderId> orders,
                                                          const std::string& column = "order_id") {
    std::vector<std::int64_t> ids = bound(orders);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<decltype(Values().row())> found;
    in_slices(sql, ids, [&](const auto& bind, const std::string& list) {
        auto rows = select_rows<Values>(sql, connection, "AND " + column + " IN " + list + " ORDER BY " + column, bind);
        std::move(rows.begin(), rows.end(), std::back_inserter(found));
    });
    return found;
}

[[nodiscard]] inline std::string limited(int limit) {
    return " LIMIT " + std::to_string(limit);
}

} // namespace blongo::state

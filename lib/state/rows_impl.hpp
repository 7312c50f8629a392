// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/kept_statement_impl.hpp>

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
constexpr std::size_t rows_per_insert = 20;

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

/// A SELECT by some values, executed again with others. `Which`: their types, a tuple Key, and what they are for, rest.
template <class Values, class Which> struct KeptSelect : Store::Session::Kept {
    [[nodiscard]] static const std::string& text() {
        static const std::string text = select_text(Values::table(), std::string(Which::rest));
        return text;
    }
    auto execute(Store::Session& session) {
        std::vector<decltype(values.row())> rows;
        const auto bind = [&](soci::statement& bound) {
            Values::each(values, [&](auto& value) { read_value(bound, value); });
            bound.exchange(soci::use(connection));
            std::apply([&](const auto&... value) { (bound.exchange(soci::use(value)), ...); }, key);
        };
        statement.execute(session, text(), bind, [&] { rows.push_back(values.row()); });
        return rows;
    }

    ConnectionKey connection = 0;
    typename Which::Key key{};

private:
    Values values;
    KeptStatement statement;
};

/// The rows of one connection that fit the values, by a statement that this session has compiled before, or compiles and keeps.
template <class Values, class Which, class... Given>
auto select_kept(Store::Session& session, const ConnectionKey& connection, const Given&... given) {
    auto& kept = session.kept<KeptSelect<Values, Which>>(KeptSelect<Values, Which>::text());
    kept.connection = connection;
    kept.key = typename Which::Key(given...);
    return kept.execute(session);
}

/// Of one order.
struct ByOrder {
    using Key = std::tuple<std::int64_t>;
    static constexpr std::string_view rest = "AND order_id = :o";
};

/// An INSERT of some rows, executed again with new contents.
template <class Values> struct Upsert : Store::Session::Kept {
    explicit Upsert(std::size_t rows = 1) : values(rows) {}
    void execute(Store::Session& session) {
        const std::string text_of_many = values.size() == 1 ? std::string{} : upsert_text(Values::table(), values.size());
        statement.execute(session, values.size() == 1 ? text_of_one() : text_of_many, [&](soci::statement& bound) {
            for (const Values& row : values) {
                bound.exchange(soci::use(connection));
                Values::each(row, [&](const auto& value) { write_value(bound, value); });
            }
        });
    }

    [[nodiscard]] static const std::string& text_of_one() {
        static const std::string text = upsert_text(Values::table(), 1);
        return text;
    }

    ConnectionKey connection = 0;
    std::vector<Values> values;

private:
    KeptStatement statement;
};

/// Inserts or replaces `count` rows of different keys; `make(i)` gives the Values of each.
template <class Values, class Make>
void upsert_rows(Store::Session& session, const ConnectionKey& connection, std::size_t count, Make&& make) {
    if (!session.postgresql()) { // one row is bound fastest, and its statement is kept
        auto& insert = session.kept<Upsert<Values>>(Upsert<Values>::text_of_one());
        insert.connection = connection;
        for (std::size_t i = 0; i < count; ++i) {
            insert.values.front() = make(i);
            insert.execute(session);
        }
        return;
    }
    for (std::size_t next = 0; next < count;) { // each statement is a journey to the server
        Upsert<Values> insert(std::min(rows_per_insert, count - next));
        insert.connection = connection;
        for (Values& row : insert.values) row = make(next++);
        insert.execute(session);
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

// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/personal.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/base/keyed.hpp>
#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/order_keys_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

using Columns = std::vector<std::string>;

/// Every table with its columns, from the database's own catalogue.
std::map<std::string, Columns> catalogue(Store& store, soci::session& sql) {
    std::map<std::string, Columns> tables;
    std::string table, column;
    soci::statement statement =
        (sql.prepare
             << (store.is_postgresql()
                     ? "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns WHERE "
                       "table_schema = "
                       "current_schema() ORDER BY table_name, ordinal_position"
                     : "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                       "m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"),
         soci::into(table), soci::into(column));
    statement.execute();
    while (statement.fetch()) tables[table].push_back(column);
    return tables;
}

bool has(const Columns& columns, const std::string& name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// Calls body(texts) with the columns of each row that fits `rest` as text; the connection is bound if `rest` names it.
template <class Body> void each_row(soci::session& sql, const std::string& table, const Columns& columns, const std::string& rest,
                                    const std::vector<std::int64_t>& bound, Body&& body) {
    std::string query = "SELECT ";
    for (const std::string& column : columns)
        query += fmt::format("{}COALESCE(CAST({} AS TEXT), '')", column == columns.front() ? "" : ", ", column);
    std::vector<std::string> texts(columns.size());
    soci::statement statement(sql);
    for (std::string& text : texts) statement.exchange(soci::into(text));
    for (const std::int64_t& number : bound) statement.exchange(soci::use(number));
    statement.alloc();
    statement.prepare(query + " FROM " + table + " " + rest);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) body(texts);
}

std::string readable(const std::string& key, const std::string& table, const std::string& column, const std::string& text) {
    if (table == "labels" && column == "bytes") return base64_decode(text).value_or("");
    return unseal(key, text).value_or("");
}

/// The rows of a table that are of an order: its condition; "": the table has none. `names`: of the order in the audit.
std::string rows_of(const std::string& table, const Columns& columns, const OrderKeys& keys,
                    const std::vector<std::string>& names) {
    const std::int64_t id = keys.order.value();
    if (table == "audit_words") return fmt::format("chain = :c AND object IN ('{}')", join(names, "', '"));
    if (!has(columns, "connection")) return {};
    if (has(columns, "order_id")) return fmt::format("connection = :c AND order_id = {}", id);
    if (table == "return_lines") {
        std::string returns = "0";
        for (const std::int64_t back : keys.returns) returns += fmt::format(", {}", back);
        return fmt::format("connection = :c AND return_id IN ({})", returns);
    }
    if (table == "sightings")
        return fmt::format(
            "connection = :c AND ongoing_id <> 0 AND ongoing_id IN (SELECT ongoing_id FROM orders WHERE orders.connection = "
            "sightings.connection AND order_id = {})",
            id);
    if (table == "parked") return fmt::format("connection = :c AND ({})", join(parked_conditions(keys), " OR "));
    if (!has(columns, "key") || has(columns, "flow")) return {};
    return fmt::format("connection = :c AND ({})", join(write_conditions(keys), " OR "));
}

bool wal_is_emptied(soci::session& sql) {
    int busy = 0, frames = 0, moved = 0;
    sql << "PRAGMA wal_checkpoint(TRUNCATE)", soci::into(busy), soci::into(frames), soci::into(moved);
    return busy == 0;
}

} // namespace

Result<void> empty_wal(Store& store) {
    if (store.is_postgresql() || store.read_only()) return {};
    return reading(store.session(), "empty the WAL", [&](soci::session& sql) -> Result<void> {
        int wait = 0;
        sql << "PRAGMA busy_timeout", soci::into(wait);
        sql << "PRAGMA busy_timeout = 100"; // nobody waits for this
        (void)wal_is_emptied(sql);          // else by whoever closes the file last
        sql << fmt::format("PRAGMA busy_timeout = {}", wait);
        return {};
    });
}

Result<std::vector<HeldText>> find_text(Store& store, const std::string& text) {
    return reading(store.session(), "search the state", [&](soci::session& sql) -> Result<std::vector<HeldText>> {
        const std::string wanted = fold_case(text);
        const std::string& key = store.session().mark_key();
        std::vector<HeldText> found;
        for (const auto& [table, all] : catalogue(store, sql)) {
            if (table == "state_keys" || table == "blongo_schema") continue;
            each_row(sql, table, all, "", {}, [&](const std::vector<std::string>& texts) {
                HeldText row;
                row.table = table;
                for (std::size_t i = 0; i < all.size(); ++i) {
                    if (all[i] == "connection" || all[i] == "chain") row.connection = parse_id(texts[i]).value_or(0);
                    const bool names_it = all[i] == "order_id" || all[i] == "key" || all[i] == "object" || all[i] == "number";
                    if (names_it && row.object.empty()) row.object = texts[i];
                }
                for (std::size_t i = 0; i < all.size(); ++i) {
                    if (fold_case(readable(key, table, all[i], texts[i])).find(wanted) == std::string::npos) continue;
                    row.column = all[i];
                    found.push_back(row);
                }
            });
        }
        return found;
    });
}

Result<std::vector<HeldRow>> held_of(Store& store, ConnectionKey connection, BaseOrderId order) {
    return reading(store.session(), "read what is held of an order", [&](soci::session& sql) -> Result<std::vector<HeldRow>> {
        const std::string& key = store.session().mark_key();
        const OrderKeys keys = keys_of(sql, connection, order);
        BLONGO_TRY(const auto names, audit_names_of(store, connection, order));
        std::vector<HeldRow> found;
        for (auto& [table, all] : catalogue(store, sql)) {
            const std::string fits = rows_of(table, all, keys, names);
            if (fits.empty()) continue;
            Columns columns = all;
            std::erase(columns, "bytes");
            each_row(sql, table, columns, "WHERE " + fits, {connection}, [&](const std::vector<std::string>& texts) {
                HeldRow row{table, {}};
                for (std::size_t i = 0; i < columns.size(); ++i)
                    row.columns.emplace_back(columns[i], readable(key, table, columns[i], texts[i]));
                found.push_back(std::move(row));
            });
        }
        return found;
    });
}

Result<void> scrub(Store& store) {
    if (store.is_postgresql() || store.read_only()) return {};
    return reading(store.session(), "write the state anew without what was erased", [&](soci::session& sql) -> Result<void> {
        sql << "VACUUM";
        if (wal_is_emptied(sql)) return {};
        return fail(ErrorKind::locked, "the rows are erased, but another process keeps their bytes in the WAL", store.path(),
                    "run the command again when nothing works with this state");
    });
}

} // namespace blongo::state

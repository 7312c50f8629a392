// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/personal.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/base/keyed.hpp>
#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

constexpr int orders_at_once = 200;

using Columns = std::vector<std::string>;

/// Every table with its columns, from the database's own catalogue.
std::map<std::string, Columns> catalogue(Store& store, soci::session& sql) {
    std::map<std::string, Columns> tables;
    std::string table, column;
    soci::statement statement =
        (sql.prepare << (store.is_postgresql()
                             ? "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = "
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
template <class Body>
void each_row(soci::session& sql, const std::string& table, const Columns& columns, const std::string& rest,
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

/// "key is of this order": the forms of keys of intents, due, parked and alerts.
std::string key_fits(const std::string& column, BaseOrderId order) {
    const std::string id = std::to_string(order.value());
    return fmt::format("({0} = '{1}' OR {0} LIKE '%:{1}' OR {0} LIKE '%:{1}:%' OR {0} LIKE '{1}:%')", column, id);
}

/// The rows of a table that are of an order: its condition; "": the table has none.
std::string rows_of(const std::string& table, const Columns& columns, BaseOrderId order) {
    const std::int64_t id = order.value();
    if (table == "audit_words") return fmt::format("chain = :c AND object = 'order:{}'", id);
    if (!has(columns, "connection")) return {};
    if (has(columns, "order_id")) return fmt::format("connection = :c AND order_id = {}", id);
    if (table == "return_lines")
        return fmt::format("connection = :c AND return_id IN (SELECT return_id FROM returns WHERE returns.connection = return_lines.connection "
                           "AND order_id = {})",
                           id);
    if (table == "sightings")
        return fmt::format("connection = :c AND ongoing_id <> 0 AND ongoing_id IN (SELECT ongoing_id FROM orders WHERE orders.connection = "
                           "sightings.connection AND order_id = {})",
                           id);
    const bool has_keys = has(columns, "key") && (!has(columns, "flow") || table == "parked");
    if (!has_keys) return {};
    const std::string flows = table == "parked" ? " AND flow NOT IN ('articles', 'stock')" : "";
    return fmt::format("connection = :c AND {}{}", key_fits("key", order), flows);
}

void change(soci::session& sql, ConnectionKey connection, const std::string& statement) {
    sql << statement, soci::use(connection);
}

/// The part of an erasure that is the same for all: everything but the audit.
void erase_rows(soci::session& sql, ConnectionKey connection, BaseOrderId order, std::int64_t now) {
    const std::string id = std::to_string(order.value());
    change(sql, connection,
           fmt::format("UPDATE orders SET fingerprint = '', agreed = '', source_mark = '', tried = '', erased_at = {0}, closed_at = CASE WHEN "
                       "closed_at = 0 THEN {0} ELSE closed_at END WHERE connection = :c AND order_id = {1}",
                       now, id));
    change(sql, connection,
           fmt::format("UPDATE deliveries SET kept_instruction = '', tracking_url = '' WHERE connection = :c AND order_id = {}", id));
    std::string keys = key_fits("key", order);
    change(sql, connection,
           "UPDATE intents SET payload = '{}', result = '', fingerprint = '' WHERE connection = :c AND state NOT IN (0, 3) AND " + keys);
    change(sql, connection,
           fmt::format("UPDATE intents SET payload = '{{}}', result = '', fingerprint = '' WHERE connection = :c AND state NOT IN (0, 3) AND key "
                       "IN (SELECT 'return/' || CAST(return_id AS TEXT) FROM returns WHERE returns.connection = intents.connection AND order_id = {})",
                       id));
    change(sql, connection,
           "UPDATE parked SET detail = '', label = '' WHERE connection = :c AND flow NOT IN ('articles', 'stock') AND " + keys);
    change(sql, connection, fmt::format("UPDATE holds SET reason = '' WHERE connection = :c AND order_id = {}", id));
}

} // namespace

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
        std::vector<HeldRow> found;
        for (auto& [table, all] : catalogue(store, sql)) {
            const std::string fits = rows_of(table, all, order);
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

Result<std::string> work_on(Store& store, ConnectionKey connection, BaseOrderId order) {
    return reading(store.session(), "see whether an order is worked on", [&](soci::session& sql) -> Result<std::string> {
        std::int64_t writes = 0, sends = 0, waiting = 0;
        sql << "SELECT COUNT(*) FROM intents WHERE connection = :c AND state IN (0, 3) AND " + key_fits("key", order), soci::use(connection),
            soci::into(writes);
        sql << fmt::format("SELECT COUNT(*) FROM deliveries WHERE connection = :c AND state < 4 AND order_id = {}", order.value()),
            soci::use(connection), soci::into(sends);
        sql << fmt::format("SELECT COUNT(*) FROM orders WHERE connection = :c AND order_id = {0} AND state = 0 AND closed_at = 0 AND NOT EXISTS "
                           "(SELECT 1 FROM deliveries d WHERE d.connection = orders.connection AND d.order_id = {0} AND d.state >= 4)",
                           order.value()),
            soci::use(connection), soci::into(waiting);
        if (waiting > 0) return "the warehouse has not sent it yet";
        if (writes > 0) return "a write is under way, or of unknown outcome";
        return sends > 0 ? std::string("its shipment is not done yet") : std::string{};
    });
}

Result<void> erase_personal(Store& store, ConnectionKey connection, BaseOrderId order, const std::string& verb) {
    return writing(store, "erase personal data", [&](soci::session& sql) -> Result<void> {
        erase_rows(sql, connection, order, store.session().now_milliseconds());
        BLONGO_TRY(const auto names, audit_names_of(store, connection, order));
        BLONGO_CHECK(erase_audit_words(store, connection, names, {.object = names.front(), .verb = verb, .outcome = "done"}, true));
        return {};
    });
}

Result<std::int64_t> expire_personal(Store& store, ConnectionKey connection, Timestamp finished_before) {
    const std::int64_t before = to_unix_milliseconds(finished_before);
    std::int64_t expired = 0;
    for (;;) {
        BLONGO_TRY(const auto orders, reading(store.session(), "read the finished orders", [&](soci::session& sql) -> Result<std::vector<BaseOrderId>> {
            std::vector<BaseOrderId> out;
            std::int64_t order = 0;
            soci::statement statement =
                (sql.prepare << fmt::format("SELECT order_id FROM orders WHERE connection = :c AND erased_at = 0 AND ((closed_at > 0 AND closed_at < "
                                            ":b) OR (closed_at = 0 AND state <> 0 AND seen_at < :b2)) ORDER BY order_id LIMIT {}",
                                            orders_at_once),
                 soci::into(order), soci::use(connection), soci::use(before), soci::use(before));
            statement.execute();
            while (statement.fetch()) out.push_back(BaseOrderId{order});
            return out;
        }));
        if (orders.empty()) return expired;
        BLONGO_CHECK(writing(store, "erase personal data", [&](soci::session& sql) -> Result<void> {
            std::vector<std::string> names;
            for (const BaseOrderId order : orders) {
                erase_rows(sql, connection, order, store.session().now_milliseconds());
                BLONGO_TRY(const auto own, audit_names_of(store, connection, order));
                names.insert(names.end(), own.begin(), own.end());
            }
            BLONGO_CHECK(erase_audit_words(store, connection, names,
                                           {.verb = "expire", .outcome = "done", .code = fmt::format("{} orders", orders.size())}, false));
            return {};
        }));
        expired += static_cast<std::int64_t>(orders.size());
    }
}

Result<void> scrub(Store& store) {
    if (store.is_postgresql() || store.read_only()) return {};
    return reading(store.session(), "write the state anew without what was erased", [&](soci::session& sql) -> Result<void> {
        const auto empty_wal = [&] {
            int busy = 0, frames = 0, moved = 0;
            sql << "PRAGMA wal_checkpoint(TRUNCATE)", soci::into(busy), soci::into(frames), soci::into(moved);
            return busy == 0;
        };
        sql << "VACUUM";
        if (empty_wal()) return {};
        return fail(ErrorKind::locked, "the rows are erased, but another process keeps their bytes in the WAL", store.path(),
                    "run the command again when nothing works with this state");
    });
}

} // namespace blongo::state

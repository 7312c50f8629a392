// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <blongo/state/intents.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

std::vector<DueRow> select(soci::session& sql, ConnectionKey connection, std::int64_t until) {
    std::vector<DueRow> rows;
    DueRow row;
    std::int64_t at = 0;
    soci::statement statement = (sql.prepare << "SELECT id, kind, key, at, payload, attempt FROM due WHERE connection "
                                                "= :c AND at <= :until ORDER BY at, id",
                                 soci::into(row.id), soci::into(row.kind), soci::into(row.key), soci::into(at),
                                 soci::into(row.payload), soci::into(row.attempt), soci::use(connection),
                                 soci::use(until));
    statement.execute();
    while (statement.fetch()) {
        row.at = from_unix_milliseconds(at);
        rows.push_back(row);
    }
    return rows;
}

} // namespace

Result<void> Due::put(const DueRow& row) {
    return writing(store_, "record what is due", [&](soci::session& sql) -> Result<void> {
        const std::int64_t at = to_unix_milliseconds(row.at);
        sql << "INSERT INTO due (connection, kind, key, at, payload, attempt) VALUES (:c, :kind, :key, :at, :payload, "
               ":attempt) ON CONFLICT (connection, kind, key) DO UPDATE SET at = excluded.at, payload = "
               "excluded.payload, attempt = excluded.attempt",
            soci::use(connection_), soci::use(row.kind), soci::use(row.key), soci::use(at), soci::use(row.payload),
            soci::use(row.attempt);
        return {};
    });
}

Result<std::vector<DueRow>> Due::ready(Timestamp now) {
    return reading(store_.session(), "read what is due", [&](soci::session& sql) {
        return Result<std::vector<DueRow>>(select(sql, connection_, to_unix_milliseconds(now)));
    });
}

Result<std::vector<DueRow>> Due::all() {
    return reading(store_.session(), "read what is due", [&](soci::session& sql) {
        return Result<std::vector<DueRow>>(select(sql, connection_, std::numeric_limits<std::int64_t>::max()));
    });
}

Result<void> Due::erase(const std::string& kind, const std::string& key) {
    return writing(store_, "forget what was due", [&](soci::session& sql) -> Result<void> {
        sql << "DELETE FROM due WHERE connection = :c AND kind = :kind AND key = :key", soci::use(connection_),
            soci::use(kind), soci::use(key);
        return {};
    });
}

} // namespace blongo::state

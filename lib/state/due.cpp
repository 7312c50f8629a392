// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/intents.hpp>
#include <blongo/state/kept_statement_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_due = "read what is due";

/// Rows of the connection that fit `rest`; `bind(statement)` adds what it needs.
template <class Bind>
std::vector<DueRow> select(soci::session& sql, const ConnectionKey& connection, const std::string& rest, Bind&& bind) {
    std::vector<DueRow> rows;
    DueRow row;
    std::int64_t at = 0;
    soci::statement statement(sql);
    statement.exchange(soci::into(row.id));
    for (auto* text : {&row.kind, &row.key}) statement.exchange(soci::into(*text));
    statement.exchange(soci::into(at));
    statement.exchange(soci::into(row.payload));
    statement.exchange(soci::into(row.attempt));
    statement.exchange(soci::use(connection));
    bind(statement);
    statement.alloc();
    statement.prepare("SELECT id, kind, key, at, payload, attempt FROM due WHERE connection = :c " + rest + " ORDER BY at, id");
    statement.define_and_bind();
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
    return reading(store_.session(), read_due, [&](soci::session& sql) {
        const std::int64_t until = to_unix_milliseconds(now);
        return Result<std::vector<DueRow>>(select(sql, connection_, "AND at <= :until",
                                                  [&](soci::statement& statement) { statement.exchange(soci::use(until)); }));
    });
}

Result<std::vector<DueRow>> Due::all() {
    return reading(store_.session(), read_due, [&](soci::session& sql) {
        return Result<std::vector<DueRow>>(select(sql, connection_, "", [](soci::statement&) {}));
    });
}

Result<std::optional<DueRow>> Due::find(const std::string& kind, const std::string& key) {
    return reading(store_.session(), read_due, [&](soci::session&) {
        DueRow row;
        std::int64_t at = 0;
        const auto found = execute_kept(store_.session(),
                                        "SELECT id, kind, key, at, payload, attempt FROM due WHERE connection = :c AND kind = "
                                        ":kind AND key = :key",
                                        Out(row.id), Out(row.kind), Out(row.key), Out(at), Out(row.payload), Out(row.attempt),
                                        In(connection_), In(kind), In(key));
        row.at = from_unix_milliseconds(at);
        return Result<std::optional<DueRow>>(found.has_row ? std::optional(std::move(row)) : std::nullopt);
    });
}

Result<std::vector<DueRow>> Due::of_kind(const std::string& kind) {
    return reading(store_.session(), read_due, [&](soci::session& sql) {
        return Result<std::vector<DueRow>>(select(sql, connection_, "AND kind = :kind",
                                                  [&](soci::statement& statement) { statement.exchange(soci::use(kind)); }));
    });
}

Result<void> Due::erase(const std::string& kind, const std::string& key) {
    return writing(store_, "forget what was due", [&](soci::session&) -> Result<void> {
        execute_kept(store_.session(), "DELETE FROM due WHERE connection = :c AND kind = :kind AND key = :key", In(connection_),
                     In(kind), In(key));
        return {};
    });
}

} // namespace blongo::state

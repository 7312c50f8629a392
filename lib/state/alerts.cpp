// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/alerts.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

/// Stands before the kinds of quiet output: no kind of [notify] begins with it.
constexpr std::string_view quiet_mark = "-q:";

} // namespace

std::string Alerts::kept(const std::string& kind) const {
    return reader_ == AlertReader::quiet_output ? std::string(quiet_mark) + kind : kind;
}

Result<std::vector<AlertRow>> Alerts::list() {
    return reading(store_.session(), "read what people were told", [&](soci::session& sql) -> Result<std::vector<AlertRow>> {
        std::vector<AlertRow> rows;
        AlertRow row;
        std::int64_t first = 0, told = 0;
        soci::statement statement =
            (sql.prepare
                 << "SELECT kind, key, first_at, told_at, content FROM alerts WHERE connection = :c ORDER BY first_at, kind, key",
             soci::into(row.kind), soci::into(row.key), soci::into(first), soci::into(told), soci::into(row.content),
             soci::use(connection_));
        statement.execute();
        while (statement.fetch()) {
            const bool is_quiet = row.kind.starts_with(quiet_mark);
            if (is_quiet != (reader_ == AlertReader::quiet_output)) continue;
            if (is_quiet) row.kind.erase(0, quiet_mark.size());
            row.first_at = from_unix_milliseconds(first);
            row.told_at = told == 0 ? std::nullopt : std::optional(from_unix_milliseconds(told));
            rows.push_back(row);
        }
        return rows;
    });
}

Result<bool> Alerts::claim(const AlertRow& row, Milliseconds time) {
    return writing(store_, "record that people are told", [&](soci::session& sql) -> Result<bool> {
        const std::int64_t now = store_.session().now_milliseconds();
        const std::int64_t until = now + time.count();
        const std::string kind = kept(row.kind);
        const std::int64_t told = row.told_at ? to_unix_milliseconds(*row.told_at) : 0;
        if (told == 0)
            sql << "INSERT INTO alerts (connection, kind, key, first_at, told_at, claimed_until, content) "
                   "VALUES (:c, :kind, :key, :now, 0, 0, :content) ON CONFLICT DO NOTHING",
                soci::use(connection_), soci::use(kind), soci::use(row.key), soci::use(now), soci::use(row.content);
        soci::statement update =
            (sql.prepare << "UPDATE alerts SET claimed_until = :until WHERE connection = :c AND kind = :kind "
                            "AND key = :key AND told_at = :told AND claimed_until < :now",
             soci::use(until), soci::use(connection_), soci::use(kind), soci::use(row.key), soci::use(told), soci::use(now));
        update.execute(true);
        return update.get_affected_rows() > 0;
    });
}

Result<void> Alerts::told(const AlertRow& row) {
    return writing(store_, "record that people were told", [&](soci::session& sql) -> Result<void> {
        const std::int64_t now = store_.session().now_milliseconds();
        const std::string kind = kept(row.kind);
        sql << "UPDATE alerts SET told_at = :now, claimed_until = 0, content = :content WHERE connection = :c AND kind = :kind "
               "AND key = :key",
            soci::use(now), soci::use(row.content), soci::use(connection_), soci::use(kind), soci::use(row.key);
        return {};
    });
}

Result<void> Alerts::release(const std::string& kind, const std::string& key) {
    return writing(store_, "record that nobody was told", [&](soci::session& sql) -> Result<void> {
        const std::string known = kept(kind);
        sql << "UPDATE alerts SET claimed_until = 0 WHERE connection = :c AND kind = :kind AND key = :key",
            soci::use(connection_), soci::use(known), soci::use(key);
        return {};
    });
}

Result<void> Alerts::erase(const std::string& kind, const std::string& key) {
    return writing(store_, "forget what people were told", [&](soci::session& sql) -> Result<void> {
        const std::string known = kept(kind);
        sql << "DELETE FROM alerts WHERE connection = :c AND kind = :kind AND key = :key", soci::use(connection_),
            soci::use(known), soci::use(key);
        return {};
    });
}

} // namespace blongo::state

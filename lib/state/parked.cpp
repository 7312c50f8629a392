// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/parked.hpp>

#include <algorithm>

#include <blongo/base/keyed.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

std::vector<ParkedRow> select(soci::session& sql, ConnectionKey connection, const std::string& flow, const std::string& key) {
    std::vector<ParkedRow> rows;
    ParkedRow row;
    std::int64_t since = 0, last_try = 0, next_try = 0;
    soci::statement statement =
        (sql.prepare << "SELECT flow, key, cause, detail, label, since, last_try, attempts, COALESCE(next_try, -1), "
                        "input FROM parked WHERE connection = :c AND (:anyflow = '' OR flow = :flow) AND "
                        "(:anykey = '' OR key = :key) ORDER BY since, flow, key",
         soci::into(row.flow), soci::into(row.key), soci::into(row.cause), soci::into(row.detail), soci::into(row.label),
         soci::into(since), soci::into(last_try), soci::into(row.attempts), soci::into(next_try), soci::into(row.input),
         soci::use(connection), soci::use(flow), soci::use(flow), soci::use(key), soci::use(key));
    statement.execute();
    while (statement.fetch()) {
        row.since = from_unix_milliseconds(since);
        row.last_try = from_unix_milliseconds(last_try);
        row.next_try = optional_time(next_try);
        rows.push_back(row);
    }
    return rows;
}

/// The same with `input` readable: it tells of a buyer, if only as a hash, and stands in the state under its key.
std::vector<ParkedRow> opened(Store& store, std::vector<ParkedRow> rows) {
    if (rows.empty()) return rows;
    const std::string& key = store.session().mark_key();
    for (ParkedRow& row : rows) row.input = unseal(key, row.input).value_or("");
    return rows;
}

bool changed(soci::statement& statement) {
    statement.execute(true);
    return statement.get_affected_rows() > 0;
}

} // namespace

Result<bool> Parked::park(const ParkedRow& row) {
    return writing(store_, "park an object", [&](soci::session& sql) -> Result<bool> {
        const auto before = select(sql, connection_, row.flow, row.key);
        const bool known = !before.empty() && before.front().cause == row.cause;
        const std::int64_t now = store_.session().now_milliseconds();
        const auto or_now = [&](Timestamp time) { return time == Timestamp{} ? now : to_unix_milliseconds(time); };
        const std::int64_t since = known ? to_unix_milliseconds(before.front().since) : or_now(row.since);
        const std::int64_t last_try = or_now(row.last_try);
        const int attempts = known ? before.front().attempts + 1 : std::max(row.attempts, 1);
        OptionalTime next_try(row.next_try);
        const std::string input = seal(store_.session().mark_key(), row.input);
        sql << "INSERT INTO parked (connection, flow, key, cause, detail, label, since, last_try, attempts, next_try, "
               "input) VALUES (:c, :flow, :key, :cause, :detail, :label, :since, :last, :attempts, :next, :input) "
               "ON CONFLICT (connection, flow, key) DO UPDATE SET cause = excluded.cause, detail = excluded.detail, "
               "label = excluded.label, since = excluded.since, last_try = excluded.last_try, "
               "attempts = excluded.attempts, next_try = excluded.next_try, input = excluded.input",
            soci::use(connection_), soci::use(row.flow), soci::use(row.key), soci::use(row.cause), soci::use(row.detail),
            soci::use(row.label), soci::use(since), soci::use(last_try), soci::use(attempts),
            soci::use(next_try.value, next_try.indicator), soci::use(input);
        return !known;
    });
}

Result<bool> Parked::release(const std::string& flow, const std::string& key) {
    return writing(store_, "release a parked object", [&](soci::session& sql) -> Result<bool> {
        soci::statement statement = (sql.prepare << "DELETE FROM parked WHERE connection = :c AND flow = :flow AND key = :key",
                                     soci::use(connection_), soci::use(flow), soci::use(key));
        return changed(statement);
    });
}

Result<std::optional<ParkedRow>> Parked::find(const std::string& flow, const std::string& key) {
    return reading(store_.session(), "read the parked objects", [&](soci::session& sql) {
        auto rows = key.empty() ? std::vector<ParkedRow>{} : opened(store_, select(sql, connection_, flow, key));
        return Result<std::optional<ParkedRow>>(rows.empty() ? std::nullopt : std::optional(std::move(rows.front())));
    });
}

Result<std::vector<ParkedRow>> Parked::list(const std::string& flow) {
    return reading(store_.session(), "read the parked objects", [&](soci::session& sql) {
        return Result<std::vector<ParkedRow>>(opened(store_, select(sql, connection_, flow, {})));
    });
}

Result<std::int64_t> Parked::count(const std::string& flow) {
    return reading(store_.session(), "count the parked objects", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        sql << "SELECT COUNT(*) FROM parked WHERE connection = :c AND (:any = '' OR flow = :flow)", soci::use(connection_),
            soci::use(flow), soci::use(flow), soci::into(count);
        return count;
    });
}

Result<bool> Parked::retry_now(const std::string& flow, const std::string& key) {
    return writing(store_, "mark a parked object for retry", [&](soci::session& sql) -> Result<bool> {
        soci::statement statement = (sql.prepare << "UPDATE parked SET next_try = NULL, input = '' WHERE connection = "
                                                    ":c AND flow = :flow AND key = :key",
                                     soci::use(connection_), soci::use(flow), soci::use(key));
        if (!changed(statement)) return false;
        Audit(store_, connection_)
            .note({.kind = "act", .flow = flow, .object = audited_object(flow, key), .verb = "retry", .outcome = "done"});
        return true;
    });
}

} // namespace blongo::state

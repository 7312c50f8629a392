// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/runs.hpp>

#include <limits>
#include <unistd.h>

#include <charconv>

#include <blongo/state/kept_statement_impl.hpp>

namespace blongo::state {
namespace {

std::vector<RunRow> select(soci::session& sql, ConnectionKey connection, const std::string& flow, const std::string& rest) {
    std::vector<RunRow> rows;
    RunRow row;
    std::int64_t started = 0, ended = 0;
    int complete = 0;
    soci::statement statement =
        (sql.prepare << "SELECT id, flow, started, COALESCE(ended, -1), complete, exit_code, summary, host, pid "
                        "FROM runs WHERE connection = :c AND (:any = '' OR flow = :flow) " +
                            rest,
         soci::into(row.id), soci::into(row.flow), soci::into(started), soci::into(ended), soci::into(complete),
         soci::into(row.exit_code), soci::into(row.summary), soci::into(row.host), soci::into(row.pid), soci::use(connection),
         soci::use(flow), soci::use(flow));
    statement.execute();
    while (statement.fetch()) {
        row.started = from_unix_milliseconds(started);
        row.ended = optional_time(ended);
        row.complete = complete != 0;
        rows.push_back(row);
    }
    return rows;
}

} // namespace

Result<std::int64_t> Runs::begin(const std::string& flow) {
    return writing(store_, "record the run", [&](soci::session& sql) -> Result<std::int64_t> {
        const std::int64_t now = store_.session().now_milliseconds();
        const std::int64_t pid = ::getpid();
        std::int64_t id = 0;
        sql << "INSERT INTO runs (connection, flow, started, host, pid) VALUES (:c, :flow, :now, :host, :pid)",
            soci::use(connection_), soci::use(flow), soci::use(now), soci::use(host_name()), soci::use(pid);
        sql << "SELECT MAX(id) FROM runs WHERE connection = :c AND flow = :flow", soci::use(connection_), soci::use(flow),
            soci::into(id);
        return id;
    });
}

Result<void> Runs::end(std::int64_t id, bool complete, int exit_code, const std::string& summary) {
    return writing(store_, "record the end of the run", [&](soci::session& sql) -> Result<void> {
        const std::int64_t now = store_.session().now_milliseconds();
        const int flag = complete ? 1 : 0;
        sql << "UPDATE runs SET ended = :now, complete = :complete, exit_code = :code, summary = :summary "
               "WHERE id = :id AND connection = :c",
            soci::use(now), soci::use(flag), soci::use(exit_code), soci::use(summary), soci::use(id), soci::use(connection_);
        return {};
    });
}

Result<std::vector<RunRow>> Runs::list(const std::string& flow, int limit) {
    return reading(store_.session(), "list the runs", [&](soci::session& sql) {
        return Result<std::vector<RunRow>>(select(sql, connection_, flow, "ORDER BY id DESC LIMIT " + std::to_string(limit)));
    });
}

Result<std::optional<RunRow>> Runs::last_good(const std::string& flow) {
    return reading(store_.session(), "find the last good run", [&](soci::session& sql) {
        auto rows = select(sql, connection_, flow,
                           "AND complete = 1 AND ended IS NOT NULL AND exit_code IN (0, 3, 9) ORDER BY id DESC LIMIT 1");
        return Result<std::optional<RunRow>>(rows.empty() ? std::nullopt : std::optional(std::move(rows.front())));
    });
}

Result<Timestamp> Runs::enabled_since(const std::string& flow) {
    const auto look = [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t since = -1;
        sql << "SELECT COALESCE(MIN(since), -1) FROM flow_starts WHERE connection = :c AND flow = :flow", soci::use(connection_),
            soci::use(flow), soci::into(since);
        return since;
    };
    BLONGO_TRY(std::int64_t since, reading(store_.session(), "see since when the flow is enabled", look));
    if (since >= 0) return from_unix_milliseconds(since);
    if (store_.read_only()) return store_.now();
    BLONGO_TRY(since, writing(store_, "record since when the flow is enabled", [&](soci::session& sql) -> Result<std::int64_t> {
                   const std::int64_t now = store_.session().now_milliseconds();
                   sql << "INSERT INTO flow_starts (connection, flow, since) VALUES (:c, :flow, :now) "
                          "ON CONFLICT (connection, flow) DO NOTHING",
                       soci::use(connection_), soci::use(flow), soci::use(now);
                   return look(sql);
               }));
    return from_unix_milliseconds(since);
}

Result<std::optional<std::string>> Cursors::get(const std::string& name) {
    return reading(store_.session(), "read a cursor", [&](soci::session&) {
        std::string value;
        const auto found = execute_kept(store_.session(), "SELECT value FROM cursors WHERE connection = :c AND name = :n",
                                        Out(value), In(connection_), In(name));
        return Result<std::optional<std::string>>(found.has_row ? std::optional(std::move(value)) : std::nullopt);
    });
}

Result<std::optional<std::int64_t>> Cursors::number(const std::string& name) {
    BLONGO_TRY(const auto text, get(name));
    std::int64_t out = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), out).ec != std::errc{})
        return std::optional<std::int64_t>{};
    return std::optional{out};
}

Result<void> Cursors::set(const std::string& name, const std::string& value) {
    return writing(store_, "record a cursor", [&](soci::session&) -> Result<void> {
        execute_kept(store_.session(),
                     "INSERT INTO cursors (connection, name, value) VALUES (:c, :n, :v) "
                     "ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value",
                     In(connection_), In(name), In(value));
        return {};
    });
}

Result<void> Cursors::erase(const std::string& name) {
    return writing(store_, "erase a cursor", [&](soci::session&) -> Result<void> {
        execute_kept(store_.session(), "DELETE FROM cursors WHERE connection = :c AND name = :n", In(connection_), In(name));
        return {};
    });
}

} // namespace blongo::state

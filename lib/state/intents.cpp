// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/intents.hpp>

#include <unistd.h>

#include <blongo/base/keyed.hpp>
#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/kept_statement_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* unsettled_only = "AND state IN (0, 3) ";

/// What an intent says of an order is readable with the state's key only.
std::string sealed(Store& store, const std::string& text) {
    return seal(store.session().mark_key(), text);
}

std::vector<IntentRow> opened(Store& store, std::vector<IntentRow> rows) {
    for (IntentRow& row : rows)
        for (std::string* text : {&row.payload, &row.fingerprint, &row.result})
            if (!text->empty()) *text = unseal(store.session().mark_key(), *text).value_or("");
    return rows;
}

/// Rows of the connection that fit `rest`, which uses :value twice (an empty value means any).
std::vector<IntentRow> select(soci::session& sql, ConnectionKey connection, const std::string& column, const std::string& value,
                              const std::string& rest) {
    std::vector<IntentRow> rows;
    IntentRow row;
    std::int64_t created = 0, deadline = 0, settled = 0;
    int state = 0;
    soci::statement statement =
        (sql.prepare << "SELECT id, key, action, payload, fingerprint, state, result, host, pid, epoch, attempt, "
                        "created, send_deadline, COALESCE(settled, -1) FROM intents WHERE connection = :c AND "
                        "(:any = '' OR " +
                            column + " = :value) " + rest,
         soci::into(row.id), soci::into(row.key), soci::into(row.action), soci::into(row.payload), soci::into(row.fingerprint),
         soci::into(state), soci::into(row.result), soci::into(row.host), soci::into(row.pid), soci::into(row.epoch),
         soci::into(row.attempt), soci::into(created), soci::into(deadline), soci::into(settled), soci::use(connection),
         soci::use(value), soci::use(value));
    statement.execute();
    while (statement.fetch()) {
        row.state = static_cast<IntentState>(state);
        row.created = from_unix_milliseconds(created);
        row.send_deadline = from_unix_milliseconds(deadline);
        row.settled = optional_time(settled);
        rows.push_back(row);
    }
    return rows;
}

/// The one of this key that is not settled.
std::optional<IntentRow> unsettled_of(Store& store, ConnectionKey connection, const std::string& key) {
    IntentRow row;
    std::int64_t created = 0, deadline = 0;
    int state = 0;
    const auto found = execute_kept(
        store.session(),
        "SELECT id, key, action, payload, fingerprint, state, result, host, pid, epoch, attempt, "
        "created, send_deadline FROM intents WHERE connection = :c AND key = :key AND state IN (0, 3)",
        Out(row.id), Out(row.key), Out(row.action), Out(row.payload), Out(row.fingerprint), Out(state), Out(row.result),
        Out(row.host), Out(row.pid), Out(row.epoch), Out(row.attempt), Out(created), Out(deadline), In(connection), In(key));
    if (!found.has_row) return std::nullopt;
    row.state = static_cast<IntentState>(state);
    row.created = from_unix_milliseconds(created);
    row.send_deadline = from_unix_milliseconds(deadline);
    return std::move(opened(store, {std::move(row)}).front());
}

std::string_view outcome_word(IntentState state) {
    switch (state) {
    case IntentState::open: return "open";
    case IntentState::done: return "done";
    case IntentState::refused: return "rejected";
    case IntentState::unknown: return "unknown";
    case IntentState::withdrawn: return "withdrawn";
    }
    return "";
}

/// "work:..." only keeps two processes from the same delivery: nothing is written under it.
bool is_write(const std::string& key) {
    return !key.starts_with("work:");
}

} // namespace

Result<std::optional<IntentRow>> Intents::open(IntentRow intent, Milliseconds leave_within) {
    if (intent.key.empty()) return fail(ErrorKind::internal, "an intent needs a key", store_.place());
    return writing(store_, "record an intent", [&](soci::session&) -> Result<std::optional<IntentRow>> {
        const std::int64_t now = store_.session().now_milliseconds();
        const std::int64_t deadline = now + leave_within.count();
        if (intent.host.empty()) intent.host = host_name();
        if (intent.pid == 0) intent.pid = ::getpid();
        const std::string payload = sealed(store_, intent.payload), mark = sealed(store_, intent.fingerprint);
        std::int64_t id = 0;
        const auto made =
            execute_kept(store_.session(),
                         "INSERT INTO intents (connection, key, action, payload, fingerprint, state, result, host, "
                         "pid, epoch, attempt, created, send_deadline) VALUES (:c, :key, :action, :payload, "
                         ":fingerprint, 0, '', :host, :pid, :epoch, :attempt, :now, :deadline) "
                         "ON CONFLICT (connection, key) WHERE state IN (0, 3) DO NOTHING RETURNING id",
                         Out(id), In(connection_), In(intent.key), In(intent.action), In(payload), In(mark), In(intent.host),
                         In(intent.pid), In(intent.epoch), In(intent.attempt), In(now), In(deadline));
        if (!made.has_row) return std::nullopt;
        intent.id = id;
        intent.state = IntentState::open;
        intent.result.clear();
        intent.created = from_unix_milliseconds(now);
        intent.send_deadline = from_unix_milliseconds(deadline);
        intent.settled.reset();
        return intent;
    });
}

Result<bool> Intents::settle(std::int64_t id, IntentState state, const std::string& result) {
    return writing(store_, "settle an intent", [&](soci::session&) -> Result<bool> {
        const int number = static_cast<int>(state);
        const std::string kept = sealed(store_, result);
        const bool settled = state != IntentState::open && state != IntentState::unknown;
        const OptionalTime time(settled ? std::optional(from_unix_milliseconds(store_.session().now_milliseconds()))
                                        : std::nullopt);
        const auto done = execute_kept(store_.session(),
                                       "UPDATE intents SET state = :state, result = :result, settled = :settled WHERE id = :id "
                                       "AND connection = :c AND state IN (0, 3)",
                                       In(number), In(kept), In(time), In(id), In(connection_));
        if (done.changed_rows != 1) return false;
        std::string key, action;
        execute_kept(store_.session(), "SELECT key, action FROM intents WHERE id = :id", Out(key), Out(action), In(id));
        if (is_write(key))
            Audit(store_, connection_)
                .note({.kind = "intent",
                       .object = audited_object({}, key),
                       .verb = action,
                       .outcome = std::string(outcome_word(state)),
                       .response = result.empty() ? "" : sha256_hex(result)});
        return true;
    });
}

Result<bool> Intents::renew(std::int64_t id, Milliseconds leave_within) {
    return writing(store_, "renew an intent", [&](soci::session& sql) -> Result<bool> {
        const std::int64_t deadline = store_.session().now_milliseconds() + leave_within.count();
        soci::statement statement = (sql.prepare << "UPDATE intents SET send_deadline = :deadline WHERE id = :id AND "
                                                    "connection = :c AND state = 0",
                                     soci::use(deadline), soci::use(id), soci::use(connection_));
        statement.execute(true);
        return statement.get_affected_rows() == 1;
    });
}

Result<bool> Intents::update_payload(std::int64_t id, const std::string& payload) {
    return writing(store_, "record what an intent needs", [&](soci::session& sql) -> Result<bool> {
        const std::string kept = sealed(store_, payload);
        soci::statement statement = (sql.prepare << "UPDATE intents SET payload = :payload WHERE id = :id AND "
                                                    "connection = :c AND state IN (0, 3)",
                                     soci::use(kept), soci::use(id), soci::use(connection_));
        statement.execute(true);
        return statement.get_affected_rows() == 1;
    });
}

Result<std::optional<IntentRow>> Intents::find(const std::string& key) {
    if (key.empty()) return std::nullopt;
    return reading(store_.session(), "read an intent",
                   [&](soci::session&) -> Result<std::optional<IntentRow>> { return unsettled_of(store_, connection_, key); });
}

Result<std::vector<IntentRow>> Intents::unsettled(const std::string& action) {
    return reading(store_.session(), "read the open intents", [&](soci::session& sql) {
        return Result<std::vector<IntentRow>>(
            opened(store_, select(sql, connection_, "action", action, std::string(unsettled_only) + "ORDER BY id")));
    });
}

Result<std::vector<IntentRow>> Intents::history(const std::string& key, int limit) {
    return reading(store_.session(), "read the intents", [&](soci::session& sql) {
        return Result<std::vector<IntentRow>>(
            opened(store_, select(sql, connection_, "key", key, "ORDER BY id DESC LIMIT " + std::to_string(limit))));
    });
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <blongo/base/text.hpp>
#include <blongo/state/database_error_impl.hpp>
#include <blongo/state/kept_statement_impl.hpp>
#include <blongo/state/moves_impl.hpp>

namespace blongo::state {
namespace {

const soci::backend_factory& factory(const Target& target) {
    if (target.postgresql) return soci::postgresql;
    return soci::sqlite3;
}

int backend_pid(soci::session& sql) {
    int pid = 0;
    sql << "SELECT pg_backend_pid()", soci::into(pid);
    return pid;
}

} // namespace

Store::Session::Session(const Target& target, const std::string& connect, Clock& clock)
    : target_(target), clock_(clock), sql_(factory(target), connect) {}

Store::Session::~Session() = default;

Result<std::unique_ptr<Store::Session>> Store::Session::open(const Target& target, const std::string& connect, Clock& clock) {
    try {
        auto session = std::unique_ptr<Session>(new Session(target, connect, clock));
        BLONGO_CHECK(session->set_up());
        if (target.postgresql) BLONGO_CHECK(session->refuse_transaction_pooler(connect));
        return session;
    } catch (const soci::soci_error& error) {
        return fail(describe(error, target, "open the state").error);
    }
}

Result<void> Store::Session::set_up() {
    if (!postgresql()) {
        sql_ << "PRAGMA synchronous=FULL";
        sql_ << "PRAGMA secure_delete=ON"; // what is erased leaves the file, too
        return {};
    }
    std::string encoding;
    sql_ << "SELECT current_setting('server_encoding'), COALESCE(current_schema(), '')", soci::into(encoding),
        soci::into(schema_);
    if (encoding != "UTF8") {
        return fail(ErrorKind::state, "the database stores text as " + encoding + ", not as UTF8", target_.place,
                    "make another one: createdb -E UTF8 -T template0 <database>");
    }
    if (schema_.empty()) {
        return fail(ErrorKind::state, "the database user has no schema to work in", target_.place,
                    "GRANT CREATE, USAGE ON SCHEMA public TO the user of [state] url");
    }
    // A host that is stopped within a transaction holds all others up no longer than they wait for a lock.
    for (const char* setting : {"lock_timeout TO '30s'", "idle_in_transaction_session_timeout TO '15s'",
                                "client_min_messages TO 'warning'", "default_transaction_isolation TO 'read committed'",
                                "tcp_keepalives_idle TO 5", "tcp_keepalives_interval TO 2", "tcp_keepalives_count TO 3"}) {
        sql_ << std::string("SET ") + setting;
    }
    return {};
}

Result<void> Store::Session::refuse_transaction_pooler(const std::string& connect) {
    // The server itself tells its process id when the connection is made. A proxy in between
    // makes up its own: then, and only then, see whether a second session gets our backend.
    auto* backend = static_cast<soci::postgresql_session_backend*>(sql_.get_backend());
    const int mine = backend_pid(sql_);
    if (PQbackendPID(backend->conn_) == mine) return {};
    bool shared = false;
    soci::session other(soci::postgresql, connect);
    for (int round = 0; round < 3 && !shared; ++round) {
        other << "BEGIN";
        shared = backend_pid(other) == mine || backend_pid(sql_) != mine;
        other << "COMMIT";
    }
    if (!shared) return {};
    return fail(ErrorKind::state, "a transaction pooler stands in front of the database: locks would not hold", target_.place,
                "name PostgreSQL itself in [state] url, or a pooler in session mode");
}

Result<void> Store::Session::ready() {
    if (in_transaction_) {
        if (broken_) return fail(*broken_);
        return {};
    }
    if (!lost_) return {};
    if (one_connection_) {
        return fail(ErrorKind::state, "the session that holds the locks is gone", target_.place,
                    "run again; nothing was written since");
    }
    try {
        sql_.reconnect();
        BLONGO_CHECK(set_up());
    } catch (const soci::soci_error& error) {
        return fail(describe(error, target_, "connect to the state again").error);
    }
    lost_ = false;
    return {};
}

Error Store::Session::failed(const soci::soci_error& error, const char* doing) {
    DatabaseError described = describe(error, target_, doing);
    lost_ = lost_ || described.connection_lost;
    if (in_transaction_ && !broken_) broken_ = described.error;
    return described.error;
}

Result<void> Store::Session::transaction(std::string_view lock, const std::function<Result<void>()>& body) {
    if (in_transaction_) {
        return fail(ErrorKind::internal, "a transaction was begun inside another one", target_.place,
                    "this is a bug of blongo: please report it");
    }
    BLONGO_CHECK(ready());
    broken_.reset();
    in_transaction_ = true;
    try {
        if (postgresql()) {
            const std::int64_t key = lock_key(lock);
            sql_ << "BEGIN";
            sql_ << "SELECT pg_advisory_xact_lock(:key)", soci::use(key);
        } else {
            sql_ << "BEGIN IMMEDIATE";
        }
    } catch (const soci::soci_error& error) {
        Error problem = failed(error, "begin writing to the state");
        finish("ROLLBACK");
        return fail(std::move(problem));
    }
    Result<void> done;
    try {
        // Behind the lock: who moves a state holds it until the tombstone is committed.
        if (minds_moves_) done = refuse_moved(*this);
        if (done) done = body();
    } catch (...) {
        finish("ROLLBACK");
        throw;
    }
    // A statement that failed may have ended the transaction silently (SQLite: disk full), or
    // COMMIT may silently roll back (PostgreSQL): the whole of it failed, whatever the body says.
    if (done && broken_) done = fail(*broken_);
    if (!done) {
        finish("ROLLBACK");
        return done;
    }
    try {
        sql_ << "COMMIT";
    } catch (const soci::soci_error& error) {
        done = fail(failed(error, "commit to the state"));
        finish("ROLLBACK");
        return done;
    }
    in_transaction_ = false;
    return {};
}

void Store::Session::finish(const char* command) noexcept {
    try {
        sql_ << command;
    } catch (const std::exception&) {
        lost_ = lost_ || postgresql();
    }
    in_transaction_ = false;
}

std::int64_t Store::Session::lock_key(std::string_view name) const {
    const std::string hash = sha256_hex("blongo\n" + schema_ + "\n" + std::string(name));
    std::uint64_t key = 0;
    std::from_chars(hash.data(), hash.data() + 16, key, 16);
    return static_cast<std::int64_t>(key);
}

const std::string& Store::Session::mark_key() {
    if (mark_key_.empty()) sql_ << "SELECT secret FROM state_keys WHERE name = 'marks'", soci::into(mark_key_);
    return mark_key_;
}

Result<void> Store::Session::ensure_mark_key() {
    return reading(*this, "prepare the state", [&](soci::session& sql) -> Result<void> {
        if (!mark_key().empty()) return {};
        const std::string fresh = random_hex(32);
        sql << "INSERT INTO state_keys (name, secret) VALUES ('marks', :s) ON CONFLICT (name) DO NOTHING", soci::use(fresh);
        return {};
    });
}

bool Store::Session::has_move_mark() {
    int count = 0;
    execute_kept(*this, "SELECT COUNT(*) FROM moves WHERE away = 1 OR ended IS NULL", Out(count));
    return count > 0;
}

std::int64_t Store::Session::now_milliseconds() {
    if (!postgresql()) return to_unix_milliseconds(clock_.now());
    std::int64_t now = 0;
    sql_ << "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)", soci::into(now);
    return now;
}

std::string placeholders(const soci::session& sql, std::size_t count) {
    const bool named = sql.get_backend_name() == "postgresql";
    std::string out = "(";
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out += ',';
        out += named ? ":p" + std::to_string(i) : std::string("?");
    }
    return out + ")";
}

} // namespace blongo::state

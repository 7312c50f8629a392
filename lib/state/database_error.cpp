// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/database_error_impl.hpp>

namespace blongo::state {
namespace {

struct Known {
    std::string_view code; ///< PostgreSQL: the first letters of the SQLSTATE
    const char* message;
    const char* remedy;
    bool connection_lost = false;
};

struct KnownSqlite {
    int code;
    const char* message;
    const char* remedy;
};

constexpr std::array sqlite_errors{
    KnownSqlite{SQLITE_FULL, "the disk is full",
                "free space on the disk of this file and run again; nothing half-written was kept"},
    KnownSqlite{SQLITE_READONLY, "the state cannot be written",
                "run blongo as the owner of this file and its folder, on a disk that is mounted for writing"},
    KnownSqlite{SQLITE_PERM, "access to the state is refused", "run blongo as the owner of this file"},
    KnownSqlite{SQLITE_CANTOPEN, "the state cannot be opened",
                "check that its folder exists and belongs to the user who runs blongo"},
    KnownSqlite{SQLITE_NOTADB, "the file is not a SQLite database",
                "check [state] url; if the file was damaged, put back a copy"},
    KnownSqlite{
        SQLITE_CORRUPT, "the state is damaged",
        "stop all runs and put back a copy of the file (with its -wal), or start with an empty state: blongo state rebuild"},
    KnownSqlite{SQLITE_BUSY, "another process kept the state locked for 30 seconds",
                "look for a hanging blongo or sqlite3 with: fuser -v <file>"},
    KnownSqlite{SQLITE_LOCKED, "the state is locked by this process", "this is a bug of blongo: please report it"},
    KnownSqlite{SQLITE_IOERR, "the disk reports an error", "check free space and the system log (dmesg) for this disk"},
    KnownSqlite{SQLITE_NOLFS, "the file system cannot hold a file of this size", "move the state to another disk"},
    KnownSqlite{SQLITE_NOMEM, "memory is exhausted", "free memory and run again"},
    KnownSqlite{SQLITE_TOOBIG, "a value is larger than the database takes", "this is a bug of blongo: please report it"},
};

constexpr std::array postgresql_errors{
    Known{"53100", "the disk of the database server is full",
          "free space on the server and run again; nothing half-written was kept"},
    Known{"53300", "the database server has no connection left", "raise max_connections, or run fewer processes at once", true},
    Known{"53", "the database server is short of memory or disk", "look into the server's log"},
    Known{"57P03", "the database server is starting up or shutting down", "run again in a moment", true},
    Known{"57P", "the database server ended the connection", "run again when the server is up", true},
    Known{"57014", "the database server stopped the statement", "raise statement_timeout of the server for this user"},
    Known{"55P03", "another session kept the state locked for 30 seconds", "look for it in pg_stat_activity"},
    Known{"25P02", "the transaction failed before", "run again"},
    Known{"25P03", "the database server ended a transaction that was idle for too long", "run again", true},
    Known{"25006", "the database takes no writes (a standby, or default_transaction_read_only)",
          "name the primary server in [state] url"},
    Known{"42501", "the database user lacks a right",
          "GRANT CREATE, USAGE ON SCHEMA public TO the user of [state] url, or make it owner of the database"},
    Known{"42P07", "a table of this name is there already", "give blongo a database of its own"},
    Known{"42P01", "a table of the state is missing", "restore the database from a copy"},
    Known{"26000", "the connection does not keep its session (a transaction pooler)",
          "connect to PostgreSQL itself, or through a pooler in session mode"},
    Known{"40", "the transaction collided with another one", "run again"},
    Known{"XX", "the database server reports damaged data", "look into the server's log"},
    Known{"58", "the database server reports a disk error", "look into the server's log"},
    Known{"08", "the connection to the database server broke", "check network and server, then run again", true},
};

/// What libpq says when there is no SQLSTATE: no connection at all.
constexpr std::array connect_errors{
    Known{"password authentication failed", "the database refused user or password",
          "check the user in [state] url and the password"},
    Known{"no password supplied", "the database wants a password", "name it by password_file under [state]"},
    Known{"no pg_hba.conf entry", "the database server does not let this machine or user in",
          "add a line to pg_hba.conf on the server"},
    Known{"certificate verify failed", "the certificate of the database server is not trusted",
          "put its authority's certificate into sslrootcert=... of [state] url"},
    Known{"root certificate file", "the certificate of the database server cannot be checked",
          "add sslrootcert=/path/ca.crt to [state] url"},
    Known{"does not match host name", "the certificate of the database server is for another name",
          "name the server in [state] url as its certificate does"},
    Known{"does not support SSL", "the database server offers no TLS",
          "switch ssl on at the server; for a network of your own: sslmode=disable in [state] url"},
    Known{"does not exist", "user or database do not exist on the server", "createdb -E UTF8 -O <user> <database>", false},
    Known{"too many clients", "the database server has no connection left",
          "raise max_connections, or run fewer processes at once", true},
    Known{"", "the database server cannot be reached", "check host and port in [state] url and that the server runs", true},
};

/// First line of what the database said, without trailing full stop; never with statement values.
std::string said(std::string_view text, std::size_t skip_lines) {
    auto lines = split(text, '\n');
    if (lines.size() > skip_lines) lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(skip_lines));
    return std::string(trim(lines.front()));
}

DatabaseError make(const Target& target, const char* doing, std::string_view message, std::string_view remedy,
                   std::string_view detail, bool lost) {
    std::string text = fmt::format("cannot {}: {}", doing, message);
    if (!detail.empty()) text += fmt::format(" ({})", detail);
    return {make_error(ErrorKind::state, std::move(text), target.path.empty() ? target.place : target.path, std::string(remedy)),
            lost};
}

DatabaseError describe_connect(std::string_view text, const Target& target, const char* doing) {
    const auto known = std::find_if(connect_errors.begin(), connect_errors.end(),
                                    [&](const Known& one) { return text.find(one.code) != std::string_view::npos; });
    return make(target, doing, known->message, known->remedy, said(text, 1), known->connection_lost);
}

} // namespace

DatabaseError describe(const soci::soci_error& error, const Target& target, const char* doing) {
    const std::string text = error.get_error_message();
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
        const int code = sqlite->result() & 0xFF;
        for (const auto& one : sqlite_errors) {
            if (one.code == code) return make(target, doing, one.message, one.remedy, {}, false);
        }
        return make(target, doing, "the database refused a statement", "this is a bug of blongo: please report it", said(text, 0),
                    false);
    }
    if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
        const std::string state = postgresql->sqlstate();
        for (const auto& one : postgresql_errors) {
            if (state.starts_with(one.code)) {
                return make(target, doing, one.message, one.remedy, "SQLSTATE " + state, one.connection_lost);
            }
        }
        // Without an SQLSTATE the words are libpq's own: nothing came from the server.
        if (state.find_first_not_of(" \0", 0, 2) == std::string::npos) {
            return make(target, doing, "the connection to the database server broke", "check network and server, then run again",
                        {}, true);
        }
        return make(target, doing, "the database refused a statement", "this is a bug of blongo: please report it",
                    "SQLSTATE " + state, false);
    }
    if (target.postgresql) return describe_connect(text, target, doing);
    return make(target, doing, "the database library failed", "this is a bug of blongo: please report it", said(text, 0), false);
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/secret.hpp>

namespace blongo::state {

/// Row id of a connection in the state: everything else is keyed by it, not by the name.
using ConnectionKey = std::int64_t;

enum class Access : std::uint8_t {
    read_write, ///< makes the database where there is none, migrates an older one
    read_only   ///< makes nothing, migrates nothing; where there is no database: an empty one in memory
};

struct OpenOptions {
    std::string url; ///< "sqlite:///path" or "postgresql://user@host:port/database?..."; no password in it
    Secret password; ///< PostgreSQL only
    Access access = Access::read_write;
    Clock* clock = nullptr; ///< required
};

/// A session on the state, for one thread. Every method of the classes that take a Store& may
/// fail with ErrorKind::state (database gone, disk full, read-only folder, newer schema), each
/// naming the place and the remedy.
class Store {
public:
    /// Opens and, with read_write, migrates: numbered migrations, one transaction each, under an
    /// exclusive lock, after a copy of the SQLite file (`<path>.v<old>.bak`). A schema newer than
    /// this program is refused, an older one by read_only too. umask 077; a SQLite file on a network
    /// file system is refused; transaction poolers in front of PostgreSQL are refused.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const OpenOptions& options);
    virtual ~Store() = default;

    /// A second session on the same state, for another thread.
    [[nodiscard]] virtual Result<std::unique_ptr<Store>> another() = 0;

    /// Runs `body` in one write transaction (BEGIN IMMEDIATE on SQLite), commits if it succeeds,
    /// rolls back if it fails. Not nestable: inside it, all methods take part by themselves.
    [[nodiscard]] virtual Result<void> in_transaction(const std::function<Result<void>()>& body) = 0;

    /// The state's clock: the database server's for PostgreSQL, the machine's for SQLite.
    [[nodiscard]] virtual Result<Timestamp> now() = 0;

    [[nodiscard]] virtual bool read_only() const noexcept = 0;
    [[nodiscard]] virtual bool is_postgresql() const noexcept = 0;
    /// "sqlite:///var/lib/blongo/state.db" or "postgresql://host/database", without password.
    [[nodiscard]] virtual const std::string& place() const noexcept = 0;
    /// SQLite: the resolved path; lock files stand beside it as `<path>.<what>.lock`. Else empty.
    [[nodiscard]] virtual const std::string& path() const noexcept = 0;
    [[nodiscard]] virtual int schema_version() const noexcept = 0;

    /// The newest schema that this program knows.
    static int newest_schema() noexcept;

    class Session; ///< SOCI lives in the sources of this folder only
    [[nodiscard]] virtual Session& session() noexcept = 0;
};

} // namespace blongo::state

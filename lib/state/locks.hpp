// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// A held lock: the witness that functions take which need it held. Freed by its end, and by
/// the kernel or the database when the process dies.
class HeldLock {
public:
    virtual ~HeldLock() = default;
    /// Grows each time this lock is taken; written into intents. SQLite: 0.
    [[nodiscard]] virtual std::int64_t epoch() const noexcept = 0;
    /// PostgreSQL: whether the session that holds the lock is still alive and its epoch the newest.
    /// Ledger writes call it inside their transaction; an error ends the run.
    [[nodiscard]] virtual Result<void> still_held() = 0;
    /// The same from within a transaction of `store`, and kept true until it ends: nobody can take
    /// the lock before that transaction is committed or rolled back.
    [[nodiscard]] virtual Result<void> fence(Store& store) = 0;
};

/// Locks across processes (SQLite: flock on `<state>.<name>.lock`, O_CLOEXEC; PostgreSQL: fenced
/// session advisory locks on a session of their own that never reconnects: once it is lost, every
/// method fails, and whoever goes on opens new Locks). Thread-safe.
class Locks {
public:
    [[nodiscard]] static Result<std::unique_ptr<Locks>> open(const OpenOptions& options);
    virtual ~Locks() = default;
    /// Takes the lock `name`, waiting at most `wait`. ErrorKind::locked names who holds it (pid,
    /// host, since when) and says what to do.
    [[nodiscard]] virtual Result<std::unique_ptr<HeldLock>> take(const std::string& name, Milliseconds wait,
                                                                 const StopToken& stop) = 0;
    /// Who holds it, for `status`; nullopt: nobody.
    [[nodiscard]] virtual Result<std::optional<std::string>> holder(const std::string& name) = 0;
    /// A wish to be let first: while it lives, `wanted(name)` is true for others (a waiting send).
    [[nodiscard]] virtual Result<std::unique_ptr<HeldLock>> mark_waiting(const std::string& name) = 0;
    [[nodiscard]] virtual Result<bool> wanted(const std::string& name) = 0;
};

/// "articles" flow lock of a connection.
[[nodiscard]] std::string flow_lock_name(ConnectionKey connection, std::string_view flow);
/// Writer lock of a goods owner, shared by all connections to it.
[[nodiscard]] std::string writer_lock_name(const std::string& ongoing_host, const std::string& ongoing_path,
                                           std::int64_t goods_owner_id);

} // namespace blongo::state

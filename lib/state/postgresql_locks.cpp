// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <set>
#include <unistd.h>

#include <blongo/state/locks_impl.hpp>
#include <blongo/state/session_impl.hpp>
#include <blongo/state/store_impl.hpp>

namespace blongo::state {
namespace {

/// The one session of a Locks object, shared with what it handed out.
struct LockSession {
    std::mutex mutex;
    std::unique_ptr<Store::Session> session;
    std::set<std::string> held; ///< advisory locks count up within a session: two threads would both get one
};

/// Condition on pg_locks (p): the advisory lock :key of this database.
constexpr const char* is_key = "p.locktype = 'advisory' AND p.objsubid = 1 AND p.granted AND p.database = (SELECT oid "
                               "FROM pg_database WHERE datname = current_database()) AND ((CAST(p.classid AS BIGINT) "
                               "<< 32) | CAST(p.objid AS BIGINT)) = :key";

Error lost(Store::Session& session, const std::string& name) {
    return make_error(ErrorKind::state, "the lock " + name + " was lost to another run", session.target().place,
                      "nothing more was written; run again");
}

class HeldAdvisory final : public HeldLock {
public:
    HeldAdvisory(std::shared_ptr<LockSession> shared, std::string name, std::int64_t key, std::int64_t epoch)
        : shared_(std::move(shared)), name_(std::move(name)), key_(key), epoch_(epoch) {}

    ~HeldAdvisory() override {
        const std::scoped_lock guard(shared_->mutex);
        // A lost session has freed the lock already.
        [[maybe_unused]] const auto done = reading(*shared_->session, "free a lock", [&](soci::session& sql) -> Result<void> {
            sql << "SELECT pg_advisory_unlock(:key)", soci::use(key_);
            return {};
        });
        shared_->held.erase(name_);
    }

    std::int64_t epoch() const noexcept override { return epoch_; }

    Result<void> still_held() override {
        const std::scoped_lock guard(shared_->mutex);
        return reading(*shared_->session, "see whether a lock is still held", [&](soci::session& sql) -> Result<void> {
            std::int64_t count = 0;
            sql << std::string("SELECT COUNT(*) FROM pg_locks p JOIN locks l ON l.name = :name AND l.epoch = :epoch "
                               "WHERE p.pid = pg_backend_pid() AND p.mode = 'ExclusiveLock' AND ") +
                       is_key,
                soci::use(name_), soci::use(epoch_), soci::use(key_), soci::into(count);
            if (count == 1) return {};
            return fail(lost(*shared_->session, name_));
        });
    }

    Result<void> fence(Store& store) override {
        BLONGO_CHECK(still_held());
        // The row is kept until the transaction of `store` ends: nobody can take the lock in between.
        return reading(store.session(), "see whether a lock is still held", [&](soci::session& sql) -> Result<void> {
            std::int64_t epoch = 0;
            sql << "SELECT epoch FROM locks WHERE name = :name AND epoch = :epoch FOR SHARE", soci::use(name_), soci::use(epoch_),
                soci::into(epoch);
            if (sql.got_data()) return {};
            return fail(lost(store.session(), name_));
        });
    }

private:
    std::shared_ptr<LockSession> shared_;
    std::string name_;
    std::int64_t key_;
    std::int64_t epoch_;
};

/// A shared advisory lock: the wish to be let first.
class Mark final : public HeldLock {
public:
    Mark(std::shared_ptr<LockSession> shared, std::int64_t key) : shared_(std::move(shared)), key_(key) {}
    ~Mark() override {
        const std::scoped_lock guard(shared_->mutex);
        [[maybe_unused]] const auto done = reading(*shared_->session, "free a mark", [&](soci::session& sql) -> Result<void> {
            sql << "SELECT pg_advisory_unlock_shared(:key)", soci::use(key_);
            return {};
        });
    }
    std::int64_t epoch() const noexcept override { return 0; }
    Result<void> still_held() override { return {}; }
    Result<void> fence(Store&) override { return {}; }

private:
    std::shared_ptr<LockSession> shared_;
    std::int64_t key_;
};

class AdvisoryLocks final : public Locks {
public:
    AdvisoryLocks(std::shared_ptr<LockSession> shared, Clock& clock) : shared_(std::move(shared)), clock_(clock) {}

    Result<std::unique_ptr<HeldLock>> take(const std::string& name, Milliseconds wait, const StopToken& stop) override {
        std::int64_t epoch = 0;
        const std::int64_t key = shared_->session->lock_key("lock " + name);
        BLONGO_TRY(const bool taken, try_for(clock_, wait, stop, [&] { return attempt(name, key, epoch); }));
        if (!taken) {
            BLONGO_TRY(const auto who, holder(name));
            return fail(locked_error(name, who, wait));
        }
        return std::make_unique<HeldAdvisory>(shared_, name, key, epoch);
    }

    Result<std::optional<std::string>> holder(const std::string& name) override {
        const std::scoped_lock guard(shared_->mutex);
        const std::int64_t key = shared_->session->lock_key("lock " + name);
        return reading(*shared_->session, "see who holds a lock", [&](soci::session& sql) {
            std::int64_t pid = 0, since = 0;
            std::string host;
            sql << std::string("SELECT l.pid, l.host, l.since FROM locks l JOIN pg_locks p ON ") + is_key +
                       " AND p.mode = 'ExclusiveLock' WHERE l.name = :name LIMIT 1",
                soci::use(key), soci::use(name), soci::into(pid), soci::into(host), soci::into(since);
            return Result<std::optional<std::string>>(sql.got_data() ? std::optional(holder_text(pid, host, since))
                                                                     : std::nullopt);
        });
    }

    Result<std::unique_ptr<HeldLock>> mark_waiting(const std::string& name) override {
        const std::scoped_lock guard(shared_->mutex);
        const std::int64_t key = shared_->session->lock_key("wanted " + name);
        BLONGO_CHECK(reading(*shared_->session, "mark a wish", [&](soci::session& sql) -> Result<void> {
            sql << "SELECT pg_advisory_lock_shared(:key)", soci::use(key);
            return {};
        }));
        return std::make_unique<Mark>(shared_, key);
    }

    Result<bool> wanted(const std::string& name) override {
        const std::scoped_lock guard(shared_->mutex);
        const std::int64_t key = shared_->session->lock_key("wanted " + name);
        return reading(*shared_->session, "look for wishes", [&](soci::session& sql) -> Result<bool> {
            std::int64_t count = 0;
            sql << std::string("SELECT COUNT(*) FROM pg_locks p WHERE ") + is_key, soci::use(key), soci::into(count);
            return count > 0;
        });
    }

private:
    Result<bool> attempt(const std::string& name, const std::int64_t& key, std::int64_t& epoch) {
        const std::scoped_lock guard(shared_->mutex);
        if (shared_->held.contains(name)) return false;
        Store::Session& session = *shared_->session;
        return reading(session, "take a lock", [&](soci::session& sql) -> Result<bool> {
            int taken = 0;
            sql << "SELECT CASE WHEN pg_try_advisory_lock(:key) THEN 1 ELSE 0 END", soci::use(key), soci::into(taken);
            if (taken == 0) return false;
            try {
                const std::int64_t now = session.now_milliseconds();
                const std::int64_t pid = ::getpid();
                sql << "INSERT INTO locks (name, lock_key, epoch, host, pid, since) VALUES (:name, :key, 1, :host, "
                       ":pid, :now) ON CONFLICT (name) DO UPDATE SET epoch = locks.epoch + 1, lock_key = "
                       "excluded.lock_key, host = excluded.host, pid = excluded.pid, since = excluded.since "
                       "RETURNING epoch",
                    soci::use(name), soci::use(key), soci::use(host_name()), soci::use(pid), soci::use(now), soci::into(epoch);
            } catch (const soci::soci_error&) {
                sql << "SELECT pg_advisory_unlock(:key)", soci::use(key);
                throw;
            }
            shared_->held.insert(name);
            return true;
        });
    }

    std::shared_ptr<LockSession> shared_;
    Clock& clock_;
};

/// Locks of a state that does not exist: nobody holds anything.
class NoLocks final : public Locks {
public:
    Result<std::unique_ptr<HeldLock>> take(const std::string& name, Milliseconds, const StopToken&) override {
        return fail(ErrorKind::internal, "a dry run takes no locks", name);
    }
    Result<std::optional<std::string>> holder(const std::string&) override { return std::nullopt; }
    Result<std::unique_ptr<HeldLock>> mark_waiting(const std::string& name) override {
        return fail(ErrorKind::internal, "a dry run takes no locks", name);
    }
    Result<bool> wanted(const std::string&) override { return false; }
};

} // namespace

Result<std::unique_ptr<Locks>> open_postgresql_locks(const OpenOptions& options, const Target& target) {
    // Makes or checks the schema: the epochs live in a table.
    BLONGO_TRY(const Opened opened, open_session(options, false));
    if (opened.session->target().memory) return std::make_unique<NoLocks>();
    auto shared = std::make_shared<LockSession>();
    BLONGO_TRY(shared->session, Store::Session::open(target, target.lock_connect, *options.clock));
    shared->session->keep_one_connection();
    return std::make_unique<AdvisoryLocks>(std::move(shared), *options.clock);
}

} // namespace blongo::state

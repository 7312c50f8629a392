// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/migrations_impl.hpp>
#include <blongo/state/moves_impl.hpp>
#include <blongo/state/sqlite_file_impl.hpp>
#include <blongo/state/store_impl.hpp>

namespace blongo::state {
namespace {

class OpenStore final : public Store {
public:
    OpenStore(OpenOptions options, Opened opened)
        : options_(std::move(options)), session_(std::move(opened.session)), version_(opened.version) {}

    Result<std::unique_ptr<Store>> another() override { return Store::open(options_); }

    Result<void> in_transaction(const std::function<Result<void>()>& body) override {
        if (read_only()) {
            return fail(ErrorKind::state, "the state is opened for reading only", place(),
                        "this is a bug of blongo: please report it");
        }
        if (session_->in_transaction()) return session_->transaction("write", body); // says that this is a bug
        auto done = session_->transaction("write", [&]() -> Result<void> {
            BLONGO_CHECK(body());
            return write_audit(*session_);
        });
        session_->trail().transaction_ended(done.has_value());
        return done;
    }

    Result<Timestamp> now() override {
        return reading(*session_, "ask the state for the time",
                       [&](soci::session&) -> Result<Timestamp> { return from_unix_milliseconds(session_->now_milliseconds()); });
    }

    bool read_only() const noexcept override { return options_.access == Access::read_only; }
    bool is_postgresql() const noexcept override { return session_->postgresql(); }
    const std::string& place() const noexcept override { return session_->target().place; }
    const std::string& path() const noexcept override { return session_->target().path; }
    int schema_version() const noexcept override { return version_; }
    Session& session() noexcept override { return *session_; }

private:
    OpenOptions options_;
    std::unique_ptr<Session> session_;
    int version_;
};

Result<Opened> open_in_memory(const Target& absent, Clock& clock) {
    const Target target = memory_target(absent);
    Opened opened;
    BLONGO_TRY(opened.session, Store::Session::open(target, target.connect, clock));
    BLONGO_TRY(opened.version, migrate(*opened.session, migrations()));
    return opened;
}

/// PostgreSQL: a primary server, where we may write.
Result<void> refuse_standby(Store::Session& session) {
    if (!session.postgresql()) return {};
    return reading(session, "look at the server", [&](soci::session& sql) -> Result<void> {
        int standby = 0;
        sql << "SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END", soci::into(standby);
        if (standby == 0) return {};
        return fail(ErrorKind::state, "the database server is a standby, which takes no writes", session.target().place,
                    "name the primary server in [state] url");
    });
}

/// SQLite: whether the file is in WAL mode (a copy put back by hand is not).
Result<bool> shares_memory(Store::Session& session) {
    if (session.postgresql()) return true;
    return reading(session, "look at the state", [](soci::session& sql) -> Result<bool> {
        std::string mode;
        sql << "PRAGMA journal_mode", soci::into(mode);
        return mode == "wal";
    });
}

} // namespace

Result<Opened> open_session(const OpenOptions& options, bool write_existing) {
    BLONGO_TRY(Opened opened, open_session_as_it_is(options, write_existing));
    if (opened.session->target().memory) return opened;
    BLONGO_CHECK(refuse_half_moved(*opened.session, options));
    opened.session->mind_moves();
    return opened;
}

Result<Opened> open_session_as_it_is(const OpenOptions& options, bool write_existing) {
    const int newest = Store::newest_schema();
    const bool make = options.access == Access::read_write;
    BLONGO_TRY(Target target, find_target(options, make));
    if (target.memory) return open_in_memory(target, *options.clock);
    if (make && !target.postgresql) BLONGO_CHECK(make_private_file(target.path));
    std::string connect = target.connect;
    if (write_existing && !target.postgresql) connect = "timeout=30 dbname=\"" + target.path + "\"";
    Opened opened;
    BLONGO_TRY(opened.session, Store::Session::open(target, connect, *options.clock));
    BLONGO_TRY(opened.version, schema_version(*opened.session));
    if (make) {
        BLONGO_CHECK(refuse_standby(*opened.session));
        BLONGO_TRY(const bool shared, shares_memory(*opened.session));
        if (opened.version != newest || !shared) {
            BLONGO_TRY(opened.version, migrate(*opened.session, migrations()));
        }
        BLONGO_CHECK(opened.session->ensure_mark_key());
        return opened;
    }
    if (opened.version == 0) return open_in_memory(target, *options.clock);
    BLONGO_CHECK(check_version(target, opened.version, newest, true));
    return opened;
}

Result<std::unique_ptr<Store>> open_store_as_it_is(const OpenOptions& options) {
    BLONGO_TRY(Opened opened, open_session_as_it_is(options, false));
    return std::make_unique<OpenStore>(options, std::move(opened));
}

Result<std::unique_ptr<Store>> Store::open(const OpenOptions& options) {
    BLONGO_TRY(Opened opened, open_session(options, false));
    return std::make_unique<OpenStore>(options, std::move(opened));
}

} // namespace blongo::state

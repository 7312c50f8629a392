// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <soci/soci.h>

#include <blongo/base/host.hpp>
#include <blongo/state/audit_trail_impl.hpp>
#include <blongo/state/target_impl.hpp>

namespace blongo::state {

/// One SOCI session: the only type through which lib/state talks to a database.
/// Statements are plain SQL that both databases take; what differs is here.
class Store::Session {
public:
    /// `connect`: one of the connect strings of the target.
    [[nodiscard]] static Result<std::unique_ptr<Session>> open(const Target& target, const std::string& connect, Clock& clock);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] soci::session& sql() noexcept { return sql_; }
    [[nodiscard]] bool postgresql() const noexcept { return target_.postgresql; }
    [[nodiscard]] const Target& target() const noexcept { return target_; }
    [[nodiscard]] Clock& clock() noexcept { return clock_; }
    [[nodiscard]] bool in_transaction() const noexcept { return in_transaction_; }

    /// An error that stands in the way: a statement of this transaction failed before, so that
    /// nothing of it may be kept; or the connection is lost (outside a transaction: connects again,
    /// unless the session holds locks).
    [[nodiscard]] Result<void> ready();
    /// Turns what SOCI threw into an Error and remembers it for ready().
    [[nodiscard]] Error failed(const soci::soci_error& error, const char* doing);
    /// BEGIN IMMEDIATE, or BEGIN and the advisory lock `lock` until the end of the transaction.
    [[nodiscard]] Result<void> transaction(std::string_view lock, const std::function<Result<void>()>& body);
    /// From now on a transaction that writes is refused once the state has moved elsewhere, and while one arrives here.
    void mind_moves() noexcept { minds_moves_ = true; }
    /// Never connects again by itself: its advisory locks would be gone.
    void keep_one_connection() noexcept { one_connection_ = true; }
    /// PostgreSQL: key of the advisory lock `name`; two states in one database do not meet.
    [[nodiscard]] std::int64_t lock_key(std::string_view name) const;
    /// What waits to be written into the audit.
    [[nodiscard]] AuditTrail& trail() noexcept { return trail_; }
    /// The key under which marks of buyers' data are stored (base/keyed.hpp); "": nothing was stored yet.
    [[nodiscard]] const std::string& mark_key();
    /// Makes that key where there is none. Outside a transaction, which could take it back.
    [[nodiscard]] Result<void> ensure_mark_key();
    /// Whether the table `moves` has a mark that stands in the way of writing. What SOCI throws passes through.
    [[nodiscard]] bool has_move_mark();
    /// What is kept with this session (kept_statement_impl.hpp): T, made when it is first asked for under this name, a text
    /// that lives as long as the program. T is derived from Kept; a name belongs to one type.
    struct Kept {
        virtual ~Kept() = default;
    };
    template <class T> [[nodiscard]] T& kept(std::string_view name) {
        std::unique_ptr<Kept>& one = kept_[name];
        if (!one) one = std::make_unique<T>();
        return dynamic_cast<T&>(*one);
    }
    /// All times of the state: the database's clock, or the machine's.
    [[nodiscard]] std::int64_t now_milliseconds();

private:
    Session(const Target& target, const std::string& connect, Clock& clock);
    [[nodiscard]] Result<void> set_up();
    [[nodiscard]] Result<void> refuse_transaction_pooler(const std::string& connect);
    void finish(const char* command) noexcept;

    Target target_;
    Clock& clock_;
    soci::session sql_;
    bool in_transaction_ = false;
    bool lost_ = false;
    bool one_connection_ = false;
    bool minds_moves_ = false;
    std::optional<Error> broken_;
    std::string schema_;
    AuditTrail trail_;
    std::string mark_key_;
    std::unordered_map<std::string_view, std::unique_ptr<Kept>> kept_; ///< gone before the session is
};

/// Runs statements; `body(soci::session&)` returns a Result. `doing` completes "cannot ...".
template <class Body> auto reading(Store::Session& session, const char* doing, Body&& body)
    -> std::invoke_result_t<Body, soci::session&> {
    if (auto ready = session.ready(); !ready) return fail(std::move(ready).error());
    try {
        return body(session.sql());
    } catch (const soci::soci_error& error) {
        return fail(session.failed(error, doing));
    }
}

/// The same inside a write transaction: the caller's, or one of its own.
template <class Body> auto writing(Store& store, const char* doing, Body&& body) -> std::invoke_result_t<Body, soci::session&> {
    Store::Session& session = store.session();
    if (session.in_transaction()) return reading(session, doing, body);
    std::invoke_result_t<Body, soci::session&> out = fail(ErrorKind::internal, "not run");
    auto done = store.in_transaction([&]() -> Result<void> {
        out = reading(session, doing, body);
        if (!out) return fail(out.error());
        return {};
    });
    if (!done) return fail(std::move(done).error());
    return out;
}

/// A column that may be NULL, bound with soci::use(x.value, x.indicator), or soci::into.
struct OptionalTime {
    OptionalTime() = default;
    explicit OptionalTime(const std::optional<Timestamp>& time)
        : value(time ? to_unix_milliseconds(*time) : 0), indicator(time ? soci::i_ok : soci::i_null) {}
    [[nodiscard]] std::optional<Timestamp> time() const {
        if (indicator == soci::i_null) return std::nullopt;
        return from_unix_milliseconds(value);
    }
    std::int64_t value = 0;
    mutable soci::indicator indicator = soci::i_null; ///< soci::use wants a reference that is not const
};

/// Binds one value of a row, a time that may be NULL included.
template <class Value> void read_value(soci::statement& statement, Value& value) {
    if constexpr (std::is_same_v<Value, OptionalTime>)
        statement.exchange(soci::into(value.value, value.indicator));
    else
        statement.exchange(soci::into(value));
}
template <class Value> void write_value(soci::statement& statement, const Value& value) {
    if constexpr (std::is_same_v<Value, OptionalTime>)
        statement.exchange(soci::use(value.value, value.indicator));
    else
        statement.exchange(soci::use(value));
}

/// What a time column is read as: COALESCE(column, -1).
[[nodiscard]] inline std::optional<Timestamp> optional_time(std::int64_t milliseconds) {
    if (milliseconds < 0) return std::nullopt;
    return from_unix_milliseconds(milliseconds);
}

/// "(:p0,:p1,...)" for an IN list; "(?,?,...)" for SQLite, which looks each name up among all that came before.
[[nodiscard]] std::string placeholders(const soci::session& sql, std::size_t count);

} // namespace blongo::state

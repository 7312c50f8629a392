// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <vector>

#include <blongo/state/budget.hpp>
#include <blongo/state/kept_statement_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// One call that waits for a slot.
struct Waiter {
    std::string id;
    std::int64_t since = 0;        ///< budget time of its first question; 0: not asked yet
    std::int64_t mark_expires = 0; ///< of its row in budget_waiting; 0: none
};

/// What the table answered to a waiter.
struct Decision {
    std::int64_t slot = 0;               ///< granted
    bool probe = false;                  ///< granted as the first call after a block
    Milliseconds wait{0};                ///< else: ask again then
    std::optional<Milliseconds> blocked; ///< the block lasts longer than the options allow to wait
};

/// The tables budget_*: every method is one transaction under the lock of the account.
///
/// Rules. A slot is kept until 62 s after its call ended; while `rate` slots are kept, nobody gets
/// one. stock and articles (sweeps) get none that would leave fewer than `reserve`. Who waits leaves
/// a mark; a higher class, or an earlier one of the same class, goes first. Sweeps are free to start
/// at once until half of their share is used, then one starts every 62 s / share.
///
/// Time. PostgreSQL: the server's. SQLite: the machine's boot clock, anchored to the wall clock when
/// the account is first used after a boot, so that a wall clock that jumps frees no slot early.
/// Slots need not survive a power cut (commits are not flushed): after a start of the machine the
/// account rests until what was called before is out of every window.
class BudgetTable {
public:
    BudgetTable(Store::Session& session, BudgetOptions options, std::string owner)
        : session_(session), options_(std::move(options)), owner_(std::move(owner)) {}
    BudgetTable(const BudgetTable&) = delete;
    BudgetTable& operator=(const BudgetTable&) = delete;

    [[nodiscard]] Result<Decision> ask(Waiter& waiter, Milliseconds call_timeout);
    [[nodiscard]] Result<void> forget(const Waiter& waiter);
    /// A call is over. Recorded at once, or, with far less to write, together with the next question that this object is asked.
    [[nodiscard]] Result<void> end(std::int64_t slot);
    void end_later(std::int64_t slot);
    /// Those that wait to be recorded.
    [[nodiscard]] Result<void> record_ends();
    [[nodiscard]] Result<void> block(Milliseconds remaining);
    [[nodiscard]] Result<void> unblock();
    [[nodiscard]] Result<BudgetStatus> status();

private:
    struct Account {
        std::int64_t now = 0;      ///< budget time
        Milliseconds since_boot{}; ///< the machine's clock at `now`, or a moment before
        std::int64_t blocked_until = 0, probe_slot = 0, probe_expires = 0;
        std::int64_t quiet_until = 0; ///< end of the first window after the machine started
    };
    struct Usage {
        std::int64_t used = 0;      ///< slots that are kept
        std::int64_t rate = 0;      ///< the smallest of all live users
        std::int64_t before_us = 0; ///< waiters that go first
    };
    /// The machine's boot clock beside the budget's time.
    struct Anchor {
        std::string boot; ///< of the machine
        std::int64_t time = 0, since_boot = 0;
    };
    struct End {
        std::int64_t slot = 0;
        Milliseconds at{}; ///< boot time
    };
    template <class Body> auto locked(const char* doing, Body&& body) -> std::invoke_result_t<Body, soci::session&, Account&>;
    Account load(soci::session& sql);
    std::int64_t boot_anchored_now(soci::session& sql, Account& account, const Anchor& anchor);
    void clean(soci::session& sql, std::int64_t now);
    void register_user(soci::session& sql, std::int64_t now);
    Usage usage(const Waiter& waiter, std::int64_t now);
    std::int64_t wait_for_turn(soci::session& sql, const Waiter& waiter, std::int64_t now);
    void mark(soci::session& sql, Waiter& waiter, std::int64_t now);
    Decision grant(soci::session& sql, Waiter& waiter, const Account& account, Milliseconds call_timeout);
    void erase_mark(soci::session& sql, const Waiter& waiter);
    void write_ends(soci::session& sql, Account& account);

    Store::Session& session_;
    BudgetOptions options_;
    std::string owner_;
    std::int64_t klass_ = static_cast<std::int64_t>(options_.klass), pid_ = ::getpid();
    std::vector<End> ends_;                          ///< not recorded yet
    std::int64_t user_expires_ = 0, next_clean_ = 0; ///< budget time
};

} // namespace blongo::state

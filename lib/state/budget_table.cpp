// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include <blongo/state/budget_table_impl.hpp>

namespace blongo::state {
namespace {

constexpr std::int64_t window = 62'000;     ///< BaseLinker counts 60 s; 2 s for clocks that run unevenly
constexpr std::int64_t longest_nap = 2'000; ///< so that a change made by others is seen
constexpr std::int64_t turn_nap = 200;      ///< while somebody else goes first
constexpr std::int64_t mark_life = 5'000;   ///< a waiter that died stops nobody for longer
constexpr std::int64_t user_life = 180'000; ///< how long a rate counts after its last question
constexpr std::int64_t probe_grace = 5'000;
constexpr std::int64_t clean_pause = 10'000;

/// Changes with every boot of the machine.
const std::string& boot_id() {
    static const std::string id = [] {
        std::ifstream in("/proc/sys/kernel/random/boot_id");
        std::string text;
        in >> text;
        return text.empty() ? std::string("unknown") : text;
    }();
    return id;
}

bool is_sweep(BudgetClass klass) {
    return klass >= BudgetClass::stock;
}

} // namespace

template <class Body> auto BudgetTable::locked(const char* doing, Body&& body)
    -> std::invoke_result_t<Body, soci::session&, Account&> {
    std::invoke_result_t<Body, soci::session&, Account&> out = fail(ErrorKind::internal, "not run");
    auto done = session_.transaction("budget " + options_.account, [&]() -> Result<void> {
        out = reading(session_, doing, [&](soci::session& sql) {
            Account account = load(sql);
            return body(sql, account);
        });
        if (!out) return fail(out.error());
        return {};
    });
    if (!done) return fail(std::move(done).error());
    return out;
}

BudgetTable::Account BudgetTable::load(soci::session& sql) {
    Account account;
    account.since_boot = session_.clock().boot_time(); // before `now`: whatever comes between them makes an end later
    Anchor anchor;
    const auto known =
        execute_kept(session_,
                     "SELECT blocked_until, probe_slot, probe_expires, quiet_until, boot, anchor_time, "
                     "anchor_boot FROM budget_accounts WHERE account = :a",
                     Out(account.blocked_until), Out(account.probe_slot), Out(account.probe_expires), Out(account.quiet_until),
                     Out(anchor.boot), Out(anchor.time), Out(anchor.since_boot), In(options_.account));
    if (!known.has_row) sql << "INSERT INTO budget_accounts (account) VALUES (:a)", soci::use(options_.account);
    account.now = session_.postgresql() ? session_.now_milliseconds() : boot_anchored_now(sql, account, anchor);
    return account;
}

std::int64_t BudgetTable::boot_anchored_now(soci::session& sql, Account& account, const Anchor& anchor) {
    const std::int64_t since_boot = session_.clock().boot_time().count();
    if (anchor.boot == boot_id()) return anchor.time + (since_boot - anchor.since_boot);

    std::int64_t newest = 0, slots = 0;
    sql << "SELECT COALESCE(MAX(COALESCE(ended, began)), 0), COUNT(*) FROM budget_slots WHERE account = :a",
        soci::use(options_.account), soci::into(newest), soci::into(slots);
    const std::int64_t now = std::max({session_.now_milliseconds(), anchor.time, newest});
    // What was called before the machine started had ended by then. A power cut may have lost some of
    // it: until the window since the start is over, nobody knows what the server still counts.
    if (!anchor.boot.empty()) account.quiet_until = now - since_boot + window;
    // Slots without a boot came with a move from PostgreSQL, by another clock: what they say may have been a moment ago.
    else if (slots > 0)
        account.quiet_until = now + window;
    for (const char* table : {"budget_slots", "budget_users", "budget_waiting"}) {
        sql << std::string("DELETE FROM ") + table + " WHERE account = :a", soci::use(options_.account);
    }
    user_expires_ = next_clean_ = 0;
    account.probe_slot = account.probe_expires = 0;
    sql << "UPDATE budget_accounts SET boot = :b, anchor_time = :t, anchor_boot = :s, quiet_until = :q, probe_slot = "
           "0, probe_expires = 0 WHERE account = :a",
        soci::use(boot_id()), soci::use(now), soci::use(since_boot), soci::use(account.quiet_until), soci::use(options_.account);
    return now;
}

/// What has expired counts nowhere; its rows go now and then.
void BudgetTable::clean(soci::session& sql, std::int64_t now) {
    if (now < next_clean_) return;
    next_clean_ = now + clean_pause;
    sql << "DELETE FROM budget_slots WHERE account = :a AND free_at <= :now", soci::use(options_.account), soci::use(now);
    sql << "DELETE FROM budget_users WHERE account = :a AND expires <= :now", soci::use(options_.account), soci::use(now);
    sql << "DELETE FROM budget_waiting WHERE account = :a AND expires <= :now", soci::use(options_.account), soci::use(now);
}

void BudgetTable::register_user(soci::session& sql, std::int64_t now) {
    if (user_expires_ - now > user_life / 2) return;
    user_expires_ = now + user_life;
    sql << "INSERT INTO budget_users (account, owner, per_minute, expires) VALUES (:a, :o, :r, :e) ON CONFLICT "
           "(account, owner) DO UPDATE SET per_minute = excluded.per_minute, expires = excluded.expires",
        soci::use(options_.account), soci::use(owner_), soci::use(options_.per_minute), soci::use(user_expires_);
}

BudgetTable::Usage BudgetTable::usage(const Waiter& waiter, std::int64_t now) {
    Usage usage;
    const std::string& account = options_.account;
    execute_kept(
        session_,
        "SELECT COUNT(*), (SELECT COALESCE(MIN(per_minute), :mine) FROM budget_users WHERE account = :a1 AND expires > :n1), "
        "(SELECT COUNT(*) FROM budget_waiting WHERE account = :a2 AND expires > :n2 AND waiter <> :me1 AND (class < "
        ":k1 OR (class = :k2 AND (since < :s1 OR (since = :s2 AND waiter < :me2))))) "
        "FROM budget_slots WHERE account = :a3 AND free_at > :n3",
        Out(usage.used), Out(usage.rate), Out(usage.before_us), In(options_.per_minute), In(account), In(now), In(account),
        In(now), In(waiter.id), In(klass_), In(klass_), In(waiter.since), In(waiter.since), In(waiter.id), In(account), In(now));
    return usage;
}

/// 0: go on. Else the time to wait, in milliseconds.
std::int64_t BudgetTable::wait_for_turn(soci::session& sql, const Waiter& waiter, std::int64_t now) {
    const Usage at = usage(waiter, now);
    const std::int64_t share = std::max<std::int64_t>(at.rate - options_.reserve, 1);
    const std::int64_t limit = is_sweep(options_.klass) ? share : at.rate;
    if (at.used >= limit) {
        const std::int64_t too_many = at.used - limit;
        std::int64_t free_at = now;
        sql << "SELECT free_at FROM budget_slots WHERE account = :a AND free_at > :now ORDER BY free_at LIMIT 1 OFFSET "
               ":n",
            soci::use(options_.account), soci::use(now), soci::use(too_many), soci::into(free_at);
        return std::max<std::int64_t>(free_at - now, 1);
    }
    if (at.before_us > 0) return turn_nap;
    // Sweeps are some of those used: most of the time nobody has to count them.
    if (!is_sweep(options_.klass) || at.used * 2 < share) return 0;
    std::int64_t sweeps = 0, last_sweep = 0;
    sql << "SELECT COUNT(*), COALESCE(MAX(began), 0) FROM budget_slots WHERE account = :a AND free_at > :now AND class >= 2",
        soci::use(options_.account), soci::use(now), soci::into(sweeps), soci::into(last_sweep);
    return sweeps * 2 < share ? 0 : std::max<std::int64_t>(last_sweep + window / share - now, 0);
}

void BudgetTable::mark(soci::session& sql, Waiter& waiter, std::int64_t now) {
    if (waiter.mark_expires - now > mark_life / 2) return;
    waiter.mark_expires = now + mark_life;
    sql << "INSERT INTO budget_waiting (account, waiter, class, since, expires) VALUES (:a, :w, :k, :s, :e) ON CONFLICT "
           "(account, waiter) DO UPDATE SET expires = excluded.expires",
        soci::use(options_.account), soci::use(waiter.id), soci::use(klass_), soci::use(waiter.since),
        soci::use(waiter.mark_expires);
}

void BudgetTable::erase_mark(soci::session& sql, const Waiter& waiter) {
    if (waiter.mark_expires == 0) return;
    sql << "DELETE FROM budget_waiting WHERE account = :a AND waiter = :w", soci::use(options_.account), soci::use(waiter.id);
}

Decision BudgetTable::grant(soci::session& sql, Waiter& waiter, const Account& account, Milliseconds call_timeout) {
    clean(sql, account.now);
    Decision decision;
    const std::int64_t free_at = account.now + call_timeout.count() + window;
    execute_kept(session_,
                 "INSERT INTO budget_slots (account, class, owner, host, pid, began, free_at) VALUES (:a, :k, :o, :h, "
                 ":p, :now, :f) RETURNING id",
                 Out(decision.slot), In(options_.account), In(klass_), In(owner_), In(host_name()), In(pid_), In(account.now),
                 In(free_at));
    if (account.blocked_until != 0) {
        const std::int64_t expires = account.now + call_timeout.count() + probe_grace;
        sql << "UPDATE budget_accounts SET probe_slot = :s, probe_expires = :e WHERE account = :a", soci::use(decision.slot),
            soci::use(expires), soci::use(options_.account);
        decision.probe = true;
    }
    erase_mark(sql, waiter);
    return decision;
}

Result<Decision> BudgetTable::ask(Waiter& waiter, Milliseconds call_timeout) {
    auto decided = locked("take a request of the budget", [&](soci::session& sql, Account& account) -> Result<Decision> {
        const std::int64_t now = account.now;
        write_ends(sql, account);
        register_user(sql, now);
        if (waiter.since == 0) waiter.since = now;

        std::int64_t wait = 0;
        if (account.blocked_until > now) {
            wait = account.blocked_until - now;
            if (wait > options_.longest_block.count()) {
                erase_mark(sql, waiter);
                Decision decision;
                decision.blocked = Milliseconds{wait};
                return decision;
            }
        } else if (account.blocked_until != 0 && account.probe_expires > now) {
            wait = account.probe_expires - now;
        } else if (account.quiet_until > now) {
            wait = account.quiet_until - now;
        } else {
            wait = wait_for_turn(sql, waiter, now);
        }
        if (wait == 0) return grant(sql, waiter, account, call_timeout);
        mark(sql, waiter, now);
        Decision decision;
        decision.wait = Milliseconds{std::min(wait, longest_nap)};
        return decision;
    });
    if (decided) ends_.clear();
    return decided;
}

Result<void> BudgetTable::forget(const Waiter& waiter) {
    return locked("give up waiting", [&](soci::session& sql, Account&) -> Result<void> {
        erase_mark(sql, waiter);
        return {};
    });
}

Result<void> BudgetTable::end(std::int64_t slot) {
    end_later(slot);
    return record_ends();
}

void BudgetTable::end_later(std::int64_t slot) {
    ends_.push_back({slot, session_.clock().boot_time()});
}

Result<void> BudgetTable::record_ends() {
    if (ends_.empty()) return {};
    BLONGO_CHECK(locked("record the end of a request", [&](soci::session& sql, Account& account) -> Result<void> {
        write_ends(sql, account);
        return {};
    }));
    ends_.clear();
    return {};
}

void BudgetTable::write_ends(soci::session& sql, Account& account) {
    for (const End& end : ends_) {
        const std::int64_t ended = account.now - (account.since_boot - end.at).count(), free_at = ended + window;
        execute_kept(session_, "UPDATE budget_slots SET ended = :now, free_at = :f WHERE id = :id AND ended IS NULL", In(ended),
                     In(free_at), In(end.slot));
        if (account.probe_slot != end.slot) continue;
        account.probe_slot = account.probe_expires = 0;
        sql << "UPDATE budget_accounts SET probe_slot = 0, probe_expires = 0 WHERE account = :a", soci::use(options_.account);
    }
}

Result<void> BudgetTable::block(Milliseconds remaining) {
    return locked("record a block", [&](soci::session& sql, Account& account) -> Result<void> {
        const std::int64_t until = std::max(account.blocked_until, account.now + std::max<std::int64_t>(remaining.count(), 1));
        sql << "UPDATE budget_accounts SET blocked_until = :u, probe_slot = 0, probe_expires = 0 WHERE account = :a",
            soci::use(until), soci::use(options_.account);
        return {};
    });
}

Result<void> BudgetTable::unblock() {
    return locked("record the end of a block", [&](soci::session& sql, Account& account) -> Result<void> {
        // A block that came after the probe was sent stays.
        if (account.blocked_until > account.now) return {};
        sql << "UPDATE budget_accounts SET blocked_until = 0, probe_slot = 0, probe_expires = 0 WHERE account = :a",
            soci::use(options_.account);
        return {};
    });
}

Result<BudgetStatus> BudgetTable::status() {
    return locked("look at the budget", [&](soci::session& sql, Account& account) -> Result<BudgetStatus> {
        BudgetStatus status;
        sql << "SELECT COUNT(*), COUNT(CASE WHEN host = :h AND pid = :p THEN 1 END) FROM budget_slots WHERE account = :a "
               "AND free_at > :now",
            soci::use(host_name()), soci::use(pid_), soci::use(options_.account), soci::use(account.now), soci::into(status.used),
            soci::into(status.used_by_us);
        if (account.blocked_until > account.now) {
            status.blocked_until = session_.clock().now() + Milliseconds{account.blocked_until - account.now};
        }
        return status;
    });
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <unistd.h>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/budget_table_impl.hpp>
#include <blongo/state/store_impl.hpp>

namespace blongo::state {
namespace {

/// A session that several threads use in turn; in memory also several budgets of one process.
struct SharedSession {
    std::mutex mutex;
    std::unique_ptr<Store::Session> session;
};

/// A dry run without a state: all its budgets count together.
Result<std::shared_ptr<SharedSession>> session_in_memory(const std::string& place, std::unique_ptr<Store::Session> fresh) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<SharedSession>> known;
    const std::scoped_lock guard(mutex);
    if (auto there = known[place].lock()) return there;
    auto made = std::make_shared<SharedSession>();
    made->session = std::move(fresh);
    known[place] = made;
    return made;
}

class SharedBudget final : public RequestBudget {
public:
    SharedBudget(std::shared_ptr<SharedSession> shared, BudgetOptions options, Clock& clock, const StopToken& stop)
        : shared_(std::move(shared)), options_(std::move(options)), clock_(clock), stop_(stop), owner_(random_hex(8)),
          table_(*shared_->session, options_, owner_) {}

    ~SharedBudget() override {
        const std::scoped_lock guard(shared_->mutex);
        [[maybe_unused]] const auto done = table_.record_ends();
    }

    Result<std::int64_t> acquire(Milliseconds call_timeout, std::optional<Milliseconds> deadline) override {
        Waiter waiter;
        {
            const std::scoped_lock guard(shared_->mutex);
            waiter.id = fmt::format("{}-{}", owner_, ++waiters_);
        }
        for (;;) {
            BLONGO_TRY(const Decision decision, ask(waiter, call_timeout));
            if (decision.slot != 0) return decision.slot;
            if (decision.blocked) return fail(blocked_error(*decision.blocked));
            Milliseconds nap = decision.wait;
            if (deadline) {
                const Milliseconds left = *deadline - clock_.boot_time();
                if (left <= Milliseconds{0}) return give_up(waiter, timeout_error());
                nap = std::min(nap, left);
            }
            if (!clock_.sleep(nap, stop_)) {
                return give_up(waiter, make_error(ErrorKind::stopped, "stopped while waiting for the request budget"));
            }
        }
    }

    void release(std::int64_t slot) override {
        // Without the record the slot is kept for the whole time-out: late, never early.
        const std::scoped_lock guard(shared_->mutex);
        if (!probes_.contains(slot)) return table_.end_later(slot);
        // Others wait for the end of a probe.
        [[maybe_unused]] const auto done = table_.end(slot);
    }

    void blocked(std::int64_t slot, Timestamp until) override {
        const std::scoped_lock guard(shared_->mutex);
        if (table_.block(until - clock_.now())) probes_.erase(slot);
    }

    void unblocked(std::int64_t slot) override {
        const std::scoped_lock guard(shared_->mutex);
        if (probes_.contains(slot) && table_.unblock()) probes_.erase(slot);
    }

    Result<BudgetStatus> status() override {
        const std::scoped_lock guard(shared_->mutex);
        BLONGO_CHECK(table_.record_ends());
        return table_.status();
    }

private:
    Result<Decision> ask(Waiter& waiter, Milliseconds call_timeout) {
        const std::scoped_lock guard(shared_->mutex);
        auto decision = table_.ask(waiter, call_timeout);
        if (decision && decision->probe) probes_.insert(decision->slot);
        return decision;
    }

    Result<std::int64_t> give_up(const Waiter& waiter, Error error) {
        const std::scoped_lock guard(shared_->mutex);
        // If it fails, the mark expires by itself.
        [[maybe_unused]] const auto done = table_.forget(waiter);
        return fail(std::move(error));
    }

    Error blocked_error(Milliseconds remaining) const {
        const Timestamp until = clock_.now() + remaining;
        Error error = make_error(ErrorKind::throttled,
                                 fmt::format("the account is blocked until {} (another {}) because of too many requests",
                                             format_utc(until), format_age(remaining)),
                                 {}, "run again after that; every blongo that uses this account waits too");
        error.retry_at = until;
        return error;
    }

    static Error timeout_error() {
        return make_error(ErrorKind::timeout, "no request of the budget became free in the time given", {},
                          "run again, or raise requests_per_minute if the account allows more");
    }

    std::shared_ptr<SharedSession> shared_;
    BudgetOptions options_;
    Clock& clock_;
    const StopToken& stop_;
    std::string owner_;
    BudgetTable table_;
    std::set<std::int64_t> probes_; ///< slots that were granted as the first call after a block
    std::int64_t waiters_ = 0;
};

} // namespace

Result<std::unique_ptr<RequestBudget>> RequestBudget::open(const OpenOptions& options, BudgetOptions budget,
                                                           const StopToken& stop) {
    if (budget.per_minute < 1 || budget.reserve < 0) {
        return fail(ErrorKind::config, "requests_per_minute must be at least 1 and reserve at least 0", "baselinker");
    }
    BLONGO_TRY(Opened opened, open_session(options, true));
    BLONGO_CHECK(reading(*opened.session, "prepare the budget", [&](soci::session& sql) -> Result<void> {
        if (!opened.session->postgresql()) sql << "PRAGMA synchronous=NORMAL";
        return {};
    }));
    std::shared_ptr<SharedSession> shared;
    if (opened.session->target().memory) {
        const std::string place = opened.session->target().place;
        BLONGO_TRY(shared, session_in_memory(place, std::move(opened.session)));
    } else {
        shared = std::make_shared<SharedSession>();
        shared->session = std::move(opened.session);
    }
    return std::make_unique<SharedBudget>(std::move(shared), std::move(budget), *options.clock, stop);
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/writer_lock.hpp>

#include <algorithm>

namespace blongo::sync {

namespace {

constexpr Milliseconds look_again{20};
/// One try for the lock; between two of them a send may have come.
constexpr Milliseconds one_try{100};

Result<void> let_sends_go_first(state::Locks& locks, const std::string& name, Clock& clock, const StopToken& stop,
                                Milliseconds until) {
    while (clock.boot_time() < until) {
        BLONGO_TRY(const bool wanted, locks.wanted(name));
        if (!wanted) return {};
        if (!clock.sleep(look_again, stop)) return fail(ErrorKind::stopped, "stopped while a send went first");
    }
    return {};
}

} // namespace

Result<std::unique_ptr<state::HeldLock>> take_writer(state::Locks& locks, const std::string& name, state::BudgetClass klass,
                                                     Clock& clock, const StopToken& stop, Milliseconds wait) {
    if (klass == state::BudgetClass::send) {
        BLONGO_TRY(const auto mark, locks.mark_waiting(name));
        return locks.take(name, wait, stop);
    }
    const Milliseconds begun = clock.boot_time();
    for (;;) {
        BLONGO_CHECK(let_sends_go_first(locks, name, clock, stop, begun + std::min(sends_first, wait)));
        const Milliseconds left = begun + wait - clock.boot_time();
        auto lock = locks.take(name, std::clamp(left, Milliseconds{0}, one_try), stop);
        if (lock || lock.error().kind != ErrorKind::locked) return lock;
        if (left > one_try) continue;
        BLONGO_TRY(const auto holder, locks.holder(name));
        return fail(ErrorKind::locked,
                    "another run holds the lock " + name + (holder ? ": " + *holder : std::string{}) + " (waited " +
                        format_duration(wait) + ")",
                    {}, "wait for it to end, or stop that process");
    }
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/clock.hpp>

#include <algorithm>
#include <ctime>
#include <thread>

namespace blongo {

Timestamp SystemClock::now() const {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Milliseconds SystemClock::boot_time() const {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return Milliseconds{static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000};
}

bool SystemClock::sleep(Milliseconds duration, const StopToken& stop) {
    constexpr Milliseconds step{50}; // a stop is noticed within this time
    const Milliseconds end = boot_time() + duration;
    while (!stop.requested()) {
        const Milliseconds left = end - boot_time();
        if (left <= Milliseconds{0}) return true;
        std::this_thread::sleep_for(std::min(left, step));
    }
    return false;
}

bool ManualClock::sleep(Milliseconds duration, const StopToken& stop) {
    if (stop.requested()) return false;
    const auto add = [](std::atomic<Milliseconds>& total, Milliseconds more) {
        Milliseconds old = total.load();
        while (!total.compare_exchange_weak(old, old + more)) {
        }
    };
    if (duration > Milliseconds{0}) {
        add(now_, duration);
        add(slept_, duration);
    }
    ++sleeps_;
    return true;
}

} // namespace blongo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include <blongo/base/time.hpp>

namespace blongo {

/// The wish to stop (SIGINT, SIGTERM), shared by every step of a run.
class StopToken {
public:
    /// Async-signal-safe. `signal` is what the exit code is made of (130, 143).
    void request(int signal) noexcept { signal_.store(signal, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept { return signal() != 0; }
    [[nodiscard]] int signal() const noexcept { return signal_.load(std::memory_order_relaxed); }

private:
    std::atomic<int> signal_{0};
};

/// Time and waiting, injected so that tests count waits without sleeping.
class Clock {
public:
    virtual ~Clock() = default;
    /// Wall clock, UTC.
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Time that never jumps and runs on while the machine is suspended (CLOCK_BOOTTIME).
    [[nodiscard]] virtual Milliseconds boot_time() const = 0;
    /// Waits; returns early, with false, when `stop` is requested meanwhile.
    virtual bool sleep(Milliseconds duration, const StopToken& stop) = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
    [[nodiscard]] Milliseconds boot_time() const override;
    bool sleep(Milliseconds duration, const StopToken& stop) override;
};

/// A clock that tests move: sleep() advances it at once and remembers the waits.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start = Timestamp{}) : now_(start.time_since_epoch()) {}
    [[nodiscard]] Timestamp now() const override { return Timestamp{now_.load()}; }
    [[nodiscard]] Milliseconds boot_time() const override { return now_.load(); }
    bool sleep(Milliseconds duration, const StopToken& stop) override;
    void advance(Milliseconds duration) { now_ = now_.load() + duration; }
    [[nodiscard]] Milliseconds slept() const { return slept_.load(); }
    [[nodiscard]] int sleeps() const { return sleeps_.load(); }

private:
    std::atomic<Milliseconds> now_;
    std::atomic<Milliseconds> slept_{Milliseconds{0}};
    std::atomic<int> sleeps_{0};
};

} // namespace blongo

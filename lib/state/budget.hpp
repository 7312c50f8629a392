// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// Who asks: send goes before orders before stock before articles.
enum class BudgetClass : std::uint8_t { send = 0, orders = 1, stock = 2, articles = 3 };

struct BudgetOptions {
    std::string account;          ///< shared by every process that names it
    std::int64_t per_minute = 60; ///< the smallest rate of all live users of the account counts
    std::int64_t reserve = 20;    ///< slots that classes stock and articles never use
    BudgetClass klass = BudgetClass::articles;
    Milliseconds longest_block{60'000}; ///< a block longer than this ends the run (throttled) instead of waiting
};

struct BudgetStatus {
    std::int64_t used = 0;       ///< slots not yet free
    std::int64_t used_by_us = 0; ///< of this process
    std::optional<Timestamp> blocked_until;
};

/// One limiter for every process on every host that uses an account. A slot is a row that is
/// written before the call and freed 62 s after the call ended (62 s + its time-out after it
/// began, if nobody recorded the end), so no 60-second window ever holds more calls than the
/// rate. While the account is blocked nobody calls; when the time has come exactly one process
/// probes, the others wait for its result. Works on a session of its own; thread-safe.
class RequestBudget {
public:
    /// With a read_only state that does not exist yet, the budget lives in this process only;
    /// otherwise it is written to the state even in a dry run.
    [[nodiscard]] static Result<std::unique_ptr<RequestBudget>> open(const OpenOptions& options, BudgetOptions budget,
                                                                     const StopToken& stop);
    virtual ~RequestBudget() = default;
    /// Waits for a slot (sweeps are paced evenly over the minute; higher classes go first).
    /// `deadline`: boot time after which it gives up with ErrorKind::timeout.
    [[nodiscard]] virtual Result<std::int64_t> acquire(Milliseconds call_timeout, std::optional<Milliseconds> deadline) = 0;
    /// The call is over. The end of a probe is recorded at once, others with the next question to this budget or when it is
    /// closed: until then their slots are kept, late and never early.
    virtual void release(std::int64_t slot) = 0;
    /// The side said: token blocked until `until` (already clamped by the client). Ends the probe.
    virtual void blocked(std::int64_t slot, Timestamp until) = 0;
    /// A call that was let through as a probe succeeded: everybody may go on.
    virtual void unblocked(std::int64_t slot) = 0;
    [[nodiscard]] virtual Result<BudgetStatus> status() = 0;
};

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/error.hpp>
#include <blongo/base/redact.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/transport.hpp>

namespace blongo::http {

/// Waits between attempts: one entry per retry. [http] retry_ongoing, retry_baselinker.
struct RetryPolicy {
    std::vector<Milliseconds> waits;
    Milliseconds max_retry_after{60'000}; ///< a longer Retry-After is not waited for
};

/// Whether a failed attempt may be repeated: the table Effect x ErrorKind of the design.
/// not_sent: always. throttled: never here (the budget waits for all). unavailable, ambiguous:
/// only reads and idempotent writes. Everything else: never.
[[nodiscard]] bool may_retry(Effect effect, ErrorKind kind) noexcept;

/// Repeats by may_retry with jittered waits (each 0.5 to 1 times its policy value, or Retry-After
/// when that is longer) and turns answers that classify() calls errors into Errors. Ends early when
/// `stop` is requested or `deadline` (boot time) would pass: the first attempt of a write is always
/// made, a read after the deadline is ErrorKind::timeout. The message of an Error names the number
/// of attempts when there were more than one.
///
/// A write of which one attempt was ambiguous or unavailable fails as ambiguous whatever error a
/// later attempt brings (a refusal, no connection, no slot): the side may have executed the first,
/// so the object has to be read. The later error keeps its message, code and HTTP status.
class RetryTransport final : public Transport {
public:
    RetryTransport(Transport& next, RetryPolicy policy, Clock& clock, const StopToken& stop,
                   std::function<double()> jitter = {}); ///< jitter: 0..1, default random
    void set_deadline(std::optional<Milliseconds> boot_time) { deadline_ = boot_time; }
    [[nodiscard]] Result<Response> send(const Request& request) override;

private:
    Transport& next_;
    RetryPolicy policy_;
    Clock& clock_;
    const StopToken& stop_;
    std::function<double()> jitter_;
    std::optional<Milliseconds> deadline_;
};

/// A shared limiter of calls; the state implements it across processes and hosts.
class Budget {
public:
    virtual ~Budget() = default;
    /// Waits for a slot. Errors: throttled (blocked until a time that is too far), timeout, stopped.
    [[nodiscard]] virtual Result<std::int64_t> acquire(const Request& request) = 0;
    /// Says that the call of this slot ended, and how: `outcome` is what came back, `classified`
    /// the Error that the answer stands for (ErrorKind::throttled with retry_at: silence everybody).
    /// Called exactly once per slot.
    virtual void release(std::int64_t slot, const Result<Response>& outcome, const std::optional<Error>& classified) = 0;
};

/// Takes a slot before each attempt. A throttled answer is handed to the budget, which
/// silences every process until the time given; the request is then tried again once the
/// budget lets it, because it was refused and did not execute. After `rounds` refusals the
/// throttled answer is returned.
class BudgetTransport final : public Transport {
public:
    static constexpr int rounds = 5;
    BudgetTransport(Transport& next, Budget& budget) : next_(next), budget_(budget) {}
    [[nodiscard]] Result<Response> send(const Request& request) override;

private:
    Transport& next_;
    Budget& budget_;
};

/// What one exchange looked like, already redacted.
struct Exchange {
    Timestamp at;
    std::string name, method, url;
    Effect effect = Effect::read;
    int status = 0;    ///< 0: no answer
    std::string error; ///< text of the error, or empty
    Milliseconds took{0};
    std::size_t bytes_sent = 0, bytes_received = 0;
    std::string request_headers, request_body, response_headers, response_body; ///< only with bodies wanted
};

/// Reports each physical exchange to a sink, with secrets removed from every text; the values
/// of headers that carry credentials are replaced as a whole, bodies end after `body_limit`
/// bytes. `with_bodies` for -vv and --dump-http.
class LogTransport final : public Transport {
public:
    static constexpr std::size_t body_limit = 64U << 10U;
    LogTransport(Transport& next, const Redactor& redactor, Clock& clock, bool with_bodies,
                 std::function<void(const Exchange&)> sink);
    [[nodiscard]] Result<Response> send(const Request& request) override;

private:
    Transport& next_;
    const Redactor& redactor_;
    Clock& clock_;
    bool with_bodies_;
    std::function<void(const Exchange&)> sink_;
};

/// Lets only Effect::read through; anything else is ErrorKind::internal: a dry run that
/// reaches it has a bug and says so loudly.
class ReadOnlyTransport final : public Transport {
public:
    explicit ReadOnlyTransport(Transport& next) : next_(next) {}
    [[nodiscard]] Result<Response> send(const Request& request) override;

private:
    Transport& next_;
};

/// Counts requests by name, for summaries and tests. Thread-safe.
class CountTransport final : public Transport {
public:
    explicit CountTransport(Transport& next) : next_(next) {}
    [[nodiscard]] Result<Response> send(const Request& request) override;
    [[nodiscard]] std::int64_t total() const;
    [[nodiscard]] std::map<std::string, std::int64_t> by_name() const;

private:
    Transport& next_;
    mutable std::mutex mutex_;
    std::map<std::string, std::int64_t> counts_;
};

/// Serialises writes: holds the lock that `lock` returns for the time of each write call.
/// For Ongoing: one write in flight per goods owner over all processes.
class WriterLockTransport final : public Transport {
public:
    /// A held lock; released when destroyed.
    class Held {
    public:
        virtual ~Held() = default;
    };
    using Lock = std::function<Result<std::unique_ptr<Held>>()>;
    WriterLockTransport(Transport& next, Lock lock) : next_(next), lock_(std::move(lock)) {}
    [[nodiscard]] Result<Response> send(const Request& request) override;

private:
    Transport& next_;
    Lock lock_;
};

} // namespace blongo::http

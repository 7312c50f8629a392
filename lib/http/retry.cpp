// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include <blongo/http/decorators.hpp>
#include <blongo/http/retry_after.hpp>

namespace blongo::http {
namespace {

double random_jitter() {
    thread_local std::mt19937 engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

// From half the wait to the whole: processes that failed together do not come back together.
Milliseconds jittered(Milliseconds wait, double jitter) {
    const double factor = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
    return Milliseconds(static_cast<Milliseconds::rep>(static_cast<double>(wait.count()) * factor));
}

bool may_have_executed(ErrorKind kind) noexcept {
    return kind == ErrorKind::ambiguous || kind == ErrorKind::unavailable;
}

} // namespace

bool may_retry(Effect effect, ErrorKind kind) noexcept {
    if (kind == ErrorKind::not_sent) return true;
    return may_have_executed(kind) && effect != Effect::unsafe_write;
}

RetryTransport::RetryTransport(Transport& next, RetryPolicy policy, Clock& clock, const StopToken& stop,
                               std::function<double()> jitter)
    : next_(next), policy_(std::move(policy)), clock_(clock), stop_(stop), jitter_(jitter ? std::move(jitter) : random_jitter) {}

Result<Response> RetryTransport::send(const Request& request) {
    const bool is_read = request.effect == Effect::read;
    if (is_read && deadline_ && clock_.boot_time() >= *deadline_)
        return fail(ErrorKind::timeout, "the time of this run is used up", request.name,
                    "the next run goes on here; or raise --max-duration");

    bool maybe_executed = false; // an earlier attempt of this write
    for (std::size_t attempt = 1;; ++attempt) {
        Result<Response> outcome = next_.send(request);
        Error error;
        if (outcome) {
            const std::optional<Error>& verdict = verdict_of(request, *outcome);
            if (!verdict) return outcome;
            error = *verdict;
            if (!error.retry_at) error.retry_at = parse_retry_after(outcome->header("retry-after"), clock_.now());
        } else {
            error = std::move(outcome).error();
        }

        // Returns the error as the whole story of this request.
        const auto give_up = [&](std::string_view why) {
            if (maybe_executed && !may_have_executed(error.kind)) {
                error.kind = ErrorKind::ambiguous;
                error.message += "; an earlier attempt may have been executed";
            }
            if (attempt > 1) error.message += " (after " + std::to_string(attempt) + " attempts)";
            error.message += why;
            return fail(std::move(error));
        };

        if (!may_retry(request.effect, error.kind)) return give_up("");
        if (!is_read && may_have_executed(error.kind)) maybe_executed = true;
        if (attempt > policy_.waits.size()) return give_up("");
        const auto stopped = [&]() -> Result<Response> {
            if (is_read) error.kind = ErrorKind::stopped;
            return give_up(", stopped before another attempt");
        };
        if (stop_.requested()) return stopped();

        Milliseconds wait = jittered(policy_.waits[attempt - 1], jitter_());
        if (error.retry_at) {
            const Milliseconds asked = *error.retry_at - clock_.now();
            if (asked > policy_.max_retry_after) return give_up(", which asks for a longer wait than allowed");
            wait = std::max(wait, asked);
        }
        if (deadline_ && clock_.boot_time() + wait >= *deadline_) return give_up(", no time left for another attempt");
        if (!clock_.sleep(wait, stop_)) return stopped();
    }
}

} // namespace blongo::http

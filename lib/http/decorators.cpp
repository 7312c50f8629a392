// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/decorators.hpp>

#include <utility>

namespace blongo::http {
namespace {

// Gives the slot back even when something throws: a slot that nobody ends blocks the account for minutes.
class Slot {
public:
    Slot(Budget& budget, std::int64_t number) : budget_(budget), number_(number) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
        if (!open_) return;
        const Result<Response> outcome = fail(ErrorKind::internal, "the call was left by an exception");
        budget_.release(number_, outcome, outcome.error());
    }
    void release(const Result<Response>& outcome, const std::optional<Error>& classified) {
        open_ = false;
        budget_.release(number_, outcome, classified);
    }

private:
    Budget& budget_;
    std::int64_t number_;
    bool open_ = true;
};

} // namespace

Result<Response> BudgetTransport::send(const Request& request) {
    for (int round = 1;; ++round) {
        BLONGO_TRY(const std::int64_t number, budget_.acquire(request));
        Slot slot(budget_, number);
        Result<Response> outcome = next_.send(request);
        std::optional<Error> classified;
        if (outcome)
            classified = verdict_of(request, *outcome);
        else
            classified = outcome.error();
        slot.release(outcome, classified);
        if (!classified || classified->kind != ErrorKind::throttled || round == rounds) return outcome;
    }
}

Result<Response> ReadOnlyTransport::send(const Request& request) {
    if (request.effect == Effect::read) return next_.send(request);
    return fail(ErrorKind::internal,
                "a run that only reads tried to write (" + std::string(to_string(request.effect)) + "); nothing was sent",
                request.name, "report this as a bug of blongo");
}

Result<Response> CountTransport::send(const Request& request) {
    {
        const std::lock_guard guard(mutex_);
        ++counts_[request.name];
    }
    return next_.send(request);
}

std::int64_t CountTransport::total() const {
    const std::lock_guard guard(mutex_);
    std::int64_t sum = 0;
    for (const auto& [name, count] : counts_) sum += count;
    return sum;
}

std::map<std::string, std::int64_t> CountTransport::by_name() const {
    const std::lock_guard guard(mutex_);
    return counts_;
}

Result<Response> WriterLockTransport::send(const Request& request) {
    if (request.effect == Effect::read) return next_.send(request);
    BLONGO_TRY(const std::unique_ptr<Held> held, lock_());
    return next_.send(request);
}

} // namespace blongo::http

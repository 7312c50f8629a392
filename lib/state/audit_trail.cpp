// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/audit_trail_impl.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace blongo::state {

void AuditTrail::note(Waiting waiting) {
    const std::lock_guard guard(mutex_);
    AuditEvent& event = waiting.event;
    if (event.flow.empty()) event.flow = run_flow_;
    // A catalogue is many articles with one write each: the decision and its write share a row.
    const bool is_article = event.object.starts_with("article:");
    if (event.kind == "decision" && is_article && !waiting_.empty()) {
        AuditEvent& last = waiting_.back().event;
        if (last.kind == "write" && last.object == event.object && last.outcome == event.outcome && last.detail.empty()) {
            last.verb = event.verb;
            last.detail = event.detail;
            last.before = event.before;
            last.after = event.after;
            return;
        }
    }
    waiting_.push_back(std::move(waiting));
}

void AuditTrail::run_begins(ConnectionKey chain, const std::string& flow) {
    const std::lock_guard guard(mutex_);
    run_chain_ = chain;
    run_flow_ = flow;
    run_recorded_ = false;
}

bool AuditTrail::run_did_something() const {
    const std::lock_guard guard(mutex_);
    return !run_flow_.empty() && (run_recorded_ || !waiting_.empty());
}

void AuditTrail::run_over() {
    const std::lock_guard guard(mutex_);
    run_flow_.clear();
}

bool AuditTrail::empty() const {
    const std::lock_guard guard(mutex_);
    return waiting_.empty();
}

std::vector<AuditTrail::Waiting> AuditTrail::take() {
    const std::lock_guard guard(mutex_);
    taken_ = std::exchange(waiting_, {});
    std::vector<Waiting> out = taken_;
    run_recorded_before_ = run_recorded_;
    const auto first = std::find_if(out.begin(), out.end(), [&](const Waiting& one) { return one.chain == run_chain_; });
    if (!run_flow_.empty() && !run_recorded_ && first != out.end()) {
        out.insert(first, {run_chain_, {.kind = "run", .flow = run_flow_, .verb = "begin"}, false});
        run_recorded_ = true;
    }
    return out;
}

void AuditTrail::transaction_ended(bool committed) {
    const std::lock_guard guard(mutex_);
    if (!committed) {
        // What was noted outside happened all the same: the next transaction records it.
        std::vector<Waiting> back = std::exchange(taken_, {});
        if (!back.empty()) run_recorded_ = run_recorded_before_;
        std::move(waiting_.begin(), waiting_.end(), std::back_inserter(back));
        std::erase_if(back, [](const Waiting& one) { return one.in_transaction; });
        waiting_ = std::move(back);
    }
    taken_.clear();
}

} // namespace blongo::state

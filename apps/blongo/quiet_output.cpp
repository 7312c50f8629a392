// SPDX-License-Identifier: Apache-2.0
#include "quiet_output.hpp"

#include <utility>

#include <fmt/format.h>

namespace blongo::app {
namespace {

class KeepingReporter final : public report::Reporter {
public:
    KeepingReporter(QuietOutput& quiet, std::unique_ptr<report::Reporter> inner) : quiet_(quiet), inner_(std::move(inner)) {}

    void action(const report::Action& action) override {
        if (!quiet_.keep(action)) inner_->action(action);
    }
    void summary(const report::Summary& summary) override { inner_->summary(summary); }
    void problem(const std::string& connection, const Error& error) override { inner_->problem(connection, error); }
    void warning(const std::string& connection, const std::string& text) override { inner_->warning(connection, text); }
    void info(const std::string& connection, const std::string& text) override { inner_->info(connection, text); }
    void exchange(const std::string& connection, const std::string& line, const std::string& bodies) override {
        inner_->exchange(connection, line, bodies);
    }
    void progress(const std::string& connection, const std::string& step, std::int64_t done, std::int64_t total) override {
        inner_->progress(connection, step, done, total);
    }
    void row(const std::string& message_type, const std::vector<Cell>& cells) override { inner_->row(message_type, cells); }
    void end_rows(const std::string& empty_text) override { inner_->end_rows(empty_text); }
    void text(const std::string& block) override { inner_->text(block); }

private:
    QuietOutput& quiet_;
    std::unique_ptr<report::Reporter> inner_;
};

/// "orders: Ongoing cannot be reached".
plan::Alert failure(const std::string& connection, const std::string& kind, std::string key, const std::string& flow,
                    const std::string& what) {
    plan::Alert alert;
    alert.kind = kind;
    alert.key = std::move(key);
    alert.flow = flow;
    alert.owner = "admin";
    alert.detail = fmt::format("{}: {}", flow, what);
    alert.command = fmt::format("blongo status -C {}", connection);
    return alert;
}

} // namespace

bool QuietOutput::looks_after(const std::string& connection, const std::string& flow) const {
    const auto found = notes_.find(connection);
    return found != notes_.end() && found->second.seen.flows.contains(flow);
}

void QuietOutput::begin(const std::string& connection, const std::string& flow) {
    const std::lock_guard lock(mutex_);
    notes_[connection].seen.flows.insert(flow);
}

void QuietOutput::end(const std::string& connection, const std::string& flow, bool whole) {
    const std::lock_guard lock(mutex_);
    if (!looks_after(connection, flow)) return;
    auto& seen = notes_[connection].seen;
    if (whole)
        seen.whole.insert(flow);
    else
        seen.whole.erase(flow);
}

bool QuietOutput::keep(const std::string& connection, const std::string& flow, const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!looks_after(connection, flow)) return false;
    // Another run does the work: that is no problem before it takes too long, and then the flow has no good run.
    if (error.kind == ErrorKind::locked) return true;
    const std::string key = fmt::format("{}:{}:{}", flow, to_string(error.kind), error.code);
    QuietNotes& notes = notes_[connection];
    if (notes.errors.try_emplace(key, error).second)
        notes.seen.failures.push_back(failure(connection, "failed", key, flow, error.message));
    return true;
}

bool QuietOutput::keep(const report::Action& action) {
    const std::lock_guard lock(mutex_);
    if (action.dry_run || !looks_after(action.connection, action.flow)) return false;
    QuietNotes& notes = notes_[action.connection];
    const bool failed = action.outcome == plan::Outcome::rejected || action.outcome == plan::Outcome::unknown;
    if (!failed) {
        if (action.verb == plan::Verb::park && action.is_new) notes.parked.insert(action.cause);
        return false;
    }
    const std::string key = fmt::format("{}:{}:{}", action.flow, action.key, action.step);
    if (notes.actions.insert_or_assign(key, action).second) // the remote's words are not kept: they may name people
        notes.seen.failures.push_back(
            failure(action.connection, "refused", key, action.flow, fmt::format("a write for {} failed", action.key)));
    return true;
}

std::vector<std::string> QuietOutput::connections() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, notes] : notes_) names.push_back(name);
    return names;
}

QuietNotes QuietOutput::take(const std::string& connection) {
    const std::lock_guard lock(mutex_);
    QuietNotes& notes = notes_[connection];
    QuietNotes going_on;
    going_on.seen.flows = notes.seen.flows;
    return std::exchange(notes, std::move(going_on));
}

std::unique_ptr<report::Reporter> keeping(QuietOutput& quiet, std::unique_ptr<report::Reporter> inner) {
    return std::make_unique<KeepingReporter>(quiet, std::move(inner));
}

} // namespace blongo::app

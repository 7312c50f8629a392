// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/flow.hpp>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>
#include <blongo/plan/causes.hpp>
#include <blongo/report/summary_json.hpp>
#include <blongo/state/audit.hpp>

namespace blongo::sync {

namespace {

/// flows.md Common: five different items in a row failing at a side's 500 stop the flow.
constexpr std::size_t failures_in_a_row = 5;
/// ... and one item is parked after attempts in three runs.
constexpr int runs_before_parking = 3;

constexpr std::chrono::minutes between_run_rows{5};

/// Since when each flow of the connection is enabled: every live run records it (flows.md Shipments 4).
Result<void> note_enabled_flows(Session& session) {
    const auto& connection = session.connection();
    state::Runs runs(session.store(), session.key());
    for (const auto& [flow, enabled] : {std::pair{"articles", connection.articles.enabled},
                                        {"orders", connection.orders.enabled},
                                        {"stock", connection.stock.enabled},
                                        {"shipments", connection.shipments.enabled},
                                        {"returns", connection.returns.enabled}}) {
        if (!enabled) continue;
        BLONGO_TRY([[maybe_unused]] const Timestamp since, runs.enabled_since(flow));
    }
    return {};
}

state::Audit audit_of(Session& session) {
    return {session.store(), session.key()};
}

std::string members_of(const std::vector<plan::Change>& changes, json::Value plan::Change::*side) {
    std::vector<json::MemberView> members;
    members.reserve(changes.size());
    for (const auto& change : changes) members.push_back({change.member, &(change.*side)});
    return json::canonical(std::move(members));
}

/// The row of the audit for what was decided and done. Parking again, waiting and leaving alone are no decisions, nor is
/// an article found in the warehouse as it should be.
void audit(Session& session, const report::Action& action) {
    using plan::Verb;
    if (action.dry_run || action.outcome == plan::Outcome::queued || action.outcome == plan::Outcome::planned) return;
    if (action.verb == Verb::same || action.verb == Verb::skip || (action.verb == Verb::park && !action.is_new)) return;
    if (action.verb == Verb::adopt && action.flow == "articles") return;
    state::AuditEvent event;
    event.kind = "decision";
    event.flow = action.flow;
    event.object = state::audited_object(action.flow, action.key);
    event.verb = plan::to_string(action.verb);
    if (!action.step.empty()) event.verb += " " + action.step;
    event.outcome = plan::to_string(action.outcome);
    event.code = action.cause;
    if (!action.changes.empty()) {
        event.before = sha256_hex(members_of(action.changes, &plan::Change::before));
        event.after = sha256_hex(members_of(action.changes, &plan::Change::after));
    }
    event.detail = action.reason == action.cause ? action.detail
                   : action.detail.empty()       ? action.reason
                                                 : action.reason + ": " + action.detail;
    audit_of(session).note(std::move(event));
}

std::string failures_cursor(const std::string& flow) {
    return flow + ".failures";
}

} // namespace

Flow::Flow(Session& session, std::string name, const FlowOptions& options)
    : session_(session), name_(std::move(name)), options_(options), started_(session.runtime().clock.boot_time()),
      requests_before_(session.requests()) {
    summary_.connection = session.connection().name;
    summary_.flow = name_;
    summary_.dry_run = options.dry_run;
}

Result<void> Flow::begin() {
    if (!dry_run()) {
        if (!options_.explicit_objects && !options_.claims_only) {
            BLONGO_TRY(lock_, session_.locks().take(state::flow_lock_name(session_.key(), name_), session_.runtime().lock_wait,
                                                    session_.runtime().stop));
        }
        BLONGO_CHECK(note_enabled_flows(session_));
        audit_of(session_).run_begins(name_);
        if (!options_.rare_run_rows) {
            BLONGO_TRY(run_id_, state::Runs(session_.store(), session_.key()).begin(name_));
        }
    }
    BLONGO_CHECK(load_parked());
    return load_failures();
}

Result<void> Flow::load_parked() {
    BLONGO_TRY(const auto rows, state::Parked(session_.store(), session_.key()).list(name_));
    for (const auto& row : rows) parked_.emplace(row.key, row);
    return {};
}

Result<void> Flow::load_failures() {
    BLONGO_TRY(const auto text, state::Cursors(session_.store(), session_.key()).get(failures_cursor(name_)));
    if (!text) return {};
    BLONGO_TRY(const auto marks, json::Value::parse(*text));
    for (const auto& [key, runs] : marks.members()) failed_runs_[key] = static_cast<int>(runs.integer());
    return {};
}

Result<void> Flow::save_failures() {
    if (dry_run() || !failed_runs_changed_) return {};
    json::Value marks = json::Value::object();
    for (const auto& [key, runs] : failed_runs_) marks.set(key, runs);
    return state::Cursors(session_.store(), session_.key()).set(failures_cursor(name_), marks.dump());
}

report::Summary Flow::finish(const Result<void>& outcome) {
    const Runtime& runtime = session_.runtime();
    if (!outcome) {
        summary_.errors.push_back(outcome.error());
        summary_.complete = false;
    }
    if (runtime.stop.requested()) summary_.complete = false;
    if (const auto saved = save_failures(); !saved) summary_.errors.push_back(saved.error());
    summary_.parked_total = static_cast<std::int64_t>(parked_.size());
    summary_.requests = session_.requests();
    for (const auto& [side, calls] : requests_before_) summary_.requests[side] -= calls;
    summary_.duration_ms = (runtime.clock.boot_time() - started_).count();
    summary_.exit_code = report::exit_code_for(summary_, {options_.strict, false, runtime.stop.signal()});
    if (!dry_run()) {
        auto ended = record_run();
        if (ended) ended = audit_of(session_).run_ends(summary_.complete ? "complete" : "incomplete", summary_.exit_code);
        if (!ended) {
            summary_.errors.push_back(ended.error());
            summary_.exit_code = report::exit_code_for(summary_, {options_.strict, false, runtime.stop.signal()});
        }
    }
    return summary_;
}

/// The end of the run's row. A watching run that found nothing writes one now and then: the sign that it lives.
Result<void> Flow::record_run() {
    state::Runs runs(session_.store(), session_.key());
    if (options_.rare_run_rows) {
        const auto& s = summary_;
        const bool did_nothing =
            s.errors.empty() && s.created + s.updated + s.adopted + s.cancelled + s.rejected + s.newly_parked + s.unknown == 0;
        BLONGO_TRY(const auto last, runs.list(name_, 1));
        if (did_nothing && !last.empty() && last.front().started + between_run_rows > session_.runtime().clock.now()) return {};
        BLONGO_TRY(run_id_, runs.begin(name_));
    }
    if (run_id_ == 0) return {};
    return runs.end(run_id_, summary_.complete, summary_.exit_code, report::summary_json(summary_));
}

report::Action Flow::action(plan::Verb verb, std::string key, std::string reason) const {
    report::Action action;
    action.connection = summary_.connection;
    action.flow = name_;
    action.verb = verb;
    action.key = std::move(key);
    action.reason = std::move(reason);
    action.dry_run = options_.dry_run;
    action.outcome = options_.dry_run ? plan::Outcome::planned : plan::Outcome::done;
    return action;
}

void Flow::report(const report::Action& action) {
    report::count(summary_, action);
    audit(session_, action);
    session_.runtime().reporter.action(action);
}

void Flow::progress(const std::string& step, std::size_t done, std::size_t total) {
    session_.runtime().reporter.progress(summary_.connection, step, static_cast<std::int64_t>(done),
                                         static_cast<std::int64_t>(total));
}

bool Flow::must_wait(const std::string& key, const std::string& input) const {
    const auto found = parked_.find(key);
    if (found == parked_.end() || !found->second.next_try) return false;
    return found->second.input == input && *found->second.next_try > session_.runtime().clock.now();
}

Result<void> Flow::park(const map::Rejection& rejection, const std::string& input, bool asked_for) {
    const Timestamp now = session_.runtime().clock.now();
    const plan::Cause* cause = plan::find_cause(rejection.cause, name_);
    state::ParkedRow row;
    row.flow = name_;
    row.key = rejection.key;
    row.cause = rejection.cause;
    row.detail = rejection.reason;
    row.label = rejection.label;
    row.since = row.last_try = now;
    row.input = input;
    const auto known = parked_.find(row.key);
    const bool same_cause = known != parked_.end() && known->second.cause == row.cause;
    row.attempts = same_cause ? known->second.attempts + 1 : 1;
    if (same_cause) row.since = known->second.since;
    if (cause != nullptr) row.next_try = plan::next_try(*cause, row.attempts, now);

    if (!dry_run()) {
        BLONGO_CHECK(state::Parked(session_.store(), session_.key()).park(row));
    }
    parked_[row.key] = row;
    still_waiting_.insert(row.key);

    report_parked(row, !same_cause || asked_for);
    return {};
}

std::string Flow::cause_of(const std::string& key) const {
    const auto found = parked_.find(key);
    return found == parked_.end() ? std::string{} : found->second.cause;
}

void Flow::report_parked(const state::ParkedRow& row, bool is_new) {
    const plan::Cause* cause = plan::find_cause(row.cause, name_);
    report::Action line = action(plan::Verb::park, row.key, row.cause);
    line.label = row.label;
    line.cause = row.cause;
    line.owner = cause != nullptr ? std::string(cause->owner) : "admin";
    line.detail = row.detail;
    line.is_new = is_new;
    report(line);
}

Result<void> Flow::keep_parked(const std::string& key) {
    const auto found = parked_.find(key);
    if (found == parked_.end()) return {};
    still_waiting_.insert(key);
    report_parked(found->second, false);
    return {};
}

Result<void> Flow::release(const std::string& key) {
    if (parked_.erase(key) == 0) return {};
    if (dry_run()) return {};
    BLONGO_CHECK(state::Parked(session_.store(), session_.key()).release(name_, key));
    return {};
}

Result<void> Flow::release_everywhere(const std::string& key) {
    parked_.erase(key);
    if (dry_run()) return {};
    BLONGO_CHECK(state::Parked(session_.store(), session_.key()).release(name_, key));
    return {};
}

Result<void> Flow::release_unseen() {
    std::vector<std::string> gone;
    for (const auto& [key, row] : parked_)
        if (!still_waiting_.contains(key)) gone.push_back(key);
    for (const auto& key : gone) BLONGO_CHECK(release(key));
    return {};
}

Result<void> Flow::item_failed(const report::Action& attempted, const Error& error, const std::string& input) {
    switch (error.kind) {
    case ErrorKind::rejected:
    case ErrorKind::edge:
    case ErrorKind::not_found:
        return park({"remote_rejected", attempted.key, error.where, error.text(), attempted.label, {}}, input);
    case ErrorKind::ambiguous:
    case ErrorKind::unavailable: break;
    default: return fail(error);
    }
    failing_in_a_row_.insert(attempted.key);
    still_waiting_.insert(attempted.key);
    report::Action line = attempted;
    line.outcome = plan::Outcome::queued;
    line.detail = error.text();
    if (failing_in_a_row_.size() >= failures_in_a_row) {
        report(line);
        return fail(error.kind,
                    fmt::format("{} different items in a row failed, the last with: {}", failures_in_a_row, error.message),
                    error.where, "the next run tries again; if it stays, ask the operator of that side");
    }
    failed_runs_changed_ = true;
    const int runs = ++failed_runs_[attempted.key];
    if (runs >= runs_before_parking) {
        failed_runs_.erase(attempted.key);
        return park({"remote_rejected",
                     attempted.key,
                     error.where,
                     fmt::format("failed in {} runs: {}", runs, error.text()),
                     attempted.label,
                     {}},
                    input);
    }
    report(line);
    summary_.errors.push_back(error);
    incomplete();
    return {};
}

Result<void> Flow::item_succeeded(const std::string& key) {
    failing_in_a_row_.clear();
    if (failed_runs_.erase(key) > 0) failed_runs_changed_ = true;
    return release(key);
}

report::Summary finish_action(Flow& flow, const Result<void>& outcome) {
    auto summary = flow.finish(outcome);
    const bool refused =
        !outcome && (outcome.error().kind == ErrorKind::rejected || outcome.error().kind == ErrorKind::not_found);
    const bool stopped = flow.session().runtime().stop.requested();
    if (!refused || stopped || summary.errors.size() != 1) return summary;
    summary.complete = true;
    summary.exit_code = report::exit_code_for(summary, {flow.options().strict, false, 0});
    return summary;
}

report::Summary failed_summary(const std::string& connection, const std::string& flow, const FlowOptions& options,
                               const Error& error) {
    report::Summary summary;
    summary.connection = connection;
    summary.flow = flow;
    summary.dry_run = options.dry_run;
    summary.complete = false;
    summary.errors.push_back(error);
    summary.exit_code = report::exit_code_for(summary, {options.strict, false, 0});
    return summary;
}

} // namespace blongo::sync

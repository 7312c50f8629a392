// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include <blongo/map/document.hpp>
#include <blongo/plan/action.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// The frame around one run of one flow: lock, run row, counts, parked objects, item failures,
/// reports. Every flow fills it with its own steps.
class Flow {
public:
    Flow(Session& session, std::string name, const FlowOptions& options);

    /// Takes the flow lock (not in a dry run, nor for named objects), writes the run row, loads what
    /// is parked. With an error nothing was begun.
    [[nodiscard]] Result<void> begin();
    /// Only reads what is parked: for a flow that does a part of another one's run.
    [[nodiscard]] Result<void> load_parked();
    /// Writes the run row's end and reports the summary. `error` is what ended the flow, if anything.
    report::Summary finish(const Result<void>& outcome);

    [[nodiscard]] Session& session() noexcept { return session_; }
    [[nodiscard]] const FlowOptions& options() const noexcept { return options_; }
    [[nodiscard]] report::Summary& summary() noexcept { return summary_; }
    [[nodiscard]] bool dry_run() const noexcept { return options_.dry_run; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// An action line with the flow's and connection's names filled in.
    [[nodiscard]] report::Action action(plan::Verb verb, std::string key, std::string reason) const;
    void report(const report::Action& action);
    /// So many objects were left alone, of which no line tells.
    void count_same(std::size_t objects) noexcept { summary_.same += static_cast<std::int64_t>(objects); }
    /// `step` is at `done` of `total`: for the terminal.
    void progress(const std::string& step, std::size_t done, std::size_t total);

    /// Whether an object waits and its time has not come: parked with a later next_try and the same input.
    [[nodiscard]] bool must_wait(const std::string& key, const std::string& input) const;
    /// Parks an object (state row and action line). `asked_for`: by name, now: told even if it waited for this before.
    [[nodiscard]] Result<void> park(const map::Rejection& rejection, const std::string& input = {}, bool asked_for = false);
    /// The object stays parked without having been tried: counted and reported, attempts as they were.
    [[nodiscard]] Result<void> keep_parked(const std::string& key);
    /// The object is fine: no longer parked.
    [[nodiscard]] Result<void> release(const std::string& key);
    /// The same when another process may have parked it since this run began.
    [[nodiscard]] Result<void> release_everywhere(const std::string& key);
    /// After a pass that judged everything: what this run neither parked again nor left for the next run
    /// is released, since it is fine, or gone.
    [[nodiscard]] Result<void> release_unseen();
    [[nodiscard]] const std::unordered_map<std::string, state::ParkedRow>& parked() const noexcept { return parked_; }
    /// The cause for which an object is parked; empty: it is not.
    [[nodiscard]] std::string cause_of(const std::string& key) const;

    /// Judges the failure of one item's call. An error is returned when the flow must end (credentials,
    /// unreachable, throttled, state, five different items in a row failing ambiguously); otherwise the
    /// item is parked (refused, or ambiguous in its third run) or left for the next run (`queued`).
    [[nodiscard]] Result<void> item_failed(const report::Action& attempted, const Error& error, const std::string& input);
    /// An item's call succeeded: the row of failures is broken.
    [[nodiscard]] Result<void> item_succeeded(const std::string& key);

    /// Whether no further write may be made: --limit, or a flow that only learns.
    [[nodiscard]] bool limit_reached() const noexcept {
        return options_.learns || (options_.limit > 0 && writes_ >= options_.limit);
    }
    /// The reason of a line that tells of a write that is left out for it.
    [[nodiscard]] std::string_view limit_reason() const noexcept { return options_.learns ? "left to the next run" : "limit"; }
    /// Whether a flow of which only writes are left has nothing more to do: one that learns goes through everything.
    [[nodiscard]] bool ends_at_limit() const noexcept { return limit_reached() && !options_.learns; }
    void count_write() noexcept { ++writes_; }
    /// How many writes --limit still allows; the largest number without it.
    [[nodiscard]] std::int64_t writes_left() const noexcept {
        if (options_.learns) return 0;
        return options_.limit > 0 ? options_.limit - writes_ : std::numeric_limits<std::int64_t>::max();
    }
    /// Something that concerns this flow was left undone for want of time.
    void incomplete() noexcept { summary_.complete = false; }

private:
    [[nodiscard]] Result<void> record_run();
    [[nodiscard]] Result<void> load_failures();
    [[nodiscard]] Result<void> save_failures();
    void report_parked(const state::ParkedRow& row, bool is_new);
    Session& session_;
    std::string name_;
    FlowOptions options_;
    report::Summary summary_;
    Milliseconds started_;
    std::unique_ptr<state::HeldLock> lock_;
    std::int64_t run_id_ = 0;
    std::map<std::string, std::int64_t> requests_before_; ///< of the session, which may have made other runs
    std::int64_t writes_ = 0;
    std::set<std::string> failing_in_a_row_;
    std::map<std::string, int> failed_runs_; ///< key -> runs in which its call failed ambiguously
    bool failed_runs_changed_ = false;
    std::unordered_map<std::string, state::ParkedRow> parked_;
    std::set<std::string> still_waiting_; ///< parked, or left for the next run, by this run
};

/// The end of what a person asked for one object: a refusal is an answer, not a run that was not finished.
[[nodiscard]] report::Summary finish_action(Flow& flow, const Result<void>& outcome);

/// The summary of a flow that could not begin.
[[nodiscard]] report::Summary failed_summary(const std::string& connection, const std::string& flow, const FlowOptions& options,
                                             const Error& error);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/error.hpp>
#include <blongo/base/result.hpp>
#include <blongo/plan/action.hpp>

namespace blongo::report {

/// One object, one line: the verb of the attempt and its outcome. `--json` message_type "action".
struct Action {
    std::string connection, flow;
    plan::Verb verb = plan::Verb::same;
    std::string key;
    std::string label; ///< name for people; not in JSON unless --personal for orders
    std::optional<std::string> order_number;
    std::string reason; ///< "new", "changed", "rename", ...
    std::string cause;  ///< parked cause, or empty
    std::string owner;  ///< of the cause
    std::string detail; ///< one sentence for people: the remote's words, what exactly
    std::string step;   ///< write-backs, labels, tracking: lines of their own
    bool dry_run = false;
    plan::Outcome outcome = plan::Outcome::planned;
    bool is_new = true;             ///< park: was not parked with this cause before
    std::optional<Timestamp> since; ///< park: when this cause was first seen, if that was an earlier run
    std::vector<plan::Change> changes;
    std::vector<std::string> notes;
};

/// The counts of one flow of one connection. message_type "summary".
struct Summary {
    std::string connection, flow;
    bool dry_run = false;
    bool complete = true;
    std::int64_t created = 0, updated = 0, adopted = 0, same = 0, cancelled = 0, skipped = 0, rejected = 0, parked = 0,
                 newly_parked = 0, parked_total = 0, unknown = 0;
    std::int64_t before_cutover = 0;              ///< orders, or Sends, that start_from of the flow leaves out
    std::int64_t delayed = 0;                     ///< orders that orders.import_delay holds back
    std::int64_t will_fail = 0;                   ///< orders of Ongoing that Send is foreseen to refuse
    std::int64_t differences = 0;                 ///< check: what both sides do not agree on
    std::map<std::string, std::int64_t> requests; ///< "baselinker", "ongoing"
    std::int64_t duration_ms = 0;
    int exit_code = 0;
    std::vector<Error> errors; ///< what ended or hurt the flow; whoever called the flow reports them
};

/// Counts an action into a summary: by its verb, or as rejected or unknown by its outcome. A queued
/// attempt counts nowhere, a line with a step (a write-back) only when it failed.
void count(Summary& summary, const Action& action);

struct ExitOptions {
    bool strict = false;    ///< --strict: 3 while anything waits
    bool exit_code = false; ///< --exit-code: 9 when a dry run or check found differences
    int stop_signal = 0;    ///< SIGPIPE (nobody reads on) counts as a quiet end, not as trouble
};

/// The only place that turns a result into an exit code. Several causes: the strongest one.
[[nodiscard]] int exit_code_for(const Summary& summary, const ExitOptions& options);
[[nodiscard]] int exit_code_for(ErrorKind kind) noexcept;
/// The strongest of two codes: 130/143 > 8 > 1 > 7 > 4 > 2 > 6 > 5 > 11 > 3 > 9 > 0.
[[nodiscard]] int stronger(int a, int b) noexcept;

enum class Format : std::uint8_t { text, json, csv };

struct OutputOptions {
    Format format = Format::text;
    bool quiet = false;
    int verbosity = 0;         ///< -v shows `same` rows and requests, -vv bodies
    bool colour = false;       ///< on stdout
    bool error_colour = false; ///< on stderr
    bool out_terminal = false; ///< stdout is a terminal: action lines, not only the summary
    bool terminal = false;     ///< stderr is a terminal: progress
    bool personal = false;
    bool name_connections = false;           ///< several connections: every action line says whose it is
    bool journal = false;                    ///< journald reads stderr: lines begin with their priority
    int width = 80;                          ///< of stderr, for progress
    int out_width = 0;                       ///< of stdout, for tables; 0: it is no terminal, and lines are as long as they are
    std::string time_zone = "Europe/Warsaw"; ///< of times for people
    int log_fd = -1;                         ///< --log-file: gets what stderr gets, with times in UTC
    const Clock* clock = nullptr;            ///< none: the machine's
    /// Called once with errno when stdout cannot be written to (EPIPE: nobody reads on).
    std::function<void(int error)> on_output_failure{};
};

/// Where a run tells what happens: results to stdout, everything else to stderr. Thread-safe.
/// Flows know this interface only; text and JSON Lines are two implementations. Text for people shows
/// every action on a terminal and in a dry run; off a terminal only the summary goes to stdout, and what
/// is newly wrong to stderr. Quiet: what is newly wrong, on stdout, and nothing else. Standing problems
/// and `same` rows are shown with -v. Personal data is masked by the caller.
class Reporter {
public:
    virtual ~Reporter() = default;
    virtual void action(const Action& action) = 0;
    virtual void summary(const Summary& summary) = 0;
    /// A failure that belongs to no object: stderr. The same problem is told once.
    virtual void problem(const std::string& connection, const Error& error) = 0;
    /// What deserves attention but stops nothing: stderr; not when quiet.
    virtual void warning(const std::string& connection, const std::string& text) = 0;
    /// For -v: what is being done. stderr.
    virtual void info(const std::string& connection, const std::string& text) = 0;
    /// One exchange with a server, already redacted: -v one line, -vv with bodies. stderr.
    virtual void exchange(const std::string& connection, const std::string& line, const std::string& bodies) = 0;
    /// Progress of a step on a terminal; total 0: unknown.
    virtual void progress(const std::string& connection, const std::string& step, std::int64_t done, std::int64_t total) = 0;
    /// A row of a list: columns for text and CSV, members for JSON.
    struct Cell {
        std::string name;
        std::string text;
        std::optional<json::Value> value; ///< for JSON when it is not a string
    };
    virtual void row(const std::string& message_type, const std::vector<Cell>& cells) = 0;
    /// Ends a list (text tables are aligned over all their rows). `empty_text` is shown when none came.
    virtual void end_rows(const std::string& empty_text) = 0;
    /// Free text result on stdout (details of `show`); in JSON mode the caller sends rows instead.
    virtual void text(const std::string& block) = 0;
};

/// Tells nobody anything: a base for those who keep a part of what a run tells.
class SilentReporter : public Reporter {
public:
    void action(const Action&) override {}
    void summary(const Summary&) override {}
    void problem(const std::string&, const Error&) override {}
    void warning(const std::string&, const std::string&) override {}
    void info(const std::string&, const std::string&) override {}
    void exchange(const std::string&, const std::string&, const std::string&) override {}
    void progress(const std::string&, const std::string&, std::int64_t, std::int64_t) override {}
    void row(const std::string&, const std::vector<Cell>&) override {}
    void end_rows(const std::string&) override {}
    void text(const std::string&) override {}
};

/// Writes to the given descriptors (1 and 2 in the tool; pipes in tests).
[[nodiscard]] std::unique_ptr<Reporter> make_reporter(const OutputOptions& options, int out_fd, int err_fd);

} // namespace blongo::report

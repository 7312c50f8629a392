// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <csignal>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/reporter.hpp>

namespace blongo::report {
namespace {

/// The codes of cli.md from the strongest to the weakest; 130 and 143 are equally strong.
constexpr std::array strongest_first = {stopped_by_sigint, unknown_outcome, failed,     guarded,      refused,         misused,
                                        no_such_object,    unreachable,     locked_out, has_problems, has_differences, done};

std::size_t rank(int code) noexcept {
    if (code == stopped_by_sigterm) code = stopped_by_sigint;
    const auto* const found = std::find(strongest_first.begin(), strongest_first.end(), code);
    // A code that is not of this table can only mean a failure that nobody thought of.
    return found == strongest_first.end() ? rank(failed) : static_cast<std::size_t>(found - strongest_first.begin());
}

bool has_error(const Summary& summary, ErrorKind kind) {
    return std::any_of(summary.errors.begin(), summary.errors.end(), [kind](const Error& error) { return error.kind == kind; });
}

} // namespace

int stronger(int a, int b) noexcept {
    return rank(b) < rank(a) ? b : a;
}

int exit_code_for(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::not_sent:
    case ErrorKind::throttled:
    case ErrorKind::unavailable:
    case ErrorKind::ambiguous:
    case ErrorKind::timeout: return unreachable;
    case ErrorKind::auth: return refused;
    case ErrorKind::edge:
    case ErrorKind::rejected: return has_problems;
    case ErrorKind::not_found: return no_such_object;
    case ErrorKind::usage:
    case ErrorKind::config: return misused;
    case ErrorKind::guard: return guarded;
    case ErrorKind::locked: return locked_out;
    case ErrorKind::stopped: return stopped_by_sigint;
    case ErrorKind::protocol:
    case ErrorKind::state:
    case ErrorKind::internal: return failed;
    }
    return failed;
}

int exit_code_for(const Summary& summary, const ExitOptions& options) {
    const bool nobody_reads = options.stop_signal == SIGPIPE;
    int code = done;
    if (options.stop_signal != 0 && !nobody_reads) code = 128 + options.stop_signal;
    if (summary.unknown > 0) code = stronger(code, unknown_outcome);
    for (const Error& error : summary.errors) {
        if (error.kind == ErrorKind::stopped && options.stop_signal != 0) continue; // the signal says it better
        code = stronger(code, exit_code_for(error.kind));
    }
    // A run that another one locked out did not run out of time: 11 says what was in the way.
    if (!summary.complete && !nobody_reads && !has_error(summary, ErrorKind::locked)) code = stronger(code, unreachable);
    // A dry run parks nothing: it says what would be parked and is done.
    const bool newly_parked = summary.newly_parked > 0 && !summary.dry_run;
    if (summary.rejected > 0 || newly_parked || (options.strict && summary.parked_total > 0)) code = stronger(code, has_problems);
    const bool differs = summary.created > 0 || summary.updated > 0 || summary.cancelled > 0 || summary.differences > 0;
    if (options.exit_code && summary.dry_run && differs) code = stronger(code, has_differences);
    return code;
}

bool is_good_end(int code) noexcept {
    return code == done || code == has_problems || code == has_differences;
}

std::string_view exit_code_words(int code) noexcept {
    switch (code) {
    case done: return "ok";
    case misused: return "configuration error";
    case has_problems: return "ok, with problems";
    case refused: return "credentials refused";
    case unreachable: return "not finished";
    case no_such_object: return "no such object";
    case guarded: return "stopped by a guard";
    case unknown_outcome: return "outcome unknown";
    case has_differences: return "differences";
    case locked_out: return "locked";
    case stopped_by_sigint:
    case stopped_by_sigterm: return "stopped";
    default: return "failed";
    }
}

void count(Summary& summary, const Action& action) {
    switch (action.outcome) {
    case plan::Outcome::rejected: ++summary.rejected; return;
    case plan::Outcome::unknown: ++summary.unknown; return;
    case plan::Outcome::queued: return;
    case plan::Outcome::planned:
    case plan::Outcome::done: break;
    }
    if (!action.step.empty()) return;
    switch (action.verb) {
    case plan::Verb::create: ++summary.created; break;
    case plan::Verb::update: ++summary.updated; break;
    case plan::Verb::adopt: ++summary.adopted; break;
    case plan::Verb::cancel: ++summary.cancelled; break;
    case plan::Verb::same: ++summary.same; break;
    case plan::Verb::skip: ++summary.skipped; break;
    case plan::Verb::park:
        ++summary.parked;
        if (action.is_new) ++summary.newly_parked;
        break;
    case plan::Verb::reprint: break; // neither writes nor changes an object
    }
}

} // namespace blongo::report

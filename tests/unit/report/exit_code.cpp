// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <vector>

#include <catch2/catch.hpp>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/reporter.hpp>

using namespace blongo;
using namespace blongo::report;

namespace {

Summary with_error(ErrorKind kind) {
    Summary summary;
    summary.complete = false;
    summary.errors.push_back(make_error(kind, "x"));
    return summary;
}

Summary with(void (*change)(Summary&)) {
    Summary summary;
    change(summary);
    return summary;
}

} // namespace

TEST_CASE("every kind of error has the exit code that users script against") {
    const std::vector<std::pair<ErrorKind, int>> table = {
        {ErrorKind::not_sent, 5},  {ErrorKind::throttled, 5}, {ErrorKind::unavailable, 5}, {ErrorKind::ambiguous, 5},
        {ErrorKind::timeout, 5},   {ErrorKind::auth, 4},      {ErrorKind::edge, 3},        {ErrorKind::rejected, 3},
        {ErrorKind::not_found, 6}, {ErrorKind::usage, 2},     {ErrorKind::config, 2},      {ErrorKind::guard, 7},
        {ErrorKind::locked, 11},   {ErrorKind::stopped, 130}, {ErrorKind::protocol, 1},    {ErrorKind::state, 1},
        {ErrorKind::internal, 1},
    };
    for (const auto& [kind, code] : table) {
        INFO(to_string(kind));
        CHECK(exit_code_for(kind) == code);
    }
}

TEST_CASE("the strongest of several codes counts: 130/143 > 8 > 1 > 7 > 4 > 2 > 6 > 5 > 11 > 3 > 9 > 0") {
    const std::vector<int> order = {130, 8, 1, 7, 4, 2, 6, 5, 11, 3, 9, 0};
    for (std::size_t strong = 0; strong < order.size(); ++strong) {
        for (std::size_t weak = strong; weak < order.size(); ++weak) {
            CHECK(stronger(order[strong], order[weak]) == order[strong]);
            CHECK(stronger(order[weak], order[strong]) == order[strong]);
        }
    }
    CHECK(stronger(143, 8) == 143);
    CHECK(stronger(8, 143) == 143);
    CHECK(stronger(130, 143) == 130); // equally strong: the first one stays
    CHECK(stronger(143, 130) == 143);
    CHECK(stronger(4, 77) == 77); // a code of nobody's is a failure, never a success
    CHECK(stronger(77, 8) == 8);
}

TEST_CASE("a summary becomes its exit code") {
    struct Row {
        const char* what;
        Summary summary;
        ExitOptions options;
        int code;
    };
    const std::vector<Row> table = {
        {"nothing to do", {}, {}, 0},
        {"work done", with([](Summary& s) { s.created = 3, s.same = 9; }), {}, 0},
        {"newly parked", with([](Summary& s) { s.parked = 1, s.newly_parked = 1, s.parked_total = 1; }), {}, 3},
        {"parked before", with([](Summary& s) { s.parked = 1, s.parked_total = 1; }), {}, 0},
        {"parked before, strict", with([](Summary& s) { s.parked_total = 1; }), {.strict = true}, 3},
        {"strict, nothing waits", with([](Summary& s) { s.same = 1; }), {.strict = true}, 0},
        {"rejected", with([](Summary& s) { s.rejected = 1; }), {}, 3},
        {"unknown outcome", with([](Summary& s) { s.unknown = 1, s.rejected = 4; }), {}, 8},
        {"out of time", with([](Summary& s) { s.complete = false; }), {}, 5},
        {"out of time with problems", with([](Summary& s) { s.complete = false, s.newly_parked = 2; }), {}, 5},
        {"guard", with_error(ErrorKind::guard), {}, 7},
        {"credentials", with_error(ErrorKind::auth), {}, 4},
        {"locked out is not out of time", with_error(ErrorKind::locked), {}, 11},
        {"state", with_error(ErrorKind::state), {}, 1},
        {"dry run with differences", with([](Summary& s) { s.dry_run = true, s.created = 1; }), {}, 0},
        {"check with differences", with([](Summary& s) { s.dry_run = true, s.differences = 1; }), {}, 0},
        {"check, asked", with([](Summary& s) { s.dry_run = true, s.differences = 1; }), {.exit_code = true}, 9},
        {"dry run, asked", with([](Summary& s) { s.dry_run = true, s.updated = 1; }), {.exit_code = true}, 9},
        {"dry run, asked, none", with([](Summary& s) { s.dry_run = true, s.same = 1; }), {.exit_code = true}, 0},
        {"adopting is no difference", with([](Summary& s) { s.dry_run = true, s.adopted = 1; }), {.exit_code = true}, 0},
        {"a live run has no differences left", with([](Summary& s) { s.created = 1; }), {.exit_code = true}, 0},
        {"a dry run parks nothing", with([](Summary& s) { s.dry_run = true, s.newly_parked = 1; }), {}, 0},
        {"problem beats difference",
         with([](Summary& s) { s.dry_run = true, s.created = 1, s.parked_total = 1; }),
         {.strict = true, .exit_code = true},
         3},
        {"SIGINT", with([](Summary& s) { s.complete = false; }), {.stop_signal = SIGINT}, 130},
        {"SIGTERM, with an unknown outcome", with([](Summary& s) { s.unknown = 1; }), {.stop_signal = SIGTERM}, 143},
        {"SIGTERM seen as an error", with_error(ErrorKind::stopped), {.stop_signal = SIGTERM}, 143},
        {"nobody reads on", with_error(ErrorKind::stopped), {.stop_signal = SIGPIPE}, 0},
        {"nobody reads on, with a problem",
         with([](Summary& s) { s.complete = false, s.rejected = 1; }),
         {.stop_signal = SIGPIPE},
         3},
    };
    for (const Row& row : table) {
        INFO(row.what);
        CHECK(exit_code_for(row.summary, row.options) == row.code);
    }
}

TEST_CASE("the strongest of a flow's errors counts") {
    Summary summary = with_error(ErrorKind::unavailable);
    summary.errors.push_back(make_error(ErrorKind::auth, "refused"));
    summary.errors.push_back(make_error(ErrorKind::rejected, "item"));
    CHECK(exit_code_for(summary, {}) == 4);
}

TEST_CASE("actions are counted by what became of them") {
    Summary summary;
    Action action;
    const auto add = [&](plan::Verb verb, plan::Outcome outcome, bool is_new = true, const char* step = "") {
        action.verb = verb;
        action.outcome = outcome;
        action.is_new = is_new;
        action.step = step;
        count(summary, action);
    };
    using plan::Outcome;
    using plan::Verb;
    add(Verb::create, Outcome::done);
    add(Verb::create, Outcome::planned);
    add(Verb::update, Outcome::done);
    add(Verb::adopt, Outcome::done);
    add(Verb::cancel, Outcome::done);
    add(Verb::same, Outcome::done);
    add(Verb::skip, Outcome::done);
    add(Verb::reprint, Outcome::done);
    add(Verb::park, Outcome::done, true);
    add(Verb::park, Outcome::done, false);
    add(Verb::update, Outcome::rejected);
    add(Verb::create, Outcome::unknown);
    add(Verb::create, Outcome::queued);
    add(Verb::update, Outcome::done, true, "status");
    add(Verb::update, Outcome::rejected, true, "status");
    CHECK(summary.created == 2);
    CHECK(summary.updated == 1);
    CHECK(summary.adopted == 1);
    CHECK(summary.cancelled == 1);
    CHECK(summary.same == 1);
    CHECK(summary.skipped == 1);
    CHECK(summary.parked == 2);
    CHECK(summary.newly_parked == 1);
    CHECK(summary.rejected == 2);
    CHECK(summary.unknown == 1);
}

TEST_CASE("every exit code has words for tables") {
    for (const int code : {0, 2, 3, 4, 5, 6, 7, 8, 9, 11, 130, 143}) CHECK(exit_code_words(code) != "failed");
    CHECK(exit_code_words(1) == "failed");
    CHECK(exit_code_words(77) == "failed");
}

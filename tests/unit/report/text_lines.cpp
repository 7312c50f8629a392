// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/causes.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/report/words.hpp>

#include "support/capture.hpp"

using namespace blongo;
using namespace blongo::report;
using blongo::test::Capture;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Action action_of(plan::Verb verb, const std::string& key) {
    Action action;
    action.connection = "acme";
    action.flow = "articles";
    action.verb = verb;
    action.key = key;
    action.outcome = plan::Outcome::done;
    return action;
}

Action parked(bool is_new) {
    Action action = action_of(plan::Verb::park, "#77");
    action.label = "Mug";
    action.cause = action.reason = "no_sku";
    action.owner = "seller";
    action.detail = "product 77 has no SKU";
    action.is_new = is_new;
    return action;
}

struct Run {
    Capture out, err;
    std::unique_ptr<Reporter> reporter;
    explicit Run(const OutputOptions& options = {}) : reporter(make_reporter(options, out.fd(), err.fd())) {}
};

} // namespace

TEST_CASE("on a terminal each item is one line that begins with its symbol") {
    Run run({.out_terminal = true});
    Action create = action_of(plan::Verb::create, "TSHIRT-M");
    create.label = "T-shirt, red";
    create.reason = "new";
    run.reporter->action(create);
    Action update = action_of(plan::Verb::update, "TSHIRT-L");
    update.label = "T-shirt";
    update.reason = "renamed";
    run.reporter->action(update);
    run.reporter->action(action_of(plan::Verb::adopt, "A"));
    run.reporter->action(action_of(plan::Verb::cancel, "B"));
    run.reporter->action(action_of(plan::Verb::skip, "C"));
    run.reporter->action(action_of(plan::Verb::reprint, "D"));
    Action rejected = action_of(plan::Verb::create, "BAD");
    rejected.outcome = plan::Outcome::rejected;
    rejected.detail = "barcode is used by another article";
    run.reporter->action(rejected);
    const auto lines = run.out.lines();
    REQUIRE(lines.size() == 7);
    CHECK(lines[0] == "+ TSHIRT-M          T-shirt, red");
    CHECK(lines[1] == "~ TSHIRT-L          T-shirt: renamed");
    CHECK(lines[2] == "& A");
    CHECK(lines[3] == "x B");
    CHECK(lines[4] == "- C");
    CHECK(lines[5] == "@ D");
    CHECK(lines[6] == "! BAD               not created, rejected: barcode is used by another article");
    CHECK(run.err.text().empty());
}

TEST_CASE("what stays the same is shown with -v only") {
    Run plain({.out_terminal = true});
    plain.reporter->action(action_of(plan::Verb::same, "A"));
    CHECK(plain.out.text().empty());
    Run verbose({.verbosity = 1, .out_terminal = true});
    verbose.reporter->action(action_of(plan::Verb::same, "A"));
    CHECK(verbose.out.text() == "= A\n");
}

TEST_CASE("a parked object says what, who acts, how, and the next command") {
    Run run({.out_terminal = true});
    run.reporter->action(parked(true));
    const auto lines = run.out.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "? #77               Mug: no_sku: product 77 has no SKU");
    const plan::Cause* cause = plan::find_cause("no_sku");
    REQUIRE(cause != nullptr);
    CHECK_THAT(lines[1], StartsWith("    seller acts: ") && Contains(std::string(cause->remedy)));
    if (!cause->command.empty()) CHECK_THAT(lines[1], Contains(plan::command_for(*cause, "'#77'")));
}

TEST_CASE("a standing problem says since when, and is left to parked list unless -v asks for it") {
    Action standing = parked(false);
    standing.since = parse_timestamp("2026-11-23T13:47:00Z");
    Run plain({.out_terminal = true});
    plain.reporter->action(standing);
    CHECK(plain.out.text().empty());
    Run verbose({.verbosity = 1, .out_terminal = true});
    verbose.reporter->action(standing);
    CHECK_THAT(verbose.out.text(), Contains("Mug: still waits: no_sku: product 77 has no SKU"));
    CHECK_THAT(verbose.out.text(), Contains("since 2026-11-23 14:47 CET"));
}

TEST_CASE("off a terminal stdout gets the summary line alone, and what is newly wrong goes to stderr") {
    Run run;
    run.reporter->action(action_of(plan::Verb::create, "A"));
    run.reporter->action(parked(true));
    run.reporter->action(parked(false));
    Summary summary;
    summary.connection = "acme";
    summary.flow = "articles";
    summary.created = 1;
    run.reporter->summary(summary);
    CHECK(run.out.lines().size() == 1);
    CHECK_THAT(run.out.text(), StartsWith("acme articles: 1 created"));
    const auto errors = run.err.lines();
    REQUIRE(errors.size() == 2);
    CHECK_THAT(errors[0], StartsWith("acme ? #77"));
}

TEST_CASE("quiet prints new problems on stdout and nothing else") {
    Run run({.quiet = true, .out_terminal = true});
    run.reporter->action(action_of(plan::Verb::create, "A"));
    run.reporter->action(parked(false));
    run.reporter->warning("acme", "late");
    run.reporter->info("acme", "looking");
    run.reporter->exchange("acme", "GET /articles", "");
    run.reporter->progress("acme", "articles", 1, 2);
    run.reporter->summary({});
    run.reporter->end_rows("nothing waits");
    CHECK(run.out.text().empty());
    CHECK(run.err.text().empty());
    run.reporter->action(parked(true));
    CHECK(run.out.lines().size() == 2);
    run.reporter->problem("acme", make_error(ErrorKind::auth, "Ongoing refused the credentials"));
    CHECK_THAT(run.err.text(), StartsWith("error: acme: Ongoing refused"));
}

TEST_CASE("a dry run says what it would do, on a terminal or not, with every change") {
    Run run;
    Action update = action_of(plan::Verb::update, "A");
    update.dry_run = true;
    update.outcome = plan::Outcome::planned;
    update.label = "Mug";
    update.reason = "changed";
    update.changes = {{"weight", json::Value(*Decimal::parse("0.5")), json::Value(*Decimal::parse("0.6"))},
                      {"barCodeInfo.barCode", {}, json::Value("5901234123457")}};
    update.notes = {"kept: articleName"};
    run.reporter->action(update);
    Summary summary;
    summary.connection = "acme";
    summary.flow = "articles";
    summary.dry_run = true;
    summary.created = 12;
    summary.updated = 1;
    summary.same = 240;
    run.reporter->summary(summary);
    CHECK(run.out.text() == "~ A                 Mug: would update\n"
                            "    weight: 0.5 -> 0.6\n"
                            "    barCodeInfo.barCode: (none) -> \"5901234123457\"\n"
                            "    note: kept: articleName\n"
                            "acme articles (dry run): would create 12, would update 1, 240 same - 0.0 s\n");
}

TEST_CASE("the members of a new object are listed with -v only, its name is not told twice") {
    Action create = action_of(plan::Verb::create, "A");
    create.dry_run = true;
    create.outcome = plan::Outcome::planned;
    create.label = "A";
    create.changes = {{"weight", {}, json::Value(*Decimal::parse("0.6"))}};
    CHECK(action_lines(create, {}, false) == "+ A                 would create\n");
    CHECK_THAT(action_lines(create, {.verbosity = 1}, false), Contains("    weight: (none) -> 0.6\n"));
}

TEST_CASE("a live run shows changes with -v only, and long values are cut") {
    Action update = action_of(plan::Verb::update, "A");
    update.changes = {{"articleName", json::Value(std::string(200, 'a')), json::Value("b")}};
    Run plain({.out_terminal = true});
    plain.reporter->action(update);
    CHECK(plain.out.text() == "~ A\n");
    Run verbose({.verbosity = 1, .out_terminal = true});
    verbose.reporter->action(update);
    CHECK_THAT(verbose.out.text(), Contains("aaa... -> \"b\"") && !Contains(std::string(70, 'a')));
}

TEST_CASE("the summary is one line with counts, calls and time") {
    Summary summary;
    summary.connection = "acme";
    summary.flow = "articles";
    summary.created = 12;
    summary.updated = 1;
    summary.same = 240;
    summary.parked = 2;
    summary.newly_parked = 1;
    summary.parked_total = 2;
    summary.requests = {{"baselinker", 14}, {"ongoing", 13}};
    summary.duration_ms = 812;
    CHECK(summary_line(summary) == "acme articles: 12 created, 1 updated, 240 same, 1 parked (2 wait) - "
                                   "14 BaseLinker and 13 Ongoing calls, 0.8 s");
    Summary idle;
    idle.connection = "acme";
    idle.flow = "articles";
    idle.requests = {{"baselinker", 1}, {"ongoing", 0}};
    CHECK(summary_line(idle) == "acme articles: nothing to do - 1 BaseLinker call, 0.0 s");
    idle.parked_total = 1;
    CHECK_THAT(summary_line(idle), StartsWith("acme articles: 1 waits - "));
    idle.rejected = 2;
    idle.unknown = 1;
    idle.complete = false;
    idle.skipped = 4;
    CHECK_THAT(summary_line(idle), Contains("4 skipped, 2 rejected, 1 waits, 1 of unknown outcome, not complete"));
}

TEST_CASE("durations read well at every size") {
    CHECK(duration_text(0) == "0.0 s");
    CHECK(duration_text(9999) == "9.9 s");
    CHECK(duration_text(45'400) == "45 s");
    CHECK(duration_text(725'000) == "12 min 5 s");
    CHECK(duration_text(12'000'000) == "3 h 20 min");
}

TEST_CASE("several connections: every action line and command says whose it is") {
    Run run({.out_terminal = true, .name_connections = true});
    run.reporter->action(parked(true));
    CHECK_THAT(run.out.lines().at(0), StartsWith("acme ? #77"));
    const plan::Cause* cause = plan::find_cause("no_sku");
    if (cause != nullptr && !cause->command.empty()) CHECK_THAT(run.out.lines().at(1), Contains(" -C acme"));
}

TEST_CASE("outcomes that are not settled are named") {
    Action unknown = action_of(plan::Verb::create, "A");
    unknown.outcome = plan::Outcome::unknown;
    unknown.step = "label";
    unknown.order_number = "PL-7";
    CHECK(action_lines(unknown, {}, false) == "! A (PL-7) [label]  outcome unknown, perhaps created\n");
    Action queued = action_of(plan::Verb::update, "A");
    queued.outcome = plan::Outcome::queued;
    CHECK_THAT(action_lines(queued, {}, false), Contains("not updated yet, tried again at the next run"));
}

TEST_CASE("text from outside cannot move the cursor, forge a line or turn the reading direction") {
    Run run({.out_terminal = true});
    Action create = action_of(plan::Verb::create, "A\x1b[2J");
    create.label = "x\n+ FORGED\r\x1b]0;title\x07\u202Etxt\u009b1m";
    run.reporter->action(create);
    const std::string text = run.out.text();
    CHECK(run.out.lines().size() == 1);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find("\u202E") == std::string::npos);
    CHECK(text.find("\u009b") == std::string::npos);
    CHECK_THAT(text, Contains("x + FORGED"));
}

TEST_CASE("a problem has where, what, the side's code, and the remedy on a line of its own") {
    Run run;
    Error error = make_error(ErrorKind::auth, "BaseLinker refused the token", "baselinker getOrders", "check token_file of acme");
    error.code = "ERROR_BAD_TOKEN";
    run.reporter->problem("acme", error);
    run.reporter->problem("acme", error);
    CHECK(run.err.text() == "error: acme: baselinker getOrders: BaseLinker refused the token (ERROR_BAD_TOKEN)\n"
                            "  check token_file of acme\n");
    CHECK(run.out.text().empty());
}

TEST_CASE("requests are shown with -v, their bodies with -vv") {
    for (const int verbosity : {0, 1, 2}) {
        Run run({.verbosity = verbosity});
        run.reporter->exchange("acme", "PUT /articles 200", "{\"a\":1}\n{\"b\":2}");
        run.reporter->info("acme", "reading");
        const std::string text = run.err.text();
        CHECK((text.find("acme: PUT /articles 200\n") != std::string::npos) == (verbosity > 0));
        CHECK((text.find("    {\"a\":1}\n    {\"b\":2}\n") != std::string::npos) == (verbosity > 1));
        CHECK((text.find("acme: reading\n") != std::string::npos) == (verbosity > 0));
        CHECK(run.out.text().empty());
    }
}

TEST_CASE("commands can be pasted into a shell, whatever the key holds") {
    CHECK(shell_word("TSHIRT-M.1/2") == "TSHIRT-M.1/2");
    CHECK(shell_word("#701450041") == "'#701450041'"); // a comment otherwise
    CHECK(shell_word("A B; rm -rf ~") == "'A B; rm -rf ~'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("") == "''");
    CHECK(shell_word("Żółty") == "Żółty");
    CHECK(describe_cause("no_sku", "#7").command.find("#7") == describe_cause("no_sku", "#7").command.find("'#7'") + 1);
}

TEST_CASE("a cause that a newer version wrote is the admin's") {
    CHECK(describe_cause("from_the_future", "A").owner == "admin");
    CHECK(describe_cause("no_sku", "A").owner == "seller");
    CHECK_FALSE(describe_cause("duplicate_sku", "A").remedy.empty());
}

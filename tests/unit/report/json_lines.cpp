// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/json/value.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/report/summary_json.hpp>

#include "support/capture.hpp"

using namespace blongo;
using namespace blongo::report;
using blongo::test::Capture;

namespace {

struct Run {
    Capture out, err;
    std::unique_ptr<Reporter> reporter;
    explicit Run(OutputOptions options = {}) {
        options.format = Format::json;
        reporter = make_reporter(options, out.fd(), err.fd());
    }
};

Action contract_action() {
    Action action;
    action.connection = "acme";
    action.flow = "orders";
    action.verb = plan::Verb::create;
    action.key = "84512345";
    action.order_number = "84512345";
    action.reason = "new";
    action.label = "Jan Kowalski";
    action.outcome = plan::Outcome::done;
    return action;
}

} // namespace

TEST_CASE("an action line is the contract's, to the byte") {
    Run run;
    run.reporter->action(contract_action());
    CHECK(run.out.text() ==
          R"({"schema":1,"message_type":"action","connection":"acme","flow":"orders","verb":"create","key":"84512345",)"
          R"("order_number":"84512345","reason":"new","cause":null,"owner":null,"dry_run":false,"outcome":"done"})"
          "\n");
}

TEST_CASE("a summary line is the contract's, additions behind it") {
    Summary summary;
    summary.connection = "acme";
    summary.flow = "orders";
    summary.created = 1;
    summary.same = 240;
    summary.parked = summary.parked_total = summary.newly_parked = 1;
    summary.requests = {{"baselinker", 2}, {"ongoing", 3}};
    summary.duration_ms = 812;
    summary.exit_code = 3;
    Run run;
    run.reporter->summary(summary);
    CHECK(run.out.text() ==
          R"({"schema":1,"message_type":"summary","connection":"acme","flow":"orders","dry_run":false,"complete":true,)"
          R"("created":1,"updated":0,"adopted":0,"same":240,"cancelled":0,"skipped":0,"rejected":0,"parked":1,)"
          R"("parked_total":1,"unknown":0,"requests":{"baselinker":2,"ongoing":3},"duration_ms":812,"exit_code":3,)"
          R"("newly_parked":1,"before_cutover":0,"delayed":0,"will_fail":0})"
          "\n");
    CHECK(summary_json(summary) + "\n" == run.out.text());
}

TEST_CASE("what an action says beyond the contract stands behind it and only when it says something") {
    Action action = contract_action();
    action.order_number.reset();
    action.verb = plan::Verb::park;
    action.cause = "unknown_sku";
    action.owner = "seller";
    action.step = "status";
    action.detail = "line 2 has no \"SKU\"";
    action.is_new = false;
    action.since = from_unix_seconds(0);
    action.dry_run = true;
    action.outcome = plan::Outcome::planned;
    action.changes = {{"weight", {}, json::Value(*Decimal::parse("0.5"))}};
    action.notes = {"kept: articleName"};
    Run run;
    run.reporter->action(action);
    CHECK(run.out.text() ==
          R"({"schema":1,"message_type":"action","connection":"acme","flow":"orders","verb":"park","key":"84512345",)"
          R"("order_number":null,"reason":"new","cause":"unknown_sku","owner":"seller","dry_run":true,)"
          R"("outcome":"planned","step":"status","detail":"line 2 has no \"SKU\"","new":false,)"
          R"("since":"1970-01-01T00:00:00Z","changes":[{"member":"weight","before":null,"after":0.5}],)"
          R"("notes":["kept: articleName"]})"
          "\n");
}

TEST_CASE("names of people are in JSON with --personal only") {
    Run plain;
    plain.reporter->action(contract_action());
    CHECK(plain.out.text().find("Kowalski") == std::string::npos);
    Run personal({.personal = true});
    personal.reporter->action(contract_action());
    CHECK(personal.out.text().find(R"("label":"Jan Kowalski")") != std::string::npos);
}

TEST_CASE("errors are JSON on stderr, told once, and stdout stays clean") {
    Run run;
    Error error = make_error(ErrorKind::throttled, "the token is blocked", "baselinker getOrders", "wait");
    error.code = "ERROR_BLOCKED_TOKEN";
    error.http_status = 200;
    error.retry_at = from_unix_seconds(1);
    run.reporter->problem("acme", error);
    run.reporter->problem("acme", error);
    run.reporter->problem({}, make_error(ErrorKind::usage, "unknown option --x"));
    const auto lines = run.err.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == R"({"schema":1,"message_type":"error","code":"throttled","message":"the token is blocked",)"
                      R"("where":"baselinker getOrders","remedy":"wait","connection":"acme",)"
                      R"("remote_code":"ERROR_BLOCKED_TOKEN","http_status":200,"retry_at":"1970-01-01T00:00:01Z"})");
    CHECK(lines[1] == R"({"schema":1,"message_type":"error","code":"usage","message":"unknown option --x",)"
                      R"("where":null,"remedy":null,"connection":null})");
    CHECK(run.out.text().empty());
}

TEST_CASE("everything on stderr is JSON, too") {
    Run run({.verbosity = 2});
    run.reporter->warning("acme", "mode = \"plan\"");
    run.reporter->info("", "reading");
    run.reporter->exchange("acme", "GET /articles 200", "{}");
    run.reporter->progress("acme", "articles", 1, 2);
    const auto lines = run.err.lines();
    REQUIRE(lines.size() == 3);
    std::vector<std::string> types;
    for (const auto& line : lines) {
        const auto value = json::Value::parse(line);
        REQUIRE(value);
        types.emplace_back((*value)["message_type"].text());
    }
    CHECK(types == std::vector<std::string>{"warning", "info", "exchange"});
    CHECK(lines[2].find(R"("bodies":"{}")") != std::string::npos);
}

TEST_CASE("rows of lists are objects with typed members; free text and empty lists print nothing") {
    Run run;
    run.reporter->row("article", {{"key", "A", {}}, {"product_id", "5", json::Value(5)}, {"cause", "", json::Value()}});
    run.reporter->end_rows("nothing waits");
    run.reporter->text("a block for people");
    CHECK(run.out.text() == R"({"schema":1,"message_type":"article","key":"A","product_id":5,"cause":null})"
                            "\n");
}

TEST_CASE("same rows are printed with -v only; quiet prints what is newly wrong and no summary") {
    Action same = contract_action();
    same.verb = plan::Verb::same;
    Run plain;
    plain.reporter->action(same);
    CHECK(plain.out.text().empty());
    Run verbose({.verbosity = 1});
    verbose.reporter->action(same);
    CHECK(verbose.out.lines().size() == 1);

    Run quiet({.quiet = true, .verbosity = 1});
    quiet.reporter->action(contract_action());
    quiet.reporter->summary({});
    quiet.reporter->warning("acme", "x");
    quiet.reporter->info("acme", "x");
    quiet.reporter->exchange("acme", "x", "");
    CHECK(quiet.out.text().empty());
    CHECK(quiet.err.text().empty());
    Action rejected = contract_action();
    rejected.outcome = plan::Outcome::rejected;
    quiet.reporter->action(rejected);
    CHECK(quiet.out.lines().size() == 1);
}

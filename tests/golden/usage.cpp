// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/json/value.hpp>

#include <blongo/base/text.hpp>

#include "golden/tool.hpp"

using namespace blongo;
using namespace blongo::test;
using Strings = std::vector<std::string>;

TEST_CASE("a wrong command line exits with 2, says what is wrong, and where to look") {
    struct Row {
        Strings arguments;
        std::string message, hint;
        Variables variables = {};
    };
    const std::vector<Row> table = {
        {{"artcles", "sync"}, "unknown command 'artcles', did you mean articles?", "Try: blongo --help"},
        {{"zebra"}, "unknown command 'zebra'", "Try: blongo --help"},
        {{"articles"}, "blongo articles needs a command: sync, diff, show, list", "Try: blongo articles --help"},
        {{"articles", "snyc"}, "unknown command 'snyc', did you mean sync?", "Try: blongo articles --help"},
        {{"articles", "sync", "--dry-rnu"},
         "unknown option --dry-rnu, did you mean --dry-run?",
         "Try: blongo articles sync --help"},
        {{"--dry-rnu", "articles", "sync"}, "unknown option --dry-rnu, did you mean --dry-run?", "Try: blongo --help"},
        {{"articles", "sync", "--zebra=1"}, "unknown option --zebra", "Try: blongo articles sync --help"},
        {{"articles", "sync", "-x"}, "unknown option -x", "Try: blongo articles sync --help"},
        {{"articles", "sync", "A"}, "unexpected argument 'A'", "Try: blongo articles sync --help"},
        {{"articles", "list", "sync"}, "unexpected argument 'sync'", "Try: blongo articles list --help"},
        {{"articles", "sync", "--sku"}, "--sku needs a value", "Try: blongo articles sync --help"},
        {{"--connection=", "articles", "sync"}, "--connection= has no value", "Try: blongo --help"},
        {{"articles", "sync", "--sku", ""}, "--sku: a value is empty", "Try: blongo articles sync --help"},
        {{"articles", "sync", "-c", ""}, "--config: the value is empty", "Try: blongo articles sync --help"},
        {{"articles", "sync", "--limit", "99999999999999999999"},
         "--limit: '99999999999999999999' is not a whole number of 0 or more",
         "Try: blongo articles sync --help"},
        {{"articles", "sync", "--limit", "-5"},
         "--limit: '-5' is not a whole number of 0 or more",
         "Try: blongo articles sync --help"},
        {{"articles", "sync", "--max-duration", "5"},
         "--max-duration: '5' is not a duration; write it like 250ms, 45s, 15m, 2h or 30d",
         "Try: blongo articles sync --help"},
        {{"articles", "sync", "--dry-run=maybe"},
         "--dry-run: 'maybe' is neither true nor false",
         "Try: blongo articles sync --help"},
        {{"articles", "sync"},
         "BLONGO_LIMIT: 'many' is not a whole number of 0 or more",
         "Try: blongo articles sync --help",
         {{"BLONGO_LIMIT", "many"}}},
        {{"articles", "sync"},
         "BLONGO_VERBOSE: 'loud' is not a number",
         "Try: blongo articles sync --help",
         {{"BLONGO_VERBOSE", "loud"}}},
        {{"status", "--format", "xml"}, "--format: 'xml' is none of text, json, csv, html", "Try: blongo status --help"},
        {{"status", "--sku", "A"}, "blongo status takes no --sku", "Try: blongo status --help"},
        {{"--limit", "3", "doctor"}, "blongo doctor takes no --limit", "Try: blongo doctor --help"},
        {{"articles", "show"}, "blongo articles show needs an article number", "Try: blongo articles show --help"},
        {{"parked", "retry"}, "blongo parked retry needs a KEY, --cause or --all", "blongo parked list shows what waits"},
        {{"articles", "sync", "--format", "csv"},
         "blongo articles sync has no CSV form",
         "use --format csv with lists, --json with everything else"},
    };
    for (const Row& row : table) {
        INFO(join(row.arguments, " "));
        const Ran ran = run_tool(row.arguments, row.variables);
        CHECK(ran.code == 2);
        CHECK(ran.out.empty());
        CHECK(ran.err == "error: " + row.message + "\n  " + row.hint + "\n");
    }
}

TEST_CASE("without a command the tool names its commands") {
    const Ran ran = run_tool({});
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err.starts_with("error: blongo needs a command: articles, "));
    CHECK(ran.err.ends_with("\n  Try: blongo --help\n"));
}

TEST_CASE("with --json a wrong command line is told in JSON, too") {
    for (const Strings& arguments : {Strings{"--json", "articles", "snyc"}, Strings{"articles", "sync", "--frce", "--json"}}) {
        const Ran ran = run_tool(arguments);
        CHECK(ran.code == 2);
        CHECK(ran.out.empty());
        const auto error = json::Value::parse(ran.err);
        REQUIRE(error);
        CHECK((*error)["schema"].integer() == 1);
        CHECK((*error)["message_type"].text() == "error");
        CHECK((*error)["code"].text() == "usage");
        CHECK((*error)["remedy"].text().starts_with("Try: blongo articles"));
    }
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "golden/tool.hpp"

using namespace blongo;
using namespace blongo::test;
using Strings = std::vector<std::string>;

namespace {

/// Parses without running.
struct Parsed {
    app::Common common;
    app::CommandLine line{"blongo", app::summary, app::common_options(common)};
    Result<app::CommandLine::Chosen> chosen;
    explicit Parsed(const Strings& arguments, Variables variables = {}) {
        app::add_commands(line.root());
        chosen = line.parse(arguments, environment_of(std::move(variables)));
        if (!chosen) UNSCOPED_INFO(chosen.error().text());
    }
    Parsed(const Parsed&) = delete;
    Parsed& operator=(const Parsed&) = delete;
};

} // namespace

TEST_CASE("common options may stand before, between and after the words of a command") {
    for (const Strings& arguments :
         {Strings{"-n", "-C", "acme", "articles", "sync"}, Strings{"articles", "-n", "sync", "-C", "acme"},
          Strings{"articles", "sync", "--connection=acme", "--dry-run"}}) {
        Parsed parsed(arguments);
        REQUIRE(parsed.chosen);
        CHECK(parsed.chosen->command->path() == "blongo articles sync");
        CHECK(parsed.common.dry_run);
        CHECK(parsed.common.connections == Strings{"acme"});
    }
}

TEST_CASE("repeatable options add up over all places; of the others the last one counts") {
    Parsed parsed(
        {"-C", "a", "-v", "-c", "one.toml", "articles", "--sku", "X", "sync", "-C", "b", "-v", "-c", "two.toml", "--sku", "Y"});
    REQUIRE(parsed.chosen);
    CHECK(parsed.common.connections == Strings{"a", "b"});
    CHECK(parsed.common.skus == Strings{"X", "Y"});
    CHECK(parsed.common.config == "two.toml");
    CHECK(parsed.common.verbosity == 2);
}

TEST_CASE("an option takes exactly one value, so that a command may follow it") {
    Parsed parsed({"-C", "acme", "articles", "sync"});
    REQUIRE(parsed.chosen);
    CHECK(parsed.common.connections == Strings{"acme"});
}

TEST_CASE("every option can come from the environment, and the command line wins") {
    const Variables variables = {{"BLONGO_CONFIG", "env.toml"}, {"BLONGO_CONNECTION", "a,b"},
                                 {"BLONGO_SKU", "X,Y"},         {"BLONGO_DRY_RUN", "yes"},
                                 {"BLONGO_LIMIT", "7"},         {"BLONGO_MAX_DURATION", "15m"},
                                 {"BLONGO_LOCK_WAIT", "90s"},   {"BLONGO_VERBOSE", "2"},
                                 {"BLONGO_STRICT", "1"},        {"BLONGO_EXIT_CODE", "true"},
                                 {"BLONGO_QUIET", "0"},         {"BLONGO_STATE", "sqlite:///x"},
                                 {"BLONGO_LOG_FILE", "x.log"},  {"BLONGO_NO_COLOR", "on"},
                                 {"BLONGO_DUMP_HTTP", "dump"},  {"BLONGO_JSON", ""}};
    Parsed parsed({"articles", "sync"}, variables);
    REQUIRE(parsed.chosen);
    const app::Common& common = parsed.common;
    CHECK(common.config == "env.toml");
    CHECK(common.connections == Strings{"a", "b"});
    CHECK(common.skus == Strings{"X", "Y"});
    CHECK(common.dry_run);
    CHECK(common.limit == 7);
    CHECK(common.max_duration == Milliseconds{15 * 60'000});
    CHECK(common.lock_wait == Milliseconds{90'000});
    CHECK(common.verbosity == 2);
    CHECK(common.strict);
    CHECK(common.exit_code);
    CHECK_FALSE(common.quiet);
    CHECK(common.state == "sqlite:///x");
    CHECK(common.log_file == "x.log");
    CHECK(common.no_colour);
    CHECK(common.dump_http == "dump");
    CHECK_FALSE(common.json);

    Parsed overruled({"articles", "sync", "-C", "c", "--limit", "9", "--dry-run=false", "--sku", "P,Q"}, variables);
    REQUIRE(overruled.chosen);
    CHECK(overruled.common.connections == Strings{"c"});
    CHECK(overruled.common.limit == 9);
    CHECK_FALSE(overruled.common.dry_run);
    CHECK(overruled.common.skus == Strings{"P,Q"}); // commas part values in the environment only
}

TEST_CASE("what the environment sets for other commands does not disturb this one") {
    Parsed parsed({"status"}, {{"BLONGO_LIMIT", "many"}, {"BLONGO_SKU", "X"}});
    REQUIRE(parsed.chosen);
    CHECK(parsed.common.skus.empty());
}

TEST_CASE("--json and --format decide the same: the command line wins over the environment") {
    Parsed from_environment({"status"}, {{"BLONGO_FORMAT", "json"}});
    CHECK(from_environment.common.json);
    Parsed text({"status", "--format", "text"}, {{"BLONGO_JSON", "1"}});
    CHECK_FALSE(text.common.json);
    Parsed json({"status", "--json"}, {{"BLONGO_FORMAT", "csv"}});
    CHECK(json.common.json);
    CHECK(json.common.format.empty());
}

TEST_CASE("article numbers that look like something else stay article numbers") {
    for (const std::string number : {"[A,B]", "++", "sync", "articles", "{x}", "a b", "Żółty", "-7"}) {
        INFO(number);
        Parsed option({"articles", "sync", "--sku", number});
        REQUIRE(option.chosen);
        CHECK(option.common.skus == Strings{number});
        Parsed positional({"articles", "show", "--", number});
        REQUIRE(positional.chosen);
        CHECK(positional.chosen->command->path() == "blongo articles show");
    }
}

TEST_CASE("flags read as true and false in every usual spelling") {
    for (const char* yes : {"1", "true", "YES", "on"})
        CHECK(Parsed({"articles", "sync"}, {{"BLONGO_DRY_RUN", yes}}).common.dry_run);
    for (const char* no : {"0", "false", "No", "off"})
        CHECK_FALSE(Parsed({"articles", "sync"}, {{"BLONGO_DRY_RUN", no}}).common.dry_run);
}

// SPDX-License-Identifier: Apache-2.0
// Which commands take which common options: the contract of the command line over the parser's tree.
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "golden/tool.hpp"

using namespace blongo;
using namespace blongo::test;
using Names = std::set<std::string>;

namespace {

/// Long names of the options that every command takes, with their short ones and names in the environment.
struct Contract {
    std::string names, environment;
};
const std::map<std::string, Contract> everywhere_options = {
    {"--config", {"-c,--config", "BLONGO_CONFIG"}},
    {"--connection", {"-C,--connection", "BLONGO_CONNECTION"}},
    {"--json", {"--json", "BLONGO_JSON"}},
    {"--format", {"--format", "BLONGO_FORMAT"}},
    {"--quiet", {"-q,--quiet", "BLONGO_QUIET"}},
    {"--verbose", {"-v,--verbose", "BLONGO_VERBOSE"}},
    {"--state", {"--state", "BLONGO_STATE"}},
    {"--log-file", {"--log-file", "BLONGO_LOG_FILE"}},
    {"--dump-http", {"--dump-http", "BLONGO_DUMP_HTTP"}},
    {"--no-color", {"--no-color", "BLONGO_NO_COLOR"}},
    {"--as", {"--as", "BLONGO_AS"}},
    {"--personal", {"--personal", "BLONGO_PERSONAL"}},
};
const std::map<std::string, Contract> other_options = {
    {"--dry-run", {"-n,--dry-run", "BLONGO_DRY_RUN"}},
    {"--limit", {"--limit", "BLONGO_LIMIT"}},
    {"--lock-wait", {"--lock-wait", "BLONGO_LOCK_WAIT"}},
    {"--strict", {"--strict", "BLONGO_STRICT"}},
    {"--exit-code", {"--exit-code", "BLONGO_EXIT_CODE"}},
    {"--max-duration", {"--max-duration", "BLONGO_MAX_DURATION"}},
    {"--sku", {"--sku", "BLONGO_SKU"}},
    {"--order", {"--order", "BLONGO_ORDER"}},
    {"--since", {"--since", "BLONGO_SINCE"}},
    {"--yes", {"-y,--yes", "BLONGO_YES"}},
};
const Names of_writes = {"--dry-run", "--limit", "--lock-wait", "--strict", "--exit-code", "--max-duration"};

/// Commands that may write to a side.
const Names writing = {"articles sync",
                       "orders sync",
                       "orders backfill",
                       "orders hold",
                       "orders unhold",
                       "orders reimport",
                       "stock push",
                       "shipments send",
                       "shipments add",
                       "shipments rebook",
                       "shipments cancel",
                       "shipments refresh",
                       "shipments pickup",
                       "shipments manifest",
                       "returns sync",
                       "run",
                       "send",
                       "parked retry",
                       "unknown resolve"};
/// Options that only some commands understand.
const std::map<std::string, Names> narrowed = {
    {"--sku", {"audit show", "articles sync", "articles diff", "articles show", "stock push", "stock show", "mapping test"}},
    {"--order", {"audit show", "orders sync", "orders backfill", "orders diff", "shipments send", "send", "returns sync"}},
    {"--since", {"check", "orders list", "shipments list", "returns list", "parked list", "state rebuild", "audit show"}},
    {"--yes", {"connection remove", "pii erase"}},
    {"--exit-code", {"check", "orders diff", "articles diff"}},
    {"--max-duration", {"check", "doctor", "label", "shipments watch", "shipments label", "articles show", "orders show", "why"}},
};

std::string long_name(const app::Option& option) {
    return option.names.substr(option.names.find("--"));
}

/// Runnable commands by their words, with the long names of the common options that they take.
void collect(const app::Command& command, std::map<std::string, Names>& out) {
    if (command.run() && command.path() != "blongo")
        for (const app::Option& option : command.common_options())
            if (command.takes(option)) out[command.path().substr(std::string("blongo ").size())].insert(long_name(option));
    for (const auto& child : command.children()) collect(*child, out);
}

struct Tree {
    app::Common common;
    app::CommandLine line{"blongo", app::summary, app::common_options(common)};
    std::map<std::string, Names> commands;
    Tree() {
        app::add_commands(line.root());
        collect(line.root(), commands);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
};

} // namespace

TEST_CASE("every common option has the names and the environment name of the contract") {
    Tree tree;
    auto expected = everywhere_options;
    expected.insert(other_options.begin(), other_options.end());
    Names declared;
    for (const app::Option& option : tree.line.root().common_options()) {
        declared.insert(long_name(option));
        const auto known = expected.find(long_name(option));
        if (known == expected.end()) continue; // of a command that is younger than this list
        INFO(known->first);
        CHECK(option.names == known->second.names);
        CHECK(app::environment_name(option) == known->second.environment);
    }
    for (const auto& [name, contract] : expected) {
        INFO(name);
        CHECK(declared.contains(name));
    }
}

TEST_CASE("every command takes the options that concern it") {
    Tree tree;
    CHECK(tree.commands.size() >= 65);
    for (const auto& [command, taken] : tree.commands) {
        INFO("blongo " << command);
        for (const auto& [name, contract] : everywhere_options) {
            INFO(name);
            CHECK(taken.contains(name));
        }
        if (!writing.contains(command)) continue;
        for (const auto& name : of_writes) {
            INFO(name);
            CHECK(taken.contains(name));
        }
    }
    for (const auto& command : writing) {
        INFO("blongo " << command);
        CHECK(tree.commands.contains(command));
    }
}

TEST_CASE("options that narrow a command are taken where they do something, and nowhere else") {
    Tree tree;
    for (const auto& [name, commands] : narrowed) {
        for (const auto& command : commands) {
            INFO("blongo " << command << ' ' << name);
            REQUIRE(tree.commands.contains(command));
            CHECK(tree.commands.at(command).contains(name));
        }
    }
    for (const char* name : {"--sku", "--order", "--since", "--yes"}) {
        for (const auto& [command, taken] : tree.commands) {
            INFO("blongo " << command << ' ' << name << ": add it to the list of this test if it does something there");
            CHECK(taken.contains(name) == narrowed.at(name).contains(command));
        }
    }
}

TEST_CASE("an option that would do nothing is refused") {
    CHECK(run_tool({"status", "--yes"}).code == 2);
    CHECK(run_tool({"orders", "sync", "--since", "2h"}).code == 2);
    CHECK(run_tool({"today", "--limit", "3"}).code == 2);
}

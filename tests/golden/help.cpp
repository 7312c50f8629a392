// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "golden/tool.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(BLONGO_TEST_DATA) / "golden" / "help";

void collect(const app::Command& command, std::vector<std::string>& paths) {
    paths.push_back(command.path());
    for (const auto& child : command.children()) collect(*child, paths);
}

/// "blongo articles sync": every command and group that exists.
std::vector<std::string> all_commands() {
    app::Common common;
    app::CommandLine line("blongo", app::summary, app::common_options(common));
    app::add_commands(line.root());
    std::vector<std::string> paths;
    collect(line.root(), paths);
    return paths;
}

std::string file_name(std::string path) {
    std::replace(path.begin(), path.end(), ' ', '-');
    return path + ".txt";
}

} // namespace

TEST_CASE("the help of every command is the one that was agreed on") {
    const bool update = std::getenv("BLONGO_UPDATE_GOLDEN") != nullptr;
    if (update) fs::create_directories(folder);
    for (const std::string& path : all_commands()) {
        INFO(path << ": BLONGO_UPDATE_GOLDEN=1 writes the file anew");
        std::vector<std::string> arguments = split(path, ' ');
        arguments.erase(arguments.begin());
        arguments.emplace_back("--help");
        const Ran ran = run_tool(arguments);
        CHECK(ran.code == 0);
        CHECK(ran.err.empty());
        for (const std::string& line : split(ran.out, '\n')) CHECK(display_width(line) <= 80);
        if (update) write_file(folder / file_name(path), ran.out);
        CHECK(read_file(folder / file_name(path)) == ran.out);
    }
}

TEST_CASE("there is no help text of a command that does not exist") {
    std::set<std::string> expected;
    for (const std::string& path : all_commands()) expected.insert(file_name(path));
    for (const auto& entry : fs::directory_iterator(folder)) CHECK(expected.contains(entry.path().filename()));
}

TEST_CASE("help works wherever it stands, whatever else is wrong") {
    const std::string help = run_tool({"articles", "sync", "--help"}).out;
    CHECK(run_tool({"--help", "articles", "sync"}).out == help);
    CHECK(run_tool({"articles", "-h", "sync"}).out == help);
    const Ran mistaken = run_tool({"articles", "sync", "--frce", "-h"}, {{"BLONGO_LIMIT", "many"}});
    CHECK(mistaken.code == 0);
    CHECK(mistaken.out == help);
}

TEST_CASE("no option takes a secret") {
    for (const std::string& path : all_commands()) {
        std::vector<std::string> arguments = split(path, ' ');
        arguments.erase(arguments.begin());
        arguments.emplace_back("--help");
        const std::string help = run_tool(arguments).out;
        for (const char* word : {"--token", "--password", "--secret", "--key"})
            for (auto at = help.find(word); at != std::string::npos; at = help.find(word, at + 1)) // the name of a file is none
                CHECK(help.compare(at + std::string_view(word).size(), 6, "-file ") == 0);
    }
}

TEST_CASE("the version needs neither configuration nor state") {
    const Ran ran = run_tool({"--version"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "blongo " BLONGO_VERSION "\n");
    CHECK(ran.err.empty());
}

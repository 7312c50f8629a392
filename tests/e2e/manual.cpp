// SPDX-License-Identifier: Apache-2.0
// The examples of the manual pages, run as they stand there.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>

#include <blongo/base/text.hpp>

#include "support/e2e/demo_day.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::string plain(std::string text) {
    for (const auto& [roff, character] : std::map<std::string, std::string>{
             {"\\-", "-"}, {"\\(aq", "'"}, {"\\(dq", "\""}, {"\\fB", ""}, {"\\fR", ""}, {"\\&", ""}, {"\\e", "\\"}})
        for (std::size_t at; (at = text.find(roff)) != std::string::npos;) text.replace(at, roff.size(), character);
    return text;
}

/// The lines of a page's EXAMPLES that begin with "blongo ".
std::vector<std::string> examples_of(const std::filesystem::path& page) {
    std::ifstream in(page);
    std::vector<std::string> lines;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(".SH ")) inside = line == ".SH EXAMPLES";
        line = plain(line);
        if (inside && line.starts_with("blongo ")) lines.push_back(line.substr(7));
    }
    return lines;
}

} // namespace

TEST_CASE("every example of a manual page does its work on the demo data, and every page of commands has one") {
    DemoDay day;
    int pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(BLONGO_PAGES)) {
        if (entry.path().extension() != ".1") continue;
        ++pages;
        const auto examples = examples_of(entry.path());
        INFO(entry.path().filename().string());
        CHECK_FALSE(examples.empty());
        for (const auto& command : examples) {
            const auto ran = day.run(command);
            INFO("blongo " << command << "\n" << ran.exit_code << "\n" << ran.out << ran.err);
            CHECK(DemoDay::right_codes(command).contains(ran.exit_code));
        }
    }
    CHECK(pages >= 25);
    CHECK(day.sandbox.violations().empty());
}

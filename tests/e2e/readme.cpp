// SPDX-License-Identifier: Apache-2.0
// Every command and the configuration that README.md shows, run as they stand there.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/plan/causes.hpp>

#include "e2e/readme.hpp"
#include "support/e2e/demo_day.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// First words of shell lines that are not run here, and where they are.
const std::map<std::string, std::string> run_elsewhere = {
    {"examples/quickstart/run", "it installs packages; it builds and runs this same cycle"},
    {"tests/run", "it runs this"},
    {"cmake", "tests/install and tests/package build, install and pack"},
    {"cpack", "tests/package"},
    {"apt-get", "needs root: tests/package looks at the package with Debian's tools"},
    {"chown", "needs root"},
    {"systemctl", "needs systemd: tests/package verifies the units"},
};

/// "sudo -u blongo blongo why 1" -> "blongo why 1".
std::string without_sudo(std::string line) {
    for (const char* prefix : {"sudo -u blongo ", "sudo "})
        if (line.starts_with(prefix)) return line.substr(std::string_view(prefix).size());
    return line;
}

struct Readme {
    std::set<std::string> commands; ///< what follows "blongo "
    std::set<std::string> unknown;  ///< lines of shell blocks that are neither ours nor listed
    std::vector<std::string> rows;  ///< lines of tables
    std::string configuration;      ///< all toml blocks
};

void add_shell_line(Readme& readme, const std::string& text) {
    const std::string line(trim(without_sudo(text.substr(0, text.find(" #")))));
    if (line.empty() || line.starts_with("#")) return;
    if (line.starts_with("blongo "))
        readme.commands.insert(line.substr(7));
    else if (!run_elsewhere.contains(line.substr(0, line.find(' '))))
        readme.unknown.insert(line);
}

void add_inline(Readme& readme, const std::string& line) {
    const auto parts = split(line, '`');
    for (std::size_t i = 1; i < parts.size(); i += 2)
        if (parts[i].starts_with("blongo ")) readme.commands.emplace(trim(parts[i].substr(7)));
}

/// Blocks without a language are pictures and lines of a crontab.
Readme read_readme() {
    std::ifstream in(BLONGO_SOURCE_DIR "/README.md");
    REQUIRE(in);
    Readme readme;
    bool inside = false;
    std::string language;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("```")) {
            inside = !inside;
            language = line.substr(3);
            if (inside) CHECK((language.empty() || language == "sh" || language == "toml"));
        } else if (inside && language == "toml") {
            readme.configuration += line + "\n";
        } else if (inside && language == "sh") {
            add_shell_line(readme, line);
        } else if (inside) {
            if (line.starts_with("*/")) readme.commands.emplace(line.substr(line.find("blongo ") + 7));
        } else {
            add_inline(readme, line);
            if (line.starts_with("| ")) readme.rows.push_back(line);
        }
    }
    return readme;
}

} // namespace

std::set<std::string> blongo::test::readme_commands() {
    return read_readme().commands;
}

TEST_CASE("every command of the README exists and does its work on the demo data") {
    DemoDay day;
    const Readme readme = read_readme();
    CHECK(readme.commands.size() >= 80);
    for (const auto& line : readme.unknown) FAIL_CHECK("nobody runs this line of the README: " << line);
    for (const auto& command : readme.commands) {
        const auto ran = day.run(command);
        INFO("blongo " << command << "\n" << ran.exit_code << "\n" << ran.out << ran.err);
        CHECK(DemoDay::right_codes(command).contains(ran.exit_code));
        const bool silent = command.find("-q") != std::string::npos || command.starts_with("health") ||
                            command.starts_with("shipments watch") || command.find("--out") != std::string::npos;
        CHECK((silent || !ran.out.empty() || !ran.err.empty()));
    }
    CHECK(day.sandbox.violations().empty());
}

TEST_CASE("the README says of every cause what the program says, and of no other") {
    const Readme readme = read_readme();
    std::set<std::string> expected;
    const auto add = [&](const plan::Cause& cause) {
        const bool of_article = cause.command.find("--sku") != std::string_view::npos;
        expected.insert(fmt::format("| `{}` | {} | {} | `{}` |", cause.name, cause.meaning, cause.remedy,
                                    plan::command_for(cause, of_article ? "X" : "N")));
    };
    for (const plan::Cause& cause : plan::causes()) {
        add(cause);
        if (const auto* own = plan::find_cause(cause.name, "returns"); own != plan::find_cause(cause.name)) add(*own);
    }
    std::set<std::string> found;
    for (const auto& row : readme.rows)
        if (row.starts_with("| `") && split(row, '|').size() == 6) found.insert(row);
    for (const auto& row : expected) {
        INFO("README.md, Who fixes what, lacks:\n" << row);
        CHECK(found.contains(row));
    }
    for (const auto& row : found) {
        INFO("README.md, Who fixes what, has a row of no cause:\n" << row);
        CHECK(expected.contains(row));
    }
}

TEST_CASE("each cause stands in the README below the one who fixes it") {
    std::ifstream in(BLONGO_SOURCE_DIR "/README.md");
    const std::map<std::string, std::string> owners = {{"### The seller", "seller"},
                                                       {"### The warehouse", "warehouse"},
                                                       {"### Who looks after blongo", "admin"},
                                                       {"### The courier", "courier"}};
    std::string owner;
    std::size_t seen = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("#")) owner = owners.contains(line) ? owners.at(line) : "";
        if (owner.empty() || !line.starts_with("| `")) continue;
        const auto* cause = plan::find_cause(split(line, '`').at(1));
        INFO(line);
        REQUIRE(cause != nullptr);
        CHECK(cause->owner == owner);
        ++seen;
    }
    CHECK(seen == plan::causes().size());
}

TEST_CASE("the README names the methods of BaseLinker that a token must be allowed to call") {
    const std::string methods = R"(\b(get|set|create|delete|update|run)[A-Z][A-Za-z]+\b)";
    const auto found_in = [](const std::string& text, const std::regex& pattern) {
        std::set<std::string> names;
        for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern); at != std::sregex_iterator(); ++at)
            names.insert((*at)[0].str());
        return names;
    };
    const std::string readme = read_file(BLONGO_SOURCE_DIR "/README.md");
    const auto begin = readme.find("BaseLinker methods:"), end = readme.find("Ongoing:", begin);
    REQUIRE(end != std::string::npos);
    const auto named = found_in(readme.substr(begin, end - begin), std::regex(methods));
    std::set<std::string> called;
    for (const auto& entry : std::filesystem::directory_iterator(BLONGO_SOURCE_DIR "/lib/baselinker"))
        for (const auto& quoted : found_in(read_file(entry.path().string()), std::regex('"' + methods + '"')))
            called.insert(quoted.substr(1, quoted.size() - 2));
    CHECK(called.size() > 20);
    CHECK(named == called);
}

TEST_CASE("the configuration of the README is a valid one") {
    const Readme readme = read_readme();
    REQUIRE(readme.configuration.find("[connections.") != std::string::npos);
    const Sandbox sandbox;
    const Installation installation(sandbox);
    std::string text = readme.configuration;
    // The secrets lie elsewhere on this machine.
    for (std::size_t at; (at = text.find("/etc/blongo/acme.")) != std::string::npos;)
        text.replace(at, 17, installation.folder() / "");
    installation.write_config(text);
    const auto run = installation.blongo({"config", "check"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
}

TEST_CASE("the contents of the README lead to its chapters, and every chapter is in them") {
    std::ifstream in(BLONGO_SOURCE_DIR "/README.md");
    std::set<std::string> anchors, chapters, links;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ") || line.starts_with("### ")) {
            std::string anchor;
            for (const char c : to_lower_ascii(line.substr(line.find(' ') + 1))) {
                if (c == ' ')
                    anchor += '-';
                else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
                    anchor += c;
            }
            anchors.insert(anchor);
            if (line.starts_with("## ")) chapters.insert(anchor);
        }
        for (std::size_t at = 0; (at = line.find("](#", at)) != std::string::npos;) {
            at += 3;
            links.insert(line.substr(at, line.find(')', at) - at));
        }
    }
    for (const auto& link : links) {
        INFO("no chapter: " << link);
        CHECK(anchors.contains(link));
    }
    for (const auto& chapter : chapters) {
        INFO("not in the contents: " << chapter);
        CHECK(links.contains(chapter));
    }
}

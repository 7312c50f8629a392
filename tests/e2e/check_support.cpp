// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "e2e/check.hpp"

namespace blongo::test {

std::string Checked::state() const {
    // The request budget is counted in every run; everything else stays as it is.
    std::string rows;
    for (const std::string& line : split(edit_state(installation_, ".dump"), '\n'))
        if (line.find("budget") == std::string::npos) rows += line + "\n";
    return rows;
}

CheckRun Checked::look(std::vector<std::string> more) {
    more.insert(more.begin(), {"check", "--json", "--exit-code"});
    const std::string before = state();
    sandbox_.reset_journal();
    const auto run = installation_.blongo(more);
    CHECK(sandbox_.writes() == 0);
    CHECK(state() == before);
    CHECK(lines_of(run, "error").empty());
    return {run.exit_code, lines_of(run, "difference"), lines_of(run, "check")};
}

CheckRun Checked::expect_one(const std::string& kind, const std::string& key, const std::string& command) {
    auto run = look();
    INFO(kind << " of " << key);
    CHECK(run.code == 9);
    REQUIRE(run.differences.size() == 1);
    const auto& row = run.differences.front();
    CHECK(row["kind"].text() == kind);
    CHECK(row["key"].text() == key);
    CHECK(row["command"].text() == command);
    CHECK(row["connection"].text() == "demo");
    CHECK_FALSE(row["cause"].text().empty());
    CHECK_FALSE(row["owner"].text().empty());
    // One of both says what to do.
    CHECK(row["command"].is_null() != row["remedy"].is_null());
    return run;
}

void Checked::expect_agreement() {
    const auto run = look();
    for (const auto& row : run.differences) UNSCOPED_INFO(row.dump());
    CHECK(run.differences.empty());
    CHECK(run.code == 0);
    for (const auto& books : run.books) {
        INFO(books.dump());
        CHECK(books["closes"].is_true());
    }
}

void expect_in(std::string_view text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string_view::npos);
}

void Checked::mend(const CheckRun& found) {
    REQUIRE(found.differences.size() == 1);
    auto words = split(found.differences.front()["command"].text(), ' ');
    REQUIRE(words.front() == "blongo");
    words.erase(words.begin());
    CHECK(installation_.blongo(words).exit_code == 0);
}

} // namespace blongo::test

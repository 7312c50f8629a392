// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <blongo/base/text.hpp>
#include <blongo/report/fold.hpp>
#include <blongo/report/table.hpp>

using namespace blongo;
using namespace blongo::report;

namespace {

const std::string finding =
    "FAIL     label size: the last label, 84512301.pdf, has 2 pages of 210 x 297 mm; set 100 x 150 mm in BaseLinker, "
    "then run blongo shipments label 84512301 --print -C acme; 12 345 others of zażółć and 日本語 are well";

std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> out;
    for (const std::string& line : split(text, '\n'))
        for (const std::string& word : split(line, ' '))
            if (!word.empty()) out.push_back(word);
    return out;
}

std::size_t widest(const std::string& text) {
    std::size_t most = 0;
    for (const std::string& line : split(text, '\n')) most = std::max(most, display_width(line));
    return most;
}

bool on_one_line(const std::string& text, const std::string& part) {
    const auto lines = split(text, '\n');
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

} // namespace

TEST_CASE("lines are broken between words at every width, with all their words in their order") {
    for (std::size_t width = 30; width <= 300; ++width) {
        CAPTURE(width);
        const std::string folded = fold_lines(finding, width);
        CHECK(widest(folded) <= width);
        CHECK(words(folded) == words(finding));
        if (width >= 60) CHECK(on_one_line(folded, "blongo shipments label 84512301 --print -C acme;"));
    }
    CHECK(fold_lines(finding, 0) == finding);
    CHECK(fold_lines(finding, 300) == finding);
}

TEST_CASE("what follows a line stands below its text") {
    CHECK(fold_lines("ok       clock: well, well, well, well\n", 30) == "ok       clock: well, well,\n         well, well\n");
    CHECK(fold_line("acme: nothing needs anybody", 14, 4) == "acme: nothing\n    needs\n    anybody");
    CHECK(fold_line("a-word-that-is-too-long b", 10, 2) == "a-word-that-is-too-long\n  b");
    // A command ends with its clause; one that cannot fit is broken between its words.
    CHECK(fold_line("xx blongo config check; more of it", 25, 2) == "xx blongo config check;\n  more of it");
    CHECK(fold_line("blongo orders why 84512301", 18, 2) == "blongo orders why\n  84512301");
}

TEST_CASE("a table that is wider than the terminal breaks no cell that can stand on a line of its own") {
    const std::string id = "84512301", command = "blongo orders why 84512301 -C acme";
    const std::string detail = "neither the catalogue nor Ongoing has: NO-SUCH-SKU; give the product an SKU in BaseLinker";
    for (std::size_t width = 40; width <= 200; ++width) {
        CAPTURE(width);
        Table table;
        table.begin({"connection", "owner", "what", "key", "since", "command", "detail"}, width);
        (void)table.add({"acme", "seller", "unknown_sku (12 times)", id, "3 h 5 min", command, detail});
        (void)table.add({"acme", "admin", "orders run", "", "2 d", "blongo orders sync -C acme", "credentials refused"});
        const std::string lines = table.end();
        CHECK(widest(lines) <= width);
        for (const std::string& cell :
             {id, command, std::string("unknown_sku (12 times)"), std::string("3 h 5 min"), std::string("NO-SUCH-SKU")})
            CHECK(on_one_line(lines, cell));
        CHECK(std::count(lines.begin(), lines.end(), '\n') >= (width < 180 ? 4 : 3));
    }
}

TEST_CASE("off a terminal, and where there is room, a table has one line a row") {
    for (const std::size_t width : {std::size_t{0}, std::size_t{40}}) {
        Table table;
        table.begin({"key", "detail"}, width);
        (void)table.add({"84512301", "neither has it, and nobody"});
        CHECK(table.end() == "KEY       DETAIL\n84512301  neither has it, and nobody\n");
    }
}

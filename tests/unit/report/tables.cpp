// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/report/reporter.hpp>
#include <blongo/report/table.hpp>

#include "support/capture.hpp"

using namespace blongo;
using namespace blongo::report;
using blongo::test::Capture;

TEST_CASE("a table is aligned by what a terminal shows, without columns that are empty throughout") {
    Capture out, err;
    const auto reporter = make_reporter({}, out.fd(), err.fd());
    reporter->row("parked", {{"key", "A", {}}, {"label", "Łódź 毛布", {}}, {"former", "", {}}, {"last_try", "1 h", {}}});
    reporter->row("parked", {{"key", "LONGER-1", {}}, {"label", "Mug", {}}, {"former", "", {}}, {"last_try", "", {}}});
    CHECK(out.text().empty()); // widths are not known yet
    reporter->end_rows("nothing waits");
    CHECK(out.text() == "KEY       LABEL      LAST TRY\n"
                        "A         Łódź 毛布  1 h\n"
                        "LONGER-1  Mug\n");
}

TEST_CASE("an empty list says so, and the next list starts afresh") {
    Capture out, err;
    const auto reporter = make_reporter({}, out.fd(), err.fd());
    reporter->end_rows("nothing waits");
    reporter->row("x", {{"a", "1", {}}});
    reporter->end_rows({});
    reporter->row("x", {{"b", "2", {}}});
    reporter->end_rows({});
    CHECK(out.text() == "nothing waits\nA\n1\nB\n2\n");
}

TEST_CASE("a long list flows while it is read and loses no cell") {
    Table table;
    table.begin({"key", "late"});
    std::string out;
    for (std::size_t i = 0; i < Table::measured_rows; ++i) out += table.add({"k" + std::to_string(i), ""});
    CHECK(split(out, '\n').size() == Table::measured_rows + 2);
    CHECK(out.starts_with("KEY   LATE\n"));
    out = table.add({"a-key-longer-than-all-before", "x"});
    CHECK(out == "a-key-longer-than-all-before  x\n");
    CHECK(table.end().empty());
}

TEST_CASE("CSV follows RFC 4180: header, CR LF, quotes doubled; no words for people") {
    Capture out, err;
    const auto reporter = make_reporter({.format = Format::csv}, out.fd(), err.fd());
    reporter->text("for people");
    reporter->row("article", {{"key", "A", {}}, {"name", "Mug, \"blue\"\nbig", {}}});
    reporter->row("article", {{"key", "B", {}}, {"name", "plain", {}}});
    reporter->end_rows("none");
    CHECK(out.text() == "key,name\r\nA,\"Mug, \"\"blue\"\"\nbig\"\r\nB,plain\r\n");
}

TEST_CASE("blocks of text end with a newline") {
    Capture out, err;
    const auto reporter = make_reporter({}, out.fd(), err.fd());
    reporter->text("one\ntwo");
    reporter->text("three\n");
    CHECK(out.text() == "one\ntwo\nthree\n");
}

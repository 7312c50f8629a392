// SPDX-License-Identifier: Apache-2.0
// stderr where journald reads it, and the log file.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/report/terminal.hpp>

#include "support/capture.hpp"

using namespace blongo;
using namespace blongo::report;
using blongo::test::Capture;

namespace {

std::string stream_of(int fd) {
    struct stat seen {};
    REQUIRE(fstat(fd, &seen) == 0);
    return std::to_string(seen.st_dev) + ':' + std::to_string(seen.st_ino);
}

OutputOptions with_journal_stream(const Capture& out, const Capture& err, const std::string& stream) {
    OutputOptions options;
    look_at_terminals(options, out.fd(), err.fd(), false,
                      [&](const std::string& name) { return name == "JOURNAL_STREAM" ? std::optional(stream) : std::nullopt; });
    options.verbosity = 2;
    return options;
}

/// One message of each kind.
void tell(Reporter& reporter) {
    reporter.problem("acme", make_error(ErrorKind::auth, "refused", "BaseLinker", "give it another token"));
    reporter.warning("acme", "the clock is wrong");
    reporter.info("acme", "reading");
    reporter.exchange("acme", "GET /orders 200", "{\n}");
    Action action;
    action.connection = "acme";
    action.flow = "orders";
    action.verb = plan::Verb::park;
    action.key = "1";
    action.cause = "unknown_sku";
    action.outcome = plan::Outcome::done;
    reporter.action(action);
}

} // namespace

TEST_CASE("where the journal reads stderr, each line begins with its priority") {
    Capture out, err;
    auto options = with_journal_stream(out, err, stream_of(err.fd()));
    REQUIRE(options.journal);
    const auto reporter = make_reporter(options, out.fd(), err.fd());
    tell(*reporter);
    const auto lines = split(err.text(), '\n');
    REQUIRE(lines.size() >= 8);
    CHECK(lines[0].starts_with("<3>error: "));
    CHECK(lines[0].find("refused") != std::string::npos);
    CHECK(lines[1].starts_with("<3>")); // every line: journald looks at each alone
    std::map<std::string, std::string> priorities;
    for (const std::string& line : lines) {
        if (line.empty()) continue;
        REQUIRE(line.size() > 3);
        priorities[line.substr(3)] = line.substr(0, 3);
    }
    CHECK(priorities["warning: acme: the clock is wrong"] == "<4>");
    CHECK(priorities["acme: reading"] == "<6>");
    CHECK(priorities["acme: GET /orders 200"] == "<7>");
    CHECK(priorities["    }"] == "<7>");
    CHECK(out.text().find('<') == std::string::npos);

    Capture plain_err; // without -v what is newly parked goes to stderr
    options = with_journal_stream(out, plain_err, stream_of(plain_err.fd()));
    options.verbosity = 0;
    tell(*make_reporter(options, out.fd(), plain_err.fd()));
    const auto told = split(plain_err.text(), '\n');
    CHECK(std::any_of(told.begin(), told.end(),
                      [](const auto& line) { return line.starts_with("<4>") && line.find("unknown_sku") != std::string::npos; }));
}

TEST_CASE("JSON has the priority before the object, which journald takes off") {
    Capture out, err;
    auto options = with_journal_stream(out, err, stream_of(err.fd()));
    options.format = Format::json;
    tell(*make_reporter(options, out.fd(), err.fd()));
    std::string priorities;
    for (const std::string& line : split(err.text(), '\n')) {
        if (line.empty()) continue;
        priorities += line[1];
        CHECK(json::Value::parse(line.substr(3)));
    }
    CHECK(priorities == "3467");
}

TEST_CASE("stderr that is not the journal's stays as it is, whatever the service passed on") {
    for (const int which : {0, 1, 2, 3}) {
        Capture out, err;
        const std::vector<std::string> streams = {"", "1:2", stream_of(out.fd()), stream_of(err.fd()) + "0"};
        const std::string& stream = streams[static_cast<std::size_t>(which)];
        INFO(stream);
        const auto options = with_journal_stream(out, err, stream);
        CHECK_FALSE(options.journal);
        make_reporter(options, out.fd(), err.fd())->problem("acme", make_error(ErrorKind::auth, "refused"));
        CHECK(err.text() == "error: acme: refused\n");
    }
}

TEST_CASE("the log file has times: before each line of text, as a member of JSON, never a priority") {
    Capture out, err, log, json_log;
    const ManualClock clock(*parse_timestamp("2026-11-23T13:47:32Z"));
    auto options = with_journal_stream(out, err, stream_of(err.fd()));
    options.log_fd = log.fd();
    options.clock = &clock;
    tell(*make_reporter(options, out.fd(), err.fd()));
    for (const std::string& line : split(log.text(), '\n'))
        if (!line.empty()) CHECK(line.starts_with("2026-11-23T13:47:32Z "));
    options.format = Format::json;
    options.log_fd = json_log.fd();
    tell(*make_reporter(options, out.fd(), err.fd()));
    std::size_t lines = 0;
    for (const std::string& line : split(json_log.text(), '\n')) {
        if (line.empty()) continue;
        const auto object = json::Value::parse(line);
        REQUIRE(object);
        CHECK((*object)["time"].text() == "2026-11-23T13:47:32Z");
        CHECK((*object)["schema"].integer() == 1);
        ++lines;
    }
    CHECK(lines == 4);
}

// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <map>

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <blongo/report/progress.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/report/terminal.hpp>

#include "support/capture.hpp"

using namespace blongo;
using namespace blongo::report;
using blongo::test::Capture;
using Catch::Matchers::Contains;

namespace {

/// A pseudo terminal; what is written to its end is read back without the driver's changes.
class Terminal {
public:
    explicit Terminal(unsigned short columns = 100) {
        termios raw{};
        cfmakeraw(&raw);
        winsize size{};
        size.ws_col = columns;
        size.ws_row = 24;
        REQUIRE(openpty(&master_, &slave_, nullptr, &raw, &size) == 0);
        REQUIRE(fcntl(master_, F_SETFL, O_NONBLOCK) == 0);
    }
    ~Terminal() {
        close(master_);
        close(slave_);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    [[nodiscard]] int fd() const { return slave_; }
    [[nodiscard]] std::string text() const {
        std::string out;
        char block[4096];
        for (ssize_t n = 0; (n = read(master_, block, sizeof block)) > 0;) out.append(block, static_cast<std::size_t>(n));
        return out;
    }

private:
    int master_ = -1, slave_ = -1;
};

OutputOptions look(int out_fd, int err_fd, std::map<std::string, std::string> environment, bool no_colour = false) {
    OutputOptions options;
    look_at_terminals(options, out_fd, err_fd, no_colour, [&](const std::string& name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    });
    return options;
}

Action created() {
    Action action;
    action.connection = "acme";
    action.flow = "articles";
    action.verb = plan::Verb::create;
    action.key = "A";
    action.outcome = plan::Outcome::done;
    return action;
}

} // namespace

TEST_CASE("a pipe gets plain lines whatever TERM says") {
    Capture out, err;
    const OutputOptions options = look(out.fd(), err.fd(), {{"TERM", "xterm"}});
    CHECK_FALSE(options.out_terminal);
    CHECK_FALSE(options.terminal);
    CHECK_FALSE(options.colour);
    CHECK_FALSE(options.error_colour);
    CHECK(options.width == 80);
}

TEST_CASE("a terminal gets colour and progress, unless TERM, NO_COLOR or --no-color say otherwise") {
    const Terminal terminal;
    struct Row {
        std::map<std::string, std::string> environment;
        bool option, colour, progress;
    };
    const std::vector<Row> table = {
        {{{"TERM", "xterm-256color"}}, false, true, true},
        {{{"TERM", "xterm"}, {"NO_COLOR", ""}}, false, true, true},
        {{{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false, false, true},
        {{{"TERM", "xterm"}}, true, false, true},
        {{{"TERM", "dumb"}}, false, false, false},
        {{}, false, false, false},
    };
    for (const Row& row : table) {
        const OutputOptions options = look(terminal.fd(), terminal.fd(), row.environment, row.option);
        CHECK(options.out_terminal);
        CHECK(options.colour == row.colour);
        CHECK(options.error_colour == row.colour);
        CHECK(options.terminal == row.progress);
        CHECK(options.width == 100);
    }
}

TEST_CASE("colour stands around the symbol on a terminal and nowhere in a pipe") {
    const Terminal terminal;
    Capture pipe;
    const OutputOptions options = look(terminal.fd(), pipe.fd(), {{"TERM", "xterm"}});
    const auto reporter = make_reporter(options, terminal.fd(), pipe.fd());
    reporter->action(created());
    reporter->problem("acme", make_error(ErrorKind::auth, "refused"));
    CHECK(terminal.text() == "\x1b[32m+\x1b[0m A\n");
    CHECK(pipe.text() == "error: acme: refused\n");
}

TEST_CASE("the progress line is redrawn in place and cleared before any other line") {
    const Terminal terminal;
    ManualClock clock;
    OutputOptions options = look(terminal.fd(), terminal.fd(), {{"TERM", "xterm"}}, true);
    options.clock = &clock;
    const auto reporter = make_reporter(options, terminal.fd(), terminal.fd());
    reporter->progress("acme", "articles", 0, 1000);
    CHECK(terminal.text() == "\r\x1b[Kacme articles: 0 of 1000 (0 %)");
    clock.advance(Milliseconds{50});
    reporter->progress("acme", "articles", 10, 1000);
    CHECK(terminal.text().empty()); // ten times a second is enough
    clock.advance(Milliseconds{1950});
    reporter->progress("acme", "articles", 200, 1000);
    CHECK(terminal.text() == "\r\x1b[Kacme articles: 200 of 1000 (20 %), 100/s, 8 s left");
    reporter->action(created());
    CHECK(terminal.text() == "\r\x1b[K+ A\n");
    reporter->action(created());
    CHECK(terminal.text() == "+ A\n");
    reporter->progress("acme", "articles", 1000, 1000);
    CHECK_THAT(terminal.text(), Contains("1000 of 1000 (100 %)"));
    Summary summary;
    reporter->problem("acme", make_error(ErrorKind::auth, "refused"));
    CHECK(terminal.text() == "\r\x1b[Kerror: acme: refused\n");
}

TEST_CASE("a progress line never wraps, and vanishes at the end") {
    const Terminal terminal(30);
    OutputOptions options = look(terminal.fd(), terminal.fd(), {{"TERM", "xterm"}});
    {
        const auto reporter = make_reporter(options, terminal.fd(), terminal.fd());
        reporter->progress("a-long-connection-name", "articles", 5, 1000);
        const std::string drawn = terminal.text();
        CHECK(drawn.size() == std::string("\r\x1b[K").size() + 29);
    }
    CHECK(terminal.text() == "\r\x1b[K");
}

TEST_CASE("rates below one a second are told per minute, and a new step is measured anew") {
    Progress progress;
    CHECK(progress.update("acme", "labels", 0, 0, Milliseconds{0}) == "acme labels: 0");
    CHECK(progress.update("acme", "labels", 5, 0, Milliseconds{10'000}) == "acme labels: 5, 30/min");
    CHECK(progress.update("acme", "orders", 7, 10, Milliseconds{10'010}) == "acme orders: 7 of 10 (70 %)");
    CHECK(progress.update("acme", "orders", 8, 10, Milliseconds{12'010}) == "acme orders: 8 of 10 (80 %), 30/min, 4 s left");
}

TEST_CASE("a reader who goes away ends the output quietly, once") {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    Capture err;
    int calls = 0, reason = 0;
    OutputOptions options;
    options.out_terminal = true;
    options.on_output_failure = [&](int error) {
        ++calls;
        reason = error;
    };
    const auto reporter = make_reporter(options, ends[1], err.fd());
    reporter->action(created());
    CHECK(calls == 0);
    close(ends[0]);
    reporter->action(created());
    reporter->action(created());
    reporter->summary({});
    CHECK(calls == 1);
    CHECK(reason == EPIPE);
    CHECK(err.text().empty());
    close(ends[1]);
}

TEST_CASE("a full disk behind stdout is told to the caller") {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    Capture err;
    int reason = 0;
    OutputOptions options;
    options.on_output_failure = [&](int error) { reason = error; };
    make_reporter(options, full, err.fd())->summary({});
    CHECK(reason == ENOSPC);
    close(full);
}

TEST_CASE("a slow reader gets everything") {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    Capture err;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) { // reads slower than the writer writes: the pipe fills
        close(ends[1]);
        std::size_t total = 0;
        char block[1024];
        for (;;) {
            const ssize_t n = read(ends[0], block, sizeof block);
            if (n == 0) break;
            if (n > 0)
                total += static_cast<std::size_t>(n);
            else if (errno != EAGAIN)
                _exit(2);
        }
        _exit(total == 1'000'001 ? 0 : 1);
    }
    close(ends[0]);
    make_reporter({}, ends[1], err.fd())->text(std::string(1'000'000, 'x'));
    close(ends[1]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("the log file gets what stderr gets, with UTC times and without colour or progress") {
    const Terminal terminal;
    Capture log;
    ManualClock clock(*parse_timestamp("2026-11-23T13:47:32Z"));
    OutputOptions options = look(terminal.fd(), terminal.fd(), {{"TERM", "xterm"}});
    options.log_fd = log.fd();
    options.clock = &clock;
    options.verbosity = 1;
    const auto reporter = make_reporter(options, terminal.fd(), terminal.fd());
    reporter->progress("acme", "articles", 1, 2);
    reporter->action(created());
    reporter->problem("acme", make_error(ErrorKind::auth, "refused", {}, "check the token"));
    reporter->warning("acme", "late");
    reporter->exchange("acme", "GET /articles 200", "");
    CHECK(log.text() == "2026-11-23T13:47:32Z error: acme: refused\n"
                        "2026-11-23T13:47:32Z   check the token\n"
                        "2026-11-23T13:47:32Z warning: acme: late\n"
                        "2026-11-23T13:47:32Z acme: GET /articles 200\n");
}

// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "blongo/process.hpp"
#include "golden/tool.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// Runs `body` in a child process; how it ended, as waitpid says.
template <class Body> int in_child(Body body) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(body() ? 0 : 1);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return status;
}

} // namespace

TEST_CASE("the process leaves no core file, no readable memory, and no file for others") {
    CHECK(in_child([] {
              app::protect_process();
              rlimit core{1, 1};
              getrlimit(RLIMIT_CORE, &core);
              return core.rlim_cur == 0 && core.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 && umask(0) == 077;
          }) == 0);
}

TEST_CASE("the first signal asks to stop, the second one kills") {
    for (const int signal : {SIGINT, SIGTERM}) {
        const int status = in_child([signal] {
            static StopToken stop;
            app::stop_on_signals(stop);
            std::raise(signal);
            if (stop.signal() != signal) return false;
            std::raise(signal);
            return false; // not reached
        });
        CHECK(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == signal);
    }
    const int mixed = in_child([] {
        static StopToken stop;
        app::stop_on_signals(stop);
        std::raise(SIGINT);
        std::raise(SIGTERM);
        return false;
    });
    CHECK(WIFSIGNALED(mixed));
    CHECK(WTERMSIG(mixed) == SIGTERM);
}

TEST_CASE("a reader who goes away is no failure; a full disk is") {
    const auto mapping_show = [](int out_fd, int err_fd) {
        ManualClock clock;
        StopToken stop;
        return app::run({.arguments = {"mapping", "show"},
                         .environment = environment_of({}),
                         .clock = clock,
                         .stop = stop,
                         .out_fd = out_fd,
                         .err_fd = err_fd});
    };
    Capture err;
    CHECK(in_child([&] {
              std::signal(SIGPIPE, SIG_IGN);
              int ends[2];
              if (pipe(ends) != 0) return false;
              close(ends[0]);
              return mapping_show(ends[1], err.fd()) == 0;
          }) == 0);
    CHECK(err.text().empty());

    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    CHECK(mapping_show(full, err.fd()) == 1);
    CHECK(err.text().find("stdout cannot be written to: No space left on device") != std::string::npos);
    close(full);
}

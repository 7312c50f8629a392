// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "options.hpp"
#include "sandbox.hpp"

namespace {

int usage_error(const blongo::Error& error) {
    fmt::print(stderr, "blongo-sandbox: {}\n", error.text());
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    using namespace blongo::sandbox;
    const auto options = parse_options(std::vector<std::string>(argv + 1, argv + argc));
    if (!options) return usage_error(options.error());
    if (options->help) {
        fmt::print("{}", help_text());
        return 0;
    }
    if (options->admin) {
        const auto answer = call_admin(*options->admin);
        if (!answer) {
            fmt::print(stderr, "blongo-sandbox: {}\n", answer.error().text());
            return answer.error().kind == blongo::ErrorKind::usage ? 2 : 1;
        }
        fmt::print("{}\n", *answer);
        return 0;
    }
    // Signals are taken by this thread alone; the others inherit the mask.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);

    const auto sandbox = Sandbox::create(*options);
    if (!sandbox) return usage_error(sandbox.error());
    const int port = (*sandbox)->bind(options->port);
    if (port == 0) {
        fmt::print(stderr, "blongo-sandbox: port {} is taken (choose another one with --port, or --port 0)\n", options->port);
        return 1;
    }
    fmt::print("blongo-sandbox listening on http://127.0.0.1:{}\n", port);
    (void)std::fflush(stdout);
    std::thread server([&] { (*sandbox)->run(); });
    int received = 0;
    sigwait(&signals, &received);
    (*sandbox)->stop();
    server.join();
    return 0;
}

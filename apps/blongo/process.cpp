// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "run_children.hpp"

namespace blongo::app {
namespace {

StopToken* token = nullptr;
int part = -1;

void on_signal(int signal) {
    if (token->requested()) {
        if (part >= 0) return;
        (void)std::signal(signal, SIG_DFL);
        (void)std::raise(signal); // delivered when this handler returns
        return;
    }
    token->request(signal);
}

} // namespace

void protect_process() noexcept {
    (void)umask(077);
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)std::signal(SIGPIPE, SIG_IGN);
    (void)std::signal(SIGXFSZ, SIG_IGN); // a file size limit is told as a full disk, not by dying
}

int join_run() noexcept {
    const char* text = std::getenv(part_variable);
    if (text == nullptr) return -1;
    const bool told = std::strtol(text, nullptr, 10) == part_fd && fcntl(part_fd, F_SETFD, FD_CLOEXEC) == 0;
    (void)unsetenv(part_variable);
    if (!told) return -1;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    return part = part_fd;
}

int part_of_run() noexcept {
    return part;
}

void stop_on_signals(StopToken& stop) noexcept {
    token = &stop;
    struct sigaction action {};
    action.sa_handler = on_signal; // without SA_RESTART: waiting system calls return
    (void)sigaction(SIGINT, &action, nullptr);
    (void)sigaction(SIGTERM, &action, nullptr);
}

} // namespace blongo::app

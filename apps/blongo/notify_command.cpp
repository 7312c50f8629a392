// SPDX-License-Identifier: Apache-2.0
#include "notify_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace blongo::app {
namespace {

using MessageDeadline = std::chrono::steady_clock::time_point;

/// PATH, HOME, LANG, TZ as they are set here: "NAME=value".
std::vector<std::string> public_environment(const config::Environment& environment) {
    std::vector<std::string> out;
    for (const char* name : {"PATH", "HOME", "LANG", "TZ"})
        if (const auto value = environment(name)) out.push_back(fmt::format("{}={}", name, *value));
    return out;
}

std::vector<char*> as_c_strings(const std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str())); // NOLINT: posix_spawn changes none
    out.push_back(nullptr);
    return out;
}

/// 0, or errno. In a process group of its own, so that what hangs can be killed as a whole.
int start_reader(const std::vector<std::string>& argv, const std::vector<std::string>& environment, int input, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD, SIGXFSZ}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(&child, argv.front().c_str(), &actions, &attributes, as_c_strings(argv).data(),
                                   as_c_strings(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int milliseconds_left(MessageDeadline deadline) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
}

/// A program may end without reading all of it: its exit code says whether it is content.
void write_message(int pipe, std::string_view message, MessageDeadline deadline) {
    while (!message.empty()) {
        const ssize_t written = ::write(pipe, message.data(), message.size());
        if (written > 0) {
            message.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd waiting{pipe, POLLOUT, 0};
            if (milliseconds_left(deadline) == 0) return;
            (void)::poll(&waiting, 1, milliseconds_left(deadline));
        } else if (errno != EINTR) {
            return;
        }
    }
}

/// Its exit status; nullopt: it still ran at the deadline, and is killed.
std::optional<int> end_of(pid_t child, MessageDeadline deadline) {
    constexpr int pause_ms = 5;
    int status = 0;
    while (true) {
        const pid_t done = ::waitpid(child, &status, WNOHANG);
        if (done == child) return status;
        if (done < 0 && errno != EINTR) return 0;
        if (milliseconds_left(deadline) == 0) break;
        (void)::poll(nullptr, 0, std::min(pause_ms, milliseconds_left(deadline)));
    }
    ::kill(-child, SIGKILL);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return std::nullopt;
}

} // namespace

Result<void> give_message(const std::vector<std::string>& argv, const std::string& message, Milliseconds time,
                          const config::Environment& environment) {
    const auto refuse = [&](std::string what) {
        return fail(ErrorKind::config, std::move(what), argv.front(), "it is tried again at the next run");
    };
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refuse("no pipe can be made: " + std::generic_category().message(errno));
    (void)::fcntl(ends[1], F_SETFL, O_NONBLOCK); // of our end only: the reader's waits as programs expect
    const MessageDeadline deadline = std::chrono::steady_clock::now() + time;
    pid_t child = 0;
    const int error = start_reader(argv, public_environment(environment), ends[0], child);
    (void)::close(ends[0]);
    if (error != 0) {
        (void)::close(ends[1]);
        return refuse("the command cannot be started: " + std::generic_category().message(error));
    }
    write_message(ends[1], message, deadline);
    (void)::close(ends[1]);
    const auto status = end_of(child, deadline);
    if (!status) return refuse("the command did not end within " + format_duration(time) + " and was killed");
    if (*status == 0) return {};
    return refuse(WIFSIGNALED(*status) ? fmt::format("the command was ended by signal {}", WTERMSIG(*status))
                                       : fmt::format("the command ended with exit code {}", WEXITSTATUS(*status)));
}

} // namespace blongo::app

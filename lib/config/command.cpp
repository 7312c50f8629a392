// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/command.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <blongo/base/time.hpp>

namespace blongo::config {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t max_output_bytes = 64U << 10U;

class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor() { close(); }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    void close() noexcept {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

std::string why(int error) {
    return std::generic_category().message(error);
}

/// The environment of this process without these variables.
std::vector<char*> environment_without(const std::vector<std::string>& hidden) {
    std::vector<char*> kept;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::string_view name = text.substr(0, text.find('='));
        if (std::find(hidden.begin(), hidden.end(), name) == hidden.end()) kept.push_back(*entry);
    }
    kept.push_back(nullptr);
    return kept;
}

/// posix_spawn: safe beside other threads, and reports a program that cannot be executed.
int spawn(const std::vector<std::string>& argv, const std::vector<std::string>& hidden_variables, int output, pid_t& child) {
    std::vector<char*> arguments;
    for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str())); // NOLINT
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    // What a program says about a secret on its error output must not reach a log.
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawnp(&child, argv.front().c_str(), &actions, &attributes, arguments.data(),
                                   environment_without(hidden_variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/// Milliseconds until `deadline` for poll(); never negative.
int remaining(SteadyTime deadline) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
}

enum class ReadEnd { done, too_long, timeout, failed };

/// Reads to the end of the output, and keeps its first line (never more than is allowed).
ReadEnd read_output(int fd, SteadyTime deadline, std::string& line) {
    std::array<char, 4096> buffer{};
    std::size_t total = 0;
    bool line_ended = false;
    const auto wipe = [&] { explicit_bzero(buffer.data(), buffer.size()); };
    while (true) {
        pollfd waiting{fd, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, remaining(deadline));
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) return wipe(), ReadEnd::timeout;
        const ssize_t count = ready < 0 ? -1 : ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return wipe(), ReadEnd::failed;
        if (count == 0) return wipe(), ReadEnd::done;
        total += static_cast<std::size_t>(count);
        if (total > max_output_bytes) return wipe(), ReadEnd::too_long;
        for (ssize_t i = 0; i < count && !line_ended; ++i) {
            const char c = buffer[static_cast<std::size_t>(i)];
            line_ended = c == '\n';
            if (!line_ended && line.size() <= max_secret_bytes) line += c;
        }
    }
}

/// The exit status, or nothing if the child still runs at `deadline`. A child that somebody else
/// has already waited for (SIGCHLD ignored) counts as ended well: its output is what matters.
std::optional<int> wait_for(pid_t child, SteadyTime deadline) {
    constexpr int pause_ms = 5;
    while (true) {
        int status = 0;
        const pid_t done = ::waitpid(child, &status, WNOHANG);
        if (done == child) return status;
        if (done < 0 && errno != EINTR) return 0;
        if (remaining(deadline) == 0) return std::nullopt;
        ::poll(nullptr, 0, std::min(pause_ms, remaining(deadline)));
    }
}

void kill_group(pid_t child) {
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
}

} // namespace

Result<std::string> first_line_of_command(const std::vector<std::string>& argv, Milliseconds timeout,
                                          const std::vector<std::string>& hidden_variables) {
    const std::string program = argv.empty() ? std::string() : argv.front();
    const auto refuse = [&](std::string message) {
        return fail(ErrorKind::config, std::move(message), program, "run the command by hand to see why");
    };
    if (program.empty()) return refuse("the command is empty");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refuse("no pipe can be made: " + why(errno));
    FileDescriptor output(ends[0]);
    FileDescriptor input(ends[1]);
    pid_t child = 0;
    if (const int error = spawn(argv, hidden_variables, input.get(), child); error != 0)
        return refuse("the command cannot be started: " + why(error));
    input.close();

    const SteadyTime deadline = std::chrono::steady_clock::now() + timeout;
    std::string line;
    const ReadEnd end = read_output(output.get(), deadline, line);
    const auto status = end == ReadEnd::done ? wait_for(child, deadline) : std::nullopt;
    if (!status) {
        kill_group(child);
        explicit_bzero(line.data(), line.size());
        if (end == ReadEnd::too_long) return refuse(fmt::format("the command writes more than {} bytes", max_output_bytes));
        if (end == ReadEnd::failed) return refuse("the output of the command cannot be read");
        return refuse("the command did not end within " + format_duration(timeout));
    }
    if (*status != 0) {
        explicit_bzero(line.data(), line.size());
        return refuse(WIFSIGNALED(*status) ? fmt::format("the command was ended by signal {}", WTERMSIG(*status))
                                           : fmt::format("the command ended with exit code {}", WEXITSTATUS(*status)));
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

} // namespace blongo::config

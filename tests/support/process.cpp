// SPDX-License-Identifier: Apache-2.0
#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>

namespace blongo::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

/// One of four processes of each program looks for leaks and counts its lines at its end (coverage/at_exit.cpp): both take
/// three times as long as the rest of a short process, and its like comes many times. Which ones has no pattern that the
/// steps of a test could repeat; the first is one.
bool is_sampled(const std::string& program) {
    static std::mutex mutex;
    static std::map<std::string, std::uint32_t> started;
    const std::lock_guard lock(mutex);
    constexpr std::uint32_t spread = 2'654'435'761; // Knuth's multiplier: the top bits of its multiples are well mixed
    return (started[program]++ * spread) >> 30 == 0;
}

std::vector<std::string> environment_of(const Spawn& spawn) {
    std::map<std::string, std::string> all = {{"TZ", "UTC"}, {"LANG", "C.UTF-8"}};
    for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX", "LD_LIBRARY_PATH", "BLONGO_MUTANT",
                             "BLONGO_MUTANTS_SEEN"})
        if (const char* value = std::getenv(name)) all[name] = value;
    if (!is_sampled(spawn.argv.front())) {
        all["COUNT_LINES_AT_EXIT"] = "no";
        all["ASAN_OPTIONS"] += ":detect_leaks=0";
    }
    for (const auto& [name, value] : spawn.environment) all[name] = value;
    std::vector<std::string> out;
    for (const auto& [name, value] : all) out.push_back(name + "=" + value);
    return out;
}

/// Takes what is there; false at the end of the stream.
bool drain(int& fd, std::string& into) {
    std::array<char, 65536> buffer{};
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(got));
        return true;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    close(fd);
    fd = -1;
    return false;
}

} // namespace

Process::Process(const Spawn& spawn) {
    int in[2], out[2], err[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
        throw std::runtime_error("pipe failed");
    auto argv = spawn.argv;
    auto environment = environment_of(spawn);
    auto argv_pointers = pointers(argv);
    auto environment_pointers = pointers(environment);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) {
        setpgid(0, 0);
        // Nothing outlives a test that is killed, by a time limit for example.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(125);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        if (!spawn.working_directory.empty() && chdir(spawn.working_directory.c_str()) != 0) _exit(126);
        execvpe(argv_pointers[0], argv_pointers.data(), environment_pointers.data());
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    if (!spawn.stdin_text.empty()) [[maybe_unused]]
        const ssize_t written = write(in[1], spawn.stdin_text.data(), spawn.stdin_text.size());
    close(in[1]);
    out_fd_ = out[0];
    err_fd_ = err[0];
    fcntl(out_fd_, F_SETFL, O_NONBLOCK);
    fcntl(err_fd_, F_SETFL, O_NONBLOCK);
}

Process::~Process() {
    if (!reaped_) {
        kill(-pid_, SIGKILL);
        kill(pid_, SIGKILL);
        int status = 0;
        waitpid(pid_, &status, 0);
    }
    if (out_fd_ >= 0) close(out_fd_);
    if (err_fd_ >= 0) close(err_fd_);
}

void Process::signal(int number) const {
    kill(pid_, number);
}

void Process::pump(int timeout_ms) {
    std::array<pollfd, 2> fds{{{out_fd_, POLLIN, 0}, {err_fd_, POLLIN, 0}}};
    if (poll(fds.data(), fds.size(), timeout_ms) <= 0) return;
    if (out_fd_ >= 0 && fds[0].revents != 0) drain(out_fd_, result_.out);
    if (err_fd_ >= 0 && fds[1].revents != 0) drain(err_fd_, result_.err);
}

Finished Process::wait(std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        pump(10);
        if (!reaped_) {
            int status = 0;
            rusage usage{};
            const pid_t done = wait4(pid_, &status, WNOHANG, &usage);
            if (done == pid_) {
                reaped_ = true;
                result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                result_.peak_kib = usage.ru_maxrss;
                const auto seconds = [](const timeval& t) {
                    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
                };
                result_.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
            }
        }
        if (reaped_) {
            // Grandchildren may hold the pipes open: take what is there and go.
            for (int i = 0; i < 50 && (out_fd_ >= 0 || err_fd_ >= 0); ++i) pump(2);
            return result_;
        }
        if (std::chrono::steady_clock::now() > end) {
            kill(-pid_, SIGKILL);
            throw std::runtime_error("process did not end in time\nstdout: " + result_.out + "\nstderr: " + result_.err);
        }
    }
}

std::string Process::wait_for_line(const std::string& text, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        std::size_t from = 0;
        for (std::size_t at; (at = result_.out.find('\n', from)) != std::string::npos; from = at + 1) {
            const std::string line = result_.out.substr(from, at - from);
            if (line.find(text) != std::string::npos) return line;
        }
        if (out_fd_ < 0 || std::chrono::steady_clock::now() > end)
            throw std::runtime_error("no line with '" + text + "'\nstdout: " + result_.out + "\nstderr: " + result_.err);
        pump(50);
    }
}

void Process::wait_until(const std::function<bool()>& holds, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (!running() || std::chrono::steady_clock::now() > end)
            throw std::runtime_error("waited in vain\nstdout: " + result_.out + "\nstderr: " + result_.err);
        pump(10);
    }
}

bool Process::running() {
    if (reaped_) return false;
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Finished run(const Spawn& spawn, std::chrono::seconds limit) {
    Process process(spawn);
    return process.wait(limit);
}

} // namespace blongo::test

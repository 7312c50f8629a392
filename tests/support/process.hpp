// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace blongo::test {

/// How a child process ended, and what it said.
struct Finished {
    int exit_code = -1; ///< 128 + signal if a signal ended it
    std::string out, err;
    long peak_kib = 0;        ///< its peak resident memory
    double cpu_seconds = 0.0; ///< user + system
};

struct Spawn {
    std::vector<std::string> argv;
    std::map<std::string, std::string> environment; ///< added to a scrubbed one (PATH, HOME, TZ=UTC, LANG=C.UTF-8)
    std::string stdin_text;
    std::string working_directory;
};

/// A child process of its own process group, killed at the end of its life at the latest.
class Process {
public:
    explicit Process(const Spawn& spawn);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void signal(int number) const;
    /// Waits for the end; kills and throws after `limit`.
    Finished wait(std::chrono::seconds limit = std::chrono::seconds{300});
    /// Waits until a line with this text stands in stdout; returns it. Throws after `limit`.
    std::string wait_for_line(const std::string& text, std::chrono::seconds limit = std::chrono::seconds{60});
    /// Waits until something holds, reading the pipes meanwhile. Throws after `limit` or when the
    /// process ended before.
    void wait_until(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds{60});
    [[nodiscard]] bool running();

private:
    void pump(int timeout_ms);
    pid_t pid_ = -1;
    int out_fd_ = -1, err_fd_ = -1;
    bool reaped_ = false;
    Finished result_;
};

/// Runs to the end.
Finished run(const Spawn& spawn, std::chrono::seconds limit = std::chrono::seconds{300});

} // namespace blongo::test

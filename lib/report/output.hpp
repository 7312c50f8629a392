// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// How grave a line on stderr is: what journald calls its priority (sd-daemon(3)).
enum class Priority : std::uint8_t { error = 3, warning = 4, info = 6, debug = 7 };

/// The descriptors of a run: stdout, stderr with its progress line, and the log file. Whole lines
/// are written at once, so that they do not mix with those of other processes. Not thread-safe.
class Output {
public:
    Output(int out_fd, int err_fd, OutputOptions options);
    ~Output() { clear_progress(); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    /// Lines for stdout, each with its newline.
    void result(std::string_view lines);
    /// Lines for stderr and the log file. `plain` goes to the log, without colour. Where the journal reads
    /// stderr, each line begins with its priority, which journald takes off again: "<4>".
    void message(Priority priority, std::string_view lines, std::string_view plain);
    void message(Priority priority, std::string_view lines) { message(priority, lines, lines); }
    /// Redraws the one progress line; nothing off a terminal.
    void draw_progress(std::string_view line);
    void clear_progress();

private:
    void log(std::string_view plain);
    OutputOptions options_;
    int out_fd_, err_fd_;
    bool out_broken_ = false;
    bool progress_shown_ = false;
};

/// Text from outside without control characters, so that it cannot move the cursor or forge lines.
[[nodiscard]] std::string printable(std::string_view text);
/// printable(), with line breaks kept.
[[nodiscard]] std::string printable_lines(std::string_view text);

} // namespace blongo::report

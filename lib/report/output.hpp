// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// The descriptors of a run: stdout, stderr with its progress line, and the log file. Whole lines
/// are written at once, so that they do not mix with those of other processes. Not thread-safe.
class Output {
public:
    Output(int out_fd, int err_fd, const OutputOptions& options);
    ~Output() { clear_progress(); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    /// Lines for stdout, each with its newline.
    void result(std::string_view lines);
    /// Lines for stderr and the log file. `plain` goes to the log, without colour.
    void message(std::string_view lines, std::string_view plain);
    void message(std::string_view lines) { message(lines, lines); }
    /// Redraws the one progress line; nothing off a terminal.
    void draw_progress(std::string_view line);
    void clear_progress();

private:
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

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/base/result.hpp>

namespace blongo::app {

/// The person at the terminal: questions on one descriptor, answers line by line from standard input.
class Interview {
public:
    Interview(int in_fd, int out_fd, const StopToken& stop) : in_(in_fd), out_(out_fd), stop_(stop) {}
    [[nodiscard]] bool is_terminal() const noexcept;
    void say(const std::string& text) const;
    /// The answer without blanks around it. Errors: stopped (Ctrl-C), usage (the input ended).
    [[nodiscard]] Result<std::string> ask(const std::string& prompt) const;
    /// The same, not echoed.
    [[nodiscard]] Result<std::string> ask_secret(const std::string& prompt) const;

private:
    [[nodiscard]] Result<std::string> read_line() const;
    int in_, out_;
    const StopToken& stop_;
};

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include "init_terminal.hpp"

#include <cerrno>

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <blongo/base/text.hpp>
#include <blongo/report/fold.hpp>

namespace blongo::app {
namespace {

constexpr std::size_t longest_answer = 4096;

/// No echo while it lives; what was typed ahead is not thrown away.
class Silence {
public:
    explicit Silence(int fd) : fd_(fd), was_(::tcgetattr(fd, &before_) == 0) {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (was_) (void)::tcsetattr(fd_, TCSANOW, &quiet);
    }
    ~Silence() {
        if (was_) (void)::tcsetattr(fd_, TCSANOW, &before_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

private:
    int fd_;
    termios before_{};
    bool was_;
};

/// Columns of the terminal; 0: it does not say.
std::size_t columns_of(int fd) {
    winsize size{};
    return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

} // namespace

bool Interview::is_terminal() const noexcept {
    return ::isatty(in_) == 1 && ::isatty(out_) == 1;
}

void Interview::say(const std::string& text) const {
    const std::size_t columns = columns_of(out_);
    const std::string folded = report::fold_lines(text, columns == 0 ? 0 : columns - 1, 2);
    std::string_view left = folded;
    while (!left.empty()) {
        const ssize_t written = ::write(out_, left.data(), left.size());
        if (written < 0 && errno == EINTR && !stop_.requested()) continue;
        if (written <= 0) return;
        left.remove_prefix(static_cast<std::size_t>(written));
    }
}

Result<std::string> Interview::read_line() const {
    std::string line;
    for (char c = 0; c != '\n';) {
        if (stop_.requested()) return fail(ErrorKind::stopped, "stopped: nothing was written");
        const ssize_t got = ::read(in_, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return fail(ErrorKind::usage, "the answers ended before the last question: nothing was written");
        if (line.size() > longest_answer) return fail(ErrorKind::usage, "an answer is too long: nothing was written");
        line += c;
    }
    return std::string(trim(line));
}

Result<std::string> Interview::ask(const std::string& prompt) const {
    say(prompt);
    return read_line();
}

Result<std::string> Interview::ask_secret(const std::string& prompt) const {
    const Silence silence(in_);
    say(prompt);
    auto line = read_line();
    say("\n");
    return line;
}

} // namespace blongo::app

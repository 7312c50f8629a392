// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/output.hpp>

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>

namespace blongo::report {
namespace {

/// Writes everything; 0, or the errno that prevented it.
int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd wait{fd, POLLOUT, 0};
            (void)poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

std::string with_priority(Priority priority, std::string_view lines) {
    const std::string prefix = '<' + std::to_string(static_cast<int>(priority)) + '>';
    std::string out;
    for (const std::string& line : split(lines, '\n'))
        if (!line.empty()) out += prefix + line + '\n';
    return out;
}

std::string without_controls(std::string_view text, bool keep_newlines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = unicode::next(text, at);
        const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
        const bool reorders = c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        if (c == U'\n' && keep_newlines)
            out += '\n';
        else if (c == U'\n' || c == U'\t')
            out += ' ';
        else if (!control && !reorders)
            unicode::append(out, c);
    }
    return out;
}

} // namespace

Output::Output(int out_fd, int err_fd, OutputOptions options) : options_(std::move(options)), out_fd_(out_fd), err_fd_(err_fd) {}

void Output::result(std::string_view lines) {
    if (out_broken_) return;
    clear_progress();
    const int error = write_all(out_fd_, lines);
    if (error == 0) return;
    out_broken_ = true;
    if (options_.on_output_failure) options_.on_output_failure(error);
}

void Output::message(Priority priority, std::string_view lines, std::string_view plain) {
    clear_progress();
    // A failure to write is ignored: there is nowhere else to tell it.
    (void)write_all(err_fd_, options_.journal ? with_priority(priority, lines) : std::string(lines));
    if (options_.log_fd >= 0) log(plain);
}

void Output::log(std::string_view plain) {
    static const SystemClock machine;
    const Clock& clock = options_.clock != nullptr ? *options_.clock : machine;
    const std::string now = format_utc(clock.now());
    std::string stamped;
    for (const std::string& line : split(plain, '\n')) {
        if (line.empty()) continue;
        if (options_.format == Format::json) // stays one JSON object a line
            stamped += fmt::format("{{\"time\":\"{}\",{}\n", now, line.substr(1));
        else
            stamped += fmt::format("{} {}\n", now, line);
    }
    (void)write_all(options_.log_fd, stamped);
}

void Output::draw_progress(std::string_view line) {
    if (!options_.terminal) return;
    const std::string cut = cut_characters(line, static_cast<std::size_t>(options_.width - 1));
    (void)write_all(err_fd_, "\r\x1b[K" + cut);
    progress_shown_ = true;
}

void Output::clear_progress() {
    if (!progress_shown_) return;
    progress_shown_ = false;
    (void)write_all(err_fd_, "\r\x1b[K");
}

std::string printable(std::string_view text) {
    return without_controls(text, false);
}

std::string printable_lines(std::string_view text) {
    return without_controls(text, true);
}

} // namespace blongo::report

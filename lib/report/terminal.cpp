// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/terminal.hpp>

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blongo::report {
namespace {

constexpr int narrowest = 20;

int columns_of(int fd, int otherwise) {
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < narrowest) return otherwise;
    return size.ws_col;
}

/// Whether the descriptor is the one that `stream`, "device:inode", means. Services pass the variable on to
/// programs whose stderr goes elsewhere.
bool is_stream(int fd, const std::string& stream) {
    struct stat seen {};
    if (stream.empty() || fstat(fd, &seen) != 0) return false;
    return stream == std::to_string(seen.st_dev) + ':' + std::to_string(seen.st_ino);
}

} // namespace

void look_at_terminals(OutputOptions& options, int out_fd, int err_fd, bool no_colour, const LookUp& environment) {
    const bool out_is_terminal = isatty(out_fd) == 1;
    const bool err_is_terminal = isatty(err_fd) == 1;
    const std::string term = environment("TERM").value_or("");
    const bool can_redraw = !term.empty() && term != "dumb";
    const bool may_colour = can_redraw && !no_colour && environment("NO_COLOR").value_or("").empty();
    options.journal = is_stream(err_fd, environment("JOURNAL_STREAM").value_or(""));
    options.out_terminal = out_is_terminal;
    options.terminal = err_is_terminal && can_redraw;
    options.colour = out_is_terminal && may_colour;
    options.error_colour = err_is_terminal && may_colour;
    if (err_is_terminal) options.width = columns_of(err_fd, options.width);
    if (out_is_terminal) options.out_width = columns_of(out_fd, 0);
}

} // namespace blongo::report

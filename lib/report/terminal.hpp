// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <blongo/report/reporter.hpp>

namespace blongo::report {

/// Looks up a name in the environment; injected.
using LookUp = std::function<std::optional<std::string>(const std::string& name)>;

/// Fills in what the two descriptors and the environment say about looks: out_terminal, terminal,
/// colour, error_colour, journal, width. Decided here and nowhere else, in this order: a descriptor that is
/// no terminal gets plain lines; TERM unset or "dumb": no colour, no redrawn progress line;
/// --no-color, or NO_COLOR set to anything: no colour. The journal is told from a pipe by JOURNAL_STREAM, which
/// names the device and inode of its socket (systemd.exec(5)).
void look_at_terminals(OutputOptions& options, int out_fd, int err_fd, bool no_colour, const LookUp& environment);

} // namespace blongo::report

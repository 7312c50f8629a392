// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/result.hpp>

namespace blongo::app {

/// The descriptor on which a child process of `blongo run` tells how its flows ended.
inline constexpr int part_fd = 3;
/// The environment variable that says so to the child.
inline constexpr const char* part_variable = "BLONGO_RUN_PART";

/// How one child process ended.
struct ChildEnd {
    bool started = false;       ///< false: not started at all, for want of time or because the run was stopped
    std::optional<Error> error; ///< it could not be started, or a signal that nobody sent through us ended it
    int exit_code = 0;          ///< with an error: 1
    std::string told;           ///< what it wrote to part_fd
    Milliseconds duration{0};
};

/// Child processes of this binary, at most `parallel` at once, in their order.
struct ChildRun {
    std::size_t count = 0, parallel = 1;
    /// The arguments of a child at the time at which it starts; nullopt: it is not to start any more.
    std::function<std::optional<std::vector<std::string>>(std::size_t child)> arguments;
    /// Whole lines of a child's stdout and stderr, as they come.
    std::function<void(std::string_view lines)> out, err;
    Clock& clock;
    /// Its signal is passed on to every child once, and no other one is started. Children run in process groups of their
    /// own: a terminal's Ctrl-C reaches them through us, once.
    const StopToken& stop;
};
/// One end for each child.
[[nodiscard]] std::vector<ChildEnd> run_children(const ChildRun& run);

} // namespace blongo::app

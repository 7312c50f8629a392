// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/clock.hpp>

namespace blongo::app {

/// Before anything is read: files that we make are ours alone, a crash leaves no core file with
/// secrets in it, other users' debuggers stay out, and a closed pipe is an error, not a death.
void protect_process() noexcept;

/// SIGINT and SIGTERM ask `stop` to stop after the current item; a second signal kills, unless join_run() was
/// called: a child of `blongo run` may get the same wish from its parent and from systemd.
/// `stop` must live as long as the process.
void stop_on_signals(StopToken& stop) noexcept;

/// For a child process of `blongo run`: the descriptor on which it tells how its flows ended, and an end after the current
/// item when the parent dies. -1: this is no such process. Before anything reads the environment.
int join_run() noexcept;
/// That descriptor.
[[nodiscard]] int part_of_run() noexcept;

} // namespace blongo::app

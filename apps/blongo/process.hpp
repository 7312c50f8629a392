// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/clock.hpp>

namespace blongo::app {

/// Before anything is read: files that we make are ours alone, a crash leaves no core file with
/// secrets in it, other users' debuggers stay out, and a closed pipe is an error, not a death.
void protect_process() noexcept;

/// SIGINT and SIGTERM ask `stop` to stop after the current item; a second signal kills.
/// `stop` must live as long as the process.
void stop_on_signals(StopToken& stop) noexcept;

} // namespace blongo::app

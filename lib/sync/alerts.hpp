// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include <blongo/config/config.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Hands one message (JSON, one line) to the command of [notify]. An error: it did not take it.
using TellAlert = std::function<Result<void>(const std::string& message)>;

/// Tells what there is to tell about one connection, by its state: problems that are new, reminders, what is solved. Each
/// is told once over all processes; what `tell` does not take is told at the next run, and the rest of this one waits for
/// that too. The error is the first one.
[[nodiscard]] Result<void> tell_alerts(const config::Config& config, const config::Connection& connection,
                                       const Runtime& runtime, const TellAlert& tell);

} // namespace blongo::sync

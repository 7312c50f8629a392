// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/plan/alerts.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Hands one message to whoever is to be told. An error: nobody took it.
using TellAlert = std::function<Result<void>(const plan::AlertMessage& message)>;

/// Tells the command of [notify] what there is to tell about one connection, by its state: problems that are new, reminders,
/// what is solved. Each is told once over all processes; what `tell` does not take is told at the next run, and the rest of
/// this one waits for that too. The error is the first one.
[[nodiscard]] Result<void> tell_alerts(const config::Config& config, const config::Connection& connection, const Runtime& runtime,
                                       const TellAlert& tell);

/// What runs of this process saw of one connection, beside what stands in its state.
struct SeenByRun {
    std::set<std::string> flows; ///< that it ran, or could not run
    std::set<std::string> whole; ///< of these, the ones that did all their work
    /// What ended or hurt a flow, of kind "failed"; writes that a side refused, of kind "refused": no state keeps them.
    std::vector<plan::Alert> failures;
};

/// The same for who reads the output of quiet runs (-q), with a memory of its own. What failed stands until its flow does all
/// its work; a refused write is told again when it is refused again after `remind`, and never told as solved: it may just
/// not be tried any more. That a flow has had no good run for long is told where this process tried to run it.
[[nodiscard]] Result<void> tell_quietly(const config::Config& config, const config::Connection& connection, const SeenByRun& seen,
                                        const Runtime& runtime, const TellAlert& tell);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// How often a service that never ends tells about itself.
inline constexpr Milliseconds told_every{15'000};

/// Writes [metrics] textfile, if there is one. What stands in the way is a warning, unless it is told already: false.
bool write_metrics(Context& context, bool told = false);

/// Gives the command of [notify], if there is one, what there is to tell about these connections. What stands in the way is
/// a warning, unless it is told already: false.
bool tell_problems(Context& context, const std::set<std::string>& connections, bool told = false);

/// Prints what quiet runs of these connections have to say: what they kept that is new or due again, reminders, what is
/// solved.
void tell_quiet(Context& context);

/// What follows a command: once a run that may write was made, [metrics] are written, and [notify] is told. Nothing of it
/// changes the exit code.
void after_run(Context& context);

} // namespace blongo::app

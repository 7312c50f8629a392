// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <blongo/base/time.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Whether a process of this host runs; false for every other host's.
[[nodiscard]] bool is_running(const std::string& host, std::int64_t pid);

/// Whether the process that opened an intent may still be at work on it: its request may still arrive, and it is on
/// another host, or alive on this one. Later it is taken for dead, since its process id may be another program's by now;
/// if it does live, its request finds the intent settled and does not leave (departure.hpp).
[[nodiscard]] bool may_be_alive(const state::IntentRow& intent, Timestamp now, Milliseconds call_timeout);

/// From open to unknown, unless its process is at work on it: its request cannot leave any more then, and a look sees
/// all that will ever come of it. False: leave it alone.
[[nodiscard]] Result<bool> take_over(Session& session, const state::IntentRow& intent, Milliseconds call_timeout);

} // namespace blongo::sync

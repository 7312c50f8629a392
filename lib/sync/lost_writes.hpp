// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/state/intents.hpp>

namespace blongo::sync {

/// Writes of which nobody knows whether they were carried out and that no running process is at, oldest first: the answer
/// was lost, or ten minutes have passed. What people are told about. Not what a firewall answered: its order or return is
/// parked, which is told already.
[[nodiscard]] Result<std::vector<state::IntentRow>> lost_writes(state::Store& store, state::ConnectionKey connection);

} // namespace blongo::sync

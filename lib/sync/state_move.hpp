// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/config/config.hpp>
#include <blongo/state/move.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Moves the state of the configuration to another place, a URL like [state] url; both with the state's password. Waits for
/// runs at most Runtime::lock_wait each. Errors: those of state::move_state.
[[nodiscard]] Result<state::MoveReport> move_state(const config::Config& config, const std::string& to, const Runtime& runtime);

/// A process that has claimed an object of the connection and may be at work, in words: "process 4711 on wms1".
[[nodiscard]] Result<std::optional<std::string>> worker_of(state::Store& store, state::ConnectionKey connection);

/// label_dir of the connection that a row of the state stands for; "": beside the state.
[[nodiscard]] std::string label_dir_of(const config::Config& config, const state::ConnectionRow& row);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <blongo/config/config.hpp>
#include <blongo/state/store.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// The state of one connection, without secrets and without a transport: for commands that only
/// look at the memory.
struct OpenedState {
    std::unique_ptr<state::Store> store;
    state::ConnectionKey key = 0; ///< 0: this connection has never run
};
[[nodiscard]] Result<OpenedState> open_state(const config::Connection& connection, const Runtime& runtime, state::Access access);

/// How the state is opened in this run.
[[nodiscard]] state::OpenOptions state_options(const Runtime& runtime, state::Access access);

} // namespace blongo::sync

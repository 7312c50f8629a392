// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/plan/alerts.hpp>
#include <blongo/state/store.hpp>

namespace blongo::sync {

/// The problems of one connection that stand, by its state: of all kinds. Of its memory only.
[[nodiscard]] Result<std::vector<plan::Alert>> standing_alerts(const config::Connection& connection, state::Store& store,
                                                               state::ConnectionKey key, Timestamp now);

} // namespace blongo::sync

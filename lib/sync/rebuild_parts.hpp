// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// A session that keeps what it learns and cannot write to either side: state for reading and writing, transports for
/// reading only.
[[nodiscard]] Result<std::unique_ptr<Session>>
open_learning_session(const config::Config& config, const config::Connection& connection, const Runtime& runtime);

/// Compares all articles with Ongoing's and keeps those that are alike. `flow` learns (FlowOptions).
[[nodiscard]] Result<void> learn_articles(Flow& flow);
/// Keeps the orders of BaseLinker that stand in Ongoing; `since` as in rebuild.
[[nodiscard]] Result<void> learn_orders(Flow& flow, Timestamp since);
/// Keeps the packages, labels and Sends of orders that are known and were sent.
[[nodiscard]] Result<void> learn_shipments(Flow& flow, Timestamp since);

} // namespace blongo::sync

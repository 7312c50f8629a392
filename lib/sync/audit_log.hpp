// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// The state of all connections.
[[nodiscard]] Result<std::unique_ptr<state::Store>> open_memory(const Runtime& runtime, state::Access access);

/// Orders of one connection that people call so: by Ongoing number or "#id", number of a shop or marketplace, package or
/// tracking number. By their BaseLinker id they are not looked for.
[[nodiscard]] Result<std::set<BaseOrderId>> orders_called(state::Store& store, state::ConnectionKey connection,
                                                          const std::string& text);

/// What people call an order, as the audit calls it and everything of it: by BaseLinker id, Ongoing number or "#id",
/// number of a shop or marketplace, package or tracking number.
[[nodiscard]] Result<std::vector<std::string>> audited_names(state::Store& store, const std::string& text);

/// Notes for each connection that this command shows personal data. One that never ran is recorded as well:
/// what is shown comes from the two sides.
[[nodiscard]] Result<void> note_personal(const std::vector<const config::Connection*>& connections, const Runtime& runtime);

} // namespace blongo::sync

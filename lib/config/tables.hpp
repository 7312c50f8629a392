// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/config/keys.hpp>

namespace blongo::config {

/// [connections.NAME] and [defaults]: every key, in the order of blongo.toml(5).
[[nodiscard]] const Table<Connection>& connection_table();
/// The tables that stand beside the connections: before them ([state]) and after them.
[[nodiscard]] const Table<Config>& leading_table();
[[nodiscard]] const Table<Config>& trailing_table();

[[nodiscard]] Table<Orders> orders_table();
[[nodiscard]] Table<Shipments> shipments_table();

/// Causes for which an object can be parked, as status_on_error names them.
[[nodiscard]] const std::vector<std::string>& parked_causes();

} // namespace blongo::config

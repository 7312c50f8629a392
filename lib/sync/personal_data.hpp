// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/state/personal.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// An order of a connection, by the state.
struct HeldOrder {
    std::string connection; ///< its name
    state::ConnectionKey key = 0;
    BaseOrderId id;
    std::string label_dir; ///< of the connection's configuration; "": beside the state
};
/// What people call an order, in the connections that are selected: by BaseLinker id, Ongoing number or "#id", number of a
/// shop or marketplace, package or tracking number; a text that is some order's BaseLinker id names no other order.
/// not_found: the state holds nothing of it.
[[nodiscard]] Result<std::vector<HeldOrder>>
held_orders(state::Store& store, const std::vector<const config::Connection*>& connections, const std::string& text);

/// Where a text was found outside of the state's tables.
struct FoundFile {
    std::string path;
    std::int64_t times = 0;
};
/// Reads files, and folders with all below them. Any case; what is compressed is not seen. usage: a path is not there.
[[nodiscard]] Result<std::vector<FoundFile>> find_in_files(const std::vector<std::string>& paths, const std::string& text);

/// The label folder of each connection, the log file, and copies of the state that upgrades left beside it.
[[nodiscard]] std::vector<std::string>
known_files(const state::Store& store, const std::vector<const config::Connection*>& connections, const std::string& log_file);

/// state::erase_personal and the stored labels. guard: it is still worked on.
[[nodiscard]] Result<void> erase_order(state::Store& store, const HeldOrder& order);

/// What is due by privacy.keep_personal_data, as far as `most` of time lets it get: marks and words of orders that are
/// finished for so long, and stored labels. Once a day also what runs of long ago left of orders that were never taken in,
/// and copies of the state from before an upgrade.
[[nodiscard]] Result<void> expire_personal_data(state::Store& store, state::ConnectionKey key,
                                                const config::Connection& connection, Milliseconds keep, Milliseconds most,
                                                Clock& clock);

/// Notes that what is held of an order was given out.
[[nodiscard]] Result<void> note_export(state::Store& store, const HeldOrder& order);

} // namespace blongo::sync

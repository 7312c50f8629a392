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
/// shop or marketplace, package or tracking number. not_found: the state holds nothing of it.
[[nodiscard]] Result<std::vector<HeldOrder>> held_orders(state::Store& store, const std::vector<const config::Connection*>& connections,
                                                         const std::string& text);

/// Where a text was found outside of the state's tables.
struct FoundFile {
    std::string path;
    std::int64_t times = 0;
};
/// Reads files, and folders with all below them. Any case; what is compressed is not seen. usage: a path is not there.
[[nodiscard]] Result<std::vector<FoundFile>> find_in_files(const std::vector<std::string>& paths, const std::string& text);

/// The label folder of each connection, the log file, and copies of the state that upgrades left beside it.
[[nodiscard]] std::vector<std::string> known_files(const state::Store& store, const std::vector<const config::Connection*>& connections,
                                                   const std::string& log_file);

/// state::erase_personal and the stored labels. guard: it is still worked on.
[[nodiscard]] Result<void> erase_order(state::Store& store, const HeldOrder& order);

/// Notes that what is held of an order was given out.
[[nodiscard]] Result<void> note_export(state::Store& store, const HeldOrder& order);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// A problem that people were told about, or are to be told about. Key: (connection, kind, key).
struct AlertRow {
    std::string kind, key;
    Timestamp first_at;               ///< when it was first seen
    std::optional<Timestamp> told_at; ///< none: it could not be told yet
    std::string content;              ///< JSON: as it was told last
};

/// Who is told of problems. Each has a memory of its own: what one was told the other was not.
enum class AlertReader : std::uint8_t {
    notify_command, ///< the command of [notify]
    quiet_output    ///< who reads what quiet runs (-q) print
};

/// What one reader was told of one connection.
class Alerts {
public:
    Alerts(Store& store, ConnectionKey connection, AlertReader reader = AlertReader::notify_command)
        : store_(store), connection_(connection), reader_(reader) {}
    /// The longest-standing first.
    [[nodiscard]] Result<std::vector<AlertRow>> list();
    /// Takes the right to tell about it for `time`; makes the row where there is none. False: another process has that
    /// right, or told about it since told_at of the row was read. A process that dies loses the right when `time` is over.
    [[nodiscard]] Result<bool> claim(const AlertRow& row, Milliseconds time);
    /// It was told now: keeps the content, ends the claim.
    [[nodiscard]] Result<void> told(const AlertRow& row);
    /// It could not be told: ends the claim.
    [[nodiscard]] Result<void> release(const std::string& kind, const std::string& key);
    [[nodiscard]] Result<void> erase(const std::string& kind, const std::string& key);

private:
    /// The kind as it stands in the table.
    [[nodiscard]] std::string kept(const std::string& kind) const;
    Store& store_;
    ConnectionKey connection_;
    AlertReader reader_;
};

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// What [notify] remembers of one connection.
class Alerts {
public:
    Alerts(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
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
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

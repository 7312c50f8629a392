// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// A connection that a person paused: nothing is written for it until `until`, or until somebody resumes it.
struct PauseRow {
    Timestamp since;
    std::optional<Timestamp> until; ///< none: until somebody resumes it
    std::string who;                ///< "anna@office"
    std::string reason;             ///< may be empty
};

/// The pause of one connection.
class Pauses {
public:
    Pauses(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Replaces a pause that is there.
    [[nodiscard]] Result<void> put(const PauseRow& row);
    /// True if there was one.
    [[nodiscard]] Result<bool> end();
    /// The pause that holds at this time; one that has ended is none.
    [[nodiscard]] Result<std::optional<PauseRow>> at(Timestamp now);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

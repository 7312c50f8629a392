// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <blongo/state/connections.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What moves where. Both URLs are without password; `to.password` is the target's.
struct MoveRequest {
    OpenOptions from, to;
    std::function<std::string(const ConnectionRow&)> label_dir; ///< of the configuration; "": beside the state
    Milliseconds wait{0};                                       ///< for each lock, and for what is being written
    const StopToken* stop = nullptr;                            ///< required
    /// A process that may be at a write of this state, in words. Nothing moves while there is one.
    std::function<Result<std::optional<std::string>>(Store&)> at_work;
};

struct MoveReport {
    struct Table {
        std::string name;
        std::int64_t rows = 0;
    };
    std::vector<Table> tables;            ///< all, empty ones too
    std::int64_t labels = 0;              ///< stored label files that came along
    std::int64_t labels_lost = 0;         ///< label rows without a usable file, here as there
    std::vector<std::string> labels_left; ///< folders with labels that the old place had for itself
    bool labels_shared = false;           ///< label folders of the old place are the new one's as well
    std::string from_place, to_place;     ///< for people
    bool finished_earlier = false;        ///< everything was there already: only the end of an earlier move was missing
};

/// Moves a state, SQLite or PostgreSQL, to a place that holds none. Takes every lock (flows, writers), waits until nothing is
/// being written, keeps all others from writing, copies every table of the schema with open intents, ids and the bytes of
/// labels, reads all of it back, and leaves a tombstone. The tombstone is the one point at which the new place becomes
/// usable and the old one ends: killed before it, the old state is as it was, and the same command begins anew; killed after
/// it, the new one is complete. Errors: not_found (no state there), usage, guard (the target holds something), locked, state.
[[nodiscard]] Result<MoveReport> move_state(const MoveRequest& request);

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// An object that cannot be synced, and why. Key: (connection, flow, key).
struct ParkedRow {
    std::string flow;   ///< "articles", "orders", ...
    std::string key;    ///< article number, BaseLinker order id, or "#<product id>"
    std::string cause;  ///< from the fixed list of causes
    std::string detail; ///< what exactly, one sentence
    std::string label;  ///< a name for people (article name, order number)
    Timestamp since;    ///< when this cause was first seen
    Timestamp last_try;
    int attempts = 0;                  ///< runs that tried and failed
    std::optional<Timestamp> next_try; ///< none: judged again at every run
    std::string input;                 ///< fingerprint of the input that failed: another one is tried at once
};

class Parked {
public:
    Parked(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Parks or parks again. `since` and `attempts` go on when the cause is the same, else start
    /// anew. Answers true if this object was not parked with this cause before.
    [[nodiscard]] Result<bool> park(const ParkedRow& row);
    /// True if it was parked.
    [[nodiscard]] Result<bool> release(const std::string& flow, const std::string& key);
    [[nodiscard]] Result<std::optional<ParkedRow>> find(const std::string& flow, const std::string& key);
    /// Oldest first; an empty flow means all.
    [[nodiscard]] Result<std::vector<ParkedRow>> list(const std::string& flow);
    [[nodiscard]] Result<std::int64_t> count(const std::string& flow);
    /// Makes it due at once (`parked retry`).
    [[nodiscard]] Result<bool> retry_now(const std::string& flow, const std::string& key);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

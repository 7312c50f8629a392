// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/state/store.hpp>

namespace blongo::state {

enum class IntentState : std::uint8_t { open, done, refused, unknown, withdrawn };

/// A write that is about to happen, committed before it leaves. An open or unknown intent is
/// the claim on its key: a partial unique index forbids a second one for (connection, key).
struct IntentRow {
    std::int64_t id = 0;
    std::string key;     ///< "order:84512345", "delivery:84512345:1", "status:84512345"
    std::string action;  ///< "put_order", "create_package", "set_status", ...
    std::string payload; ///< JSON: what is sent, and the pre-image that the look needs
    std::string fingerprint;
    IntentState state = IntentState::open;
    std::string result; ///< JSON: what came back
    std::string host;
    std::int64_t pid = 0;   ///< who holds the claim
    std::int64_t epoch = 0; ///< fence of the lock session that made it
    int attempt = 1;
    Timestamp created;
    Timestamp send_deadline; ///< state time until which its request may leave
    std::optional<Timestamp> settled;
};

class Intents {
public:
    Intents(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Commits an open intent. Nullopt: the key is claimed by another open or unknown intent.
    /// send_deadline = state time + `leave_within`.
    [[nodiscard]] Result<std::optional<IntentRow>> open(IntentRow intent, Milliseconds leave_within);
    /// Settles an intent that is open or unknown. False: it was settled by somebody else meanwhile.
    [[nodiscard]] Result<bool> settle(std::int64_t id, IntentState state, const std::string& result);
    /// Called once the request holds its slot, right before it leaves: send_deadline = state time +
    /// `leave_within`. False: it is not open any more (settled by somebody, or unknown): nothing may leave.
    [[nodiscard]] Result<bool> renew(std::int64_t id, Milliseconds leave_within);
    /// Replaces the payload of an intent that is open or unknown. False: it was settled meanwhile.
    [[nodiscard]] Result<bool> update_payload(std::int64_t id, const std::string& payload);
    [[nodiscard]] Result<std::optional<IntentRow>> find(const std::string& key); ///< open or unknown
    /// Open and unknown intents, oldest first; an empty action means all.
    [[nodiscard]] Result<std::vector<IntentRow>> unsettled(const std::string& action = {});
    [[nodiscard]] Result<std::vector<IntentRow>> history(const std::string& key, int limit);

private:
    Store& store_;
    ConnectionKey connection_;
};

/// Things to look at or to do at a time: looks after a lost answer, label retries, sends asked for.
struct DueRow {
    std::int64_t id = 0;
    std::string kind; ///< "look", "label", "send"
    std::string key;
    Timestamp at;
    std::string payload;
    int attempt = 0;
};

class Due {
public:
    Due(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Replaces a row of the same kind and key.
    [[nodiscard]] Result<void> put(const DueRow& row);
    [[nodiscard]] Result<std::vector<DueRow>> ready(Timestamp now); ///< at <= now, oldest first
    [[nodiscard]] Result<std::vector<DueRow>> all();
    [[nodiscard]] Result<std::optional<DueRow>> find(const std::string& kind, const std::string& key);
    [[nodiscard]] Result<std::vector<DueRow>> of_kind(const std::string& kind); ///< whenever due, oldest first
    [[nodiscard]] Result<void> erase(const std::string& kind, const std::string& key);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// Where a return stands.
enum class ReturnState : std::uint8_t {
    sent,      ///< in Ongoing; not all of it has come
    received,  ///< all pieces have come
    missing,   ///< Ongoing has no such return order any more
    called_off ///< cancelled in BaseLinker, or gone there
};

/// What becomes of status_after_received, which is set once at most.
enum class ReturnStatusFate : std::uint8_t {
    none,   ///< not due
    wanted, ///< to be set
    set,    ///< we have set it
    left,   ///< a person moved the return on, or it stood there already
    refused ///< BaseLinker refused it
};

/// One return of BaseLinker that is a return order in Ongoing. Key: (connection, return_id).
struct ReturnRow {
    ReturnId return_id;
    BaseOrderId order_id;
    ReturnNumber number;         ///< in Ongoing
    std::int64_t ongoing_id = 0; ///< returnOrderId; 0: not known
    ReturnState state = ReturnState::sent;
    bool adopted = false;       ///< was there before blongo
    std::string fingerprint;    ///< of the document last accepted
    ReturnStatusId base_status; ///< BaseLinker status when last seen
    ReturnStatusId sent_status; ///< ... when it was sent last: from there we may move it
    ReturnStatusFate fate = ReturnStatusFate::none;
    Timestamp sent_at;
    Timestamp seen_at;     ///< when BaseLinker's copy was last read
    Timestamp looked_at;   ///< when Ongoing's return order was last read
    Timestamp received_at; ///< when all of it was seen to have come; 0: not yet
};

/// A line as it was last accepted, and what came of it.
struct ReturnLineRow {
    std::string row_number; ///< order_return_product_id
    ArticleNumber article;
    std::int64_t quantity = 0;
    Decimal received;
};

/// A row with its lines, in the order in which they were put.
struct ReturnEntry {
    ReturnRow row;
    std::vector<ReturnLineRow> lines;
};

/// The returns of one connection.
class Returns {
public:
    Returns(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::int64_t> count();
    [[nodiscard]] Result<std::optional<ReturnEntry>> find(ReturnId id);
    /// Each known one once, ascending by id.
    [[nodiscard]] Result<std::vector<ReturnEntry>> find_many(std::span<const ReturnId> ids);
    /// Those that Ongoing is still asked about (sent, missing), oldest look first.
    [[nodiscard]] Result<std::vector<ReturnEntry>> open(int limit);
    /// Those whose status is wanted, oldest first.
    [[nodiscard]] Result<std::vector<ReturnEntry>> wanted(int limit);
    /// Newest first; `since`: sent at or after.
    [[nodiscard]] Result<std::vector<ReturnEntry>> list(std::optional<Timestamp> since, int limit);
    /// Inserts or replaces a row and its lines, in one transaction (or the one that is open).
    [[nodiscard]] Result<void> put(const ReturnEntry& entry);
    /// seen_at and base_status of many, each once; unknown ones are passed over.
    [[nodiscard]] Result<void> touch(std::span<const std::pair<ReturnId, ReturnStatusId>> seen, Timestamp at);
    /// looked_at of many.
    [[nodiscard]] Result<void> touch_looked(std::span<const ReturnId> looked, Timestamp at);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

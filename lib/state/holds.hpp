// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// An order that a person put on hold: neither sent to the warehouse, nor changed there, nor booked.
struct HoldRow {
    BaseOrderId order_id;
    Timestamp since;
    std::string who;    ///< "anna@office"
    std::string reason; ///< may be empty
};

/// The orders of one connection that are on hold, whether they are in the ledger or not.
class Holds {
public:
    Holds(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Puts an order on hold. One that is on hold already keeps who and since; a reason that is given takes the place of
    /// the one it had. True if it was not on hold before.
    [[nodiscard]] Result<bool> put(const HoldRow& row);
    /// True if it was on hold.
    [[nodiscard]] Result<bool> release(BaseOrderId order);
    [[nodiscard]] Result<std::optional<HoldRow>> find(BaseOrderId order);
    /// One query for many: each that is on hold once, ascending by id.
    [[nodiscard]] Result<std::vector<HoldRow>> find_many(std::span<const BaseOrderId> orders);
    /// All of them, the oldest first.
    [[nodiscard]] Result<std::vector<HoldRow>> list();

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

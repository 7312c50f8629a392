// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What Send is foreseen to refuse of an order that is in Ongoing. Key: (connection, order_id).
struct ForecastRow {
    BaseOrderId order_id;
    OrderNumber order_number; ///< in Ongoing
    std::string cause;        ///< from the fixed list of causes
    std::string detail;       ///< what exactly, and what to do; without personal data
    Timestamp since;          ///< when this cause was first foreseen
};

/// Forecasts of one connection. One of an order that is not in the ledger, or of which a delivery was made, or that was
/// cancelled, is no forecast any more: it is neither found nor listed.
class Forecasts {
public:
    Forecasts(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::optional<ForecastRow>> find(BaseOrderId order);
    /// Oldest first.
    [[nodiscard]] Result<std::vector<ForecastRow>> list();
    /// Inserts or replaces; `since` stays where the cause is the same. Takes part in an open transaction.
    [[nodiscard]] Result<void> put(const ForecastRow& row);
    [[nodiscard]] Result<void> erase(BaseOrderId order);
    [[nodiscard]] Result<void> erase_all();
    /// Erases those that are none any more, but for orders that are not in the ledger yet.
    [[nodiscard]] Result<void> erase_settled();

private:
    [[nodiscard]] Result<std::vector<ForecastRow>> select(std::int64_t order);
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

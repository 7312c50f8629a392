// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/report/reporter.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/returns.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// returns sync: recover -> sources -> map -> match with the order's lines -> PUT /returnOrders -> received quantities ->
/// status_after_received (flows.md Returns). With FlowOptions::orders only returns of these BaseLinker orders, with
/// FlowOptions::returns only these returns.
[[nodiscard]] report::Summary run_returns(const config::Config& config, const config::Connection& connection,
                                          const FlowOptions& given, const Runtime& runtime);

/// One return of the ledger, for `returns list`.
struct ReturnView {
    state::ReturnEntry entry;
    OrderNumber order_number;               ///< in Ongoing; empty: not known any more
    std::optional<state::ParkedRow> parked; ///< a change of it that waits
    [[nodiscard]] std::int64_t expected() const;
    [[nodiscard]] Decimal received() const;
    /// "expected", "partly received", "received", "gone in Ongoing", "called off".
    [[nodiscard]] std::string state_words() const;
    /// What became of status_after_received; empty: nothing.
    [[nodiscard]] std::string status_words() const;
};
/// Newest first, without a request.
[[nodiscard]] Result<std::vector<ReturnView>> list_returns(const config::Connection& connection, int limit,
                                                           const Runtime& runtime);

} // namespace blongo::sync

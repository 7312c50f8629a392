// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// One member of an order of which both sides say something else.
struct OrderDifference {
    BaseOrderId order_id;
    std::string number;              ///< in Ongoing, or that it would have
    std::string member;              ///< of PostOrderModel; "order": the order as a whole
    std::string baselinker, ongoing; ///< what each side holds, one line; empty: nothing
    /// What a sync does about it: "update", "patch", "cancel", "create"; or what keeps it: "kept" (people edited it in
    /// Ongoing, and theirs stays), "locked" (the warehouse has started), or a cause of parking.
    std::string verdict;
    bool own = false; ///< a template of [connections.X.mapping] writes it: it may carry the buyer's data
};
using OrderDifferenceSink = std::function<void(const OrderDifference&)>;

/// orders diff: what a sync would change, computed as it does and not written. `ids` empty: all imported orders that are
/// not finished. Summary::differences counts what is not "kept".
[[nodiscard]] report::Summary diff_orders(const config::Config& config, const config::Connection& connection,
                                          const std::vector<BaseOrderId>& ids, const OrderDifferenceSink& sink,
                                          const Runtime& runtime);

} // namespace blongo::sync

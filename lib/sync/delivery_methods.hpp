// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/courier_rule.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Orders confirmed in the last 30 days, oldest first, at most so many as a few calls bring.
struct RecentOrders {
    std::vector<baselinker::Order> orders;
    bool whole = true; ///< false: there are more
};
[[nodiscard]] Result<RecentOrders> read_recent_orders(Session& session);

/// A delivery method as orders name it.
struct DeliveryMethod {
    std::string name;
    std::int64_t orders = 0, without_rule = 0;
    std::vector<std::string> rules; ///< those that fit first, by name
    bool with_points = false;       ///< some of the orders name a pick-up point
    std::string courier;            ///< the code by which most of them were sent so far; empty: none was
};
/// The methods by count, most frequent first. Nothing is packed: conditions on parcels hold.
[[nodiscard]] std::vector<DeliveryMethod> count_methods(std::span<const baselinker::Order> orders,
                                                        std::span<const map::CourierRule> rules);

} // namespace blongo::sync

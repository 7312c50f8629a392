// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/delivery_methods.hpp>

#include <algorithm>
#include <map>

#include <blongo/map/parcels.hpp>
#include <blongo/map/shipment.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::days methods_reach{30};
constexpr std::size_t most_recent = 500; ///< five calls

} // namespace

Result<RecentOrders> read_recent_orders(Session& session) {
    RecentOrders recent;
    baselinker::OrderQuery query;
    query.date_confirmed_from = session.runtime().clock.now() - methods_reach;
    const auto read = session.baselinker().each_order(
        query,
        [&](baselinker::Order&& order) -> Result<void> {
            if (recent.orders.size() == most_recent) return fail(ErrorKind::stopped, "enough orders were read");
            recent.orders.push_back(std::move(order));
            return {};
        },
        [](baselinker::BadOrder&&) -> Result<void> { return {}; });
    recent.whole = recent.orders.size() < most_recent;
    if (!read && recent.whole) return fail(read.error());
    return recent;
}

std::vector<DeliveryMethod> count_methods(std::span<const baselinker::Order> orders, std::span<const map::CourierRule> rules) {
    std::map<std::string, DeliveryMethod> by_name;
    std::map<std::string, std::map<std::string, int>> couriers;
    for (const auto& order : orders) {
        DeliveryMethod& method = by_name[order.delivery_method];
        method.name = order.delivery_method;
        ++method.orders;
        method.with_points = method.with_points || map::names_point(order);
        if (!order.delivery_package_module.empty()) ++couriers[method.name][order.delivery_package_module];
        map::ShipmentFacts facts = map::shipment_facts(order, {}, {});
        facts.foreseen = true;
        const auto* rule = map::first_match(rules, facts);
        if (rule == nullptr) {
            ++method.without_rule;
            continue;
        }
        const std::string name = map::rule_name(*rule);
        if (std::find(method.rules.begin(), method.rules.end(), name) == method.rules.end()) method.rules.push_back(name);
    }
    std::vector<DeliveryMethod> out;
    for (auto& [name, method] : by_name) {
        const auto& used = couriers[name];
        const auto most =
            std::max_element(used.begin(), used.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most != used.end()) method.courier = most->first;
        out.push_back(std::move(method));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.orders > b.orders; });
    return out;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/config/config.hpp>
#include <blongo/map/article.hpp>
#include <blongo/map/courier_rule.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/plan/article_plan.hpp>

namespace blongo::sync {

/// The settings of [connections.X.articles] and [connections.X.mapping.article] in the mapper's terms.
[[nodiscard]] map::ArticleOptions article_map_options(const config::Connection& connection);

/// What of an article in Ongoing those settings let blongo change.
[[nodiscard]] plan::ArticleMergeOptions article_merge_options(const config::Articles& settings);

/// Whether a template of the connection reads custom extra fields of orders, which cost BaseLinker more to answer.
[[nodiscard]] bool reads_custom_fields(const config::Connection& connection);

/// The settings of [connections.X.orders] and the mapping of orders and their lines in the mapper's terms.
[[nodiscard]] map::OrderOptions order_map_options(const config::Connection& connection);

/// Answers the id of a status that is written by name; the one without id and name is 0.
using StatusResolver = std::function<Result<OrderStatusId>(const config::StatusRef&)>;
/// The rules of [[connections.X.shipments.couriers]] in the mapper's terms, in their order. What a rule leaves out of
/// rebook_after is the connection's. Error: a status that `resolve` does not find, or (config) a template or duration
/// that the configuration should have refused.
[[nodiscard]] Result<std::vector<map::CourierRule>> courier_rules(const config::Shipments& settings,
                                                                  const StatusResolver& resolve);

/// default_weight and packaging_weight of [connections.X.shipments].
[[nodiscard]] map::ParcelOptions parcel_options(const config::Shipments& settings);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/config/config.hpp>
#include <blongo/map/article.hpp>
#include <blongo/map/order.hpp>

namespace blongo::sync {

/// The settings of [connections.X.articles] in the mapper's terms.
[[nodiscard]] map::ArticleOptions article_map_options(const config::Articles& settings);

/// The settings of [connections.X.orders] in the mapper's terms.
[[nodiscard]] map::OrderOptions order_map_options(const config::Connection& connection);

} // namespace blongo::sync

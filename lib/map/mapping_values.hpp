// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/map/article_rows.hpp>
#include <blongo/map/order_rows.hpp>

/// What the names of mapping_sources() are, for templates of [connections.X.mapping]: as BaseLinker says it, trimmed.
/// Empty: not filled in, which 0 means for ids, weights and sizes; times are local, with their offset; prices are what
/// they are, 0 too.
namespace blongo::map {

[[nodiscard]] std::string order_source(std::string_view name, const OrderContext& context);
/// Of a line; "order.email" and its like are the order's.
[[nodiscard]] std::string line_source(std::string_view name, const LineContext& line, const OrderContext& order);
[[nodiscard]] std::string article_source(std::string_view name, const ArticleContext& context);

} // namespace blongo::map

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/config/config.hpp>
#include <blongo/map/article.hpp>

namespace blongo::sync {

/// The settings of [connections.X.articles] in the mapper's terms.
[[nodiscard]] map::ArticleOptions article_map_options(const config::Articles& settings);

} // namespace blongo::sync

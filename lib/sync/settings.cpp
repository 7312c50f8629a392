// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

map::ArticleOptions article_map_options(const config::Articles& settings) {
    map::ArticleOptions options;
    options.length_factor = settings.length_factor;
    options.parent_articles = settings.parent == "article";
    options.html_description = settings.description == "html";
    options.language = settings.language;
    using Bundles = map::ArticleOptions::Bundles;
    options.bundles = settings.bundles == "article" ? Bundles::article
                      : settings.bundles == "skip"  ? Bundles::skip
                                                    : Bundles::structure;
    options.include_tags = settings.include.tags;
    options.include_categories = settings.include.categories;
    options.include_manufacturers = settings.include.manufacturers;
    options.include_sku = settings.include.sku;
    options.exclude_tags = settings.exclude.tags;
    options.exclude_categories = settings.exclude.categories;
    options.exclude_manufacturers = settings.exclude.manufacturers;
    options.exclude_sku = settings.exclude.sku;
    return options;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/article.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/article_rows.hpp>
#include <blongo/map/mapping_values.hpp>

namespace blongo::map {

namespace {

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return glob_match(pattern, text); });
}

bool matches_any(const std::vector<std::string>& patterns, const std::vector<std::string>& texts) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return matches_any(patterns, text); });
}

std::string id_text(std::int64_t id) {
    return id == 0 ? std::string{} : std::to_string(id);
}

/// Whether one property passes its two lists.
template <class Property>
bool passes(const std::vector<std::string>& include, const std::vector<std::string>& exclude, const Property& property) {
    return (include.empty() || matches_any(include, property)) && !matches_any(exclude, property);
}

bool passes_product_filter(const baselinker::Product& product, const ArticleOptions& options) {
    return passes(options.include_tags, options.exclude_tags, product.tags) &&
           passes(options.include_categories, options.exclude_categories, id_text(product.category_id)) &&
           passes(options.include_manufacturers, options.exclude_manufacturers, id_text(product.manufacturer_id));
}

/// Runs the rows of the mapping for one article.
std::pair<ArticleDocument, std::optional<Rejection>> map_article(const baselinker::Product& product,
                                                                 const std::vector<ArticleSource>& sources,
                                                                 const ArticleSource& source, const ArticleNumber& number,
                                                                 const Catalogue& catalogue, const ArticleOptions& options) {
    ArticleDocument document;
    document.source_id = source.id;
    document.product_id = product.id;
    document.is_bundle = product.is_bundle;
    std::optional<Rejection> rejected;
    ArticleContext context{product, sources, source, number, catalogue, options, document.notes, document.components, rejected};
    for (const auto& [row, value] : article_rows()) {
        json::Value mapped = value(context);
        if (mapped.is_null()) continue;
        if (row.target == "articleNumber")
            document.number = ArticleNumber{std::string(mapped.text())};
        else
            document.members.push_back({std::string(row.target), std::move(mapped)});
    }
    const auto refuse = [&](const OwnMember& own, std::string_view cause, std::string reason) {
        if (!rejected)
            rejected = Rejection{std::string(cause),
                                 number.value(),
                                 "mapping.article." + std::string(own.member->path),
                                 fmt::format("mapping.article.{} ({}) {}", own.member->path, own.origin, reason),
                                 {},
                                 source.id};
    };
    write_own_members(
        options.own_members, [&](std::string_view name) { return article_source(name, context); }, document.members,
        document.notes, refuse, options.trace ? &document.traces : nullptr);
    if (const json::Value* name = document.find("articleName")) document.name = name->text();
    return {std::move(document), std::move(rejected)};
}

} // namespace

std::vector<std::string> article_targets(const ArticleOptions& options) {
    std::vector<std::string> targets;
    for (const MappingRow& row : article_mapping()) targets.emplace_back(row.target);
    for (const OwnMember& own : options.own_members)
        if (std::ranges::find(targets, own.member->path) == targets.end()) targets.emplace_back(own.member->path);
    return targets;
}

bool passes_sku_filter(std::string_view sku, const ArticleOptions& options) {
    return passes(options.include_sku, options.exclude_sku, sku);
}

bool passes_filter(const baselinker::Product& product, std::string_view sku, const ArticleOptions& options) {
    return passes_product_filter(product, options) && passes_sku_filter(sku, options);
}

MappedProduct map_product(const baselinker::Product& product, const Catalogue& catalogue, const ArticleOptions& options) {
    MappedProduct result;
    if (product.parent_id != ProductId{} && product.parent_id != product.id) return result;
    if (!passes_product_filter(product, options) || (product.is_bundle && options.bundles == ArticleOptions::Bundles::skip)) {
        result.filtered_out = true;
        return result;
    }

    const std::vector<ArticleSource> sources = article_sources(product, options.parent_articles);
    bool left_out = false;
    for (NumberedSource& numbered : number_sources(product, sources, catalogue)) {
        if (!passes_sku_filter(numbered.sku, options)) {
            left_out = true;
            continue;
        }
        std::optional<Rejection> rejected = std::move(numbered.rejected);
        if (numbered.number) {
            auto [document, refused] = map_article(product, sources, numbered.source, *numbered.number, catalogue, options);
            if (!refused) result.articles.push_back(std::move(document));
            rejected = std::move(refused);
        }
        if (!rejected) continue;
        const bool known = std::ranges::any_of(result.rejected, [&](const Rejection& other) {
            return other.cause == rejected->cause && other.key == rejected->key;
        });
        if (known) continue;
        rejected->label = article_name(product, numbered.source, options);
        result.rejected.push_back(std::move(*rejected));
    }
    result.filtered_out = left_out && result.articles.empty() && result.rejected.empty();
    return result;
}

} // namespace blongo::map

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/on_demand.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t longest_search = 50; ///< baselinker.md 2.6
constexpr int searches_a_run = 20;         ///< by SKU, one call each: lines that name no product are the exception

FlowOptions unlimited(FlowOptions options) {
    options.limit = 0;
    options.explicit_objects = true;
    return options;
}

/// An article for a service line (freight, gift wrap) that no catalogue has: not kept in stock.
map::ArticleDocument service_article(const ArticleNumber& number, const std::string& name) {
    map::ArticleDocument document;
    document.number = number;
    document.name = name.empty() ? number.value() : cut_characters(normalise_name(name), 200);
    document.members = {{"articleName", document.name}, {"isStockArticle", false}};
    return document;
}

} // namespace

OnDemandArticles::OnDemandArticles(Session& session, const FlowOptions& options, CatalogueSlice& slice,
                                   const map::OrderOptions& order_options)
    : articles_(session, "articles", unlimited(options)), writer_(articles_), slice_(slice), order_options_(order_options) {}

Result<std::set<ArticleNumber>> OnDemandArticles::unknown(const std::set<ArticleNumber>& numbers) {
    std::set<ArticleNumber> out;
    const std::vector<ArticleNumber> all(numbers.begin(), numbers.end());
    BLONGO_TRY(const auto missing, writer_.unknown_of(all));
    out.insert(missing.begin(), missing.end());
    return out;
}

Result<std::set<ArticleNumber>> OnDemandArticles::ensure(const std::vector<const baselinker::Order*>& orders,
                                                         const std::vector<const map::OrderDocument*>& documents) {
    std::set<ArticleNumber> numbers;
    for (const auto* document : documents)
        for (const auto& number : document->articles()) numbers.insert(number);
    BLONGO_TRY(auto missing, unknown(numbers));
    if (missing.empty()) return missing;

    // What is in Ongoing without us is there all the same: it is adopted, not made.
    const std::vector<ArticleNumber> strangers(missing.begin(), missing.end());
    BLONGO_CHECK(writer_.adopt_existing(strangers));
    BLONGO_TRY(missing, unknown(missing));
    if (missing.empty()) return missing;

    std::set<ProductId> sources;
    std::set<std::string> unlinked; // SKUs whose lines name no product of the catalogue
    std::vector<map::ArticleDocument> services;
    std::set<ArticleNumber> served;
    for (const auto* order : orders)
        for (const auto& line : order->products) {
            const ArticleNumber number{normalise_name(line.sku)};
            if (!line.sku.empty() && !missing.contains(number)) continue;
            const auto ids = map::catalogue_ids(line);
            sources.insert(ids.begin(), ids.end());
            if (ids.empty() && !line.sku.empty() && line.sku.size() <= longest_search) unlinked.insert(line.sku);
            const bool service = std::any_of(order_options_.service_skus.begin(), order_options_.service_skus.end(),
                                             [&](const auto& glob) { return glob_match(glob, line.sku); });
            if (service && served.insert(number).second) services.push_back(service_article(number, line.name));
        }
    BLONGO_CHECK(articles_.load_parked());
    for (const auto& sku : unlinked) {
        if (searches_ >= searches_a_run) break;
        ++searches_;
        BLONGO_TRY(const auto found, slice_.find(sku));
        sources.insert(found.begin(), found.end());
    }
    BLONGO_CHECK(create_from_catalogue(missing, sources));
    BLONGO_TRY(missing, unknown(missing));
    std::erase_if(services, [&](const auto& document) { return !missing.contains(document.number); });
    if (!services.empty()) {
        BLONGO_CHECK(writer_.process(std::move(services)));
        BLONGO_TRY(missing, unknown(missing));
    }
    return missing;
}

Result<void> OnDemandArticles::create_from_catalogue(std::set<ArticleNumber> wanted, const std::set<ProductId>& sources) {
    BLONGO_CHECK(slice_.load(sources));
    // Bundles name their components by product id: those are read as well, level by level.
    std::set<ProductId> components;
    for (const auto& [id, product] : slice_.products())
        for (const auto& [component, pieces] : product.bundle_products) components.insert(component);
    BLONGO_CHECK(slice_.load(components));

    const auto options = article_map_options(articles_.session().connection());
    std::vector<map::ArticleDocument> plain, bundles;
    for (const auto& [id, product] : slice_.products()) {
        auto mapped = map::map_product(product, slice_.catalogue(), options);
        for (auto& document : mapped.articles) (document.components.empty() ? plain : bundles).push_back(std::move(document));
    }
    for (const auto& bundle : bundles)
        if (wanted.contains(bundle.number)) wanted.insert(bundle.components.begin(), bundle.components.end());
    const auto unwanted = [&](const map::ArticleDocument& document) { return !wanted.contains(document.number); };
    std::erase_if(plain, unwanted);
    std::erase_if(bundles, unwanted);
    // A number that the article flow has parked as doubled is not ours to decide.
    const auto doubled = [&](const map::ArticleDocument& document) {
        const auto parked = articles_.parked().find(document.number.value());
        return parked != articles_.parked().end() && parked->second.cause == "duplicate_sku";
    };
    std::erase_if(plain, doubled);
    std::erase_if(bundles, doubled);
    BLONGO_CHECK(writer_.process(std::move(plain)));
    BLONGO_CHECK(writer_.process(std::move(bundles)));
    return writer_.flush();
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/catalogue_slice.hpp>

#include <algorithm>

#include <blongo/sync/settings.hpp>

namespace blongo::sync {

CatalogueSlice::CatalogueSlice(Flow& flow)
    : flow_(flow), parent_articles_(article_map_options(flow.session().connection()).parent_articles) {
    catalogue_.finish(parent_articles_);
}

/// Reads ids and answers the main products of those that are variants.
Result<std::set<ProductId>> CatalogueSlice::fetch(const std::set<ProductId>& ids) {
    const std::vector<ProductId> all(ids.begin(), ids.end());
    std::set<ProductId> parents;
    constexpr auto most = static_cast<std::size_t>(baselinker::limits::products_per_data_call);
    for (std::size_t from = 0; from < all.size(); from += most) {
        const std::span batch(all.data() + from, std::min(most, all.size() - from));
        BLONGO_TRY(auto data,
                   flow_.session().baselinker().get_products_data(flow_.session().connection().baselinker.inventory_id, batch));
        for (auto& product : data.products) {
            if (product.parent_id.value() != 0)
                parents.insert(product.parent_id);
            else
                products_.insert_or_assign(product.id, std::move(product));
        }
    }
    return parents;
}

Result<std::set<ProductId>> CatalogueSlice::find(const std::string& sku) {
    BLONGO_TRY(const auto rows,
               flow_.session().baselinker().find_products(flow_.session().connection().baselinker.inventory_id, sku));
    std::set<ProductId> ids;
    for (const auto& row : rows) ids.insert(row.id);
    return ids;
}

Result<void> CatalogueSlice::load(const std::set<ProductId>& ids) {
    std::set<ProductId> wanted;
    for (const auto& id : ids)
        if (asked_.insert(id).second && !products_.contains(id)) wanted.insert(id);
    if (wanted.empty()) return {};
    BLONGO_TRY(const auto parents, fetch(wanted));
    std::set<ProductId> missing;
    for (const auto& parent : parents)
        if (!products_.contains(parent)) missing.insert(parent);
    if (!missing.empty()) {
        BLONGO_CHECK(fetch(missing));
    }
    catalogue_ = map::Catalogue{};
    for (const auto& [id, product] : products_) {
        catalogue_.add({id, {}, product.sku, product.ean, {}});
        for (const auto& variant : product.variants) catalogue_.add({variant.id, id, variant.sku, variant.ean, variant.name});
    }
    catalogue_.finish(parent_articles_);
    return {};
}

} // namespace blongo::sync

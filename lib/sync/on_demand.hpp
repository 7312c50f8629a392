// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <blongo/map/order.hpp>
#include <blongo/sync/article_writer.hpp>
#include <blongo/sync/catalogue_slice.hpp>

namespace blongo::sync {

/// Makes the articles that orders need and the ledger does not know, from the catalogue, before
/// the orders are sent. PUT by number is harmless to repeat, so it needs no lock and no claim.
class OnDemandArticles {
public:
    OnDemandArticles(Session& session, const FlowOptions& options, CatalogueSlice& slice, const map::OrderOptions& order_options);

    /// `orders` and `documents` go pairwise. Answers the numbers that are in neither Ongoing nor the catalogue.
    [[nodiscard]] Result<std::set<ArticleNumber>> ensure(const std::vector<const baselinker::Order*>& orders,
                                                         const std::vector<const map::OrderDocument*>& documents);

    /// Those that the ledger of articles does not know (no request).
    [[nodiscard]] Result<std::set<ArticleNumber>> unknown(const std::set<ArticleNumber>& numbers);

private:
    [[nodiscard]] Result<void> create_from_catalogue(std::set<ArticleNumber> wanted, const std::set<ProductId>& sources);

    Flow articles_; ///< reports and parks articles as the article flow does
    ArticleWriter writer_;
    CatalogueSlice& slice_;
    const map::OrderOptions& order_options_;
    int searches_ = 0; ///< of SKUs, by this run
};

} // namespace blongo::sync

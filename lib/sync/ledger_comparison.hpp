// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include <blongo/map/catalogue.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// A product of which no article came (filtered out, refused) leaves a row of this number in the ledger: it takes its turn
/// among the others instead of going first in every run.
[[nodiscard]] ArticleNumber mark_of(ProductId product);

/// The place of a product in Catalogue::main_products(); where it is none, the place where it would stand.
[[nodiscard]] std::size_t main_index(const map::Catalogue& catalogue, ProductId product);

/// What the ledger says beside the whole listing.
struct LedgerComparison {
    std::vector<plan::DetailWork> work;     ///< one for each main product, in their order
    std::vector<bool> is_agreed;            ///< by catalogue entry: agreed before under this number
    std::vector<ArticleNumber> gone;        ///< no longer in BaseLinker, and not judged yet
    std::set<ProductId> marked;             ///< main products that left a mark
    std::vector<ArticleNumber> stale_marks; ///< of products that are no main products any more
    std::size_t known = 0;                  ///< articles that are in both
};

/// One pass over the ledger's keys. `last_turn`: when an article had its last turn, in milliseconds since 1970; `deactivates`:
/// articles that are gone are set inactive, which those that were only remembered as gone still lack.
[[nodiscard]] Result<LedgerComparison>
compare_with_catalogue(Session& session, const map::Catalogue& catalogue,
                       const std::function<std::int64_t(const state::ArticleKeyRow&)>& last_turn, bool deactivates);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/map/catalogue.hpp>
#include <blongo/map/document.hpp>
#include <blongo/sync/article_writer.hpp>

namespace blongo::sync {

/// Bundles wait until their components are in Ongoing; bundles of bundles come in as many rounds as it takes.
class ArticleBundles {
public:
    ArticleBundles(Flow& flow, ArticleWriter& writer, const map::Catalogue& catalogue)
        : flow_(flow), writer_(writer), catalogue_(catalogue) {}
    void add(map::ArticleDocument bundle) { waiting_.push_back(std::move(bundle)); }
    /// When all other articles had their turn. One whose component will not come is parked (unknown_sku). False: the run ends
    /// before all had theirs.
    [[nodiscard]] Result<bool> process();

private:
    [[nodiscard]] Result<void> settle_waiting(const map::ArticleDocument& bundle);

    Flow& flow_;
    ArticleWriter& writer_;
    const map::Catalogue& catalogue_;
    std::vector<map::ArticleDocument> waiting_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/wire.hpp>

namespace blongo::ongoing {

/// Articles of the goods owner page by page in ascending id order, from any id on: what Client::each_article reads at once,
/// for a reader that may stop between two pages and go on later.
class ArticleListing {
public:
    explicit ArticleListing(Client& client, ArticleSystemId from = {}) : client_(client), from_(from) {}

    /// With this only articles whose stock changed after it: at most 24 h back (2.4).
    void only_stock_changed_from(Timestamp time) { stock_changed_from_ = time; }

    /// Reads one page and hands on its articles. False: it was empty, and the listing is over. After an error the same page
    /// is read again.
    [[nodiscard]] Result<bool> next(const std::function<Result<void>(Article&&)>& row);
    /// The id with which the page begins that next() reads.
    [[nodiscard]] ArticleSystemId from() const noexcept { return from_; }

private:
    Client& client_;
    ArticleSystemId from_;
    std::optional<Timestamp> stock_changed_from_;
};

} // namespace blongo::ongoing

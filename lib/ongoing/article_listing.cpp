// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/article_listing.hpp>

#include <string>
#include <utility>

#include <blongo/base/time.hpp>
#include <blongo/ongoing/decode.hpp>
#include <blongo/ongoing/paging.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {

Result<bool> ArticleListing::next(const std::function<Result<void>(Article&&)>& row) {
    constexpr Operation get_articles{"GET", "/articles"};
    constexpr IdPaging paging{"articleSystemIdFrom", "maxArticlesToGet", limits::articles_per_page};
    const std::string name = get_articles.name();
    http::Query fixed = client_.owner();
    if (stock_changed_from_) fixed.emplace_back("stockInfoChangedFrom", format_utc(*stock_changed_from_));
    const auto hand_on = [&](json::Node item, std::int64_t from) -> Result<std::int64_t> {
        BLONGO_TRY(Article article, decode_article(item, name));
        const std::int64_t id = article.article_system_id.value();
        if (id >= from) BLONGO_CHECK(row(std::move(article)));
        return id;
    };
    BLONGO_TRY(const auto next, read_page(client_, get_articles, fixed, paging, from_.value(), hand_on));
    if (next) from_ = ArticleSystemId(*next);
    return next.has_value();
}

} // namespace blongo::ongoing

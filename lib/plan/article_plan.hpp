// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/document.hpp>
#include <blongo/plan/action.hpp>

namespace blongo::plan {

struct ArticleMergeOptions {
    bool overwrite_existing = false;      ///< existing_articles = "overwrite"
    std::set<std::string> warehouse_owns; ///< "weight" covers the member of that name: written on create only
};

/// What an update would send, and what both sides then agree on.
struct ArticleMerge {
    bool write = false;             ///< false: Ongoing already holds everything that we would set
    json::Value body;               ///< PostArticleModel without goodsOwnerId
    std::vector<Change> changes;    ///< what differs from Ongoing
    std::vector<std::string> kept;  ///< members that people edited, or filled before us: left as they are
    json::Value agreed;             ///< object member -> value: the new agreed state
    std::vector<std::string> notes; ///< bundle_is_stock_article, ...
};

/// PostArticleModel of a new article: number and all reported members.
[[nodiscard]] json::Value article_create_body(const map::ArticleDocument& wanted);
/// The agreed state after a create.
[[nodiscard]] json::Value article_agreed(const map::ArticleDocument& wanted);

/// Overlays `wanted` on what Ongoing holds (`remote`: its post model; `remote_kind`: its articleKind,
/// with structure rows in remote.structureDefinition when they are known), member by member:
/// equal: nothing. Stands in `agreed` and Ongoing still holds the agreed value: ours, changed. Stands in
/// `agreed` and Ongoing holds something else: people edited it: kept. Does not stand in `agreed` (an article
/// that blongo did not create): empty in Ongoing: filled; else kept, or changed with overwrite_existing.
/// warehouse_owns: never changed. A Structure is never made of an article of another kind, nor back.
/// A member that BaseLinker no longer reports is left alone. Numbers compare by value.
[[nodiscard]] ArticleMerge merge_article(const map::ArticleDocument& wanted, const json::Value& agreed, const json::Value& remote,
                                         std::string_view remote_kind, const ArticleMergeOptions& options);

/// What the detail pass works through and in which order: new and renamed articles first, then the
/// products whose details were read longest ago; ties by id. Deterministic.
struct DetailWork {
    std::int64_t product_id = 0;
    bool is_new = false;           ///< an article of it is not in the ledger, or has another number there
    std::int64_t detail_at_ms = 0; ///< oldest of its articles
};
void order_detail_work(std::vector<DetailWork>& work);

/// The guard of removals: an empty source listing, or more than `max_percent` of the known articles
/// (with at least 5 of them going) to be deactivated, is ErrorKind::guard with figures and remedy.
[[nodiscard]] Result<void> judge_deactivations(std::size_t known, std::size_t to_deactivate, int max_percent,
                                               bool listing_was_empty);

} // namespace blongo::plan

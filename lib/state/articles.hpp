// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What is known of one article of one connection. Key: (connection, number).
struct ArticleRow {
    ArticleNumber number;
    ArticleSystemId system_id; ///< 0: not known yet
    ProductId source_id;       ///< the product or variant it comes from; 0: only in Ongoing
    ProductId product_id;      ///< the main product
    std::string name;          ///< last mapped name, for lists
    std::string fingerprint;   ///< of the mapped values that were last accepted; "": never agreed
    std::string agreed;        ///< JSON object: target member -> value that both sides held when we last
                               ///< wrote or compared; a member that stands here is ours to change
    std::string remote;        ///< JSON object: what Ongoing held at the boot read, until first compared; else ""
    std::string kind;          ///< "", "Structure", "Production" as Ongoing says
    bool active = true;        ///< false: deactivated by us
    bool gone = false;         ///< no longer in BaseLinker
    Timestamp detail_at;       ///< when BaseLinker's details were last read
    Timestamp written_at;      ///< when we last wrote it; epoch: never
    bool is_bundle = false;    ///< a bundle in BaseLinker, whatever it is in Ongoing
};

/// The part of a row that a pass keeps in memory for every article: small and fixed.
struct ArticleKeyRow {
    ArticleNumber number;
    ProductId source_id;
    std::string fingerprint;
    Timestamp detail_at;
    bool has_remote = false; ///< boot-read copy waits for its first comparison
    bool active = true;
    bool gone = false;
    bool is_bundle = false;
};

/// What tells whether an article is as it was last agreed.
struct ArticleMark {
    ArticleNumber number;
    ProductId source_id, product_id;
    std::string fingerprint;
    bool active = true, gone = false, is_bundle = false;
};

/// What tells whether the rows are as they were.
struct ArticlesVersion {
    std::int64_t written = 0; ///< grows with every write but that of detail_at alone
    Timestamp touched;        ///< when detail_at was last set alone
};

/// Where the stock of an article goes.
struct ArticleTargetRow {
    ArticleNumber number;
    ProductId source_id, product_id;
    std::string kind;
    bool is_bundle = false;
};

/// A number that an article had before it was renamed.
struct ArticleRename {
    ProductId source_id;
    ArticleNumber old_number, new_number;
    Timestamp at;
};

class Articles {
public:
    Articles(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// All keys, streamed in order of number.
    [[nodiscard]] Result<void> each_key(const std::function<void(ArticleKeyRow&&)>& row);
    [[nodiscard]] Result<ArticlesVersion> version();
    [[nodiscard]] Result<std::int64_t> count();
    /// Articles that a product or variant of BaseLinker is known for and that are not gone, in order of number.
    [[nodiscard]] Result<std::vector<ArticleTargetRow>> targets();
    [[nodiscard]] Result<std::optional<ArticleRow>> find(const ArticleNumber& number);
    [[nodiscard]] Result<std::vector<ArticleRow>> find_by_source(ProductId source);
    /// The variants of a product that have an article of their own.
    [[nodiscard]] Result<std::vector<ArticleRow>> find_variants(ProductId product);
    /// One query for many, in no order; numbers that the state does not know are left out.
    [[nodiscard]] Result<std::vector<ArticleMark>> marks(std::span<const ArticleNumber> numbers);
    /// One query for many.
    [[nodiscard]] Result<std::vector<ArticleRow>> find_many(std::span<const ArticleNumber> numbers);
    /// Full rows in pages ordered by number, after `after` (exclusive).
    [[nodiscard]] Result<std::vector<ArticleRow>> page(const ArticleNumber& after, int limit);
    /// Inserts or replaces.
    [[nodiscard]] Result<void> put(std::span<const ArticleRow> rows);
    /// Sets detail_at of many in one statement each (nothing else changed).
    [[nodiscard]] Result<void> touch(std::span<const ArticleNumber> numbers, Timestamp detail_at);
    /// The same for all articles of these main products.
    [[nodiscard]] Result<void> touch_products(std::span<const ProductId> products, Timestamp detail_at);
    /// Renames the key of a row and remembers the old number.
    [[nodiscard]] Result<void> rename(const ArticleNumber& from, const ArticleNumber& to, Timestamp at);
    [[nodiscard]] Result<void> erase(const ArticleNumber& number);
    [[nodiscard]] Result<std::vector<ArticleRename>> renames(ProductId source);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state

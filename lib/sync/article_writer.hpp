// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <blongo/map/document.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// Brings mapped articles to Ongoing: compares with the ledger, looks where that is not enough,
/// plans, writes what differs, records. Used by the article flow for whole batches and by the order
/// flow for articles on demand (PUT by number is harmless to repeat, so no claims are needed).
class ArticleWriter {
public:
    explicit ArticleWriter(Flow& flow);

    /// One read of all articles of the goods owner fills the ledger, so that articles which already
    /// match are not written. Each page is recorded with the place behind it, and a run that ends in the middle (timeout:
    /// its time did) leaves the rest to the next one. Marks the connection when it is complete. A dry run keeps its pages
    /// in memory.
    [[nodiscard]] Result<void> boot_read_once();

    /// Answers whether a product or variant is still in the catalogue: then an article that the ledger knows
    /// as its own is not given to another one. Without it nobody's article is disputed.
    using Lives = std::function<bool(ProductId)>;
    void ask_owners(Lives lives) { lives_ = std::move(lives); }
    /// A dry run remembers articles of Ongoing only where this answers true.
    void remember_only(std::function<bool(const ArticleNumber&)> wanted) { remember_ = std::move(wanted); }

    /// Articles whose number still belonged to another product when their turn came: SKUs that moved in a
    /// chain are free by now; the rest (a swap, a ring) is parked, since only people can say what lies where.
    [[nodiscard]] Result<void> process_deferred();

    /// Plans, applies and records a batch. Items that fail are parked or left for the next run; an
    /// error ends the flow.
    [[nodiscard]] Result<void> process(std::vector<map::ArticleDocument> documents);

    /// Writes what has been agreed but not recorded yet (at most 100 rows or 1 s of work are pending).
    [[nodiscard]] Result<void> flush();

    /// How many articles were found as they were agreed, so far.
    [[nodiscard]] std::size_t left_alone() const noexcept { return left_alone_; }

    /// Sets isActive of an article that left BaseLinker (only without stock and open orders) or came back.
    [[nodiscard]] Result<void> set_active(const state::ArticleRow& row, bool active);

    /// Whether these numbers exist in Ongoing as far as the ledger (or this dry run) knows.
    [[nodiscard]] Result<bool> all_known(const std::vector<ArticleNumber>& numbers);

    /// Those of the numbers that are not in Ongoing as far as the ledger (or this dry run) knows.
    [[nodiscard]] Result<std::vector<ArticleNumber>> unknown_of(const std::vector<ArticleNumber>& numbers);

    /// Looks the numbers up in Ongoing and remembers those that are there.
    [[nodiscard]] Result<void> adopt_existing(const std::vector<ArticleNumber>& numbers);

    /// diff: compare every article with Ongoing itself, whatever the fingerprint says.
    void compare_always() noexcept { compare_always_ = true; }

private:
    struct Item;
    [[nodiscard]] Result<void> keep_read(std::vector<state::ArticleRow> rows, const std::function<Result<void>()>& and_place);
    [[nodiscard]] Result<void> sort_out(std::vector<Item>& items);
    [[nodiscard]] Result<std::vector<ArticleNumber>> leave_same(std::vector<Item>& items);
    template <class Row> [[nodiscard]] bool is_same(const Item& item, const Row& row) const;
    [[nodiscard]] Result<void> leave_alone(Item& item);
    [[nodiscard]] Result<void> look_up(std::vector<Item*>& strangers);
    [[nodiscard]] Result<void> settle_owner(Item& item);
    [[nodiscard]] Result<void> announce(const std::vector<Item>& items);
    [[nodiscard]] Result<void> apply(Item& item);
    [[nodiscard]] Result<void> create(Item& item);
    [[nodiscard]] Result<void> update(Item& item);
    [[nodiscard]] Result<void> settle(Item& item, const plan::ArticleMerge& merge, report::Action line,
                                      const std::string& remote_kind);
    [[nodiscard]] Result<std::optional<ongoing::Article>> read_article(const Item& item);
    [[nodiscard]] Result<void> complete_structure(const Item& item, json::Value& remote);
    [[nodiscard]] Result<void> record(state::ArticleRow row);
    [[nodiscard]] bool may_create();

    Flow& flow_;
    state::Articles ledger_;
    plan::ArticleMergeOptions merge_options_;
    const std::vector<std::string> targets_; ///< members that the mapping can own
    std::vector<state::ArticleRow> pending_;
    std::vector<ArticleNumber> touched_;
    Milliseconds pending_since_{0};
    std::unordered_map<ArticleNumber, state::ArticleRow> dry_ledger_; ///< boot read and plans of a dry run
    std::vector<map::ArticleDocument> deferred_;
    Lives lives_;
    std::function<bool(const ArticleNumber&)> remember_;
    std::string settings_mark_;  ///< part of every fingerprint when settings decide what is written
    bool boot_read_now_ = false; ///< Ongoing was listed in this very run, from its begin: strangers need no look-up
    bool compare_always_ = false;
    std::int64_t created_ = 0;
    std::size_t left_alone_ = 0;
};

} // namespace blongo::sync

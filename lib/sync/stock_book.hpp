// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <blongo/plan/stock.hpp>
#include <blongo/state/stock.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// The settings of [connections.X.stock] in the mapper's and planner's terms.
[[nodiscard]] map::StockTargets stock_targets(const config::Stock& settings);
[[nodiscard]] plan::StockRules stock_rules(const config::Stock& settings);

/// Whether the stock can go to this catalogue: its warehouses are there, and a catalogue with reservations, which counts
/// otherwise, has its figure chosen. ErrorKind::config.
[[nodiscard]] Result<void> check_stock_settings(const config::Connection& connection, const baselinker::Inventory& inventory);

/// The articles of one connection whose stock goes to BaseLinker, with what is known of each.
class StockBook {
public:
    explicit StockBook(Session& session);

    /// From the ledger: targets and what was pushed. No request.
    [[nodiscard]] Result<void> load();
    /// Ongoing's figures: of all, of what changed since, or of these numbers. Answers how many articles it named.
    [[nodiscard]] Result<std::size_t> read_stock(std::optional<Timestamp> changed_from);
    [[nodiscard]] Result<void> read_stock(std::span<const ArticleNumber> numbers);
    /// One that was read elsewhere.
    void take(const ongoing::WarehouseStock& stock) { observe(stock.article_number, map::sellable_by_target(stock, targets_)); }
    /// What was not read: Ongoing reports nothing of it any more.
    void forget_unseen();
    /// Other settings: nothing of what was observed or pushed counts.
    void forget_all();
    /// Numbers whose row is of another product, or that take no stock any more.
    [[nodiscard]] const std::vector<ArticleNumber>& stale() const noexcept { return stale_; }
    /// What BaseLinker holds of all, or of these.
    [[nodiscard]] Result<void> read_held();
    [[nodiscard]] Result<void> read_held(std::span<const ArticleNumber> numbers);

    struct Entry {
        plan::StockItem item;
        bool seen = false;    ///< read in this run
        bool is_news = false; ///< something that is to be recorded came to be known in this run
        std::optional<Timestamp> pushed_at;
        [[nodiscard]] state::StockRow row() const;
    };
    [[nodiscard]] std::vector<Entry>& entries() noexcept { return entries_; }
    /// Nullptr: its stock goes nowhere.
    [[nodiscard]] Entry* find(const ArticleNumber& number);
    /// Why the stock of an article of Ongoing goes nowhere; empty: it goes, or nobody knows the article.
    [[nodiscard]] std::string not_pushed(const ArticleNumber& number) const;
    /// SKUs that several products have: left alone.
    [[nodiscard]] const std::set<std::string>& ambiguous() const noexcept { return ambiguous_; }
    /// How many articles are left alone for any reason.
    [[nodiscard]] std::size_t left_alone() const noexcept {
        return ambiguous_.size() + bundles_.size() + parents_.size() + excluded_.size();
    }

private:
    void hold(ProductId product, const std::map<WarehouseKey, std::int64_t>& stock, bool is_parent);
    void observe(const ArticleNumber& number, std::map<WarehouseKey, Decimal> figures);
    Session& session_;
    map::StockTargets targets_;
    std::vector<Entry> entries_; ///< ascending by number
    std::unordered_map<std::string, std::size_t> by_number_;
    std::unordered_map<std::int64_t, std::size_t> by_product_;
    std::set<std::string> ambiguous_, bundles_, parents_, excluded_;
    std::vector<ArticleNumber> stale_;
};

} // namespace blongo::sync

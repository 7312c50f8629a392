// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// articles sync: recover -> list -> boot read -> details | map | plan | apply | record -> removed.
/// Never throws for what the outside does; what ended the flow stands in Summary::errors.
[[nodiscard]] report::Summary run_articles(const config::Config& config, const config::Connection& connection,
                                           const FlowOptions& options, const Runtime& runtime);

/// articles diff: what a sync would change, member by member, as action rows with changes. The same
/// as a dry run of run_articles, all articles compared against Ongoing itself (not the ledger).
[[nodiscard]] report::Summary diff_articles(const config::Config& config, const config::Connection& connection,
                                            const FlowOptions& options, const Runtime& runtime);

/// Both sides of one article. `sku` is the article number.
struct ArticleView {
    std::string number;
    bool in_baselinker = false, in_ongoing = false, in_ledger = false;
    std::optional<std::string> parked_cause, parked_detail;
    struct Line {
        std::string target, source, baselinker, ongoing, agreed, verdict; ///< same, differs, kept, only here
        bool own = false;                                                 ///< a template of [connections.X.mapping] writes it
        std::vector<std::pair<std::string, std::string>> reads{};         ///< of an own one: what its template read
        std::string by_default{};                                         ///< of an own one: what it replaces
    };
    std::vector<Line> lines;
    std::int64_t product_id = 0, source_id = 0, article_system_id = 0;
    std::vector<std::string> former_numbers;
};
[[nodiscard]] Result<ArticleView> show_article(const config::Config& config, const config::Connection& connection,
                                               const std::string& sku, const Runtime& runtime);

/// Whether blongo knows an article of that number, synced or parked (no request).
[[nodiscard]] Result<bool> knows_article(const config::Connection& connection, const std::string& number, const Runtime& runtime);

/// One row of `articles list`, from the ledger (no request).
struct ArticleListRow {
    std::string number, name, state; ///< synced, waiting, parked, gone, deactivated
    std::int64_t source_id = 0, article_system_id = 0;
    std::optional<Timestamp> written_at;
    std::vector<std::string> missing; ///< members that neither side has, of those asked for
};
/// `missing`: only articles that lack one of these members ("weight", "barcode", ...).
[[nodiscard]] Result<void> list_articles(const config::Config& config, const config::Connection& connection,
                                         const std::vector<std::string>& missing, const Runtime& runtime,
                                         const std::function<void(const ArticleListRow&)>& row);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <blongo/map/catalogue.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/sync/known_answers.hpp>

namespace blongo::sync {

/// One pass over the details of all products, which may take several runs: who had a turn when, and which answers are known
/// well enough not to be looked at (KnownAnswers). A pass that comes to its end is one time for all of them; only of one that
/// does not, each row says its own.
class ArticlePass {
public:
    struct Uses {
        bool record = false;        ///< turns are recorded: the run writes, and goes over all products
        bool known_answers = false; ///< nobody wants to see or to compare what is unchanged
    };
    /// `settings_mark`: a digest of all that the configuration says.
    ArticlePass(Flow& flow, Uses uses, std::string settings_mark);

    /// When the listing is known, and what is parked, and before the ledger is looked at: known_answers() are those that fit.
    [[nodiscard]] Result<void> begin(const map::Catalogue& catalogue);
    /// What a look at the ledger would find, and that all had their last turn at the same time; null: it must be looked at.
    [[nodiscard]] const LedgerLook* ledger_look() const;
    /// A look at the ledger found this (KnownAnswers).
    void set_ledger_look(std::optional<LedgerLook> look) { known_answers_.set_ledger_look(std::move(look)); }
    /// When the article of a row had its last turn (milliseconds since 1970).
    [[nodiscard]] std::int64_t last_turn(const state::ArticleKeyRow& row) const;

    [[nodiscard]] const KnownAnswers& known_answers() const noexcept { return known_answers_; }
    /// These products had their turn by an answer that is known. How many articles they have.
    [[nodiscard]] Result<std::size_t> pass(const std::vector<ProductId>& products, const std::string& answer);
    /// From this answer came articles that are as they were agreed, and nothing else.
    void found_unchanged(const std::string& answer, std::size_t articles) { known_answers_.add(answer, articles); }

    /// All products had their turn.
    [[nodiscard]] Result<void> end();
    /// The run ends, whether they had or not.
    [[nodiscard]] Result<void> stop();

private:
    Flow& flow_;
    state::Articles ledger_;
    const Uses uses_;
    const std::string settings_mark_;
    KnownAnswers known_answers_;
    std::int64_t last_pass_ = 0;     ///< milliseconds since 1970
    state::ArticlesVersion version_; ///< when the run began
    std::vector<ProductId> passed_;  ///< had their turn, which no row says yet
    Milliseconds passed_since_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <blongo/base/digest.hpp>
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

    /// Before anything else.
    [[nodiscard]] Result<void> begin();
    /// Takes notice of a row of the ledger, each of which is shown once; answers when its article had its last turn
    /// (milliseconds since 1970).
    [[nodiscard]] std::int64_t last_turn(const state::ArticleKeyRow& row);
    /// When the ledger and the listing are known, and what is parked: known_answers() are those that fit them.
    [[nodiscard]] Result<void> settle_inputs(const map::Catalogue& catalogue);

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
    std::int64_t last_pass_ = 0; ///< milliseconds since 1970
    Digest ledger_seen_;
    std::string ledger_digest_;     ///< of the ledger's keys when the run began
    std::vector<ProductId> passed_; ///< had their turn, which no row says yet
    Milliseconds passed_since_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// What a look at the whole ledger beside the whole listing found, where that was little.
struct LedgerLook {
    std::vector<ProductId> is_new; ///< main products of which an article is not in the ledger; in their order
    std::vector<ProductId> marked; ///< main products of which no article came, which the ledger says
};

/// Answers of getInventoryProductsData from which every article came out as it was agreed, so that nothing was to be done.
/// Where the same answer comes again and all else that decides is as it was (the "inputs"), the same comes out of it: it is
/// neither decoded, nor mapped, nor compared. They are digests, kept in the state by a run that ended well. What was found in
/// the ledger is kept beside them. After a day all is looked at anew, whatever was kept.
class KnownAnswers {
public:
    explicit KnownAnswers(Flow& flow) : flow_(flow) {}

    /// Takes what was kept for the same inputs (a digest). Without this call nothing is known, and nothing kept.
    [[nodiscard]] Result<void> restore(std::string inputs);
    [[nodiscard]] bool is_used() const noexcept { return !inputs_.empty(); }
    /// What was found in the ledger; null: not known.
    [[nodiscard]] const LedgerLook* ledger_look() const noexcept { return look_ ? &*look_ : nullptr; }
    /// This was found; nullopt: nothing that may be taken for known.
    void set_ledger_look(std::optional<LedgerLook> look) { look_ = std::move(look); }
    /// How many articles came out of an answer; nullopt: it is not known. Several threads may ask.
    [[nodiscard]] std::optional<std::size_t> articles_of(const std::string& answer) const;
    /// An answer from which only articles came that are as they were agreed.
    void add(const std::string& answer, std::size_t articles);
    /// Whether there is something to keep that is not kept already.
    [[nodiscard]] bool has_news() const { return is_used() && (!is_restored_ || kept_ != seen_); }
    /// Keeps what add() brought, and nothing else any longer.
    [[nodiscard]] Result<void> keep();

private:
    using Articles = std::unordered_map<std::string, std::size_t>; ///< by the digest of the answer
    Flow& flow_;
    std::string inputs_;
    bool is_restored_ = false;
    Timestamp looked_at_; ///< when all was looked at
    std::optional<LedgerLook> look_;
    Articles kept_, seen_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// Answers of getInventoryProductsData from which every article came out as it was agreed, so that nothing was to be done.
/// Where the same answer comes again and all else that decides is as it was (the "inputs"), the same comes out of it: it is
/// neither decoded, nor mapped, nor compared. They are digests, kept in the state by a run that ended well.
class KnownAnswers {
public:
    explicit KnownAnswers(Flow& flow) : flow_(flow) {}

    /// Takes what was kept for the same inputs (a digest). Without this call nothing is known, and nothing kept.
    [[nodiscard]] Result<void> restore(std::string inputs);
    [[nodiscard]] bool is_used() const noexcept { return !inputs_.empty(); }
    /// How many articles came out of an answer; nullopt: it is not known. Several threads may ask.
    [[nodiscard]] std::optional<std::size_t> articles_of(const std::string& answer) const;
    /// An answer from which only articles came that are as they were agreed.
    void add(const std::string& answer, std::size_t articles);
    /// Whether there is something to keep that is not kept already.
    [[nodiscard]] bool has_news() const { return is_used() && kept_ != seen_; }
    /// Keeps what add() brought, and nothing else any longer.
    [[nodiscard]] Result<void> keep();

private:
    using Articles = std::unordered_map<std::string, std::size_t>; ///< by the digest of the answer
    Flow& flow_;
    std::string inputs_;
    Articles kept_, seen_;
};

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/sync/article_writer.hpp>

namespace blongo::sync {

/// What was written is recorded at the latest after this time.
inline constexpr Milliseconds longest_pending{1'000};

/// A document on its way through plan, apply and record.
struct ArticleWriter::Item {
    map::ArticleDocument document;
    std::string fingerprint;
    std::optional<state::ArticleRow> known;  ///< the ledger's row under this number
    std::optional<state::ArticleRow> former; ///< ... under the number it had before a rename
    bool done = false;
};

} // namespace blongo::sync

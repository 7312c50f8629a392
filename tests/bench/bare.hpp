// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace blongo::bench {

/// A file that remembers each write before it leaves and when it was answered, as whoever is to lose and double nothing has to.
struct BareLedger {
    std::string path;                   ///< of a SQLite database; empty: nothing is remembered
    std::int64_t writes_per_commit = 1; ///< remembered together before, and together behind
};

/// As many articles written into Ongoing at that address (".../api/v1") as fast as libcurl and SQLite alone do it: one
/// connection, nothing read, nothing decided. What no program that uses them can be below. Throws when a write is refused.
void put_articles_bare(const std::string& ongoing_url, std::int64_t count, const BareLedger& remembered);

} // namespace blongo::bench

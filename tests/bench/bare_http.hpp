// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace blongo::bench {

/// As many articles written into Ongoing at that address (".../api/v1") as fast as libcurl alone does it: one connection, no
/// state, nothing read, nothing decided. What no program that uses libcurl can be below. Throws when a write is refused.
void put_articles_bare(const std::string& ongoing_url, std::int64_t count);

} // namespace blongo::bench

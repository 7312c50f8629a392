// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/plan/attention.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// What needs somebody in one connection (`today`), as plan::digest orders it. Of its memory only: no request. Flows that
/// did not run well within `max_age` are matters too, in mode = "live".
[[nodiscard]] Result<std::vector<plan::Matter>> matters_of(const config::Connection& connection, Milliseconds max_age,
                                                           const Runtime& runtime);

/// Something that `health` reports.
struct HealthFinding {
    std::string flow; ///< empty: the whole connection
    std::string detail;
    int code = 0;
};
/// Whether the enabled flows of one connection are well: each ran well within `max_age` (mode = "live"), the configuration
/// has no error, no write is of unknown outcome. Nothing: it is well. Of its memory only.
[[nodiscard]] Result<std::vector<HealthFinding>> health_of(const config::Connection& connection, Milliseconds max_age,
                                                           const Runtime& runtime);

} // namespace blongo::sync

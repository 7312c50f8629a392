// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include <blongo/plan/check.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

struct CheckOptions {
    std::set<std::string> parts;    ///< of check_parts(): what is compared
    std::optional<Timestamp> since; ///< orders confirmed, and shipments sent, at or after; none: start_from, at most 90 days back
};

/// What `check` can compare, in the order in which it does.
[[nodiscard]] const std::vector<std::string>& check_parts();

/// Where what is found goes, as it is found.
struct CheckSink {
    std::function<void(const plan::Difference&)> difference;
    std::function<void(const plan::Totals&)> totals;
};

/// check: both sides of one connection next to each other. Only reads, on both sides, and leaves the state alone. What ended
/// one part stands in Summary::errors and stops no other part; Summary::differences counts what was found, and one for
/// totals that do not close although no difference explains it.
[[nodiscard]] report::Summary check(const config::Config& config, const config::Connection& connection,
                                    const CheckOptions& options, const CheckSink& sink, const Runtime& runtime);

} // namespace blongo::sync

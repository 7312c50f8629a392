// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/report/metrics.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// What monitoring is told about all enabled connections, in the order of the configuration. Of the state only: no request,
/// and no command that prints a secret. A connection whose state cannot be read says so in its entry.
[[nodiscard]] std::vector<report::ConnectionMetrics> metrics_of(const config::Config& config, const Runtime& runtime);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// For somebody who has to choose start_from (flows.md Orders 2): how many confirmed orders wait in the accepted
/// statuses and are not in Ongoing by us, how many of them entered in the last day, 7 and 30 days, and lines to copy.
/// Only reads, and makes no state file. A status with more than 1,000 orders is counted as far back as 1,000 reach.
[[nodiscard]] Result<std::string> cutover_advice(const config::Config& config, const config::Connection& connection,
                                                 const Runtime& runtime);

} // namespace blongo::sync

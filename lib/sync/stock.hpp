// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// blongo stock push: Ongoing's stock to BaseLinker (flows.md Stock).
[[nodiscard]] report::Summary run_stock(const config::Config& config, const config::Connection& connection,
                                        const FlowOptions& options, const Runtime& runtime);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/sync/inspect.hpp>

namespace blongo::sync {

/// The field mapping of a flow as the mapper runs it: target, source, transformation. Empty for a
/// flow without one.
[[nodiscard]] Table mapping_table(const std::string& flow);

} // namespace blongo::sync

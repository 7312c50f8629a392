// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/base/result.hpp>

namespace blongo::app {

/// Writes a file that only this user may read (0600), replacing one that is there. Error (usage): what stands in the way.
[[nodiscard]] Result<void> write_private_file(const std::string& path, std::string_view bytes);

} // namespace blongo::app

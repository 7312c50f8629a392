// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/base/result.hpp>

namespace blongo::app {

/// Writes a file that only this user may read (0600), replacing one that is there. Error (usage): what stands in the way.
[[nodiscard]] Result<void> write_private_file(const std::string& path, std::string_view bytes);

/// Writes a file that everybody may read (0644), of which no reader ever sees a part: a temporary file beside it takes its
/// place. Error (usage): what stands in the way; the file that was there stays.
[[nodiscard]] Result<void> write_shared_file(const std::string& path, std::string_view bytes);

} // namespace blongo::app

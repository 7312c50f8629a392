// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::config {

/// The text of a configuration file. Error (config): not there, a folder, not readable, too long.
[[nodiscard]] Result<std::string> read_text_file(const std::string& file);

/// The folder of a file as `include` and relative paths see it; "" if the name has none.
[[nodiscard]] std::string folder_of(const std::string& file);

/// Whether two names mean one file (links followed).
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// The files that a pattern of `include` means, in the order of their names. A pattern with * ? [
/// may mean none; a plain name has to exist.
[[nodiscard]] Result<std::vector<std::string>> expand_include(const std::string& pattern, const std::string& folder);

} // namespace blongo::config

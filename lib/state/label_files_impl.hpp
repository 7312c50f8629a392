// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>

namespace blongo::state {

/// Makes a folder (0700) where there is none; the one above it must be there.
[[nodiscard]] Result<void> make_private_folder(const std::string& path);

/// Writes a new file (0600) beside where `path` will be, durably. Answers its own path.
[[nodiscard]] Result<std::string> write_beside(const std::string& path, const std::string& bytes);

/// Puts the file `from` at `to` of the same folder, durably; what stood there is replaced at once.
[[nodiscard]] Result<void> move_file(const std::string& from, const std::string& to);

/// Everything in a file. ErrorKind::state when it is not there or cannot be read.
[[nodiscard]] Result<std::string> read_whole_file(const std::string& path);

/// Removes a file; one that is not there is no error.
[[nodiscard]] Result<void> remove_file(const std::string& path);

/// Makes the names of a folder durable, removed ones too. A folder that is not there is no error.
[[nodiscard]] Result<void> sync_folder(const std::string& path);

/// Removes what write_beside left in a folder before that time because its process was killed.
[[nodiscard]] Result<void> remove_leftovers(const std::string& folder, Timestamp before);

} // namespace blongo::state

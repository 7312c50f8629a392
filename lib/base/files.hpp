// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace blongo {

/// A user and a group of this machine.
struct FileOwner {
    uid_t user = 0;
    gid_t group = 0;
};

/// Who owns a folder, when this process is root's and the folder is another user's; nullopt: there is nobody to whom root
/// would give what it makes there.
[[nodiscard]] std::optional<FileOwner> other_owner(const std::string& folder);

/// open() of a file that is made with mode 0600 if it is not there. What root makes in a folder of another user becomes that
/// user's, whose own runs could not open it otherwise; SQLite does the same with its write-ahead log. -1: errno says why.
[[nodiscard]] int open_private(const std::string& path, int flags);

/// mkdir() with mode 0700, and with the same owner as above. False: errno says why.
[[nodiscard]] bool make_private_directory(const std::string& path);

} // namespace blongo

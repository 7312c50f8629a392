// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/files.hpp>

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blongo {
namespace {

std::optional<FileOwner> owner_of_folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return other_owner(folder.empty() ? "." : folder);
}

} // namespace

std::optional<FileOwner> other_owner(const std::string& folder) {
    struct stat info {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &info) != 0 || info.st_uid == 0) return std::nullopt;
    // In a folder for all (/tmp) the owner of the folder has nothing to do with its files.
    if ((info.st_mode & S_ISVTX) != 0) return std::nullopt;
    return FileOwner{info.st_uid, info.st_gid};
}

int open_private(const std::string& path, int flags) {
    constexpr mode_t owner_only = 0600;
    const auto owner = owner_of_folder_of(path);
    if (!owner) return ::open(path.c_str(), flags | O_CREAT, owner_only);
    // Only what this call made is given away: the folder's owner may have put a link to something of root's there.
    const int made = ::open(path.c_str(), flags | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
    if (made < 0) {
        if (errno != EEXIST || (flags & O_EXCL) != 0) return made;
        return ::open(path.c_str(), flags | O_CREAT, owner_only);
    }
    if (::fchown(made, owner->user, owner->group) == 0) return made;
    const int error = errno;
    ::close(made);
    ::unlink(path.c_str());
    errno = error;
    return -1;
}

bool make_private_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0) return false;
    const auto owner = owner_of_folder_of(path);
    if (!owner) return true;
    const int made = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const bool given = made >= 0 && ::fchown(made, owner->user, owner->group) == 0;
    const int error = errno;
    if (made >= 0) ::close(made);
    if (!given) ::rmdir(path.c_str());
    errno = error;
    return given;
}

} // namespace blongo

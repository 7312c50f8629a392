// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include <blongo/base/files.hpp>
#include <blongo/state/sqlite_file_impl.hpp>

namespace blongo::state {
namespace {

/// realpath, or "" when there is nothing.
std::string resolve(const std::string& path) {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return {};
    std::string out = resolved;
    std::free(resolved);
    return out;
}

} // namespace

std::string reason(int error) {
    std::array<char, 128> buffer{};
    return strerror_r(error, buffer.data(), buffer.size());
}

bool is_network_filesystem(std::uint64_t statfs_type) noexcept {
    constexpr std::array<std::uint64_t, 10> shared{
        0x6969,     // NFS
        0x517B,     // SMB
        0xFF534D42, // CIFS
        0xFE534D42, // SMB2
        0x564C,     // NCP
        0x5346414F, // OpenAFS
        0x6B414653, // kAFS
        0x73757245, // CODA
        0x00C36400, // CEPH
        0x47504653, // GPFS
    };
    return std::ranges::any_of(shared, [&](const auto type) { return (statfs_type & 0xFFFFFFFF) == type; });
}

Result<FilePlace> resolve_file(const std::string& path, bool make) {
    const auto slash = path.rfind('/');
    if (path.empty() || path.front() != '/' || slash + 1 == path.size()) {
        return fail(ErrorKind::config, "the path of the state must be absolute and name a file", path,
                    "write url = \"sqlite:///var/lib/blongo/state.db\" under [state]");
    }
    if (path.find('"') != std::string::npos || path.find('\n') != std::string::npos) {
        return fail(ErrorKind::config, "the path of the state must not hold quotes or line ends", path,
                    "choose another path under [state]");
    }
    const std::string folder = slash == 0 ? "/" : path.substr(0, slash);
    FilePlace place;
    place.folder = resolve(folder);
    if (place.folder.empty() && make && errno == ENOENT) {
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
            const int error = errno;
            return fail(ErrorKind::state, "the folder of the state cannot be made: " + reason(error), folder,
                        fmt::format("mkdir -p -m 700 '{0}' && chown $(id -un) '{0}' with the rights of an "
                                    "administrator, or choose another [state] url",
                                    folder));
        }
        place.folder = resolve(folder);
    }
    if (place.folder.empty()) {
        const int error = errno;
        if (!make && error == ENOENT) {
            place.folder = folder;
            place.path = path;
            return place;
        }
        return fail(ErrorKind::state, "the folder of the state cannot be opened: " + reason(error), folder,
                    "check its owner and mode, or choose another [state] url");
    }
    const std::string name = path.substr(slash + 1);
    place.path = (place.folder == "/" ? "" : place.folder) + "/" + name;
    if (std::string file = resolve(place.path); !file.empty()) {
        place.path = file;
        place.folder = file.substr(0, std::max<std::size_t>(file.rfind('/'), 1));
    }

    struct stat info {};
    if (::stat(place.folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
        return fail(ErrorKind::state, "the folder of the state is not a folder", place.folder, "choose another [state] url");
    }
    if (::stat(place.path.c_str(), &info) == 0) {
        if (!S_ISREG(info.st_mode)) {
            return fail(ErrorKind::state, "the path of the state is not a file", place.path, "choose another [state] url");
        }
        place.exists = info.st_size > 0;
        if (make && ::access(place.path.c_str(), R_OK | W_OK) != 0) {
            const int error = errno;
            return fail(ErrorKind::state, "the state cannot be written: " + reason(error), place.path,
                        "run blongo as the owner of this file");
        }
    } else if (errno != ENOENT) {
        const int error = errno;
        return fail(ErrorKind::state, "the state cannot be reached: " + reason(error), place.path,
                    "check owner and mode of its folder");
    }
    if (make && ::access(place.folder.c_str(), W_OK | X_OK) != 0) {
        const int error = errno;
        return fail(ErrorKind::state, "the folder of the state cannot be written: " + reason(error), place.folder,
                    "run blongo as the owner of this folder, or choose another [state] url");
    }
    struct statfs system {};
    if (::statfs(place.folder.c_str(), &system) == 0 && is_network_filesystem(static_cast<std::uint64_t>(system.f_type))) {
        return fail(ErrorKind::state, "the state lies on a network file system, where locks cannot be trusted", place.path,
                    "move it to a local disk, or share one PostgreSQL: [state] url = \"postgresql://...\"");
    }
    return place;
}

Result<void> make_private_file(const std::string& path) {
    // A file that is there is not even opened: this process may have it open as a database, and closing any descriptor of
    // a file frees all POSIX locks that the process has on it. SQLite's are such locks: another process would take its own
    // connection for the last one and remove the write-ahead log under ours.
    const int descriptor = open_private(path, O_RDWR | O_EXCL | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        const int error = errno;
        struct stat there {};
        if (error == EEXIST && ::stat(path.c_str(), &there) == 0 && S_ISREG(there.st_mode)) return {};
        return fail(ErrorKind::state, "the file cannot be made: " + reason(error), path,
                    error == ENOSPC || error == EDQUOT ? "free space on this disk" : "check the owner of its folder");
    }
    ::close(descriptor);
    return {};
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)), bytes_(other.bytes_) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    if (this != &other) {
        release();
        descriptor_ = std::exchange(other.descriptor_, -1);
        path_ = std::move(other.path_);
        bytes_ = other.bytes_;
    }
    return *this;
}

Result<bool> FileLock::lock(const std::string& path, int operation) {
    if (path_ != path) release();
    path_ = path;
    for (;;) {
        if (descriptor_ < 0) descriptor_ = open_private(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (descriptor_ < 0) {
            const int error = errno;
            return fail(ErrorKind::state, "the lock file cannot be opened: " + reason(error), path,
                        "check the owner of this file and of its folder; all runs need the same user");
        }
        int done = 0;
        do done = ::flock(descriptor_, operation);
        while (done != 0 && errno == EINTR);
        if (done != 0) {
            const int error = errno;
            release();
            if (error == EWOULDBLOCK) return false;
            return fail(ErrorKind::state, "the file cannot be locked: " + reason(error), path, "put the state on a local disk");
        }
        if (in_place()) return true;
        release();
    }
}

Result<bool> FileLock::try_take(const std::string& path, bool shared) {
    return lock(path, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB);
}

Result<void> FileLock::take(const std::string& path, bool shared) {
    BLONGO_CHECK(lock(path, shared ? LOCK_SH : LOCK_EX));
    return {};
}

bool FileLock::in_place() {
    struct stat mine {};
    struct stat there {};
    if (::fstat(descriptor_, &mine) != 0 || ::stat(path_.c_str(), &there) != 0) return false;
    bytes_ = mine.st_size;
    return mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

void FileLock::write(const std::string& text) {
    // Only a hint for messages: a full disk must not keep the lock from working. Written over what is there: a file that is
    // emptied first goes to the disk at once when it is closed (ext4), and the writer's lock is taken for each request.
    if (::pwrite(descriptor_, text.data(), text.size(), 0) < 0) return;
    if (bytes_ <= static_cast<std::int64_t>(text.size())) return;
    [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(text.size()));
}

void FileLock::unlock() noexcept {
    if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_UN) != 0) release();
}

void FileLock::release() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

Result<bool> is_file_locked(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        if (errno == ENOENT) return false;
        const int error = errno;
        return fail(ErrorKind::state, "the lock file cannot be opened: " + reason(error), path,
                    "run blongo as the owner of this file");
    }
    const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return locked;
}

} // namespace blongo::state

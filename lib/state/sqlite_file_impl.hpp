// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <blongo/base/result.hpp>

namespace blongo::state {

/// PRAGMA application_id of a backup; a state has none.
inline constexpr std::int64_t backup_mark = 0x626C6E67; // "blng"

/// What the system says of an errno.
[[nodiscard]] std::string reason(int error);

/// The resolved folder of a SQLite state and the file's name in it.
struct FilePlace {
    std::string folder;  ///< realpath
    std::string path;    ///< folder + name; a link to a file is followed
    bool exists = false; ///< the file is there and not empty
};

/// Resolves the path and refuses what cannot work: no folder, a folder that cannot be written,
/// a path that is no file, a network file system. With `make` the last folder level is made (0700).
[[nodiscard]] Result<FilePlace> resolve_file(const std::string& path, bool make);

/// Whether a file system of this statfs type is shared between machines (NFS, SMB, CIFS, AFS, ...):
/// locks and shared memory of SQLite do not work there.
[[nodiscard]] bool is_network_filesystem(std::uint64_t statfs_type) noexcept;

/// Makes the empty file with mode 0600 before SQLite does: -wal and -shm take over its mode.
[[nodiscard]] Result<void> make_private_file(const std::string& path);

/// A flock on a file; freed by the end of the object or of the process.
class FileLock {
public:
    FileLock() = default;
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock() { release(); }
    /// Opens (makes, 0600, O_CLOEXEC) and tries to take it at once. False: somebody else has it.
    /// A file that was removed meanwhile is made again: the lock always belongs to what stands at `path`.
    [[nodiscard]] Result<bool> try_take(const std::string& path, bool shared);
    /// The same, waiting as long as it takes.
    [[nodiscard]] Result<void> take(const std::string& path, bool shared);
    /// Whether the file that is locked still stands at its path.
    [[nodiscard]] bool in_place();
    /// Replaces the content (who holds it).
    void write(const std::string& text);
    void release() noexcept;
    /// Frees it, and keeps the file open for the next take of the same path.
    void unlock() noexcept;

private:
    [[nodiscard]] Result<bool> lock(const std::string& path, int operation);
    int descriptor_ = -1;
    std::string path_;
    std::int64_t bytes_ = 0; ///< of the file, by the last in_place()
};

/// Whether somebody holds the exclusive lock of this file; false where there is no such file.
[[nodiscard]] Result<bool> is_file_locked(const std::string& path);

} // namespace blongo::state

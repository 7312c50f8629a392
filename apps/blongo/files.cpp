// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blongo::app {

namespace {

constexpr const char* writable_folder = "give a file in a folder that this user may write to";

/// All of it; false with errno.
bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<void> write_private_file(const std::string& path, std::string_view bytes) {
    const auto failed = [&](const char* what) {
        return fail(ErrorKind::usage, std::string(what) + ": " + std::generic_category().message(errno), path, writable_folder);
    };
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return failed("the file cannot be written");
    if (!write_all(file, bytes)) {
        (void)close(file);
        return failed("the file cannot be written");
    }
    if (close(file) != 0) return failed("the file cannot be closed");
    return {};
}

Result<void> write_shared_file(const std::string& path, std::string_view bytes) {
    std::string temporary = path + ".XXXXXX"; // node_exporter reads names that end with .prom
    const auto failed = [&](const char* what) {
        return fail(ErrorKind::usage, std::string(what) + ": " + std::generic_category().message(errno), path, writable_folder);
    };
    const int file = mkostemp(temporary.data(), O_CLOEXEC);
    if (file < 0) return failed("the file cannot be written");
    const bool written = write_all(file, bytes) && fchmod(file, 0644) == 0;
    if (!written || close(file) != 0 || rename(temporary.c_str(), path.c_str()) != 0) {
        const int why = errno;
        if (!written) (void)close(file);
        (void)unlink(temporary.c_str());
        errno = why;
        return failed("the file cannot be written");
    }
    return {};
}

} // namespace blongo::app

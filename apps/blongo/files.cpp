// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace blongo::app {

Result<void> write_private_file(const std::string& path, std::string_view bytes) {
    const auto failed = [&](const char* what) {
        return fail(ErrorKind::usage, std::string(what) + ": " + std::strerror(errno), path,
                    "give a file in a folder that this user may write to");
    };
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return failed("the file cannot be written");
    while (!bytes.empty()) {
        const ssize_t written = write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            (void)close(file);
            return failed("the file cannot be written");
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (close(file) != 0) return failed("the file cannot be closed");
    return {};
}

} // namespace blongo::app

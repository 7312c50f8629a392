// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include <blongo/base/text.hpp>

namespace blongo::test {

/// A descriptor that keeps what is written to it.
class Capture {
public:
    Capture() : fd_(memfd_create("capture", MFD_CLOEXEC)) {
        if (fd_ < 0) throw std::runtime_error("memfd_create failed");
    }
    ~Capture() { close(fd_); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] std::string text() const {
        std::string out;
        char block[4096];
        off_t at = 0;
        for (ssize_t n = 0; (n = pread(fd_, block, sizeof block, at)) > 0; at += n)
            out.append(block, static_cast<std::size_t>(n));
        return out;
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        auto all = split(text(), '\n');
        if (!all.empty() && all.back().empty()) all.pop_back();
        return all;
    }

private:
    int fd_;
};

} // namespace blongo::test

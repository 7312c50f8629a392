// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/host.hpp>

#include <array>
#include <sys/stat.h>
#include <unistd.h>

namespace blongo {

const std::string& host_name() {
    static const std::string name = [] {
        std::array<char, 256> buffer{};
        if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return std::string("unknown");
        return std::string(buffer.data());
    }();
    return name;
}

std::string program_mark() {
    struct ::stat file {};
    if (::stat("/proc/self/exe", &file) != 0) return {};
    return std::to_string(file.st_size) + " " + std::to_string(file.st_mtim.tv_sec) + "." + std::to_string(file.st_mtim.tv_nsec);
}

} // namespace blongo

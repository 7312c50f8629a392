// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/host.hpp>

#include <array>
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

} // namespace blongo

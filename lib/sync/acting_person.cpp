// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/acting_person.hpp>

#include <fmt/format.h>
#include <unistd.h>

namespace blongo::sync {

std::string acting_person(const Runtime& runtime) {
    std::string name;
    for (const char* variable : {"SUDO_USER", "USER", "LOGNAME"})
        if (name.empty()) name = runtime.environment(variable).value_or("");
    if (name.empty()) name = fmt::format("uid {}", ::getuid());
    std::string host(256, '\0');
    if (::gethostname(host.data(), host.size()) != 0) return name;
    return name + "@" + host.substr(0, host.find('\0'));
}

} // namespace blongo::sync

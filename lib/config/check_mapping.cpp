// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/checker.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/mapping_targets.hpp>

namespace blongo::config {

void check_mapping(const Checker& check) {
    const auto& mapping = check.connection.mapping;
    for (const MappingOverride& each : mapping) {
        const std::string key = "mapping." + quote_key(each.target);
        const auto own = parse_own_member(each.target, each.expression);
        if (!own) {
            check.error(key, fmt::format("{}; {}", own.error().message, own.error().remedy));
            continue;
        }
        if (own->member->needs.empty()) continue;
        const std::string needed = fmt::format("{}.{}", to_string(own->object), own->member->needs);
        if (std::ranges::find(mapping, needed, &MappingOverride::target) == mapping.end())
            check.error(key, fmt::format("needs \"{}\" beside it: Ongoing takes neither without that one", needed));
    }
}

} // namespace blongo::config

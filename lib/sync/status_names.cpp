// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/status_names.hpp>

#include <optional>

#include <fmt/format.h>

namespace blongo::sync {

Result<std::int64_t> status_called(const std::string& name, const std::vector<NamedStatus>& known, const std::string& kind,
                                   const std::string& where) {
    std::optional<std::int64_t> found;
    std::string names;
    bool twice = false;
    for (const auto& candidate : known) {
        names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", candidate.name, candidate.id);
        if (candidate.name != name) continue;
        twice = found.has_value();
        found = candidate.id;
    }
    if (twice)
        return fail(ErrorKind::config, fmt::format("two of the {}es are called \"{}\"", kind, name), where,
                    "write the id instead: " + names);
    if (!found)
        return fail(ErrorKind::config, fmt::format("BaseLinker has no {} called \"{}\"", kind, name), where, "one of: " + names);
    return *found;
}

} // namespace blongo::sync

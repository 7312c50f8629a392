// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::sync {

/// A status of BaseLinker, of orders or of returns.
struct NamedStatus {
    std::int64_t id = 0;
    std::string name;
};

/// The id of the one status that has exactly this name. None, or several, is ErrorKind::config at `where` with the names
/// that are; `kind`: "status", "status of returns".
[[nodiscard]] Result<std::int64_t> status_called(const std::string& name, const std::vector<NamedStatus>& known,
                                                 const std::string& kind, const std::string& where);

} // namespace blongo::sync

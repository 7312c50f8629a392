// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace blongo::test {

/// Every command that README.md shows: what follows "blongo ".
[[nodiscard]] std::set<std::string> readme_commands();

} // namespace blongo::test

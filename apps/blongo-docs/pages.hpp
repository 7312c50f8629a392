// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <blongo/base/result.hpp>

#include "command.hpp"

namespace blongo::docs {

/// Pages by file name: "blongo-orders.1".
using Pages = std::map<std::string, std::string>;

/// blongo(1), and blongo-<name>(1) for each command and group below it.
void add_command_pages(const app::Command& root, Pages& pages);
/// blongo.toml(5), of the table of keys and of the sample configuration, whose comments say what a key means.
/// Errors: a key of the table that the sample does not explain.
[[nodiscard]] Result<void> add_configuration_page(const std::string& sample, Pages& pages);
/// blongo-json(7).
void add_json_page(Pages& pages);

} // namespace blongo::docs

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace blongo::sandbox {

/// Files of data/ that are built into the program, so that it needs none at run time.
[[nodiscard]] std::string_view embedded_openapi();
/// A fictitious shop: a BaseLinker account and an empty goods owner, as PUT /_admin/world takes it.
[[nodiscard]] std::string_view embedded_demo();
/// Accounts and goods owners without products and orders, the dictionaries filled.
[[nodiscard]] std::string_view embedded_empty();

} // namespace blongo::sandbox

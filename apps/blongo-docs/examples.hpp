// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace blongo::docs {

/// A command line of a manual page. The tests run it against the demo shop, with N, X, NAME, CODE, FILE and DATE in place.
struct Example {
    std::string_view line, meaning;
};

/// Examples of the page of this command ("blongo", "blongo orders"); none: the page lacks them, which a test tells.
[[nodiscard]] std::span<const Example> examples_of(std::string_view command) noexcept;

} // namespace blongo::docs

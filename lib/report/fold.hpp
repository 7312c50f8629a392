// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace blongo::report {

/// A line in lines of at most `columns` columns, broken at spaces; what follows the first stands `indent` columns in. A
/// command ("blongo orders why 84512345 -C acme") stays whole, and a word that is longer than a line has its own.
/// 0 columns: as it is.
[[nodiscard]] std::string fold_line(std::string_view line, std::size_t columns, std::size_t indent);

/// The same for each line of a text. What follows stands below the line's own text: behind its first gap of two or more
/// spaces, else `indent` columns in.
[[nodiscard]] std::string fold_lines(std::string_view text, std::size_t columns, std::size_t indent = 4);

} // namespace blongo::report

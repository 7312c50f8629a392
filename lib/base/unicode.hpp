// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace blongo::unicode {

/// What stands for bytes that are not UTF-8.
inline constexpr char32_t replacement = 0xFFFD;

/// Reads the code point at `position` and moves behind it. A byte that begins no valid
/// sequence answers `replacement` and is one step. `position` must be inside the text.
[[nodiscard]] char32_t next(std::string_view utf8, std::size_t& position, bool* valid = nullptr) noexcept;

/// Appends a code point as UTF-8; what is no code point (surrogates, above 10FFFF) as `replacement`.
void append(std::string& out, char32_t code_point);

[[nodiscard]] std::u32string decode(std::string_view utf8);
[[nodiscard]] std::string encode(std::u32string_view code_points);

} // namespace blongo::unicode

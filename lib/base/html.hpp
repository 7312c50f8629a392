// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace blongo::html {

/// Decodes the character reference that begins at `position` (an ampersand): appends its
/// character and moves behind it. False, and nothing changed, when it is none.
bool decode_entity(std::string_view html, std::size_t& position, std::string& out);

/// The code point of a named character ("oacute"), 0 when the name is unknown.
[[nodiscard]] char32_t named_character(std::string_view name) noexcept;

} // namespace blongo::html

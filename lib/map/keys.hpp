// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <blongo/base/ids.hpp>

namespace blongo::map {

/// Ongoing's limit for orderNumber, rowNumber and articleNumber (contract 1.7): keys are refused
/// beyond it, never cut, because a cut key collides.
inline constexpr std::size_t key_characters = 50;
/// Ongoing's limit for articleName (contract 2.1): a longer name is cut, with a note.
inline constexpr std::size_t name_characters = 200;

/// An SKU as it becomes an article number: normalised, on one line, trimmed.
[[nodiscard]] std::string key_text(std::string_view sku);
/// Any text on one line, normalised and trimmed.
[[nodiscard]] std::string line_text(std::string_view text);
[[nodiscard]] bool key_too_long(std::string_view key);
/// A code of letters (country, currency): on one line, in upper case.
[[nodiscard]] std::string code_text(std::string_view code);
/// The key of an object that has no number: "#784512".
[[nodiscard]] std::string key_of(ProductId id);

} // namespace blongo::map

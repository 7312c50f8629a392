// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace blongo {

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
/// One part more than there are separators: empty text is one empty part.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

/// Unicode NFC, invalid UTF-8 replaced by U+FFFD, control characters removed except
/// newline (CR LF and CR become newline, tab a space).
[[nodiscard]] std::string normalise_text(std::string_view utf8);
/// normalise_text on one line (newlines become spaces, runs of spaces one) without emoji and
/// other pictographs: for names, streets, keys.
[[nodiscard]] std::string normalise_name(std::string_view utf8);
/// Number of Unicode characters (code points).
[[nodiscard]] std::size_t character_count(std::string_view utf8) noexcept;
/// At most `characters` code points, cut on a grapheme boundary.
[[nodiscard]] std::string cut_characters(std::string_view utf8, std::size_t characters);
/// Columns that a terminal needs (wide characters 2, combining marks 0).
[[nodiscard]] std::size_t display_width(std::string_view utf8) noexcept;
/// Unicode case folding, for globs and comparisons of names.
[[nodiscard]] std::string fold_case(std::string_view utf8);

/// HTML to plain text: tags go, entities become characters, <br>, </p>, </li>, </tr>, </div>
/// and headings become line breaks, list items begin with "- ", script and style vanish,
/// white space (no-break spaces too) is folded. Never fails: what is not HTML stays as it is, a text
/// without any tag keeps its lines and spaces.
[[nodiscard]] std::string html_to_text(std::string_view html);

/// Glob with * and ?, case-insensitive (Unicode case folding), over the whole text.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

/// The candidate nearest to `word` if it is near enough to be a typing mistake.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// Every byte outside A-Z a-z 0-9 - _ . ~ as %XX (form bodies and queries).
[[nodiscard]] std::string percent_encode(std::string_view bytes);
[[nodiscard]] std::string percent_decode(std::string_view text, bool plus_is_space);

[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Accepts a "data:...," prefix, white space, and the URL alphabet (- and _), padding optional.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// Lower-case hex SHA-256.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// The first 16 bytes of SHA-256 in hex: fingerprints of documents.
[[nodiscard]] std::string fingerprint(std::string_view bytes);

/// n random bytes in hex (a CSPRNG).
[[nodiscard]] std::string random_hex(std::size_t bytes);

} // namespace blongo

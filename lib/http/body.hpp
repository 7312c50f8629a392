// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <blongo/base/result.hpp>
#include <blongo/json/reader.hpp>

/// What a body is, whatever its Content-Type says: servers and firewalls label it wrongly.
namespace blongo::http {

enum class BodyForm : std::uint8_t { empty, json, html, other };

/// Judged by the first character behind a byte order mark and white space.
[[nodiscard]] BodyForm form_of(std::string_view body) noexcept;

/// Whether a JSON text ends inside a value (a string or bracket is still open), as a connection
/// that was cut leaves it. A text nested deeper than any document may be does not count as cut.
[[nodiscard]] bool breaks_off(std::string_view text) noexcept;

/// Parses a body of form json.
[[nodiscard]] Result<json::Document> parse_body(std::string_view body);

} // namespace blongo::http

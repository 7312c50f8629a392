// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::config {

/// A position in a configuration file, counted from 1.
struct Place {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    /// "blongo.toml:12:3".
    [[nodiscard]] std::string text() const;
};

struct Member;

/// One value of a TOML document, with its place.
struct Node {
    enum class Kind : std::uint8_t { string, integer, fraction, boolean, time, local_time, array, table };
    Kind kind = Kind::table;
    Place place;
    std::string text;            ///< string: its text; fraction, local_time: as TOML
    std::int64_t integer = 0;    ///< integer
    bool boolean = false;        ///< boolean
    Timestamp time;              ///< time: a date-time with offset
    std::vector<Node> items;     ///< array
    std::vector<Member> members; ///< table, in the order of the file

    [[nodiscard]] const Node* find(std::string_view key) const;
    [[nodiscard]] bool is_empty_string() const { return kind == Kind::string && text.empty(); }
    /// What stands here, for messages: `a string ("abc")`, `a whole number (5)`, `a table`.
    [[nodiscard]] std::string describe() const;
    /// describe() without the value: `a string`.
    [[nodiscard]] std::string_view describe_kind() const;
};

struct Member {
    std::string key;
    Place place; ///< of the key
    Node value;
};

/// The longest configuration file that is read, in bytes.
constexpr std::size_t max_document_bytes = 1U << 20U;

/// Parses TOML 1.0. Error (config): "file:line:column: what", for the first syntax error, a file
/// that is too long, or keys with more parts than any configuration needs.
[[nodiscard]] Result<Node> parse_document(std::string_view toml, const std::string& file_name);

/// `text` as a TOML string: "a \"quoted\" word".
[[nodiscard]] std::string quote(std::string_view text);
/// `key` as TOML writes it: bare where that is allowed, else quoted.
[[nodiscard]] std::string quote_key(std::string_view key);

} // namespace blongo::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <blongo/base/decimal.hpp>
#include <blongo/json/value.hpp>

namespace blongo::json {

/// Writes compact JSON straight into a string: for lines of output and request bodies that
/// need no tree. The caller keeps the nesting right; a debug build asserts it.
class Writer {
public:
    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);
    Writer& string(std::string_view text); ///< invalid UTF-8 becomes U+FFFD
    Writer& integer(std::int64_t number);
    Writer& decimal(const Decimal& number);
    Writer& boolean(bool truth);
    Writer& null();
    Writer& value(const Value& tree);

    /// Members in one call.
    Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
    Writer& member(std::string_view name, const char* text) { return key(name).string(text); }
    Writer& member(std::string_view name, std::int64_t number) { return key(name).integer(number); }
    Writer& member(std::string_view name, int number) { return key(name).integer(number); }
    Writer& member(std::string_view name, bool truth) { return key(name).boolean(truth); }
    Writer& member(std::string_view name, const Decimal& number) { return key(name).decimal(number); }

    [[nodiscard]] const std::string& text() const noexcept { return out_; }
    [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

private:
    void separate();
    void begin(char bracket);
    void end(char bracket);
    std::string out_;
    std::string open_; ///< the brackets that are open
    bool need_comma_ = false;
    bool key_written_ = false; ///< a key waits for its value
};

/// Appends `text` as a quoted JSON string.
void append_quoted(std::string& out, std::string_view text);

} // namespace blongo::json

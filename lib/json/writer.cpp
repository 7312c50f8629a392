// SPDX-License-Identifier: Apache-2.0
#include <blongo/json/writer.hpp>

#include <array>
#include <cassert>

#include <blongo/base/unicode.hpp>

namespace blongo::json {

namespace {

/// Whether a byte stands in a JSON string as it is, whatever its neighbours are.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> bytes{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) bytes.at(byte) = byte != '"' && byte != '\\';
    return bytes;
}();

bool is_plain(char c) {
    return plain[static_cast<unsigned char>(c)];
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += hex[byte >> 4];
    out += hex[byte & 15];
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
    out.reserve(out.size() + text.size() + 2);
    out += '"';
    std::size_t copied = 0; // bytes that need no change are copied in runs
    for (std::size_t at = 0; at < text.size();) {
        if (is_plain(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        const bool is_ascii = static_cast<unsigned char>(text[at]) < 0x80;
        bool valid = true;
        const char32_t c = is_ascii ? U'\0' : unicode::next(text, at, &valid);
        if (!is_ascii && valid) continue;
        out += text.substr(copied, begin - copied);
        if (is_ascii)
            append_escaped(out, text[at++]);
        else
            unicode::append(out, c);
        copied = at;
    }
    out += text.substr(copied);
    out += '"';
}

void Writer::separate() {
    if (need_comma_) out_ += ',';
    need_comma_ = true;
    assert((open_.empty() || open_.back() != '{' || key_written_) && "a member needs a key");
    assert((!open_.empty() || out_.empty()) && "one JSON text has one value");
    key_written_ = false;
}

void Writer::begin(char bracket) {
    separate();
    out_ += bracket;
    open_ += bracket;
    need_comma_ = false;
}

void Writer::end(char bracket) {
    assert(!open_.empty() && open_.back() == (bracket == '}' ? '{' : '[') && "brackets must match");
    assert(!key_written_ && "a key needs a value");
    if (!open_.empty()) open_.pop_back();
    out_ += bracket;
    need_comma_ = true;
}

Writer& Writer::begin_object() {
    begin('{');
    return *this;
}

Writer& Writer::end_object() {
    end('}');
    return *this;
}

Writer& Writer::begin_array() {
    begin('[');
    return *this;
}

Writer& Writer::end_array() {
    end(']');
    return *this;
}

Writer& Writer::key(std::string_view name) {
    assert(!open_.empty() && open_.back() == '{' && !key_written_ && "a key stands in an object");
    if (need_comma_) out_ += ',';
    append_quoted(out_, name);
    out_ += ':';
    need_comma_ = false;
    key_written_ = true;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_quoted(out_, text);
    return *this;
}

Writer& Writer::integer(std::int64_t number) {
    separate();
    out_ += std::to_string(number);
    return *this;
}

Writer& Writer::decimal(const Decimal& number) {
    separate();
    out_ += number.to_string();
    return *this;
}

Writer& Writer::boolean(bool truth) {
    separate();
    out_ += truth ? "true" : "false";
    return *this;
}

Writer& Writer::null() {
    separate();
    out_ += "null";
    return *this;
}

Writer& Writer::value(const Value& tree) {
    separate();
    tree.append_to(out_);
    return *this;
}

} // namespace blongo::json

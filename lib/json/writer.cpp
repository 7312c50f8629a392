// SPDX-License-Identifier: Apache-2.0
#include <blongo/json/writer.hpp>

#include <cassert>

#include <blongo/base/unicode.hpp>

namespace blongo::json {

void append_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.reserve(out.size() + text.size() + 2);
    out += '"';
    std::size_t copied = 0; // bytes that need no change are copied in runs
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::size_t begin = at;
        std::string changed;
        if (byte >= 0x80) {
            bool valid = true;
            const char32_t c = unicode::next(text, at, &valid);
            if (valid) continue;
            unicode::append(changed, c);
        } else {
            ++at;
            if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
            switch (byte) {
            case '"': changed = "\\\""; break;
            case '\\': changed = "\\\\"; break;
            case '\n': changed = "\\n"; break;
            case '\r': changed = "\\r"; break;
            case '\t': changed = "\\t"; break;
            case '\b': changed = "\\b"; break;
            case '\f': changed = "\\f"; break;
            default: changed = std::string("\\u00") + hex[byte >> 4] + hex[byte & 15];
            }
        }
        out += text.substr(copied, begin - copied);
        out += changed;
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
    out_ += tree.dump();
    return *this;
}

} // namespace blongo::json

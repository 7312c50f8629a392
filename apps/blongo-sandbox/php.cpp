// SPDX-License-Identifier: Apache-2.0
#include "php.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace blongo::sandbox {

namespace {

void escape_unit(std::string& out, std::uint32_t unit) {
    out += fmt::format("\\u{:04x}", unit);
}

void encode_text(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            ++i;
            switch (byte) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '/': out += "\\/"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (byte < 0x20)
                    escape_unit(out, byte);
                else
                    out += static_cast<char>(byte);
            }
            continue;
        }
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
        std::uint32_t point = byte & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        i += length;
        if (point > 0xFFFF) {
            escape_unit(out, 0xD800 + ((point - 0x10000) >> 10));
            escape_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            escape_unit(out, point);
        }
    }
    out += '"';
}

void encode(std::string& out, const json::Value& value) {
    switch (value.kind()) {
    case json::Kind::string: encode_text(out, value.text()); break;
    case json::Kind::boolean: out += value.is_true() ? "true" : "false"; break;
    case json::Kind::number: out += value.text(); break;
    case json::Kind::array: {
        out += '[';
        bool comma = false;
        for (const json::Value& element : value.elements()) {
            if (comma) out += ',';
            comma = true;
            encode(out, element);
        }
        out += ']';
        break;
    }
    case json::Kind::object: {
        if (value.size() == 0) {
            out += "[]";
            break;
        }
        out += '{';
        bool comma = false;
        for (const auto& [key, member] : value.members()) {
            if (comma) out += ',';
            comma = true;
            encode_text(out, key);
            out += ':';
            encode(out, member);
        }
        out += '}';
        break;
    }
    default: out += "null";
    }
}

/// Decides what happens to the n-th value of an answer.
class Quirks {
public:
    explicit Quirks(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}

    void apply(json::Value& value, std::string_view key, int depth) {
        switch (value.kind()) {
        case json::Kind::number:
            if (one_of(2)) value = json::Value(std::string(value.text()));
            break;
        case json::Kind::boolean: value = truth(value.is_true()); break;
        case json::Kind::string:
            if (value.text().empty() && one_of(3)) value = nullptr;
            break;
        case json::Kind::array:
            for (json::Value& element : value.elements()) apply(element, {}, depth + 1);
            break;
        case json::Kind::object: apply_to_map(value, key, depth); break;
        default: break;
        }
    }

private:
    bool one_of(std::uint64_t n) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % n == 0;
    }

    json::Value truth(bool yes) {
        if (one_of(3)) return yes ? "1" : "";
        if (one_of(2)) return yes ? 1 : 0;
        return yes;
    }

    void apply_to_map(json::Value& value, std::string_view key, int depth) {
        if (value.size() == 0) {
            if (one_of(2)) value = "";
            return;
        }
        if (key == "features" && !cut_ && one_of(4)) {
            cut_ = true;
            const std::string whole = value.dump();
            value = whole.substr(0, whole.size() - whole.size() / 4 - 1);
            return;
        }
        for (auto& [name, member] : value.members())
            if (depth > 0 || name != "status") apply(member, name, depth + 1);
        std::size_t index = 0;
        for (const auto& [name, member] : value.members())
            if (name != std::to_string(index++)) return;
        json::Value list = json::Value::array();
        for (auto& [name, member] : value.members()) list.push_back(std::move(member));
        value = std::move(list);
    }

    std::uint64_t state_;
    bool cut_ = false;
};

} // namespace

std::string php_encode(const json::Value& value) {
    std::string out;
    encode(out, value);
    return out;
}

json::Value with_quirks(json::Value answer, std::uint64_t seed) {
    Quirks(seed).apply(answer, {}, 0);
    return answer;
}

} // namespace blongo::sandbox

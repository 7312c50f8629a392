// SPDX-License-Identifier: Apache-2.0
#include "shape.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <blongo/base/decimal.hpp>
#include <blongo/base/text.hpp>

namespace blongo::test {
namespace {

/// The part of `text` up to `separator` outside of any bracket; `text` goes on behind it.
std::string_view take(std::string_view& text, char separator) {
    int depth = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (depth == 0 && c == separator) break;
        if (c == '{' || c == '[' || c == '<' || c == '(') ++depth;
        if (c == '}' || c == ']' || c == '>' || c == ')') --depth;
    }
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end < text.size() ? end + 1 : end);
    return trim(part);
}

void check(std::string_view type, const json::Value& value, const std::string& path, std::vector<std::string>& found) {
    type = trim(type);
    const auto wrong = [&] { found.push_back(path + ": no " + std::string(type) + ": " + value.dump()); };
    const std::string_view inner = type.size() > 2 ? type.substr(1, type.size() - 2) : std::string_view{};
    if (type == "int") {
        if (!value.is_number() || value.text().find_first_of(".eE") != std::string_view::npos) wrong();
    } else if (type == "float") {
        if (!value.is_number()) wrong();
    } else if (type == "bool") {
        if (!value.is_bool()) wrong();
    } else if (type == "numeric") {
        if (!value.is_string() || !Decimal::parse(value.text())) wrong();
    } else if (type.starts_with("str")) {
        if (!value.is_string()) return wrong();
        std::size_t most = 0;
        if (type.size() > 4) std::from_chars(type.data() + 4, type.data() + type.size() - 1, most);
        if (most > 0 && character_count(value.text()) > most) wrong();
    } else if (type.starts_with('[')) {
        if (!value.is_array()) return wrong();
        std::size_t index = 0;
        for (const json::Value& element : value.elements())
            check(inner, element, path + "[" + std::to_string(index++) + "]", found);
    } else if (type.starts_with('<')) {
        if (!value.is_object()) return wrong();
        for (const auto& [name, member] : value.members()) check(inner, member, path + "." + name, found);
    } else if (type.starts_with('{')) {
        if (!value.is_object()) return wrong();
        std::vector<std::string> known;
        for (std::string_view rest = inner; !rest.empty();) {
            std::string_view member = take(rest, ',');
            std::string name(take(member, ':'));
            const bool required = name.ends_with('!');
            if (required) name.pop_back();
            const json::Value* given = value.find(name);
            if (given)
                check(member, *given, path + "." + name, found);
            else if (required)
                found.push_back(path + "." + name + " is missing");
            known.push_back(name);
        }
        for (const auto& [name, member] : value.members())
            if (std::find(known.begin(), known.end(), name) == known.end()) found.push_back(path + "." + name + " is unknown");
    } else {
        throw std::logic_error("no such type: " + std::string(type));
    }
}

} // namespace

std::vector<std::string> shape_violations(std::string_view type, const json::Value& value) {
    std::vector<std::string> found;
    check(type, value, "$", found);
    return found;
}

} // namespace blongo::test

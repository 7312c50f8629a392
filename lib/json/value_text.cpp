// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <vector>

#include <blongo/json/value.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::json {
namespace {

/// A number in one spelling of all: as a Decimal prints it, or digits and exponent when it is
/// too long for one. What is no number stays as it is.
std::string shortest_number(std::string_view text) {
    constexpr std::size_t few = 15;
    const bool plain =
        text.size() <= few && !text.starts_with('0') && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (plain && !text.empty()) return std::string(text);
    if (const auto decimal = Decimal::parse(text)) return decimal->to_string();
    const bool negative = text.starts_with('-');
    std::string digits;
    std::int64_t exponent = 0;
    bool fraction = false;
    std::size_t at = negative ? 1 : 0;
    for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
        if (text[at] == '.') {
            fraction = true;
            continue;
        }
        if (text[at] < '0' || text[at] > '9') return std::string(text);
        if (fraction) --exponent;
        if (text[at] != '0' || !digits.empty()) digits += text[at];
    }
    const Value power = at < text.size() ? Value(text.substr(at + 1 + (text.substr(at + 1, 1) == "+" ? 1 : 0))) : 0;
    constexpr std::int64_t unreadable = INT64_MIN;
    if (power.integer(unreadable) == unreadable) return std::string(text);
    exponent += power.integer();
    for (; !digits.empty() && digits.back() == '0'; ++exponent) digits.pop_back();
    if (digits.empty()) return "0";
    return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

enum class Style { compact, canonical, pretty };

void line_break(std::string& out, std::size_t depth) {
    out += '\n';
    out.append(depth * 2, ' ');
}

void append(std::string& out, const Value& value, Style style, std::size_t depth);

/// Members sorted by their names; of members with one name the last one counts, as everywhere.
void in_canonical_order(std::vector<MemberView>& members) {
    std::ranges::stable_sort(members, {}, &MemberView::name);
    const auto first =
        std::unique(members.rbegin(), members.rend(), [](const auto& a, const auto& b) { return a.name == b.name; });
    members.erase(members.begin(), first.base());
}

void append_members(std::string& out, std::span<const MemberView> members, Style style, std::size_t depth) {
    out += '{';
    for (const MemberView& member : members) {
        if (&member != members.data()) out += ',';
        if (style == Style::pretty) line_break(out, depth + 1);
        append_quoted(out, member.name);
        out += style == Style::pretty ? ": " : ":";
        append(out, *member.value, style, depth + 1);
    }
    if (style == Style::pretty && !members.empty()) line_break(out, depth);
    out += '}';
}

void append_object(std::string& out, const Value::Object& members, Style style, std::size_t depth) {
    std::vector<MemberView> views;
    views.reserve(members.size());
    for (const auto& [name, value] : members) views.push_back({name, &value});
    if (style == Style::canonical) in_canonical_order(views);
    append_members(out, views, style, depth);
}

void append_array(std::string& out, const Value::Array& elements, Style style, std::size_t depth) {
    out += '[';
    for (const Value& element : elements) {
        if (&element != elements.data()) out += ',';
        if (style == Style::pretty) line_break(out, depth + 1);
        append(out, element, style, depth + 1);
    }
    if (style == Style::pretty && !elements.empty()) line_break(out, depth);
    out += ']';
}

void append(std::string& out, const Value& value, Style style, std::size_t depth) {
    switch (value.kind()) {
    case Kind::missing:
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += value.text(); break;
    case Kind::number:
        if (style == Style::canonical)
            out += shortest_number(value.text());
        else
            out += value.text();
        break;
    case Kind::string: append_quoted(out, value.text()); break;
    case Kind::array: append_array(out, value.elements(), style, depth); break;
    case Kind::object: append_object(out, value.members(), style, depth); break;
    }
}

std::string written(const Value& value, Style style) {
    std::string out;
    append(out, value, style, 0);
    return out;
}

} // namespace

std::string Value::dump() const {
    return written(*this, Style::compact);
}

void Value::append_to(std::string& out) const {
    append(out, *this, Style::compact, 0);
}

std::string Value::canonical() const {
    return written(*this, Style::canonical);
}

std::string Value::pretty() const {
    return written(*this, Style::pretty);
}

std::string canonical(std::vector<MemberView> members) {
    in_canonical_order(members);
    std::string out;
    append_members(out, members, Style::canonical, 0);
    return out;
}

} // namespace blongo::json

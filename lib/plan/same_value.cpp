// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/same_value.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace blongo::plan {

namespace {

using json::Value;

/// A text with its line ends as \n.
std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r')
            plain += text[i];
        else if (i + 1 == text.size() || text[i + 1] != '\n')
            plain += '\n';
    }
    return plain;
}

/// A number in its shortest form, or its text where it is none.
std::string quantity(const Value& value, std::string_view missing) {
    if (value.is_null()) return std::string(missing);
    const auto number = value.decimal();
    return number ? number->to_string() : std::string(value.text());
}

std::set<std::pair<std::string, std::string>> barcode_set(const Value& list) {
    std::set<std::pair<std::string, std::string>> codes;
    for (const Value& code : list.elements())
        codes.emplace(code["barCode"].text(), quantity(code["quantityPerBarCode"], "1"));
    return codes;
}

std::multimap<std::string, std::string> components(const Value& structure) {
    std::multimap<std::string, std::string> rows;
    for (const Value& row : structure["rows"].elements())
        rows.emplace(row["articleNumber"].text(), quantity(row["numberOfItems"], "0"));
    return rows;
}

} // namespace

bool is_blank(const Value& value) {
    if (value.is_string()) return value.text().empty();
    if (value.is_number()) {
        const auto number = value.decimal();
        return number && number->is_zero();
    }
    if (value.is_array()) return std::ranges::all_of(value.elements(), is_blank);
    if (value.is_object())
        return std::ranges::all_of(value.members(),
                                   [](const Value::Member& member) { return is_blank(member.second); });
    return value.is_null();
}

bool same_article_value(std::string_view member, const Value& a, const Value& b) {
    const bool blank = is_blank(a);
    if (blank || is_blank(b)) return blank && is_blank(b);
    if (member == "barCodeInfo.alternativeBarCodes") return barcode_set(a) == barcode_set(b);
    if (member == "structureDefinition")
        return a["articleKind"].text() == b["articleKind"].text() && components(a) == components(b);
    if (a.is_number() || b.is_number()) {
        const auto left = a.decimal();
        const auto right = b.decimal();
        return left && right ? *left == *right : a.text() == b.text();
    }
    if (a.is_string() && b.is_string())
        return with_plain_line_ends(a.text()) == with_plain_line_ends(b.text());
    return a.canonical() == b.canonical();
}

} // namespace blongo::plan

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
    for (const Value& code : list.elements()) codes.emplace(code["barCode"].text(), quantity(code["quantityPerBarCode"], "1"));
    return codes;
}

std::multimap<std::string, std::string> components(const Value& structure) {
    std::multimap<std::string, std::string> rows;
    for (const Value& row : structure["rows"].elements())
        rows.emplace(row["articleNumber"].text(), quantity(row["numberOfItems"], "0"));
    return rows;
}

/// FNV-1a over the bytes, folded to 32 bits; never 0.
class Mark {
public:
    void add(std::string_view bytes) {
        for (const char byte : bytes) step(static_cast<unsigned char>(byte));
        step(end_of_part);
    }
    [[nodiscard]] std::uint32_t value() const {
        const auto folded = static_cast<std::uint32_t>(hash_ ^ (hash_ >> 32U));
        return folded == 0 ? 1 : folded;
    }

private:
    static constexpr std::uint64_t offset = 14695981039346656037U, prime = 1099511628211U;
    static constexpr unsigned end_of_part = 0x1F;
    void step(unsigned byte) { hash_ = (hash_ ^ byte) * prime; }
    std::uint64_t hash_ = offset;
};

} // namespace

bool is_blank(const Value& value) {
    if (value.is_string()) return value.text().empty();
    if (value.is_number()) {
        const auto number = value.decimal();
        return number && number->is_zero();
    }
    if (value.is_array()) return std::ranges::all_of(value.elements(), is_blank);
    if (value.is_object())
        return std::ranges::all_of(value.members(), [](const Value::Member& member) { return is_blank(member.second); });
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
    if (a.is_string() && b.is_string()) return with_plain_line_ends(a.text()) == with_plain_line_ends(b.text());
    return a.canonical() == b.canonical();
}

std::uint32_t article_value_mark(std::string_view member, const Value& value) {
    if (is_blank(value)) return 0;
    Mark mark;
    if (member == "barCodeInfo.alternativeBarCodes") {
        for (const auto& [code, pieces] : barcode_set(value)) {
            mark.add(code);
            mark.add(pieces);
        }
    } else if (member == "structureDefinition") {
        mark.add(value["articleKind"].text());
        for (const auto& [number, pieces] : components(value)) {
            mark.add(number);
            mark.add(pieces);
        }
    } else if (value.is_number()) {
        mark.add(quantity(value, {}));
    } else if (value.is_string()) {
        mark.add(with_plain_line_ends(value.text()));
    } else {
        mark.add(value.canonical());
    }
    return mark.value();
}

} // namespace blongo::plan

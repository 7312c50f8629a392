// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/shipment.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

struct Form {
    std::string_view country;
    /// 9 a digit, A a letter, X either, a space where one may stand; other characters are themselves.
    std::string_view patterns;
};

constexpr Form forms[] = {
    {"AT", "9999"},
    {"BE", "9999"},
    {"BG", "9999"},
    {"CA", "A9A 9A9"},
    {"CH", "9999"},
    {"CY", "9999"},
    {"CZ", "999 99"},
    {"DE", "99999"},
    {"DK", "9999"},
    {"EE", "99999"},
    {"ES", "99999"},
    {"FI", "99999|FI-99999"},
    {"FR", "99999"},
    {"GB", "AA9 9AA|A9 9AA|A99 9AA|AA99 9AA|A9A 9AA|AA9A 9AA|GIR 9AA"},
    {"GR", "999 99"},
    {"HR", "99999|HR-99999"},
    {"HU", "9999"},
    {"IE", "A99 XXXX|D6W XXXX"},
    {"IS", "999"},
    {"IT", "99999"},
    {"LI", "9999"},
    {"LT", "99999|LT-99999"},
    {"LU", "9999|L-9999"},
    {"LV", "LV-9999|9999"},
    {"MT", "AAA 9999"},
    {"NL", "9999 AA"},
    {"NO", "9999"},
    {"PL", "99-999"},
    {"PT", "9999-999"},
    {"RO", "999999"},
    {"SE", "999 99|SE-999 99"},
    {"SI", "9999|SI-9999"},
    {"SK", "999 99"},
    {"UA", "99999"},
    {"US", "99999|99999-9999"},
};

bool has_form(std::string_view text, std::string_view pattern) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    std::size_t at = 0;
    for (const char p : pattern) {
        const char c = at < text.size() ? text[at] : '\0';
        if (p == ' ' && c != ' ') continue;
        const bool good = p == '9' ? is_digit(c) : p == 'A' ? is_letter(c) : p == 'X' ? is_digit(c) || is_letter(c) : c == p;
        if (!good) return false;
        ++at;
    }
    return at == text.size();
}

} // namespace

std::string_view postcode_form(std::string_view country) {
    const auto* found = std::ranges::find(forms, std::string_view(home_country(country)), &Form::country);
    if (found == std::end(forms)) return {};
    return found->patterns.substr(0, found->patterns.find('|'));
}

bool postcode_fits(std::string_view country, std::string_view postcode) {
    const std::string code = home_country(country);
    const auto* found = std::ranges::find(forms, std::string_view(code), &Form::country);
    if (found == std::end(forms)) return true;
    const std::string text = code_text(postcode);
    return std::ranges::any_of(split(found->patterns, '|'), [&](const std::string& pattern) { return has_form(text, pattern); });
}

} // namespace blongo::map

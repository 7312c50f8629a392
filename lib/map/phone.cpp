// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/shipment.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>
#include <blongo/map/countries.hpp>

namespace blongo::map {

namespace {

/// How a country dials (ITU E.164 plans).
struct Dialling {
    std::string_view country, code;
    std::string_view trunk;  ///< what stands before a number inside the country
    std::size_t least, most; ///< digits of a national number, without the trunk prefix
    std::string_view mobile; ///< how mobile numbers begin; empty: as others do, so that all count
};

constexpr Dialling plans[] = {
    {"AT", "43", "0", 7, 13, "650 651 652 653 655 657 659 660 661 663 664 665 666 667 668 669 67 68 69"},
    {"BE", "32", "0", 8, 9, "45 46 47 48 49"},
    {"BG", "359", "0", 7, 9, "87 88 89 98 99"},
    {"CA", "1", "1", 10, 10, ""},
    {"CH", "41", "0", 9, 9, "74 75 76 77 78 79"},
    {"CZ", "420", "", 9, 9, "60 70 72 73 77 79"},
    {"DE", "49", "0", 6, 11, "15 16 17"},
    {"DK", "45", "", 8, 8, ""},
    {"EE", "372", "", 7, 8, "5 81 82 83"},
    {"ES", "34", "", 9, 9, "6 71 72 73 74"},
    {"FI", "358", "0", 6, 10, "4 50"},
    {"FR", "33", "0", 9, 9, "6 7"},
    {"GB", "44", "0", 9, 10, "71 72 73 74 75 77 78 79"},
    {"GR", "30", "", 10, 10, "69"},
    {"HR", "385", "0", 8, 9, "9"},
    {"HU", "36", "06", 8, 9, "20 30 31 50 70"},
    {"IE", "353", "0", 7, 9, "82 83 85 86 87 88 89"},
    {"IT", "39", "", 6, 11, "3"},
    {"LT", "370", "0", 8, 8, "6"},
    {"LU", "352", "", 6, 9, "6"},
    {"LV", "371", "", 8, 8, "2"},
    {"NL", "31", "0", 9, 9, "6"},
    {"NO", "47", "", 8, 8, "4 9"},
    {"PL", "48", "0", 9, 9, "45 50 51 53 57 60 66 69 72 73 78 79 88"},
    {"PT", "351", "", 9, 9, "91 92 93 96"},
    {"RO", "40", "0", 9, 9, "7"},
    {"SE", "46", "0", 7, 9, "70 72 73 76 79"},
    {"SI", "386", "0", 8, 8, "30 31 40 41 51 64 65 68 69 70 71"},
    {"SK", "421", "0", 9, 9, "9"},
    {"UA", "380", "0", 9, 9, "39 50 63 66 67 68 73 75 77 91 92 93 94 95 96 97 98 99"},
    {"US", "1", "1", 10, 10, ""},
};

constexpr std::size_t least_digits = 6, most_digits = 15; ///< of any country

const Dialling* plan_of(std::string_view country) {
    const std::string code = home_country(country);
    const auto* found = std::ranges::find(plans, std::string_view(code), &Dialling::country);
    return found == std::end(plans) ? nullptr : found;
}

/// The digits of a number, and whether it begins with the code of a country.
struct Dialled {
    std::string digits;
    bool international = false;
};

/// Copied numbers carry typographic dashes and marks of direction that nobody sees.
std::string plain(std::string_view phone) {
    std::string text;
    const std::string line = normalise_name(phone);
    for (std::size_t at = 0; at < line.size();) {
        const char32_t c = unicode::next(line, at);
        const bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
        const bool unseen = (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069);
        if (!unseen) unicode::append(text, dash ? U'-' : c);
    }
    return text;
}

std::optional<Dialled> read_number(std::string_view phone) {
    const std::string text = plain(phone);
    std::string_view rest = trim(text);
    rest.remove_prefix(std::min(rest.find_first_not_of("( "), rest.size())); // "(+48) 600 100 200"
    Dialled number;
    if (rest.starts_with('+')) {
        number.international = true;
        rest.remove_prefix(1);
    }
    for (const char c : rest) {
        if (c >= '0' && c <= '9')
            number.digits += c;
        else if (std::string_view(" -()./").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    if (!number.international && number.digits.starts_with("00")) {
        number.international = true;
        number.digits.erase(0, 2);
    }
    return number;
}

bool has_length(std::string_view digits, const Dialling& plan) {
    return digits.size() >= plan.least && digits.size() <= plan.most;
}

/// Without the prefix that is dialled inside the country only. No national number begins with 0 where 0 is
/// that prefix; other prefixes may begin a number too and go only where it is too long with them.
std::string_view without_trunk(std::string_view digits, const Dialling& plan) {
    if (plan.trunk.empty() || !digits.starts_with(plan.trunk)) return digits;
    return plan.trunk == "0" || digits.size() > plan.most ? digits.substr(plan.trunk.size()) : digits;
}

} // namespace

std::optional<std::string> national_number(std::string_view phone, std::string_view country) {
    const auto number = read_number(phone);
    if (!number) return std::nullopt;
    const std::string_view digits = number->digits;
    const Dialling* plan = plan_of(country);
    if (plan == nullptr) {
        if (digits.size() < least_digits || digits.size() > most_digits) return std::nullopt;
        return number->digits;
    }
    const std::string_view behind_code =
        digits.starts_with(plan->code) ? without_trunk(digits.substr(plan->code.size()), *plan) : "";
    const std::string_view inland = number->international ? "" : without_trunk(digits, *plan);
    // Written without + or 00, the code of the country and the beginning of a number look alike. Where numbers
    // have one length, or no prefix of their own, the length decides; else a number without its prefix has the code.
    const bool code_first =
        number->international || (plan->least != plan->most && plan->trunk == "0" && !digits.starts_with('0'));
    for (const std::string_view candidate : {code_first ? behind_code : inland, code_first ? inland : behind_code})
        if (has_length(candidate, *plan)) return std::string(candidate);
    return std::nullopt;
}

bool is_mobile_number(std::string_view national_number, std::string_view country) {
    const Dialling* plan = plan_of(country);
    if (plan == nullptr || plan->mobile.empty()) return true;
    return std::ranges::any_of(split(plan->mobile, ' '),
                               [&](const std::string& beginning) { return national_number.starts_with(beginning); });
}

} // namespace blongo::map

// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/countries.hpp>

#include <utility>

#include <blongo/map/keys.hpp>

namespace blongo::map {

std::string country_text(std::string_view code) {
    std::string text = code_text(code);
    if (text == "EL") return "GR";
    if (text == "UK" || text == "XI") return "GB"; // XI: Northern Ireland in VAT numbers
    return text;
}

std::string home_country(std::string_view code) {
    std::string text = country_text(code);
    constexpr std::pair<std::string_view, std::string_view> homes[] = {{"GG", "GB"}, {"IC", "ES"}, {"IM", "GB"}, {"JE", "GB"},
                                                                       {"MC", "FR"}, {"SM", "IT"}, {"VA", "IT"}};
    for (const auto& [territory, home] : homes)
        if (text == territory) return std::string(home);
    return text;
}

} // namespace blongo::map

// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/countries.hpp>

#include <blongo/map/keys.hpp>

namespace blongo::map {

std::string country_text(std::string_view code) {
    std::string text = code_text(code);
    if (text == "EL") return "GR";
    if (text == "UK") return "GB";
    return text;
}

} // namespace blongo::map

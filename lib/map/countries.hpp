// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace blongo::map {

/// A country as two capital letters (ISO 3166-1), also where the European Union's own code is written:
/// EL is GR, UK and XI (Northern Ireland) are GB. Other texts stay as they are, in capital letters.
[[nodiscard]] std::string country_text(std::string_view code);

/// The country whose post codes and telephone numbers a territory uses: ES of the Canary Islands (IC), GB of the
/// Channel Islands and Man, FR of Monaco, IT of San Marino and the Vatican; else country_text.
[[nodiscard]] std::string home_country(std::string_view code);

/// How post codes of a country look, for people: "99-999" (9 a digit, A a letter); empty: not known.
[[nodiscard]] std::string_view postcode_form(std::string_view country);

} // namespace blongo::map

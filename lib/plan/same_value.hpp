// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <blongo/json/value.hpp>

namespace blongo::plan {

/// Whether a value says nothing: null, "", 0, or an array or object without anything that says something.
[[nodiscard]] bool is_blank(const json::Value& value);

/// Whether two values of one article member say the same, however each side writes them: blank is blank,
/// numbers by value (1.0 = 1), texts whatever their line ends, alternativeBarCodes as a set of (code,
/// quantity), structureDefinition as components with their quantities, other objects whatever their order.
[[nodiscard]] bool same_article_value(std::string_view member, const json::Value& a, const json::Value& b);

/// A small mark of one article member: 0 for a blank value, and the same for values that say the same and are written alike
/// (numbers as numbers, texts as texts). Other values have another mark, but for one case in four thousand million.
[[nodiscard]] std::uint32_t article_value_mark(std::string_view member, const json::Value& value);

} // namespace blongo::plan

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <blongo/json/value.hpp>

namespace blongo::test {

/// What is wrong with a value, judged by a type written as text:
///   int  str  bool  float  numeric        `numeric` is a number as text
///   [T]                                   a list
///   <T>                                   a map with any keys
///   {name:T, other!:T}                    an object with exactly these members; ! is required
///   str(20)                               at most 20 characters
[[nodiscard]] std::vector<std::string> shape_violations(std::string_view type, const json::Value& value);

} // namespace blongo::test

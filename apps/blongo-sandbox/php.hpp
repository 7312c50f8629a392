// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <blongo/json/value.hpp>

namespace blongo::sandbox {

/// JSON as PHP's json_encode writes it: "/" as "\/", everything beyond ASCII as \uXXXX, and an
/// empty map as [] (PHP knows one kind of array).
[[nodiscard]] std::string php_encode(const json::Value& value);

/// Rewrites an answer into the shapes of baselinker.md 1.3 that real accounts were seen to
/// send: numbers as text, booleans as 1, "1", "0", "", null for empty texts, "" for empty maps,
/// lists for maps with the keys 0 to n, and one `features` object cut to a broken text.
/// `seed` makes neighbouring answers differ, and equal ones equal.
[[nodiscard]] json::Value with_quirks(json::Value answer, std::uint64_t seed);

} // namespace blongo::sandbox

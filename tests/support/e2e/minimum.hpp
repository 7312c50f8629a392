// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "support/e2e/sandbox.hpp"

/// The fewest calls that the contracts and the rules of the flows allow, as tests/bench/minimum.md derives them.
namespace blongo::test::minimum {

/// Calls by operation.
using Calls = std::map<std::string, std::int64_t>;
struct Both {
    Calls baselinker{}, ongoing{};
};
/// Exactly these calls arrived at the sandbox since its journal was reset; an operation with 0 calls is not to arrive.
void expect_calls(Sandbox& sandbox, Both expected);

[[nodiscard]] constexpr std::int64_t ceil(std::int64_t count, std::int64_t at_once) {
    return (count + at_once - 1) / at_once;
}
/// Pages of `rows` rows each where only one that is not full is the last.
[[nodiscard]] constexpr std::int64_t pages(std::int64_t count, std::int64_t rows) {
    return count / rows + 1;
}
/// Pages of getOrders: 100 rows, and each next one begins within the second of the last row, which it shows again. For
/// orders that were confirmed in seconds of their own.
[[nodiscard]] constexpr std::int64_t order_pages(std::int64_t orders) {
    return orders == 0 ? 1 : (orders - 1) / 99 + 1;
}
/// Pages of Ongoing's lists, 500 or 1000 rows each: the first empty one is the end.
[[nodiscard]] constexpr std::int64_t ongoing_pages(std::int64_t count, std::int64_t rows) {
    return ceil(count, rows) + 1;
}

} // namespace blongo::test::minimum

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

/// Answers of BaseLinker of a known size, made of the fixtures of tests/data, as compact as the API sends them.
namespace blongo::bench {

/// getInventoryProductsData with `count` products: those of the fixture in turn, each with an id and a SKU of its own.
[[nodiscard]] std::string products_answer(std::int64_t count);

/// getOrders with `count` orders, those of the fixture in turn, each with ids of its own.
[[nodiscard]] std::string orders_answer(std::int64_t count);

} // namespace blongo::bench

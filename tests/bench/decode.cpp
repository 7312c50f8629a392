// SPDX-License-Identifier: Apache-2.0
// What decoding costs against the DOM parse of the library that does the parsing for us.
#include "bench/scenes.hpp"

#include <fmt/format.h>

#include "bench/answers.hpp"
#include "bench/measure.hpp"
#include "bench/work.hpp"

namespace blongo::bench {

namespace {

constexpr double least_share = 0.70; ///< of the DOM parse's speed
constexpr int rounds = 300;

} // namespace

void decoding() {
    for (const std::int64_t count : {100, 1000}) {
        const http::Response answer = answer_with(products_answer(count));
        const double dom = least_seconds(rounds, [&] { parse_dom(answer); });
        const double ours = least_seconds(rounds, [&] { decode_products(answer); });
        print_row(fmt::format("decode getInventoryProductsData, {} products, {} bytes: share of RapidJSON's DOM parse", count,
                              answer.body.size()),
                  dom / ours, "x", at_least(least_share));
        print_row(fmt::format("decode getInventoryProductsData, {} products", count),
                  static_cast<double>(answer.body.size()) / ours / 1e6, "MB/s");
    }
}

} // namespace blongo::bench

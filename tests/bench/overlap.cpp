// SPDX-License-Identifier: Apache-2.0
// How well reading from BaseLinker and writing to Ongoing overlap: each side is made as slow as the other, and a first
// load with both slow is compared with one where only one of them is. A serial program would take twice as long.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/measure.hpp"
#include "support/e2e/sandbox.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr std::int64_t products = 1'500, batch = 10, page = 1'000;
constexpr std::int64_t base_calls = products / page + 1 + products / batch; // list pages and details
constexpr std::int64_t ongoing_latency = 10;                                // ms; one call for each article
constexpr double most_ratio = 1.20, most_apart = 0.10;

/// Wall seconds of a first load with answers that take so many milliseconds.
double first_load(std::int64_t latency_baselinker, std::int64_t latency_ongoing) {
    Sandbox sandbox({"--products", std::to_string(products)});
    const Installation installation(sandbox, fmt::format("batch = {}", batch));
    sandbox.options(json::Value::object().set("latency_baselinker", latency_baselinker).set("latency_ongoing", latency_ongoing));
    const auto begun = std::chrono::steady_clock::now();
    expect_exit(installation.blongo({"articles", "sync"}));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (sandbox.calls("ongoing", "PUT /articles") != products) throw std::runtime_error("not every article was written");
    return seconds;
}

void measure() {
    const double ongoing = first_load(0, ongoing_latency);
    // The latency that makes BaseLinker's side as slow; what the runs cost besides is in both.
    auto latency = static_cast<std::int64_t>(std::lround(ongoing_latency * static_cast<double>(products) / base_calls));
    double baselinker = first_load(latency, 0);
    for (int tries = 0; tries < 3 && std::abs(baselinker / ongoing - 1) > most_apart; ++tries) {
        latency = std::lround(static_cast<double>(latency) * ongoing / baselinker);
        baselinker = first_load(latency, 0);
    }
    const double both = first_load(latency, ongoing_latency);
    print_row(fmt::format("first load, {} articles, only BaseLinker slow ({} ms a call)", products, latency), baselinker, "s");
    print_row(fmt::format("first load, {} articles, only Ongoing slow ({} ms a call)", products, ongoing_latency), ongoing, "s");
    print_row("how far the two are apart", std::abs(baselinker / ongoing - 1), "x", at_most(most_apart));
    print_row("first load, both slow: times one side alone", both / std::max(baselinker, ongoing), "x", at_most(most_ratio));
}

} // namespace

} // namespace blongo::bench

int main() try {
    blongo::bench::measure();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/minimum.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace blongo::test::minimum {

namespace {

Calls calls_in(const json::Value& counts) {
    Calls out;
    for (const auto& [operation, count] : counts.members()) out.emplace(operation, count.integer());
    return out;
}

std::string words(const Calls& calls) {
    std::string out;
    for (const auto& [operation, count] : calls) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", operation, count);
    return out.empty() ? "none" : out;
}

} // namespace

void expect_calls(Sandbox& sandbox, Both expected) {
    for (Calls* calls : {&expected.baselinker, &expected.ongoing})
        std::erase_if(*calls, [](const auto& call) { return call.second == 0; });
    const json::Value counts = sandbox.get("/_admin/counts");
    const Calls baselinker = calls_in(counts["baselinker"]), ongoing = calls_in(counts["ongoing"]);
    INFO("BaseLinker was called: " << words(baselinker) << "\nexpected: " << words(expected.baselinker));
    INFO("Ongoing was called: " << words(ongoing) << "\nexpected: " << words(expected.ongoing));
    CHECK(baselinker == expected.baselinker);
    CHECK(ongoing == expected.ongoing);
}

} // namespace blongo::test::minimum

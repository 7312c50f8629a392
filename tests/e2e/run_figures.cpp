// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>

#include <catch2/catch.hpp>

#include "e2e/fleet.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr int clients = 40;
constexpr std::size_t lanes = 4;

/// Answers take their time on the wire, so that waiting is what there is to share.
void make_distant(Fleet& fleet) {
    for (int client = 1; client <= clients; ++client) fleet.orders(client, 2 + client % 5);
    fleet.sandbox.options(json::Value::object().set("latency_ongoing", 60).set("latency_baselinker", 60));
}

} // namespace

TEST_CASE("40 clients, four at once, take less than 1.3 times the slowest chain of its share", "[figures]") {
    std::int64_t ideal = 0;
    {
        Fleet fleet(clients);
        make_distant(fleet);
        const Finished alone = fleet.run({"--json", "--parallel", "1"});
        REQUIRE(alone.exit_code == 0);
        std::array<std::int64_t, lanes> chains{}; // each client goes to the chain that is free first
        for (const auto& [name, end] : endings(alone))
            *std::min_element(chains.begin(), chains.end()) += end["duration_ms"].integer();
        ideal = *std::max_element(chains.begin(), chains.end());
    }
    Fleet fleet(clients);
    make_distant(fleet);
    const auto began = std::chrono::steady_clock::now();
    const Finished run = fleet.run({"--json", "--parallel", std::to_string(lanes)});
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    REQUIRE(run.exit_code == 0);
    std::cout << "40 clients: " << wall << " ms, slowest chain " << ideal << " ms\n";
    CHECK(wall < ideal * 13 / 10);
    for (int client = 1; client <= clients; ++client)
        CHECK(fleet.arrived(client).size() == static_cast<std::size_t>(2 + client % 5));
}

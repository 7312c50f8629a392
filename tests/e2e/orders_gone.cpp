// SPDX-License-Identifier: Apache-2.0
// BaseLinker shows none of the imported orders any more: another account's token, an outage. Nothing is cancelled.
#include <catch2/catch.hpp>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr int orders = 12;

int cancelled_in(Sandbox& sandbox) {
    int count = 0;
    const json::Value all = sandbox.orders();
    for (const auto& [number, order] : all.members())
        if (order["status"].integer() == 1000) ++count;
    return count;
}

} // namespace

TEST_CASE("when BaseLinker has most imported orders no more, none is cancelled until a person says that it is so") {
    Sandbox sandbox({"--products", "6"});
    for (int id = 1; id <= orders; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(1), 1)}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    REQUIRE(sandbox.orders().size() == orders);
    for (int id = 1; id <= orders; ++id) seller::erase(sandbox, id);
    sandbox.reset_journal();
    for (int run = 1; run <= 3; ++run) {
        const auto stopped = sync_orders(installation);
        CHECK(stopped.exit_code == 7);
        CHECK(stopped.err.find("--allow-cancelling") != std::string::npos);
    }
    CHECK(sandbox.writes() == 0);
    CHECK(cancelled_in(sandbox) == 0);
    // New orders go on all the same.
    sandbox.base_orders(base_order(100, {base_line(synthetic_sku(2), 1)}));
    CHECK(sync_orders(installation).exit_code == 7);
    CHECK(sandbox.orders().size() == orders + 1);
    // A person says that they were deleted: two looks, as of every deleted order.
    for (int run = 1; run <= 2; ++run) CHECK(sync_orders(installation, {"--allow-cancelling"}).exit_code == 0);
    CHECK(cancelled_in(sandbox) == orders);
    CHECK(sync_orders(installation).exit_code == 0);
}

TEST_CASE("a few orders that were deleted among many are cancelled at the second look") {
    Sandbox sandbox({"--products", "6"});
    for (int id = 1; id <= 3 * orders; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(1), 1)}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    for (int id = 1; id <= orders; ++id) seller::erase(sandbox, id);
    for (int run = 1; run <= 2; ++run) CHECK(sync_orders(installation).exit_code == 0);
    CHECK(cancelled_in(sandbox) == orders);
}

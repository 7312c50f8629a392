// SPDX-License-Identifier: Apache-2.0
// Which of several orders of one family may have the pieces that an order of it gave up.
#include <catch2/catch.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O, V = Life::V;
constexpr std::int64_t first_line = O * 10 + 1;

} // namespace

TEST_CASE("a copy does not take what was given up for a part of another order, where the journal says which is whose") {
    Life life{{.journal = true}};
    life.bring_to(O, 200);
    const auto part = seller::split(life.sandbox, O, {{first_line, 1}});
    REQUIRE(life.run() == 0);
    REQUIRE(life.there() == "O 200: A1 B1; N 300: A1");
    const auto copy = seller::copy(life.sandbox, part); // older than the second part
    (void)life.run();
    REQUIRE(life.cause_of(copy) == "split_waiting");
    const auto second = seller::split(life.sandbox, O, {{first_line, 1}});
    (void)life.run();
    INFO(life.history());
    CHECK(life.there() == "O 200: B1; N 300: A1; N 300: A1");
    CHECK(life.in_ongoing(second).is_object());
    CHECK(life.parked() == "N split_waiting");
    CHECK(life.cause_of(copy) == "split_waiting");
    (void)life.writes();
    idle(life);
}

TEST_CASE("a merge that the journal names goes with the run that reads of it") {
    Life life{{.journal = true}};
    life.bring_to(O, 200);
    life.bring_to(V, 200);
    seller::merge(life.sandbox, O, {V});
    (void)life.run();
    INFO(life.output());
    CHECK(life.there(true) == "O 200: A1 A2 B1 C1; V 1000: A1 C1");
}

TEST_CASE("an order that was parked and is deleted waits no longer, and nothing is said of a cancellation") {
    for (const bool journal : {false, true}) {
        Life life{{.journal = journal}};
        life.sandbox.base_orders(base_order(103, {base_line("NO-SUCH-SKU")}));
        CHECK(life.run() == 3);
        seller::erase(life.sandbox, 103);
        CHECK(life.run({"orders", "sync", "--json"}) == 0);
        INFO(life.output());
        CHECK(life.output().find("\"verb\":\"cancel\"") == std::string::npos);
        CHECK(life.parked().empty());
    }
}

TEST_CASE("an order that is edited to hold what another one holds costs no look at that other one") {
    Life life;
    life.bring_to(O, 200);
    const auto looks = [&] {
        life.sandbox.reset_journal();
        CHECK(life.run() == 0);
        INFO(life.output());
        CHECK(life.sandbox.calls("ongoing", "PUT /orders/{orderId}") + life.sandbox.calls("ongoing", "PUT /orders") == 1);
        return life.sandbox.calls("baselinker", "getOrders");
    };
    seller::add_line(life.sandbox, O, base_line(synthetic_sku(4), 1));
    const auto usual = looks();
    for (const int sku : {1, 3}) seller::add_line(life.sandbox, O, base_line(synthetic_sku(sku), 1)); // as V has them
    CHECK(looks() == usual);
}

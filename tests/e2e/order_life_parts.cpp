// SPDX-License-Identifier: Apache-2.0
// Which of several orders of one family may have the pieces that an order of it gave up.
#include <catch2/catch.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O;
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

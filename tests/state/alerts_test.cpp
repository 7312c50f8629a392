// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/alerts.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

constexpr Milliseconds minute{60'000};

} // namespace

TEST_CASE("one process at a time may tell about a problem, and none that read what was there before it was told", "[alerts]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store);
    Alerts alerts(*store, key);
    const AlertRow row{"parked", "Żółć 'x' \"y\" 😀", {}, {}, R"({"kind":"parked"})"};
    CHECK(value(alerts.claim(row, minute)));
    CHECK_FALSE(value(alerts.claim(row, minute)));
    CHECK_FALSE(value(alerts.list()).at(0).told_at);
    CHECK(alerts.release(row.kind, row.key).has_value());
    CHECK(value(alerts.claim(row, minute)));
    CHECK(alerts.told(row).has_value());
    CHECK_FALSE(value(alerts.claim(row, minute)));
    const auto told = value(alerts.list()).at(0);
    CHECK(told.key == row.key);
    CHECK(told.content == row.content);
    REQUIRE(told.told_at);
    CHECK(value(alerts.claim(told, minute)));
    CHECK(alerts.erase(row.kind, row.key).has_value());
    CHECK_FALSE(value(alerts.claim(told, minute)));
    CHECK(value(alerts.list()).empty());
}

TEST_CASE("the right to tell ends with its time", "[alerts]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Alerts alerts(*store, make_connection(*store));
    const AlertRow row{"auth", "orders", {}, {}, "{}"};
    CHECK(value(alerts.claim(row, Milliseconds{-1000})));
    CHECK(value(alerts.claim(row, minute)));
    CHECK_FALSE(value(alerts.claim(row, minute)));
}

// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/deliveries.hpp>
#include <blongo/state/forecasts.hpp>
#include <blongo/state/orders.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}}, one{Milliseconds{1'795'438'800'000}};

OrderRow order(std::int64_t id) {
    OrderRow row;
    row.order_id = BaseOrderId{id};
    row.number = OrderNumber{std::to_string(id)};
    return row;
}

ForecastRow forecast(std::int64_t id, const std::string& cause, Timestamp since = noon) {
    return {BaseOrderId{id}, OrderNumber{std::to_string(id)}, cause, cause + ": what exactly", since};
}

DeliveryRow delivery(std::int64_t id, DeliveryState state, const std::string& steps = "{}") {
    DeliveryRow row;
    row.order_id = BaseOrderId{id};
    row.state = state;
    row.steps = steps;
    return row;
}

} // namespace

TEST_CASE("a forecast counts from the moment its order is in the ledger until it is mended, sent or cancelled", "[forecasts]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    const auto key = make_connection(*store), other = make_connection(*store, "other", 160);
    Forecasts forecasts(*store, key);
    Orders orders(*store, key);
    Deliveries deliveries(*store, key);
    for (const std::int64_t id : {1, 2, 3, 4, 5}) value(forecasts.put(forecast(id, "bad_phone", id == 5 ? one : noon)));
    value(Forecasts(*store, other).put(forecast(1, "no_country")));
    CHECK(value(forecasts.list()).empty());
    CHECK_FALSE(value(forecasts.find(BaseOrderId{1})));
    for (const std::int64_t id : {1, 2, 3, 4}) value(orders.put(order(id), {}));
    CHECK(value(forecasts.list()).size() == 4);
    value(deliveries.put(delivery(2, DeliveryState::due)));
    value(deliveries.put(delivery(3, DeliveryState::cancelled))); // it will be booked again
    OrderRow cancelled = order(4);
    cancelled.state = OrderState::cancelled;
    value(orders.update(cancelled));
    auto rows = value(forecasts.list());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].order_id == BaseOrderId{1});
    CHECK(rows[0].order_number.value() == "1");
    CHECK(rows[0].cause == "bad_phone");
    CHECK(rows[0].detail == "bad_phone: what exactly");
    CHECK(rows[0].since == noon);
    CHECK(rows[1].order_id == BaseOrderId{3});

    // The same cause goes on; another one begins.
    value(forecasts.put(forecast(1, "bad_phone", one)));
    CHECK(value(forecasts.find(BaseOrderId{1}))->since == noon);
    value(forecasts.put(forecast(1, "bad_postcode", one)));
    CHECK(value(forecasts.find(BaseOrderId{1}))->since == one);
    CHECK(value(forecasts.find(BaseOrderId{1}))->cause == "bad_postcode");

    value(forecasts.erase_settled());
    CHECK(place.number(*store, "SELECT COUNT(*) FROM forecasts") == 4); // 1, 3, 5 that is not in the ledger yet, and the other's
    OrderRow closed = order(3);
    closed.closed_at = one;
    value(orders.update(closed));
    CHECK(value(forecasts.list()).size() == 1);
    value(forecasts.erase(BaseOrderId{1}));
    value(forecasts.erase(BaseOrderId{1}));
    CHECK(value(forecasts.list()).empty());
    value(forecasts.erase_all());
    CHECK(place.number(*store, "SELECT COUNT(*) FROM forecasts") == 1);
}

TEST_CASE("whether the warehouse weighs is known from its deliveries", "[forecasts]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Deliveries deliveries(*store, make_connection(*store));
    CHECK_FALSE(value(deliveries.were_weighed()));
    value(deliveries.put(delivery(1, DeliveryState::done)));
    CHECK_FALSE(value(deliveries.were_weighed())); // of before
    value(deliveries.put(delivery(2, DeliveryState::due, R"({"status_after":0,"weighed":false})")));
    CHECK(value(deliveries.were_weighed()) == std::optional{false});
    value(deliveries.put(delivery(3, DeliveryState::done, R"({"status_after":0,"weighed":true})")));
    CHECK(value(deliveries.were_weighed()) == std::optional{true});
}

// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "trace.hpp"

#include <blongo/state/orders.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

constexpr int ten_thousand = 10'000;
constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

void fill(Store& store, Orders& orders, int count) {
    value(store.in_transaction([&]() -> Result<void> {
        std::vector<OrderLineRow> lines;
        for (int i = 1; i <= 3; ++i) lines.push_back({std::to_string(i), ArticleNumber{"A" + std::to_string(i)}, i});
        for (int i = 1; i <= count; ++i) {
            OrderRow row;
            row.order_id = BaseOrderId{i};
            row.number = OrderNumber{"BL-" + std::to_string(i)};
            row.ongoing_id = OngoingOrderId{1'000'000 + i};
            row.market_number = "M" + std::to_string(i);
            row.identity = row.fingerprint = std::string(64, 'f');
            row.agreed = R"({"vatNumber":"PL1234567890"})";
            row.imported_at = row.seen_at = noon + Seconds{i};
            BLONGO_CHECK(orders.put(row, lines));
        }
        return {};
    }));
}

std::vector<BaseOrderId> first_ids(int count) {
    std::vector<BaseOrderId> out;
    for (int i = 1; i <= count; ++i) out.emplace_back(i);
    return out;
}

} // namespace

TEST_CASE("the cost of a question does not grow with the number of orders known", "[orders][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    fill(*store, orders, 10);
    std::vector<std::string> asked;
    {
        Trace trace(*store);
        const std::vector<std::pair<BaseOrderId, OrderStatusId>> seen{{BaseOrderId{1}, OrderStatusId{2}}};
        CHECK(value(orders.find(BaseOrderId{1})));
        CHECK(value(orders.find_many(first_ids(10))).size() == 10);
        CHECK(value(orders.search("1000001")).size() == 1);
        CHECK(value(orders.list(noon, 5)).size() == 5);
        CHECK(value(orders.list(std::nullopt, 5)).size() == 5);
        CHECK(value(orders.in_state(OrderState::imported, 5)).size() == 5);
        CHECK(value(orders.lines(BaseOrderId{1})).size() == 3);
        CHECK(value(orders.of_market_number("M1")).size() == 1);
        value(orders.touch(seen, noon));
        value(orders.update(*value(orders.find(BaseOrderId{1}))));
        asked = trace.statements;
    }
    int plans = 0;
    for (const std::string& statement : asked) {
        if (!statement.starts_with("SELECT") && !statement.starts_with("UPDATE")) continue;
        INFO(statement);
        const std::string plan = plan_of(*store, statement);
        ++plans;
        CHECK_THAT(plan, Contains("SEARCH") && !Contains("SCAN orders") && !Contains("(connection=?)"));
        // The few rows that a search finds are sorted; what has a limit must come sorted.
        if (statement.find("LIMIT") != std::string::npos) CHECK_THAT(plan, !Contains("TEMP B-TREE"));
        if (statement.find("UNION ALL") != std::string::npos) { // the search
            CHECK_THAT(plan, Contains("orders_number") && Contains("orders_market_number") &&
                                 Contains("orders_ongoing_id"));
        }
    }
    CHECK(plans >= 10);
}

TEST_CASE("ten thousand orders are read and touched with few statements", "[orders][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    fill(*store, orders, ten_thousand);
    CHECK(value(orders.count()) == ten_thousand);
    std::vector<std::pair<BaseOrderId, OrderStatusId>> seen;
    for (const auto id : first_ids(ten_thousand)) seen.emplace_back(id, OrderStatusId{7000 + id.value() % 3});
    Trace trace(*store);
    CHECK(value(orders.find_many(first_ids(ten_thousand))).size() == ten_thousand);
    CHECK(trace.statements.size() <= 20);
    trace.statements.clear();
    value(orders.touch(seen, noon));
    CHECK(trace.statements.size() <= 25);
    const auto oldest = value(orders.in_state(OrderState::imported, ten_thousand));
    CHECK(oldest.size() == ten_thousand);
    CHECK(oldest[4].base_status == OrderStatusId{7000 + 5 % 3});
}

TEST_CASE("the time that ten thousand orders take", "[.speed]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    const SystemClock clock;
    auto report = [&, last = clock.boot_time()](const char* what) mutable {
        const auto now = clock.boot_time();
        WARN(place.url << ": " << what << ": " << (now - last).count() << " ms");
        last = clock.boot_time();
    };
    fill(*store, orders, ten_thousand);
    report("10,000 put, one transaction");
    fill(*store, orders, ten_thousand);
    report("10,000 put again, one transaction");
    const auto all = first_ids(ten_thousand);
    const auto rows = value(orders.find_many(all));
    report("10,000 by find_many");
    for (int i = 0; i < 1000; ++i) value(orders.find(all[static_cast<std::size_t>(i)]));
    report("1,000 find");
    for (int i = 0; i < 1000; ++i) value(orders.put(rows[static_cast<std::size_t>(i)], {}));
    report("1,000 put, a transaction each");
    std::vector<std::pair<BaseOrderId, OrderStatusId>> seen;
    for (const auto id : all) seen.emplace_back(id, OrderStatusId{1});
    value(orders.touch(seen, noon));
    report("10,000 touched");
    CHECK(value(orders.list(std::nullopt, 100)).size() == 100);
    CHECK(value(orders.in_state(OrderState::imported, 100)).size() == 100);
    report("100 listed, twice");
}

// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

OrderRow order(std::int64_t id) {
    OrderRow row;
    row.order_id = BaseOrderId{id};
    row.number = OrderNumber{std::to_string(id)};
    row.ongoing_id = OngoingOrderId{id + 1'000'000};
    row.identity = "i-" + std::to_string(id);
    row.fingerprint = "f-" + std::to_string(id);
    row.agreed = R"({"vatNumber":"PL1234567890"})";
    row.market_number = "M" + std::to_string(id);
    row.order_source = "allegro";
    row.base_status = OrderStatusId{7000};
    row.ongoing_status = 200;
    row.date_confirmed = noon - std::chrono::hours{1};
    row.imported_at = noon;
    row.seen_at = noon;
    return row;
}

OrderLineRow line(const std::string& row_number, const std::string& article, std::int64_t quantity) {
    return {row_number, ArticleNumber{article}, quantity};
}

const std::vector two_lines{line("11", "KUBEK", 2), line("12", "MISKA", 1)};

std::vector<std::int64_t> ids(const std::vector<OrderRow>& rows) {
    std::vector<std::int64_t> out;
    for (const auto& row : rows) out.push_back(row.order_id.value());
    return out;
}

using Ids = std::vector<std::int64_t>;

} // namespace

TEST_CASE("an order and its lines come back exactly as they were put", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    OrderRow row = order(84'512'345);
    row.order_id = BaseOrderId{5'000'000'001};
    row.number = OrderNumber{"ŻÓŁĆ-5000000001-2"};
    row.ongoing_id = OngoingOrderId{6'000'000'002};
    row.state = GENERATE(OrderState::imported, OrderState::finished_before_adoption, OrderState::cancelled);
    row.adopted = true;
    row.attempt = 2;
    row.identity = "a:b 'c' \"d\"; --";
    row.fingerprint = "";
    row.market_number = "Zamówienie 😀/7";
    row.order_source = "shop";
    row.base_status = OrderStatusId{7'000'000'003};
    row.status_set = OrderStatusId{8'000'000'004};
    row.ongoing_status = 9'000'000'005;
    row.date_confirmed = noon + Milliseconds{1};
    row.imported_at = noon + Milliseconds{2};
    row.seen_at = noon + Milliseconds{3};
    const std::vector lines{line("9000000007", "ŁYŻKA 'x'", 6'000'000'000), line("2", "B", 1), line("10", "A", 0)};
    value(orders.put(row, lines));

    const auto found = value(orders.find(row.order_id));
    REQUIRE(found);
    CHECK(found->order_id == row.order_id);
    CHECK(found->number == row.number);
    CHECK(found->ongoing_id == row.ongoing_id);
    CHECK(found->state == row.state);
    CHECK(found->adopted);
    CHECK(found->attempt == 2);
    CHECK(found->identity == row.identity);
    CHECK(found->fingerprint.empty());
    CHECK(found->agreed == row.agreed);
    CHECK(found->market_number == row.market_number);
    CHECK(found->order_source == row.order_source);
    CHECK(found->base_status == row.base_status);
    CHECK(found->status_set == row.status_set);
    CHECK(found->ongoing_status == row.ongoing_status);
    CHECK(found->date_confirmed == row.date_confirmed);
    CHECK(found->imported_at == row.imported_at);
    CHECK(found->seen_at == row.seen_at);

    const auto read = value(orders.lines(row.order_id));
    REQUIRE(read.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(read[i].row_number == lines[i].row_number);
        CHECK(read[i].article == lines[i].article);
        CHECK(read[i].quantity == lines[i].quantity);
    }
    CHECK_FALSE(value(orders.find(BaseOrderId{1})));
    CHECK(value(orders.lines(BaseOrderId{1})).empty());
}

TEST_CASE("putting an order again replaces it with all its lines", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    std::vector<OrderLineRow> many;
    for (int i = 0; i < 120; ++i) many.push_back(line(std::to_string(i), "A" + std::to_string(i), i));
    value(orders.put(order(1), many));
    value(orders.put(order(2), two_lines));
    CHECK(value(orders.lines(BaseOrderId{1})).size() == 120);
    CHECK(value(orders.lines(BaseOrderId{1}))[119].quantity == 119);

    auto changed = order(1);
    changed.fingerprint = "new";
    value(orders.put(changed, two_lines));
    CHECK(value(orders.count()) == 2);
    CHECK(value(orders.find(BaseOrderId{1}))->fingerprint == "new");
    const auto lines = value(orders.lines(BaseOrderId{1}));
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].article == ArticleNumber{"KUBEK"});
    value(orders.put(changed, {}));
    CHECK(value(orders.lines(BaseOrderId{1})).empty());
    CHECK(value(orders.lines(BaseOrderId{2})).size() == 2);
}

TEST_CASE("an order is recorded with its lines or not at all", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    value(orders.put(order(1), two_lines));
    if (is_sqlite(place)) {
        place.run(*store, "CREATE TRIGGER full BEFORE INSERT ON order_lines WHEN NEW.article = 'FULL' BEGIN "
                          "SELECT RAISE(ABORT, 'disk full'); END");
    } else {
        place.run(*store, "ALTER TABLE order_lines ADD CHECK (article <> 'FULL')");
    }
    auto changed = order(1);
    changed.fingerprint = "new";
    const std::vector full{line("11", "KUBEK", 1), line("13", "FULL", 1)};
    const auto failed = orders.put(changed, full);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::state);
    CHECK(value(orders.find(BaseOrderId{1}))->fingerprint == "f-1");
    CHECK(value(orders.lines(BaseOrderId{1})).size() == 2);

    // In a transaction of the caller it takes part: an intent is settled together with its order, or neither.
    const auto done = store->in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(orders.put(order(2), two_lines));
        return fail(ErrorKind::stopped, "enough");
    });
    REQUIRE_FALSE(done);
    CHECK_FALSE(value(orders.find(BaseOrderId{2})));
    CHECK(value(orders.lines(BaseOrderId{2})).empty());
}

TEST_CASE("updating an order leaves its lines alone, and an unknown order is an error", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    value(orders.put(order(1), two_lines));
    value(others.put(order(1), {}));
    auto changed = order(1);
    changed.state = OrderState::cancelled;
    changed.status_set = OrderStatusId{7100};
    value(orders.update(changed));
    CHECK(value(orders.find(BaseOrderId{1}))->state == OrderState::cancelled);
    CHECK(value(orders.find(BaseOrderId{1}))->status_set == OrderStatusId{7100});
    CHECK(value(orders.lines(BaseOrderId{1})).size() == 2);
    CHECK(value(others.find(BaseOrderId{1}))->state == OrderState::imported);

    const auto absent = orders.update(order(2));
    REQUIRE_FALSE(absent);
    CHECK(absent.error().kind == ErrorKind::not_found);
    CHECK_THAT(absent.error().text(), Contains("2"));
    CHECK(value(orders.count()) == 1);
}

TEST_CASE("many orders are found at once, each once, in order of their ids", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    std::vector<BaseOrderId> wanted{BaseOrderId{5000}, BaseOrderId{2}};
    Ids expected;
    value(store->in_transaction([&]() -> Result<void> {
        for (int i = 1; i <= 1300; ++i) {
            BLONGO_CHECK(orders.put(order(i), {}));
            if (i % 2 != 0) continue;
            wanted.push_back(BaseOrderId{i});
            expected.push_back(i);
        }
        return others.put(order(5000), two_lines);
    }));
    std::reverse(wanted.begin(), wanted.end());
    CHECK(ids(value(orders.find_many(wanted))) == expected);
    CHECK(value(orders.find_many({})).empty());
    CHECK(value(orders.count()) == 1300);
    CHECK(value(others.count()) == 1);
    CHECK(value(orders.lines(BaseOrderId{5000})).empty());
}

TEST_CASE("orders that are watched, closed and cancelled are told apart, with their lines", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    const auto put = [&](std::int64_t id, OrderState state, Timestamp closed_at, Timestamp seen_at) {
        auto row = order(id);
        row.state = state;
        row.closed_at = closed_at;
        row.seen_at = seen_at;
        value(orders.put(row, two_lines));
    };
    put(1, OrderState::imported, {}, noon);
    put(2, OrderState::imported, {}, noon - std::chrono::hours{1});
    put(3, OrderState::imported, noon, noon);
    put(4, OrderState::imported, noon - std::chrono::hours{100}, noon);
    put(5, OrderState::cancelled, {}, noon);
    value(others.put(order(6), two_lines));
    CHECK(ids(value(orders.watched())) == Ids{2, 1}); // oldest look first
    const std::vector all{BaseOrderId{1}, BaseOrderId{3}, BaseOrderId{6}, BaseOrderId{9}};
    const auto lines = value(orders.lines_of(all));
    REQUIRE(lines.size() == 2);
    CHECK(lines.at(BaseOrderId{3}).size() == 2);
    CHECK(lines.at(BaseOrderId{3}).back().article == ArticleNumber{"MISKA"});
    const std::vector there{OngoingOrderId{1'000'003}, OngoingOrderId{1'000'006}};
    CHECK(ids(value(orders.find_many_there(there))) == Ids{3});
    CHECK(ids(value(orders.of_market_number("M4"))) == Ids{4});
    CHECK(value(orders.of_market_number("")).empty());
}

TEST_CASE("orders are found by whom they go to and by their lines", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    const auto put = [&](Orders& ledger, std::int64_t id, const std::string& receiver, const std::string& row_number) {
        auto row = order(id);
        row.receiver = receiver;
        value(ledger.put(row, std::vector{OrderLineRow{row_number, ArticleNumber{"KUBEK"}, 1}}));
    };
    put(orders, 1, "jan", "11");
    put(orders, 2, "jan", "12");
    put(orders, 5, "ewa", "12");
    put(orders, 6, "", "16");
    put(others, 7, "jan", "12");
    const auto of = [&](const std::string& receiver) {
        Ids out;
        for (const BaseOrderId id : value(orders.of_receiver(receiver, noon))) out.push_back(id.value());
        return out;
    };
    CHECK(of("jan") == Ids{1, 2});
    CHECK(of("ewa") == Ids{5});
    CHECK(of("").empty());
    const std::vector<std::string> numbers{"11", "12", "99"};
    std::set<std::pair<std::string, std::int64_t>> owners;
    for (const auto& [number, owner] : value(orders.owners_of_rows(numbers))) owners.emplace(number, owner.value());
    CHECK(owners == std::set<std::pair<std::string, std::int64_t>>{{"11", 1}, {"12", 2}, {"12", 5}});
    // Another write of the row leaves it; the name itself is not in the state.
    value(orders.update(value(orders.find(BaseOrderId{1})).value()));
    CHECK(of("jan") == Ids{1, 2});
    CHECK(place.number(*store, "SELECT COUNT(*) FROM orders WHERE receiver LIKE '%jan%'") == 0);

    CHECK(value(orders.without_receiver(BaseOrderId{6}, 10)).empty());
    auto unknown = value(orders.without_receiver(BaseOrderId{0}, 10));
    REQUIRE(ids(unknown) == Ids{6});
    unknown.front().receiver = "ewa";
    auto told_meanwhile = unknown;
    told_meanwhile.front().order_id = BaseOrderId{2}; // it has one
    for (const auto& rows : {unknown, told_meanwhile}) value(orders.fill_receivers(rows));
    CHECK(of("ewa") == Ids{5, 6});
    CHECK(of("jan") == Ids{1, 2});
    CHECK(value(orders.without_receiver(BaseOrderId{0}, 10)).empty());

    // Not those that were closed before, nor those that are not in Ongoing.
    const auto change = [&](std::int64_t id, Timestamp closed_at, OrderState state) {
        auto row = value(orders.find(BaseOrderId{id})).value();
        row.closed_at = closed_at;
        row.state = state;
        value(orders.update(row));
    };
    change(1, noon - Milliseconds{1}, OrderState::imported);
    change(2, noon, OrderState::imported);
    change(5, {}, OrderState::cancelled);
    CHECK(of("jan") == Ids{2});
    CHECK(of("ewa") == Ids{6});
    CHECK(value(orders.watched_ids()) == std::vector{BaseOrderId{6}});
}

TEST_CASE("what is known of an order's life comes back, and a look that finds it ends its absence", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    auto row = order(7);
    row.source_mark = "s-7";
    row.newest_id = BaseOrderId{5'000'000'007};
    row.tried = "f-7@300";
    row.absent_at = noon;
    row.warehouse_told = 400;
    row.freed = R"({"KUBEK":2})";
    row.merged_into = BaseOrderId{8};
    row.closed_at = noon;
    value(orders.put(row, two_lines));
    auto back = *value(orders.find(row.order_id));
    CHECK(back.source_mark == "s-7");
    CHECK(back.newest_id == row.newest_id);
    CHECK(back.tried == row.tried);
    CHECK(back.absent_at == noon);
    CHECK(back.warehouse_told == 400);
    CHECK(back.freed == row.freed);
    CHECK(back.merged_into == BaseOrderId{8});
    CHECK(back.closed_at == noon);
    const std::vector seen{std::pair{row.order_id, OrderStatusId{7001}}};
    value(orders.touch(seen, noon + std::chrono::hours{1}));
    back = *value(orders.find(row.order_id));
    CHECK(back.absent_at == Timestamp{});
    CHECK(back.closed_at == noon);
}

TEST_CASE("an order is found by the numbers that people know", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    auto first = order(1);
    first.number = OrderNumber{"BL-1"};
    first.ongoing_id = OngoingOrderId{700};
    first.market_number = "e5a0-11ef";
    auto second = order(2);
    second.number = OrderNumber{"700"};
    second.ongoing_id = OngoingOrderId{};
    second.market_number = "";
    auto third = order(3);
    third.market_number = "e5a0-11ef";
    third.ongoing_id = OngoingOrderId{};
    for (const auto& row : {third, second, first}) value(orders.put(row, {}));
    value(others.put(first, {}));

    CHECK(ids(value(orders.search("BL-1"))) == Ids{1});
    CHECK(ids(value(orders.search("e5a0-11ef"))) == Ids{1, 3});
    CHECK(ids(value(orders.search("700"))) == Ids{1, 2});
    CHECK(value(orders.search("0700")).empty());
    CHECK(value(orders.search("bl-1")).empty());
    // Neither an unknown Ongoing id nor an absent market number is a match.
    CHECK(value(orders.search("0")).empty());
    CHECK(value(orders.search("")).empty());
    CHECK(value(orders.search("BL-%")).empty());
    CHECK(value(orders.search("99999999999999999999")).empty());
}

TEST_CASE("orders are listed newest import first", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    const std::vector<int> hours{3, 1, 2, 2, 0};
    for (std::size_t i = 0; i < hours.size(); ++i) {
        auto row = order(static_cast<std::int64_t>(i + 1));
        row.imported_at = noon + std::chrono::hours{hours[i]};
        value(orders.put(row, {}));
    }
    value(others.put(order(9), {}));
    CHECK(ids(value(orders.list(std::nullopt, 100))) == Ids{1, 4, 3, 2, 5});
    CHECK(ids(value(orders.list(std::nullopt, 2))) == Ids{1, 4});
    CHECK(ids(value(orders.list(noon + std::chrono::hours{2}, 100))) == Ids{1, 4, 3});
    CHECK(ids(value(orders.list(noon + std::chrono::hours{2} + Milliseconds{1}, 100))) == Ids{1});
    CHECK(value(orders.list(noon + std::chrono::hours{4}, 100)).empty());
}

TEST_CASE("orders of one state come with the oldest look first, and a look moves them to the end", "[orders]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Orders orders(*store, make_connection(*store));
    Orders others(*store, make_connection(*store, "other", 160));
    for (int i = 1; i <= 4; ++i) {
        auto row = order(i);
        row.seen_at = noon - std::chrono::hours{i};
        if (i == 4) row.state = OrderState::cancelled;
        value(orders.put(row, two_lines));
    }
    value(others.put(order(3), {}));
    CHECK(ids(value(orders.in_state(OrderState::imported, 100))) == Ids{3, 2, 1});
    CHECK(ids(value(orders.in_state(OrderState::imported, 1))) == Ids{3});
    CHECK(ids(value(orders.in_state(OrderState::cancelled, 100))) == Ids{4});
    CHECK(value(orders.in_state(OrderState::finished_before_adoption, 100)).empty());

    using Seen = std::pair<BaseOrderId, OrderStatusId>;
    const std::vector<Seen> seen{{BaseOrderId{3}, OrderStatusId{7001}},
                                 {BaseOrderId{2}, OrderStatusId{7002}},
                                 {BaseOrderId{77}, OrderStatusId{7002}},
                                 {BaseOrderId{3}, OrderStatusId{7003}}};
    const Timestamp now = noon + std::chrono::hours{1};
    value(orders.touch(seen, now));
    CHECK(ids(value(orders.in_state(OrderState::imported, 100))) == Ids{1, 2, 3});
    const auto third = value(orders.find(BaseOrderId{3}));
    CHECK(third->base_status == OrderStatusId{7003});
    CHECK(third->seen_at == now);
    CHECK(third->fingerprint == "f-3");
    CHECK(third->imported_at == noon);
    CHECK(value(orders.find(BaseOrderId{2}))->base_status == OrderStatusId{7002});
    CHECK(value(orders.find(BaseOrderId{1}))->base_status == OrderStatusId{7000});
    CHECK(value(others.find(BaseOrderId{3}))->seen_at == noon);
    CHECK(value(orders.count()) == 4);
    value(orders.touch({}, now));
}

TEST_CASE("a reader reads orders and records none", "[orders]") {
    BLONGO_ON_BOTH(place);
    ConnectionKey connection = 0;
    {
        auto store = place.open();
        connection = make_connection(*store);
        value(Orders(*store, connection).put(order(1), two_lines));
    }
    auto reader = place.open(Access::read_only);
    Orders orders(*reader, connection);
    CHECK(value(orders.lines(BaseOrderId{1})).size() == 2);
    const std::vector<std::pair<BaseOrderId, OrderStatusId>> seen{{BaseOrderId{1}, OrderStatusId{1}}};
    CHECK_FALSE(orders.put(order(2), {}));
    CHECK_FALSE(orders.update(order(1)));
    CHECK_FALSE(orders.touch(seen, noon));
    CHECK(value(orders.count()) == 1);
}

TEST_CASE("settings that orders depend on may not change once orders are known", "[orders][connections]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Connections connections(*store);
    const auto key = value(connections.ensure("acme", identity(), "BL-")).key;
    Orders orders(*store, key);
    value(orders.put(order(1), two_lines));
    value(orders.put(order(2), two_lines));
    // An order whose write is still open counts too, one that is both recorded and written counts once.
    for (const char* intent_key : {"order:2", "order:3"}) {
        IntentRow intent;
        intent.key = intent_key;
        intent.action = "put_order";
        REQUIRE(value(Intents(*store, key).open(intent, Seconds{20})));
    }
    const auto prefix = connections.ensure("acme", identity(), "X-");
    REQUIRE_FALSE(prefix);
    CHECK(prefix.error().kind == ErrorKind::config);
    CHECK_THAT(prefix.error().text(), Contains("3 orders are known"));
    const auto owner = connections.ensure("acme", identity(160), "BL-");
    REQUIRE_FALSE(owner);
    CHECK_THAT(owner.error().text(), Contains("3 orders"));
    CHECK(connections.ensure("acme", identity(), "BL-"));
}

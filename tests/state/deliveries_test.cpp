// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "trace.hpp"

#include <blongo/state/deliveries.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

DeliveryRow delivery(std::int64_t order, std::int64_t number = 1, int minute = 0) {
    DeliveryRow row;
    row.order_id = BaseOrderId{order};
    row.number = number;
    row.order_number = OrderNumber{"BL-" + std::to_string(order)};
    row.courier_code = "dpd";
    row.sent_at = noon + std::chrono::minutes{minute};
    return row;
}

DeliveryRow booked(std::int64_t order, std::int64_t number, std::int64_t package, const std::string& courier = "dpd") {
    auto row = delivery(order, number);
    row.state = DeliveryState::booked;
    row.package_id = package;
    row.package_number = "P" + std::to_string(package);
    row.courier_code = courier;
    return row;
}

using Keys = std::vector<std::pair<std::int64_t, std::int64_t>>;

Keys keys(const std::vector<DeliveryRow>& rows) {
    Keys out;
    for (const auto& row : rows) out.emplace_back(row.order_id.value(), row.number);
    return out;
}

/// A connection with deliveries, and another one whose rows must never show.
struct Ledger {
    explicit Ledger(Store& store)
        : key(make_connection(store)), deliveries(store, key), others(store, make_connection(store, "other", 160)) {}
    ConnectionKey key;
    Deliveries deliveries, others;
};

} // namespace

TEST_CASE("a delivery comes back exactly as it was put, and again after a change", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    DeliveryRow row;
    row.order_id = BaseOrderId{5'000'000'001};
    row.number = 3;
    row.state = GENERATE(DeliveryState::due, DeliveryState::booking, DeliveryState::cancelled);
    row.order_number = OrderNumber{"ŻÓŁĆ-1"};
    row.ongoing_id = OngoingOrderId{6'000'000'002};
    row.event = R"({"event_id":9000000001,"user":"Łucja 'x'"})";
    row.quantities = R"({"11":2})";
    row.is_short = true;
    row.parcels = R"([{"weight":"2.1"}])";
    row.parcels_fingerprint = "pf";
    row.rule = "dpd (blongo.toml:84)";
    row.strategy = "api";
    row.courier_code = "dpd";
    row.account_id = 7'000'000'003;
    row.package_id = 8'000'000'004;
    row.package_number = "0000123";
    row.inner_number = "IN-7";
    row.tracking_url = "https://track.example/?n=0000123&x=:c";
    row.tracking_status = 11;
    row.adopted = true;
    row.cod = "94.79 PLN";
    row.steps = R"({"file":true})";
    row.kept_instruction = R"({"before":"ring twice","ours":"LABEL FAILED"})";
    row.wishes = R"({"parcels":[]})";
    row.sent_at = noon + Milliseconds{1};
    row.booked_at = noon + Milliseconds{2};
    row.done_at = noon + Milliseconds{4};
    row.cancelled_at = noon + Milliseconds{6};
    value(ledger.deliveries.put(row));

    const auto found = value(ledger.deliveries.find(row.order_id, 3));
    REQUIRE(found);
    CHECK(found->order_id == row.order_id);
    CHECK(found->number == 3);
    CHECK(found->state == row.state);
    CHECK(found->order_number == row.order_number);
    CHECK(found->ongoing_id == row.ongoing_id);
    CHECK(found->event == row.event);
    CHECK(found->quantities == row.quantities);
    CHECK(found->is_short);
    CHECK(found->parcels == row.parcels);
    CHECK(found->parcels_fingerprint == row.parcels_fingerprint);
    CHECK(found->rule == row.rule);
    CHECK(found->strategy == row.strategy);
    CHECK(found->courier_code == row.courier_code);
    CHECK(found->account_id == row.account_id);
    CHECK(found->package_id == row.package_id);
    CHECK(found->package_number == row.package_number);
    CHECK(found->inner_number == row.inner_number);
    CHECK(found->tracking_url == row.tracking_url);
    CHECK(found->tracking_status == row.tracking_status);
    CHECK(found->adopted);
    CHECK(found->cod == row.cod);
    CHECK(found->steps == row.steps);
    CHECK(found->kept_instruction == row.kept_instruction);
    CHECK(found->wishes == row.wishes);
    CHECK(found->sent_at == row.sent_at);
    CHECK(found->booked_at == row.booked_at);
    CHECK_FALSE(found->labelled_at);
    CHECK(found->done_at == row.done_at);
    CHECK_FALSE(found->printed_at);
    CHECK(found->cancelled_at == row.cancelled_at);

    row.is_short = row.adopted = false;
    row.cod.clear();
    row.booked_at.reset();
    row.labelled_at = noon + Milliseconds{3};
    row.printed_at = noon + Milliseconds{5};
    value(ledger.deliveries.put(row));
    const auto again = value(ledger.deliveries.find(row.order_id, 3));
    CHECK_FALSE(again->is_short);
    CHECK_FALSE(again->adopted);
    CHECK(again->cod.empty());
    CHECK_FALSE(again->booked_at);
    CHECK(again->labelled_at == row.labelled_at);
    CHECK(again->printed_at == row.printed_at);
    CHECK(value(ledger.deliveries.of_order(row.order_id)).size() == 1);
    CHECK_FALSE(value(ledger.deliveries.find(row.order_id, 1)));
    CHECK_FALSE(value(ledger.others.find(row.order_id, 3)));
}

TEST_CASE("an order has its deliveries in order of their numbers", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    for (const int number : {2, 10, 1}) value(ledger.deliveries.put(delivery(5, number)));
    value(ledger.deliveries.put(delivery(6)));
    value(ledger.others.put(delivery(5, 3)));
    CHECK(keys(value(ledger.deliveries.of_order(BaseOrderId{5}))) == Keys{{5, 1}, {5, 2}, {5, 10}});
    CHECK(value(ledger.deliveries.of_order(BaseOrderId{7})).empty());
}

TEST_CASE("the deliveries of some states come with the oldest Send first", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    const auto put = [&](std::int64_t order, DeliveryState state, int minute) {
        auto row = delivery(order, 1, minute);
        row.state = state;
        value(ledger.deliveries.put(row));
    };
    put(1, DeliveryState::booked, 30);
    put(2, DeliveryState::due, 20);
    put(3, DeliveryState::done, 0);
    put(4, DeliveryState::booked, 10);
    put(5, DeliveryState::due, 20);
    value(ledger.others.put(delivery(6)));
    const std::vector open{DeliveryState::due, DeliveryState::booked, DeliveryState::due, DeliveryState::booking};
    CHECK(keys(value(ledger.deliveries.in_states(open, 100))) == Keys{{4, 1}, {2, 1}, {5, 1}, {1, 1}});
    CHECK(keys(value(ledger.deliveries.in_states(open, 2))) == Keys{{4, 1}, {2, 1}});
    const std::vector one{DeliveryState::booked};
    CHECK(keys(value(ledger.deliveries.in_states(one, 100))) == Keys{{4, 1}, {1, 1}});
    CHECK(value(ledger.deliveries.in_states({}, 100)).empty());
    CHECK(value(ledger.deliveries.count(DeliveryState::due)) == 2);
    CHECK(value(ledger.deliveries.count(DeliveryState::cancelled)) == 0);
}

TEST_CASE("a stale copy of a delivery records the packer's text only, and not once another process went on", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    auto stale = delivery(1);
    stale.state = DeliveryState::due;
    stale.kept_instruction = "{}";
    CHECK(value(ledger.deliveries.put_instruction(stale)));
    CHECK(value(ledger.deliveries.find(BaseOrderId{1}, 1))->kept_instruction == "{}");

    auto fresh = stale;
    fresh.wishes = "newer";
    value(ledger.deliveries.put(fresh));
    stale.kept_instruction = R"({"ours":"STOP"})";
    CHECK(value(ledger.deliveries.put_instruction(stale)));
    CHECK(value(ledger.deliveries.find(BaseOrderId{1}, 1))->wishes == "newer");
    CHECK(value(ledger.deliveries.find(BaseOrderId{1}, 1))->kept_instruction == stale.kept_instruction);

    fresh.state = DeliveryState::booked;
    fresh.package_id = 77880005;
    value(ledger.deliveries.put(fresh));
    CHECK_FALSE(value(ledger.deliveries.put_instruction(stale)));
    const auto stored = value(ledger.deliveries.find(BaseOrderId{1}, 1));
    CHECK(stored->state == DeliveryState::booked);
    CHECK(stored->package_id == 77880005);
}

TEST_CASE("deliveries are listed newest Send first", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    value(ledger.deliveries.put(delivery(1, 1, 30)));
    value(ledger.deliveries.put(delivery(2, 1, 10)));
    value(ledger.deliveries.put(delivery(2, 2, 20)));
    value(ledger.deliveries.put(delivery(3, 1, 20)));
    value(ledger.others.put(delivery(4, 1, 40)));
    CHECK(keys(value(ledger.deliveries.list(std::nullopt, 100))) == Keys{{1, 1}, {3, 1}, {2, 2}, {2, 1}});
    CHECK(keys(value(ledger.deliveries.list(std::nullopt, 2))) == Keys{{1, 1}, {3, 1}});
    CHECK(keys(value(ledger.deliveries.list(noon + std::chrono::minutes{20}, 100))) == Keys{{1, 1}, {3, 1}, {2, 2}});
    CHECK(value(ledger.deliveries.list(noon + std::chrono::minutes{31}, 100)).empty());
}

TEST_CASE("a delivery is found by the numbers of its package, exactly", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    auto first = booked(1, 1, 71);
    first.package_number = "0123";
    first.inner_number = "IN-1";
    auto second = booked(2, 1, 72);
    second.package_number = "IN-1";
    second.inner_number = "IN-2";
    auto third = booked(4, 1, 73);
    third.package_number = third.inner_number = "SAME";
    for (const auto& row : {second, first, third, delivery(3)}) value(ledger.deliveries.put(row));
    value(ledger.others.put(first));
    CHECK(keys(value(ledger.deliveries.search("0123"))) == Keys{{1, 1}});
    CHECK(keys(value(ledger.deliveries.search("IN-1"))) == Keys{{1, 1}, {2, 1}});
    CHECK(keys(value(ledger.deliveries.search("SAME"))) == Keys{{4, 1}});
    for (const char* other : {"123", "in-2", "IN-%", "71", ""}) CHECK(value(ledger.deliveries.search(other)).empty());
}

TEST_CASE("a package is on one manifest, and a new package of the delivery on none yet", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    auto cancelled = booked(4, 1, 74);
    cancelled.state = DeliveryState::cancelled;
    auto done = booked(2, 1, 72);
    done.state = DeliveryState::done;
    done.sent_at = noon - Seconds{1};
    for (const auto& row : {booked(1, 1, 71), done, booked(1, 2, 73), booked(3, 1, 75, "inpost"), cancelled, delivery(5)}) {
        value(ledger.deliveries.put(row));
    }
    value(ledger.others.put(booked(9, 1, 71)));
    CHECK(keys(value(ledger.deliveries.not_on_manifest("dpd"))) == Keys{{2, 1}, {1, 1}, {1, 2}});
    CHECK(keys(value(ledger.deliveries.not_on_manifest("inpost"))) == Keys{{3, 1}});

    // 0 is no package: naming it must not take what has none off the list of a later day.
    const std::vector<std::int64_t> packages{71, 72, 0};
    value(ledger.deliveries.mark_manifested(packages, "protocol-1"));
    CHECK(keys(value(ledger.deliveries.not_on_manifest("dpd"))) == Keys{{1, 2}});
    CHECK(keys(value(ledger.others.not_on_manifest("dpd"))) == Keys{{9, 1}});
    value(ledger.deliveries.put(booked(5, 1, 76)));
    // What is written to a delivery later leaves its manifest alone.
    value(ledger.deliveries.put(booked(1, 1, 71)));
    CHECK(keys(value(ledger.deliveries.not_on_manifest("dpd"))) == Keys{{1, 2}, {5, 1}});
    value(ledger.deliveries.put(booked(1, 1, 77)));
    CHECK(keys(value(ledger.deliveries.not_on_manifest("dpd"))) == Keys{{1, 1}, {1, 2}, {5, 1}});
    value(ledger.deliveries.mark_manifested({}, "protocol-2"));
    CHECK(value(ledger.deliveries.not_on_manifest("dpd")).size() == 3);
}

TEST_CASE("a delivery is recorded with the transaction that it is part of, or not at all", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    Sightings sightings(*store, ledger.key);
    const auto both = [&](bool fails) {
        return store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(ledger.deliveries.put(delivery(1)));
            BLONGO_CHECK(sightings.put({OngoingOrderId{1}, 450, std::nullopt, 0, std::nullopt, noon}));
            if (fails) return fail(ErrorKind::stopped, "killed");
            return {};
        });
    };
    CHECK_FALSE(both(true));
    CHECK_FALSE(value(ledger.deliveries.find(BaseOrderId{1}, 1)));
    CHECK_FALSE(value(sightings.find(OngoingOrderId{1})));
    CHECK(both(false));
    CHECK(value(ledger.deliveries.find(BaseOrderId{1}, 1)));
    CHECK(value(sightings.find(OngoingOrderId{1})));
}

TEST_CASE("what was last seen of an order in the warehouse is remembered", "[sightings]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    Sightings sightings(*store, ledger.key), others(*store, ledger.key + 1);
    value(sightings.put({OngoingOrderId{5'000'000'001}, 300, std::nullopt, 0, std::nullopt, noon}));
    CHECK_FALSE(value(sightings.find(OngoingOrderId{5'000'000'001}))->shipped);
    const SightingRow sent{
        OngoingOrderId{5'000'000'001}, 450, noon - Seconds{2}, 9'000'000'001, noon - Seconds{1}, noon + Seconds{1}};
    value(sightings.put(sent));
    const auto found = value(sightings.find(sent.ongoing_id));
    REQUIRE(found);
    CHECK(found->ongoing_id == sent.ongoing_id);
    CHECK(found->status == 450);
    CHECK(found->shipped == sent.shipped);
    CHECK(found->event_id == sent.event_id);
    CHECK(found->first_send_seen == sent.first_send_seen);
    CHECK(found->seen_at == sent.seen_at);
    CHECK_FALSE(value(others.find(sent.ongoing_id)));

    std::vector<OngoingOrderId> wanted{OngoingOrderId{700}, OngoingOrderId{3}};
    value(store->in_transaction([&]() -> Result<void> {
        for (int i = 1; i <= 600; ++i) {
            BLONGO_CHECK(sightings.put({OngoingOrderId{i}, i, std::nullopt, 0, std::nullopt, noon}));
            wanted.emplace_back(601 - i);
        }
        return {};
    }));
    const auto many = value(sightings.find_many(wanted));
    REQUIRE(many.size() == 600);
    for (int i = 0; i < 600; ++i) CHECK(many[static_cast<std::size_t>(i)].status == i + 1);
    CHECK(value(sightings.find_many({})).empty());
}

TEST_CASE("no question about shipments reads all of them", "[deliveries][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    Ledger ledger(*store);
    Sightings sightings(*store, ledger.key);
    for (int i = 1; i <= 5; ++i) value(ledger.deliveries.put(booked(i, 1, i)));
    std::vector<std::string> asked;
    {
        Trace trace(*store);
        const std::vector open{DeliveryState::due, DeliveryState::booking, DeliveryState::booked};
        const std::vector<std::int64_t> packages{1, 2};
        const std::vector orders{OngoingOrderId{1}, OngoingOrderId{2}};
        CHECK(value(ledger.deliveries.find(BaseOrderId{1}, 1)));
        CHECK(value(ledger.deliveries.of_order(BaseOrderId{1})).size() == 1);
        CHECK(value(ledger.deliveries.in_states(open, 3)).size() == 3);
        CHECK(value(ledger.deliveries.list(noon, 3)).size() == 3);
        CHECK(value(ledger.deliveries.search("P3")).size() == 1);
        CHECK(value(ledger.deliveries.count(DeliveryState::booked)) == 5);
        CHECK(value(ledger.deliveries.not_on_manifest("dpd")).size() == 5);
        value(ledger.deliveries.mark_manifested(packages, "m"));
        CHECK(value(sightings.find_many(orders)).empty());
        asked = trace.statements;
    }
    int plans = 0;
    for (const std::string& statement : asked) {
        if (!statement.starts_with("SELECT") && !statement.starts_with("UPDATE")) continue;
        INFO(statement);
        const std::string plan = plan_of(*store, statement);
        ++plans;
        CHECK_THAT(plan, Contains("SEARCH") && !Contains("SCAN deliveries") && !Contains("SCAN sightings") &&
                             !Contains("(connection=?)"));
        if (statement.find("LIMIT") != std::string::npos) CHECK_THAT(plan, !Contains("TEMP B-TREE"));
    }
    CHECK(plans == 9);
}

TEST_CASE("a delivery that came to nothing is forgotten while it is due, and never once it was booked", "[deliveries]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Ledger ledger(*store);
    REQUIRE(ledger.deliveries.put(booked(1, 1, 700)));
    REQUIRE(ledger.deliveries.put(delivery(1, 2)));
    REQUIRE(ledger.others.put(delivery(1, 2)));
    REQUIRE(ledger.deliveries.erase_due(BaseOrderId{1}, 1));
    REQUIRE(ledger.deliveries.erase_due(BaseOrderId{1}, 2));
    CHECK(keys(*ledger.deliveries.of_order(BaseOrderId{1})) == Keys{{1, 1}});
    CHECK(keys(*ledger.others.of_order(BaseOrderId{1})) == Keys{{1, 2}});
}

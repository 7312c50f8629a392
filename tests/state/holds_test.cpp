// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/holds.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

HoldRow hold(std::int64_t id, const std::string& reason = {}) {
    return {BaseOrderId{id}, noon + Milliseconds{id}, "anna@office", reason};
}

} // namespace

TEST_CASE("a hold comes back exactly as it was put, and goes when it is released", "[holds]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Holds holds(*store, make_connection(*store));
    const HoldRow put{BaseOrderId{5'000'000'001}, noon, "Żaneta 'x' \"y\"@biuro", "czeka na wpłatę; -- 😀"};
    CHECK(value(holds.put(put)));
    const auto found = value(holds.find(put.order_id));
    REQUIRE(found);
    CHECK(found->order_id == put.order_id);
    CHECK(found->since == noon);
    CHECK(found->who == put.who);
    CHECK(found->reason == put.reason);
    CHECK_FALSE(value(holds.find(BaseOrderId{7})));
    CHECK(value(holds.release(put.order_id)));
    CHECK_FALSE(value(holds.release(put.order_id)));
    CHECK_FALSE(value(holds.find(put.order_id)));
    CHECK(value(holds.list()).empty());
}

TEST_CASE("a second hold keeps who and since; a new reason takes the old one's place", "[holds]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Holds holds(*store, make_connection(*store));
    REQUIRE(value(holds.put(hold(1, "unpaid"))));
    const HoldRow later{BaseOrderId{1}, noon + std::chrono::hours{1}, "piotr@office", {}};
    CHECK_FALSE(value(holds.put(later)));
    CHECK(value(holds.find(BaseOrderId{1}))->reason == "unpaid");
    CHECK_FALSE(value(holds.put({later.order_id, later.since, later.who, "the buyer called"})));
    const auto kept = value(holds.find(BaseOrderId{1}));
    REQUIRE(kept);
    CHECK(kept->who == "anna@office");
    CHECK(kept->since == noon + Milliseconds{1});
    CHECK(kept->reason == "the buyer called");
    CHECK(value(holds.list()).size() == 1);
}

TEST_CASE("holds of one connection are none of another's; many are found in one query", "[holds]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Holds ours(*store, make_connection(*store)), theirs(*store, make_connection(*store, "other", 160));
    for (const std::int64_t id : {3, 1, 2}) REQUIRE(value(ours.put(hold(id))));
    REQUIRE(value(theirs.put(hold(9))));
    const std::vector asked{BaseOrderId{9}, BaseOrderId{3}, BaseOrderId{1}, BaseOrderId{3}, BaseOrderId{77}};
    const auto found = value(ours.find_many(asked));
    REQUIRE(found.size() == 2);
    CHECK(found[0].order_id == BaseOrderId{1});
    CHECK(found[1].order_id == BaseOrderId{3});
    CHECK(value(ours.list()).size() == 3);
    CHECK_FALSE(value(theirs.release(BaseOrderId{3})));
    CHECK(value(ours.find_many({})).empty());
}

TEST_CASE("a hold is part of the transaction in which it is made", "[holds]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Holds holds(*store, make_connection(*store));
    const auto failed = store->in_transaction([&]() -> Result<void> {
        CHECK(value(holds.put(hold(1))));
        return fail(ErrorKind::internal, "the rest failed");
    });
    CHECK_FALSE(failed);
    CHECK(value(holds.list()).empty());
}

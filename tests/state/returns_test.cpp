// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/returns.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};

ReturnEntry entry(std::int64_t id, Timestamp sent = noon) {
    ReturnEntry out;
    out.row.return_id = ReturnId{id};
    out.row.order_id = BaseOrderId{5'000'000'001};
    out.row.number = ReturnNumber{"BL-R" + std::to_string(id)};
    out.row.ongoing_id = 8801;
    out.row.fingerprint = "f";
    out.row.base_status = ReturnStatusId{51002};
    out.row.sent_status = ReturnStatusId{51001};
    out.row.sent_at = out.row.seen_at = out.row.looked_at = sent;
    out.lines = {{"701", ArticleNumber{"CUP"}, 2, *Decimal::parse("1.5")}, {"702", ArticleNumber{"JUG"}, 1, {}}};
    return out;
}

std::vector<std::int64_t> ids(const std::vector<ReturnEntry>& entries) {
    std::vector<std::int64_t> out;
    for (const auto& one : entries) out.push_back(one.row.return_id.value());
    return out;
}

} // namespace

TEST_CASE("a return comes back with its lines as it was put, and belongs to one connection", "[returns]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Returns returns(*store, make_connection(*store)), others(*store, make_connection(*store, "other", 160));
    CHECK(value(returns.count()) == 0);
    CHECK_FALSE(value(returns.find(ReturnId{70})));
    ReturnEntry one = entry(70);
    one.row.adopted = true;
    one.row.received_at = noon + Milliseconds{5};
    value(returns.put(one));
    value(others.put(entry(70)));
    const auto found = value(returns.find(ReturnId{70})).value();
    CHECK(found.row.order_id == one.row.order_id);
    CHECK(found.row.number == one.row.number);
    CHECK(found.row.ongoing_id == 8801);
    CHECK(found.row.state == ReturnState::sent);
    CHECK(found.row.adopted);
    CHECK(found.row.fingerprint == "f");
    CHECK(found.row.base_status == one.row.base_status);
    CHECK(found.row.sent_status == one.row.sent_status);
    CHECK(found.row.fate == ReturnStatusFate::none);
    CHECK(found.row.sent_at == noon);
    CHECK(found.row.received_at == one.row.received_at);
    REQUIRE(found.lines.size() == 2);
    CHECK(found.lines[0].row_number == "701");
    CHECK(found.lines[0].article == ArticleNumber{"CUP"});
    CHECK(found.lines[0].quantity == 2);
    CHECK(found.lines[0].received == *Decimal::parse("1.5"));
    CHECK(found.lines[1].article == ArticleNumber{"JUG"});

    one.lines.pop_back(); // a line that is gone goes
    one.row.state = ReturnState::received;
    value(returns.put(one));
    CHECK(value(returns.find(ReturnId{70}))->lines.size() == 1);
    CHECK(value(returns.find(ReturnId{70}))->row.state == ReturnState::received);
    CHECK(value(others.find(ReturnId{70}))->lines.size() == 2);
    CHECK(value(returns.count()) == 1);
}

TEST_CASE("returns are listed by what is still to be done about them", "[returns]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Returns returns(*store, make_connection(*store));
    for (int i = 0; i < 4; ++i) {
        ReturnEntry one = entry(70 + i, noon + Milliseconds{1000 * i});
        one.row.looked_at = noon - Milliseconds{1000 * i};
        one.row.state = static_cast<ReturnState>(i);
        one.row.fate = static_cast<ReturnStatusFate>(i);
        value(returns.put(one));
    }
    CHECK(ids(value(returns.open(10))) == std::vector<std::int64_t>{72, 70}); // sent, missing: oldest look first
    CHECK(ids(value(returns.open(1))) == std::vector<std::int64_t>{72});
    CHECK(ids(value(returns.wanted(10))) == std::vector<std::int64_t>{71});
    CHECK(ids(value(returns.list(std::nullopt, 3))) == std::vector<std::int64_t>{73, 72, 71});
    CHECK(ids(value(returns.list(noon + Milliseconds{2500}, 10))) == std::vector<std::int64_t>{73});
    const std::vector asked{ReturnId{73}, ReturnId{70}, ReturnId{99}};
    CHECK(ids(value(returns.find_many(asked))) == std::vector<std::int64_t>{70, 73});

    value(returns.touch(std::vector{std::pair{ReturnId{70}, ReturnStatusId{5}}, std::pair{ReturnId{99}, ReturnStatusId{6}}},
                        noon + Milliseconds{9}));
    value(returns.touch({}, noon));
    value(returns.touch_looked(std::vector{ReturnId{72}}, noon + Milliseconds{10}));
    value(returns.touch_looked({}, noon));
    CHECK(value(returns.find(ReturnId{70}))->row.base_status == ReturnStatusId{5});
    CHECK(value(returns.find(ReturnId{70}))->row.seen_at == noon + Milliseconds{9});
    CHECK(value(returns.find(ReturnId{71}))->row.base_status == ReturnStatusId{51002});
    CHECK(ids(value(returns.open(10))) == std::vector<std::int64_t>{70, 72});
    CHECK(value(returns.count()) == 4);
}

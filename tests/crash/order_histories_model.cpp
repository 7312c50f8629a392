// SPDX-License-Identifier: Apache-2.0
// The model of the histories complains where it must, and is silent where all is well.
#include <catch2/catch.hpp>

#include <algorithm>

#include "support/e2e/history_model.hpp"

using namespace blongo;
using namespace blongo::test::history;

namespace {

constexpr OrderId id = 1'001, child = 1'002;

json::Value body_of(const BaseOrder& order) {
    json::Value lines = json::Value::array();
    for (const auto& [row, line] : order.lines)
        lines.push_back(
            json::Value::object().set("rowNumber", row).set("articleNumber", line.sku).set("numberOfItems", line.pieces));
    return json::Value::object()
        .set("orderNumber", std::to_string(order.id))
        .set("goodsOwnerOrderId", std::to_string(order.id))
        .set("consignee", json::Value::object().set("address1", order.address))
        .set("servicePointCode", order.point)
        .set("orderRemark", order.remark)
        .set("orderLines", std::move(lines));
}

/// One order on both sides, and a history that is told by hand.
struct Told {
    explicit Told(Setup setup = {}) : model(setup) {
        base = {id, base_status::accepted, true, {{"11", {"A", 2}}, {"12", {"B", 3}}}, "Street 1", "POINT-1", "please"};
        sides.base[id] = base;
        model.person_made(base);
        run({{"ongoing", "PUT /orders", "/orders", {}, body_of(base), true}}, [&] {
            sides.warehouse[id] = after_put({}, body_of(base), true);
            sides.warehouse[id].status = ware_status::released;
            sides.warehouse[id].ongoing_id = 7;
        });
    }
    template <class Change> void run(const std::vector<Call>& calls, Change change) {
        model.run_begins(sides, "");
        change();
        model.run_ended(0, calls, sides, parked);
    }
    void put() {
        run({{"ongoing", "PUT /orders", "/orders", {}, body_of(base), true}},
            [&] { sides.warehouse[id] = after_put(sides.warehouse[id], body_of(base), true); });
    }
    [[nodiscard]] bool complains_of(const std::string& words) const {
        const auto& all = model.complaints();
        return std::any_of(all.begin(), all.end(), [&](const auto& line) { return line.find(words) != std::string::npos; });
    }

    Model model;
    BaseOrder base;
    Sides sides;
    Parked parked;
};

} // namespace

TEST_CASE("the model has nothing to say of an order that was created, updated, cancelled") {
    Told told;
    told.base.address = "Street 2";
    told.sides.base[id] = told.base;
    told.put();
    told.sides.base[id].status = base_status::cancelled;
    told.model.person_moved(id, base_status::cancelled);
    told.run({{"ongoing", "DELETE /orders/{orderId}", "/orders/7", {}, {}, true}},
             [&] { told.sides.warehouse[id].status = ware_status::cancelled; });
    told.model.judge(told.sides, told.parked);
    CHECK(told.model.complaints().empty());
}

TEST_CASE("the model complains of writes that no rule allows") {
    Told told;
    SECTION("people's address is overwritten") {
        told.model.edits(id).address = told.sides.warehouse[id].address = "by people";
        told.base.remark = told.sides.base[id].remark = "hurry";
        told.put();
        CHECK(told.complains_of("sends another address"));
    }
    SECTION("the warehouse has begun") {
        told.sides.warehouse[id].status = ware_status::allocated;
        told.base.remark = told.sides.base[id].remark = "hurry";
        told.put();
        CHECK(told.complains_of("PUT of order 1001 at status 320"));
    }
    SECTION("an order that nobody cancelled is cancelled") {
        told.run({{"ongoing", "DELETE /orders/{orderId}", "/orders/7", {}, {}, true}},
                 [&] { told.sides.warehouse[id].status = ware_status::cancelled; });
        CHECK(told.complains_of("is cancelled and stands in BaseLinker"));
    }
    SECTION("a copy goes to the warehouse beside its order") {
        BaseOrder copy = told.base;
        copy.id = child;
        copy.lines = {{"21", {"A", 2}}, {"22", {"B", 3}}};
        told.sides.base[child] = copy;
        told.model.person_split(id, copy, true, told.sides);
        told.run({{"ongoing", "PUT /orders", "/orders", {}, body_of(copy), true}}, [&] {
            told.sides.warehouse[child] = after_put({}, body_of(copy), true);
            told.sides.warehouse[child].status = ware_status::released;
        });
        CHECK(told.complains_of("4 pieces of A"));
    }
    SECTION("a person's status is overwritten") {
        told.sides.base[id].status = base_status::fresh;
        told.model.person_moved(id, base_status::fresh);
        told.run({{"baselinker",
                   "setOrderStatus",
                   "",
                   {},
                   json::Value::object().set("order_id", id).set("status_id", base_status::trouble),
                   true}},
                 [&] { told.sides.base[id].status = base_status::trouble; });
        CHECK(told.complains_of("against a person"));
    }
}

TEST_CASE("the model complains of what is left at the end") {
    Told told;
    SECTION("an update that was not made") {
        told.sides.base[id].point = "POINT-2";
        told.model.judge(told.sides, told.parked);
        CHECK(told.complains_of("was not updated: point"));
    }
    SECTION("a change that the warehouse refuses, and nobody says so") {
        told.sides.warehouse[id].status = ware_status::picked;
        told.sides.base[id].lines.erase("12");
        told.model.judge(told.sides, told.parked);
        CHECK(told.complains_of("differs in line 12 and is parked \"\""));
        told.parked[id] = "locked_in_warehouse";
        const auto before = told.model.complaints().size();
        told.model.judge(told.sides, told.parked);
        CHECK(told.model.complaints().size() == before);
    }
    SECTION("an order that is nowhere") {
        BaseOrder lost = told.base;
        lost.id = child;
        told.sides.base[child] = lost;
        told.model.person_made(lost);
        told.model.judge(told.sides, told.parked);
        CHECK(told.complains_of("order 1002 is not in Ongoing"));
    }
    SECTION("a cause that explains nothing") {
        told.parked[id] = "locked_in_warehouse";
        told.model.judge(told.sides, told.parked);
        CHECK(told.complains_of("it is not locked"));
    }
}

TEST_CASE("the model expects of each booked delivery the status that says what was picked, once") {
    Setup setup;
    setup.shipments = true;
    setup.by_warehouse[ware_status::sent] = base_status::sent;
    Told told(setup);
    const auto of_order = json::Value::object().set("order_id", id);
    const auto book = [&] { told.run({{"baselinker", "createPackage", "", {}, of_order, true}}, [] {}); };
    const auto set = [&](std::int64_t status) {
        told.run({{"baselinker", "setOrderStatus", "", {}, json::Value(of_order).set("status_id", status), true}},
                 [&] { told.sides.base[id].status = status; });
    };
    told.sides.warehouse[id].status = ware_status::sent;
    told.model.warehouse_moved(id, told.sides.warehouse[id], ware_status::sent);
    SECTION("all is well") {
        set(base_status::sent);
        book();
        set(base_status::delivered);
        told.model.judge(told.sides, told.parked);
        CHECK(told.model.complaints().empty());
    }
    SECTION("nothing was booked") {
        set(base_status::delivered);
        CHECK(told.complains_of("no parcel was booked"));
    }
    SECTION("it is set once more after a person moved the order") {
        book();
        set(base_status::delivered);
        told.sides.base[id].status = base_status::accepted;
        told.model.person_moved(id, base_status::accepted);
        set(base_status::delivered);
        CHECK(told.complains_of("no parcel was booked"));
    }
    SECTION("less was picked than the status says") {
        book();
        told.sides.warehouse[id].is_short = true;
        set(base_status::delivered);
        CHECK(told.complains_of("what was picked"));
    }
    SECTION("the warehouse's status takes its place") {
        book();
        set(base_status::delivered);
        set(base_status::sent);
        CHECK(told.complains_of("a parcel was booked already"));
    }
    SECTION("it is never set") {
        book();
        told.model.judge(told.sides, told.parked);
        CHECK(told.complains_of("BaseLinker does not show it"));
    }
}

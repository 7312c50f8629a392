// SPDX-License-Identifier: Apache-2.0
// orders diff: what a sync would change, member by member, before it does; nothing is written.
#include <catch2/catch.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

struct Diff {
    Finished finished;
    std::vector<json::Value> rows;
    /// The verdict of a member of an order; empty: no such row.
    [[nodiscard]] std::string verdict(const std::string& key, const std::string& member) const {
        for (const auto& row : rows)
            if (row["key"].text() == key && row["member"].text() == member) return std::string(row["verdict"].text());
        return {};
    }
};

/// With --exit-code; it writes nothing on either side, and not in the state.
Diff diff(Sending& world, std::vector<std::string> names = {}) {
    names.insert(names.begin(), {"orders", "diff", "--exit-code", "--json"});
    const std::string before = edit_state(world.installation, "SELECT * FROM orders; SELECT * FROM parked; SELECT * FROM due; "
                                                              "SELECT * FROM intents; SELECT * FROM runs");
    world.sandbox.reset_journal();
    Diff out;
    out.finished = world.blongo(names);
    out.rows = lines_of(out.finished, "difference");
    CHECK(world.sandbox.writes() == 0);
    CHECK(edit_state(world.installation, "SELECT * FROM orders; SELECT * FROM parked; SELECT * FROM due; "
                                         "SELECT * FROM intents; SELECT * FROM runs") == before);
    return out;
}

json::Value lines(const std::vector<std::pair<std::int64_t, std::int64_t>>& rows) {
    json::Value out = json::Value::array();
    for (const auto& [row, pieces] : rows)
        out.push_back(base_line(synthetic_sku(static_cast<int>(row % 10)), pieces).set("order_product_id", row));
    return with("products", std::move(out));
}

} // namespace

TEST_CASE("both sides agree: no row, exit code 0") {
    Sending world;
    world.import({one_piece(1), one_piece(2)});
    const auto none = diff(world);
    CHECK(none.finished.exit_code == 0);
    CHECK(none.rows.empty());
    const auto told = world.blongo({"orders", "diff"});
    CHECK(told.out.find("a sync would change nothing") != std::string::npos);
    CHECK(diff(world, {"1"}).finished.exit_code == 0);
    CHECK(diff(world, {"999"}).finished.exit_code == 6);
}

TEST_CASE("what the diff shows is what the sync then changes") {
    Sending world;
    world.import({base_order(1, {base_line(synthetic_sku(1), 2), base_line(synthetic_sku(2))}), one_piece(2)});
    world.edit_base(1, lines({{11, 3}, {13, 1}}));
    world.edit_base(1, read_json(R"({"delivery_city":"Krakow","delivery_point_id":"KRA01"})"));
    for (const std::vector<std::string>& names : {std::vector<std::string>{}, {"1"}, {"--order", "1"}}) {
        const auto found = diff(world, names);
        CHECK(found.finished.exit_code == 9);
        CHECK(found.rows.size() == 5);
        CHECK(found.verdict("1", "consignee.city") == "update");
        CHECK(found.verdict("1", "servicePointCode") == "update");
        CHECK(found.verdict("1", "orderLines[11].numberOfItems") == "update");
        CHECK(found.verdict("1", "orderLines[12]") == "update");
        CHECK(found.verdict("1", "orderLines[13]") == "update");
        for (const auto& row : found.rows) {
            INFO(row.dump());
            CHECK(row["flow"].text() == "orders");
            CHECK(row["order_number"].text() == "1");
            if (row["member"].text() == "servicePointCode") {
                CHECK(row["ongoing"].is_null());
                CHECK(row["baselinker"].text() == "KRA01");
            }
            if (row["member"].text() == "orderLines[12]") CHECK(row["ongoing"].text() == "1 x P000002");
            if (row["member"].text() == "consignee.city") CHECK(row["baselinker"].text() == "***");
        }
    }
    CHECK(world.blongo({"orders", "diff"}).exit_code == 0); // without --exit-code
    CHECK(world.blongo({"orders", "diff"}).out.find("Krakow") == std::string::npos);
    CHECK(sync_orders(world.installation).exit_code == 0);
    CHECK(world.there("1")["data"]["servicePointCode"].text() == "KRA01");
    CHECK(diff(world).rows.empty());
}

TEST_CASE("what people edited in Ongoing is shown as kept, and is no difference") {
    Sending world;
    world.import({one_piece(1)});
    world.edit_warehouse("1", with("servicePointCode", "LOD07"));
    CHECK(diff(world).rows.empty()); // nothing changed in BaseLinker
    world.edit_base(1, with("delivery_point_id", "KRA01"));
    const auto found = diff(world);
    CHECK(found.finished.exit_code == 0);
    CHECK(found.verdict("1", "servicePointCode") == "kept");
    REQUIRE(found.rows.size() == 1);
    CHECK(found.rows.front()["ongoing"].text() == "LOD07");
    CHECK(found.rows.front()["baselinker"].text() == "KRA01");
}

TEST_CASE("where the warehouse has started a change is locked, or patched if the settings say so") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "pick", picked(1, {1}));
    world.edit_base(1, read_json(R"({"delivery_point_id":"KRA01","delivery_city":"Krakow"})"));
    const auto found = diff(world);
    CHECK(found.finished.exit_code == 9);
    CHECK(found.verdict("1", "consignee.city") == "locked");
    CHECK(found.verdict("1", "servicePointCode") == "patch");
}

TEST_CASE("orders that are cancelled, deleted, another order's, on hold, or came back say so") {
    Sending world;
    world.import({one_piece(1), one_piece(2), one_piece(3, read_json(R"({"shop_order_id":"700"})")), one_piece(4), one_piece(5),
                  one_piece(6)});
    world.edit_base(1, with("order_status_id", status::cancelled));
    world.sandbox.send("DELETE", "/_admin/baselinker/orders?id=2", {});
    world.edit_base(3, with("shop_order_id", "701"));
    REQUIRE(world.blongo({"orders", "hold", "4"}).exit_code == 0);
    world.edit_base(4, with("delivery_city", "Krakow"));
    edit_state(world.installation, "UPDATE orders SET state = 2 WHERE order_id = 5");
    world.work("6", "pick", picked(6, {1}));
    world.edit_base(6, with("order_status_id", status::cancelled));
    const auto found = diff(world);
    CHECK(found.finished.exit_code == 9);
    CHECK(found.verdict("1", "order") == "cancel");
    CHECK(found.verdict("2", "order") == "cancel");
    CHECK(found.verdict("3", "order") == "identity_changed");
    CHECK(found.verdict("4", "consignee.city") == "on_hold");
    CHECK(found.verdict("6", "order") == "locked");
    CHECK(found.rows.size() == 5);
    CHECK(diff(world, {"5"}).verdict("5", "order") == "cancelled_came_back");
}

TEST_CASE("named orders that blongo did not send: what would be created, and what somebody else brought there") {
    Sending world;
    world.import({one_piece(1)});
    world.edit_base(2, one_piece(2));
    world.edit_base(3, one_piece(3, with("order_status_id", status::fresh)));
    world.edit_base(4, one_piece(4));
    json::Value stranger = world.there("1");
    stranger.erase("orderId");
    stranger.erase("orderNumber");
    stranger["data"].set("orderNumber", "4").set("goodsOwnerOrderId", "X-4").set("servicePointCode", "LOD07");
    world.sandbox.post("/_admin/ongoing/orders", stranger.set("orderId", 999004));
    CHECK(diff(world).rows.empty());
    CHECK(diff(world, {"2"}).verdict("2", "order") == "create");
    CHECK(diff(world, {"2"}).finished.exit_code == 9);
    CHECK(diff(world, {"3"}).rows.empty());
    const auto theirs = diff(world, {"4"});
    CHECK(theirs.finished.exit_code == 9);
    CHECK(theirs.verdict("4", "goodsOwnerOrderId") == "exists_in_warehouse");
}

TEST_CASE("an order that the warehouse locked is told what differs by the command that its cause names") {
    Sending world;
    world.import({one_piece(1)});
    world.work("1", "pick", picked(1, {1}));
    world.edit_base(1, with("delivery_city", "Krakow"));
    CHECK(sync_orders(world.installation).exit_code == 3);
    const auto parked = lines_of(world.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["cause"].text() == "locked_in_warehouse");
    CHECK(parked.front()["command"].text() == "blongo orders diff 1");
    CHECK(diff(world, {"1"}).verdict("1", "consignee.city") == "locked");
}

// SPDX-License-Identifier: Apache-2.0
// Orders that come out of others or go into them: what waits goes once its parent's pieces have left the warehouse, and
// at the end of no run is a piece there twice. The plain cells are those of order_life.cpp.
#include <catch2/catch.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O, V = Life::V;
constexpr std::int64_t first_line = O * 10 + 1, second_line = O * 10 + 2;

json::Value shop_number(const std::string& number) {
    return json::Value::object().set("order_source", "allegro").set("order_source_id", 4417).set("external_order_id", number);
}

/// Both with the journal off and on.
template <class Test> void in_both(const Test& test) {
    for (const bool journal : {false, true}) {
        INFO("journal " << (journal ? "on" : "off"));
        Life life{{.journal = journal}};
        test(life);
        INFO(life.history());
        expect_lawful(life.sandbox);
    }
}

/// A run; at its end no article is in the warehouse more often than BaseLinker has sold it, as far as `at_most` says.
void run_with_at_most(Life& life, const std::map<std::string, std::int64_t>& at_most) {
    (void)life.run();
    INFO(life.history());
    const auto pieces = life.pieces_there();
    for (const auto& [letter, most] : at_most) {
        INFO(letter);
        CHECK((pieces.contains(letter) ? pieces.at(letter) : 0) <= most);
    }
}

/// What was written until now is left aside; from now on nothing is.
void idle_from_now(Life& life) {
    (void)life.writes();
    idle(life);
}

} // namespace

TEST_CASE("a part that waits goes when the parent is open again and its update was accepted") {
    in_both([](Life& life) {
        life.sandbox.options(with("locked_from_status", 300));
        const auto n = seller::split(life.sandbox, O, {{first_line, 1}, {second_line, 1}});
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
        CHECK(life.cause_of(n) == "split_waiting");
        CHECK(life.cause_of(O) == "locked_in_warehouse");
        life.bring_to(O, 200);
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
        CHECK(life.there() == "O 200: A1; N 300: A1 B1");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("a copy goes when its parent was cancelled, and a refused cancellation does not count") {
    for (const bool refused : {false, true})
        in_both([refused](Life& life) {
            const auto n = seller::copy(life.sandbox, O);
            run_with_at_most(life, {{"A", 3}, {"B", 1}});
            CHECK(life.cause_of(n) == "split_waiting");
            life.bring_to(O, refused ? 320 : 200);
            seller::edit(life.sandbox, O, with("order_status_id", status::cancelled));
            for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
            CHECK(life.there() == (refused ? "O 320: A2 B1 told" : "O 1000: A2 B1; N 300: A2 B1"));
            CHECK(life.cause_of(n) == (refused ? "split_waiting" : ""));
            idle_from_now(life);
        });
}

TEST_CASE("a part that is merged back is forgotten: nothing was written, nothing waits") {
    in_both([](Life& life) {
        life.bring_to(O, 320);
        const auto n = seller::split(life.sandbox, O, {{first_line, 1}});
        (void)life.run();
        CHECK(life.cause_of(n) == "split_waiting");
        (void)life.writes();
        seller::merge(life.sandbox, O, {n});
        seller::remove_line(life.sandbox, O,
                            life.sandbox.base_order(O)["products"].elements().back()["order_product_id"].integer());
        seller::edit_line(life.sandbox, O, first_line, with("quantity", 2));
        for (int i = 0; i < 3; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
        CHECK(life.writes().empty());
        CHECK(life.there() == "O 320: A2 B1");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("a part that was split once more waits for what its own parent lost") {
    in_both([](Life& life) {
        life.bring_to(O, 200);
        const auto n = seller::split(life.sandbox, O, {{first_line, 1}, {second_line, 1}});
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
        REQUIRE(life.there() == "O 200: A1; N 300: A1 B1");
        life.bring_to(n, 200);
        const json::Value part = life.sandbox.base_order(n);
        seller::split(life.sandbox, n, {{part["products"].elements().front()["order_product_id"].integer(), 1}});
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}});
        CHECK(life.there() == "O 200: A1; N 200: B1; N 300: A1");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("two orders that had one shop number from the beginning are no family") {
    in_both([](Life& life) {
        json::Value twins = json::Value::array();
        for (const std::int64_t id : {301, 302})
            twins.push_back(base_order(id, {base_line(synthetic_sku(4), 1)}, shop_number("AL-300")));
        life.sandbox.base_orders(twins);
        CHECK(life.run() == 0);
        INFO(life.history());
        CHECK(life.pieces_there()["D"] == 2);
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("orders of one source without numbers of their own are no family, nor is another account's number") {
    in_both([](Life& life) {
        const auto bare = [](std::int64_t id) {
            return base_order(id, {base_line(synthetic_sku(4), 1)}, json::Value::object().set("shop_order_id", 0));
        };
        life.sandbox.base_orders(bare(301));
        CHECK(life.run() == 0);
        life.sandbox.base_orders(bare(302));
        life.sandbox.base_orders(
            base_order(303, {base_line(synthetic_sku(4), 1)}, shop_number("AL-101").set("order_source_id", 9)));
        life.sandbox.base_orders(bare(304).set("shop_order_id", -1));
        CHECK(life.run() == 0);
        INFO(life.history());
        CHECK(life.pieces_there()["D"] == 4);
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("two orders that are merged into one at once go as one decision") {
    for (const bool started : {false, true})
        in_both([started](Life& life) {
            life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(4), 2)}));
            REQUIRE(life.run() == 0);
            for (const auto order : {O, V, std::int64_t{103}}) life.bring_to(order, 200);
            if (started) life.bring_to(103, 320);
            seller::merge(life.sandbox, O, {V, 103});
            const std::map<std::string, std::int64_t> sold{{"A", 3}, {"B", 1}, {"C", 1}, {"D", 2}};
            for (int i = 0; i < 2; ++i) run_with_at_most(life, sold);
            if (!started) {
                CHECK(life.there(true) == "O 200: A1 A2 B1 C1 D2; V 1000: A1 C1; N 1000: D2");
                CHECK(life.parked().empty());
            } else {
                // Nothing is lost and nothing is there twice, whatever could be decided.
                CHECK(life.pieces_there()["D"] == 2);
                CHECK(life.pieces_there()["C"] == 1);
                CHECK(life.cause_of(103) == "merged_in_base");
                CHECK(life.cause_of(O) == "merged_in_base");
            }
            idle_from_now(life);
        });
}

TEST_CASE("a part that was split off right before or after a merge goes when the merge is done") {
    for (const bool of_main : {true, false})
        in_both([of_main](Life& life) {
            life.bring_to(O, 200);
            life.bring_to(V, 200);
            const std::vector<std::pair<std::int64_t, std::int64_t>> pieces{{of_main ? second_line : V * 10 + 2, 1}};
            if (!of_main) (void)seller::split(life.sandbox, V, pieces);
            seller::merge(life.sandbox, O, {V});
            if (of_main) (void)seller::split(life.sandbox, O, pieces);
            for (int i = 0; i < 3; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}, {"C", 1}});
            INFO(life.history());
            CHECK(life.there(true) ==
                  (of_main ? "O 200: A1 A2 C1; V 1000: A1 C1; N 300: B1" : "O 200: A1 A2 B1; V 1000: A1 C1; N 300: C1"));
            CHECK(life.parked().empty());
            idle_from_now(life);
        });
}

TEST_CASE("a merge that brings a part which waits, beside an order that is in Ongoing, waits with it as one decision") {
    in_both([](Life& life) {
        life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(4), 2)}));
        REQUIRE(life.run() == 0);
        for (const auto order : {V, std::int64_t{103}}) life.bring_to(order, 200);
        life.bring_to(O, 320);
        const auto part = seller::split(life.sandbox, O, {{second_line, 1}});
        (void)life.run();
        REQUIRE(life.cause_of(part) == "split_waiting");
        seller::merge(life.sandbox, 103, {V, part});
        const std::map<std::string, std::int64_t> sold{{"A", 3}, {"B", 1}, {"C", 1}, {"D", 2}};
        for (int i = 0; i < 3; ++i) run_with_at_most(life, sold);
        CHECK(life.cause_of(103) == "merged_in_base");
        CHECK(life.cause_of(V) == "merged_in_base");
        CHECK(life.pieces_there()["C"] == 1);
        life.bring_to(O, 200);
        for (int i = 0; i < 3; ++i) run_with_at_most(life, sold);
        INFO(life.history());
        CHECK(life.there(true) == "O 200: A2; V 1000: A1 C1; N 200: A1 B1 C1 D2");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("of two merged orders one was sent long ago: the other is not cancelled as if it had been deleted") {
    in_both([](Life& life) {
        life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(4), 2)}));
        REQUIRE(life.run() == 0);
        life.bring_to(V, 450);
        for (int i = 0; i < 2; ++i) { // booked, and no longer watched
            (void)life.run({"shipments", "send"});
            (void)life.run();
        }
        REQUIRE(life.parked().empty());
        for (const auto order : {O, std::int64_t{103}}) life.bring_to(order, 200);
        seller::merge(life.sandbox, O, {V, 103});
        for (int i = 0; i < 3; ++i) (void)life.run();
        CHECK(life.there(true) == "O 200: A2 B1; V 450: A1 C1; N 200: D2");
        CHECK(life.cause_of(O) == "merged_in_base");
        CHECK(life.cause_of(103) == "merged_in_base");
        idle_from_now(life);
    });
}

TEST_CASE("a merge that was refused goes when the warehouse opens the orders again") {
    in_both([](Life& life) {
        life.bring_to(O, 200);
        life.bring_to(V, 320);
        seller::merge(life.sandbox, O, {V});
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}, {"C", 1}});
        REQUIRE(life.parked() == "O merged_in_base; V merged_in_base");
        life.bring_to(V, 200);
        for (int i = 0; i < 2; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}, {"C", 1}});
        CHECK(life.there(true) == "O 200: A1 A2 B1 C1; V 1000: A1 C1");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("an order that vanishes while another gains less than it held was deleted, not merged") {
    in_both([](Life& life) {
        life.bring_to(O, 200);
        life.bring_to(V, 320);
        seller::erase(life.sandbox, V);
        seller::add_line(life.sandbox, O, base_line(synthetic_sku(1), 1)); // V held a C as well
        for (int i = 0; i < 2; ++i) (void)life.run();
        INFO(life.history());
        CHECK(life.there() == "O 200: A1 A2 B1");
        CHECK(life.cause_of(O).empty());
        CHECK(life.cause_of(V) == "locked_in_warehouse");
        idle_from_now(life);
    });
}

TEST_CASE("an order that is merged into one that was never sent waits no longer than its cancellation takes") {
    in_both([](Life& life) {
        life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(4), 2)}, with("order_status_id", status::fresh)));
        REQUIRE(life.run() == 0);
        life.bring_to(V, 200);
        seller::merge(life.sandbox, 103, {V});
        seller::edit(life.sandbox, 103, with("order_status_id", status::to_warehouse));
        for (int i = 0; i < 3; ++i) run_with_at_most(life, {{"A", 3}, {"C", 1}, {"D", 2}});
        CHECK(life.there(true) == "O 300: A2 B1; V 1000: A1 C1; N 300: A1 C1 D2");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("an order that was never sent is merged into one that was: its lines come, nothing is cancelled") {
    in_both([](Life& life) {
        life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(4), 2)}, with("order_status_id", status::fresh)));
        REQUIRE(life.run() == 0);
        life.bring_to(O, 200);
        (void)life.writes();
        seller::merge(life.sandbox, O, {103});
        for (int i = 0; i < 2; ++i) CHECK(life.run() == 0);
        INFO(life.history());
        CHECK(life.writes() == "put O");
        CHECK(life.there() == "O 200: A2 B1 D2");
        CHECK(life.parked().empty());
        idle_from_now(life);
    });
}

TEST_CASE("a merge whose calls are lost ends as one decision") {
    struct Row {
        const char *operation, *fault;
        bool commit = false; ///< behind the page of a firewall
    };
    for (const Row& row : {Row{"PUT /orders", "html_403", true}, Row{"PUT /orders/{orderId}", "html_403", true},
                           Row{"PUT /orders/{orderId}", "html_403"}, Row{"DELETE /orders/{orderId}", "html_403", true},
                           Row{"DELETE /orders/{orderId}", "html_403"}, Row{"PUT /orders", "drop_after"},
                           Row{"PUT /orders", "drop_before"}, Row{"PUT /orders", "kill_after"},
                           Row{"PUT /orders/{orderId}", "drop_after"}, Row{"PUT /orders/{orderId}", "kill_after"},
                           Row{"DELETE /orders/{orderId}", "drop_after"}, Row{"DELETE /orders/{orderId}", "drop_before"},
                           Row{"DELETE /orders/{orderId}", "kill_after"}, Row{"DELETE /orders/{orderId}", "kill_before"}}) {
        INFO(row.fault << " at " << row.operation);
        Life life{{.journal = true}};
        life.bring_to(O, 200);
        life.bring_to(V, 200);
        seller::merge(life.sandbox, O, {V});
        json::Value fault = json::Value::object().set("operation", row.operation).set("nth", 1).set("fault", row.fault);
        if (row.commit) fault.set("commit", true);
        life.sandbox.fault(fault);
        for (int i = 0; i < 2; ++i) (void)life.run();
        life.sandbox.clear_faults();
        age_intents(life.installation);
        for (int i = 0; i < 3; ++i) (void)life.run();
        INFO(life.history());
        CHECK(life.there(true) == "O 200: A1 A2 B1 C1; V 1000: A1 C1");
        CHECK(life.parked().empty());
        idle_from_now(life);
    }
}

TEST_CASE("a merge of which a firewall keeps the cancellation is taken back: no piece is in the warehouse twice") {
    Life life{{.journal = true}};
    life.bring_to(O, 200);
    life.bring_to(V, 200);
    seller::merge(life.sandbox, O, {V});
    life.sandbox.fault(json::Value::object().set("operation", "DELETE /orders/{orderId}").set("fault", "html_403"));
    for (int i = 0; i < 4; ++i) run_with_at_most(life, {{"A", 3}, {"B", 1}, {"C", 1}});
    CHECK(life.there(true) == "O 200: A2 B1; V 200: A1 C1");
    CHECK(life.parked() == "O merged_in_base; V merged_in_base");
    CHECK(edit_state(life.installation, "SELECT COUNT(*) FROM intents WHERE state IN (0, 3)") == "0\n");
}

TEST_CASE("a merge tells which members of the main order it changes, and its dry run the same") {
    Life life;
    life.bring_to(O, 200);
    life.bring_to(V, 200);
    seller::merge(life.sandbox, O, {V});
    (void)life.run(); // the first look that misses V
    const auto changes = [&](const std::vector<std::string>& command) {
        (void)life.run(command);
        INFO(life.output());
        for (const auto& line : split(life.output(), '\n')) {
            const auto row = json::Value::parse(line);
            if (row && (*row)["message_type"].text() == "action" && (*row)["reason"].text() == "merged" &&
                (*row)["verb"].text() == "update")
                return (*row)["changes"].dump();
        }
        return std::string();
    };
    const std::string planned = changes({"orders", "sync", "--dry-run", "--json"});
    INFO(planned);
    CHECK(planned.find("orderLines[") != std::string::npos);
    CHECK(life.there(true) == "O 200: A2 B1; V 200: A1 C1");
    CHECK(changes({"orders", "sync", "--json"}) == planned);
    CHECK(life.there(true) == "O 200: A1 A2 B1 C1; V 1000: A1 C1");
}

TEST_CASE("a named order waits for the one that went into it, whatever its receiver and its lines were called") {
    Life life;
    for (const auto order : {O, V}) life.bring_to(order, 200);
    seller::edit(life.sandbox, V, with("delivery_fullname", "Ewa Nowak"));
    REQUIRE(life.run() == 0);
    (void)life.writes();
    for (const int article : {1, 3}) seller::add_line(life.sandbox, O, base_line(synthetic_sku(article), 1));
    seller::erase(life.sandbox, V);
    (void)life.run({"orders", "sync", "--order", std::to_string(O)});
    INFO(life.history());
    CHECK(life.writes().empty());
    CHECK(life.there(true) == "O 200: A2 B1; V 200: A1 C1");
    for (int i = 0; i < 3; ++i) (void)life.run();
    CHECK(life.there(true) == "O 200: A1 A2 B1 C1; V 1000: A1 C1");
    CHECK(life.parked().empty());
}

TEST_CASE("a new order that is named waits for the one of its receiver that went into it, also in a state of before") {
    for (const bool before : {false, true}) {
        INFO(before);
        Life life;
        for (const auto order : {O, V}) life.bring_to(order, 200);
        (void)life.writes();
        if (before)
            edit_state(life.installation, "UPDATE orders SET receiver = ''; DELETE FROM cursors WHERE name = 'orders.receivers'");
        seller::erase(life.sandbox, V);
        life.sandbox.base_orders(base_order(103, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(3), 1)}));
        (void)life.run({"orders", "sync", "--order", "103"});
        INFO(life.history());
        CHECK(life.writes().empty());
        CHECK(edit_state(life.installation, "SELECT value FROM cursors WHERE name = 'orders.receivers'") == "1\n");
        CHECK(edit_state(life.installation, "SELECT COUNT(*) FROM orders WHERE receiver = ''") == "0\n");
        for (int i = 0; i < 3; ++i) (void)life.run();
        CHECK(life.there(true) == "O 200: A2 B1; V 1000: A1 C1; N 300: A1 C1");
        CHECK(life.parked().empty());
    }
}

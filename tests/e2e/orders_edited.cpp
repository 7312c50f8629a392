// SPDX-License-Identifier: Apache-2.0
// What happens to an order between the page that brought it and its creation: an order that was read more than 60 s ago
// is read again. The tool runs in this process, on a clock that jumps once the page was read.
#include <catch2/catch.hpp>

#include "golden/tool.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// The machine's clock until the orders were looked up in Ongoing; then `change` happens, and it is 61 s later.
class JumpingClock final : public Clock {
public:
    JumpingClock(Sandbox& sandbox, json::Value change) : sandbox_(sandbox), change_(std::move(change)) {}

    [[nodiscard]] Timestamp now() const override {
        if (ahead_.count() == 0 && sandbox_.calls("ongoing", "GET /orders") > 0) {
            ahead_ = std::chrono::seconds{61};
            if (change_.is_object()) sandbox_.base_orders(change_);
        }
        return system_.now() + ahead_;
    }
    [[nodiscard]] Milliseconds boot_time() const override { return system_.boot_time(); }
    bool sleep(Milliseconds duration, const StopToken& stop) override { return system_.sleep(duration, stop); }

private:
    Sandbox& sandbox_;
    json::Value change_;
    SystemClock system_;
    mutable Milliseconds ahead_{0};
};

Ran sync_while(Sandbox& sandbox, const Installation& installation, json::Value change,
               const std::vector<std::string>& command = {"orders", "sync", "--json"}) {
    Capture out, err;
    JumpingClock clock(sandbox, std::move(change));
    StopToken stop;
    Ran ran;
    ran.code = app::run({.arguments = command,
                         .environment = environment_of({{"BLONGO_CONFIG", installation.config_file()}}),
                         .clock = clock,
                         .stop = stop,
                         .out_fd = out.fd(),
                         .err_fd = err.fd()});
    ran.out = out.text();
    ran.err = err.text();
    return ran;
}

json::Value lines(json::Value line) {
    json::Value list = json::Value::array();
    list.push_back(line.set("order_product_id", 11));
    return json::Value::object().set("order_id", 1).set("products", std::move(list));
}

} // namespace

TEST_CASE("an order that was edited since its page was read is sent as it is now") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2)}));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto run = sync_while(sandbox, installation, lines(base_line(synthetic_sku(1), 5)));
    INFO(run.out << run.err);
    CHECK(run.code == 0);
    CHECK(sandbox.orders()["1"]["lines"].elements().at(0)["ordered"].integer() == 5);
    CHECK(sandbox.orders()["1"]["writes"].integer() == 1);
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an order that left its status since its page was read is not sent", "[F13]") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2)}));
    sandbox.base_orders(base_order(2, {base_line(synthetic_sku(2), 2)}));
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070"));
    const auto run =
        sync_while(sandbox, installation, json::Value::object().set("order_id", 1).set("order_status_id", status::cancelled));
    INFO(run.out << run.err);
    CHECK(run.code == 0);
    CHECK(sandbox.orders().size() == 1);
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::cancelled);
    CHECK(sandbox.base_order(2)["order_status_id"].integer() == status::in_warehouse);
}

TEST_CASE("an order that needs another article than when its page was read goes at the next run") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2)}));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto run = sync_while(sandbox, installation, lines(base_line(synthetic_sku(4), 3)));
    INFO(run.out << run.err);
    CHECK(run.code == 5); // work is left
    CHECK(sandbox.orders().size() == 0);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders()["1"]["lines"].elements().at(0)["data"]["articleNumber"].text() == synthetic_sku(4));
}

TEST_CASE("an order that was not edited since its page was read is sent after one more read") {
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2)}));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto run = sync_while(sandbox, installation, {});
    INFO(run.out << run.err);
    CHECK(run.code == 0);
    CHECK(sandbox.orders().size() == 1);
    CHECK(sandbox.calls("baselinker", "getOrders") == 3); // by confirmation, by status, by id
}

TEST_CASE("an order that is to go once more goes as it was read, and if it was edited meanwhile with the next run") {
    const bool edited = GENERATE(false, true);
    Sandbox sandbox({"--products", "6"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2)}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", "1").set("action", "cancel"));
    sandbox.reset_journal();
    const auto run = sync_while(sandbox, installation, edited ? lines(base_line(synthetic_sku(1), 5)) : json::Value{},
                                {"orders", "reimport", "1", "--json"});
    INFO(run.out << run.err);
    CHECK(run.code == (edited ? 5 : 0));
    CHECK(sandbox.orders().size() == (edited ? 1 : 2));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders()["1-2"]["lines"].elements().at(0)["ordered"].integer() == (edited ? 5 : 2));
}

// SPDX-License-Identifier: Apache-2.0
// Orders that cannot be sent: parked with their cause while all others go, and released by themselves;
// the statuses that this sets in BaseLinker.
#include <catch2/catch.hpp>

#include <map>

#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::map<std::string, std::string> causes(const Installation& installation) {
    std::map<std::string, std::string> out;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        out[std::string(row["key"].text())] = row["cause"].text();
    return out;
}

json::Value product(std::int64_t id, const std::string& sku) {
    return json::Value::object()
        .set("id", id)
        .set("sku", sku)
        .set("text_fields", json::Value::object().set("name", "Towar " + sku));
}

std::int64_t status_of(Sandbox& sandbox, std::int64_t order) {
    return sandbox.base_order(order)["order_status_id"].integer();
}

} // namespace

TEST_CASE("an unknown SKU and an empty order are parked while all others go, and released when the cause is gone", "[F6][F11]") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 10; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(id))}));
    sandbox.base_orders(base_order(11, {base_line("SOON-1"), base_line(synthetic_sku(1))}));
    sandbox.base_orders(base_order(12, {}));
    Installation installation(sandbox, {}, {}, orders_on());
    const auto first = sync_orders(installation);
    CHECK(first.exit_code == 3);
    CHECK(sandbox.orders().size() == 10);
    CHECK(causes(installation) == std::map<std::string, std::string>{{"11", "unknown_sku"}, {"12", "empty_order"}});
    const auto why = installation.blongo({"why", "11"});
    CHECK(why.exit_code == 0);
    CHECK(why.out.find("SOON-1") != std::string::npos);
    CHECK(why.out.find("seller acts") != std::string::npos);

    // Standing problems are no news; with --strict they are.
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sync_orders(installation, {"--strict"}).exit_code == 3);
    CHECK(sandbox.writes() == 0);

    sandbox.base_products(product(7001, "SOON-1"));
    json::Value line = json::Value::array();
    line.push_back(base_line(synthetic_sku(3), 4).set("order_product_id", 120));
    sandbox.base_orders(json::Value::object().set("order_id", 12).set("products", line));
    // The line names its product now, as BaseLinker does once the seller has linked them.
    json::Value linked = json::Value::array();
    linked.push_back(base_line("SOON-1", 1, json::Value::object().set("product_id", "7001").set("order_product_id", 111)));
    sandbox.base_orders(json::Value::object().set("order_id", 11).set("products", linked));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 12);
    CHECK(causes(installation).empty());
    CHECK(sandbox.violations().empty());
}

TEST_CASE("when a SKU appears in the catalogue the parked order goes by itself, although its line names no product", "[F11]") {
    Sandbox sandbox;
    sandbox.base_orders(base_order(1, {base_line("SOON-1")}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 3);
    sandbox.base_products(product(7001, "SOON-1"));
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0); // what cron does between two order runs
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 1);
    CHECK(causes(installation).empty());
}

TEST_CASE("a quantity that is no whole number, a line without SKU and a foreign warehouse are parked each with its cause") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(
        base_order(1, {base_line(synthetic_sku(1), 1,
                                 json::Value::object().set("warehouse_id", 206).set("quantity", json::Value::number("1.5")))}));
    sandbox.base_orders(base_order(2, {base_line("", 1, json::Value::object().set("warehouse_id", 206).set("product_id", "0"))}));
    sandbox.base_orders(base_order(3, {base_line(synthetic_sku(1), 1, json::Value::object().set("warehouse_id", 206)),
                                       base_line(synthetic_sku(2), 1, json::Value::object().set("warehouse_id", 207))}));
    sandbox.base_orders(base_order(4, {base_line(synthetic_sku(2), 1, json::Value::object().set("warehouse_id", 207))}));
    Installation installation(sandbox, {}, {}, orders_on("lines_from = [\"bl_206\"]"));
    CHECK(sync_orders(installation).exit_code == 3);
    const auto parked = causes(installation);
    CHECK(parked.at("1") == "bad_quantity");
    CHECK(parked.at("2") == "unknown_sku");
    CHECK(parked.at("3") == "foreign_lines");
    CHECK(parked.size() == 3); // 4 has nothing of ours: skipped, nobody has to act
    CHECK(sandbox.orders().size() == 0);
}

TEST_CASE("an order that its status took away is no longer waited for") {
    Sandbox sandbox;
    sandbox.base_orders(base_order(1, {base_line("UNKNOWN-1")}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 3);
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::sent));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(causes(installation).empty());
}

TEST_CASE("status_after_import and status_on_error are set once, and only they") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 5; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(id))}));
    sandbox.base_orders(base_order(6, {base_line("UNKNOWN-1")}));
    sandbox.base_orders(base_order(7, {}));
    Installation installation(sandbox, {}, {},
                              orders_on("status_after_import = 8070\n"
                                        "status_on_error = { unknown_sku = 8072, default = 8075 }"));
    CHECK(sync_orders(installation).exit_code == 3);
    for (int id = 1; id <= 5; ++id) CHECK(status_of(sandbox, id) == status::in_warehouse);
    CHECK(status_of(sandbox, 6) == status::trouble);
    CHECK(status_of(sandbox, 7) == status::other_trouble);
    for (int run = 1; run <= 3; ++run) CHECK(sync_orders(installation).exit_code == 0);
    for (int id = 1; id <= 5; ++id) CHECK(sandbox.status_writes(id, status::in_warehouse) == 1);
    CHECK(sandbox.status_writes(6, status::trouble) == 1);
    CHECK(sandbox.status_writes(7, status::other_trouble) == 1);
    CHECK(sandbox.calls("baselinker", "setOrderStatuses") == 1); // five that move at once share a call

    // A person moves one on: nobody moves it back.
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::sent));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(status_of(sandbox, 1) == status::sent);
    // ... also back into an accepted one.
    sandbox.base_orders(json::Value::object().set("order_id", 2).set("order_status_id", status::to_warehouse));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(status_of(sandbox, 2) == status::to_warehouse);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a parked order that our own status_on_error moved releases itself and gets status_after_import") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {}));
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070\nstatus_on_error = 8072"));
    REQUIRE(sync_orders(installation).exit_code == 3);
    REQUIRE(status_of(sandbox, 1) == status::trouble);
    json::Value line = json::Value::array();
    line.push_back(base_line(synthetic_sku(3)));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", line));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 1);
    CHECK(status_of(sandbox, 1) == status::in_warehouse);
    CHECK(sandbox.status_writes(1, status::in_warehouse) == 1);
    CHECK(sandbox.status_writes(1, status::trouble) == 1);
}

TEST_CASE("without status_after_import a released order gets back the status that it had, through a second cause too") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {}));
    Installation installation(sandbox, {}, {}, orders_on("status_on_error = { unknown_sku = 8072, default = 8075 }"));
    REQUIRE(sync_orders(installation).exit_code == 3);
    REQUIRE(status_of(sandbox, 1) == status::other_trouble);
    json::Value line = json::Value::array();
    line.push_back(base_line("UNKNOWN-1").set("order_product_id", 10));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", line));
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(status_of(sandbox, 1) == status::trouble);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(causes(installation).size() == 1);
    line = json::Value::array();
    line.push_back(base_line(synthetic_sku(3)).set("order_product_id", 10));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", line));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 1);
    CHECK(status_of(sandbox, 1) == status::to_warehouse);
    CHECK(sandbox.status_writes(1, status::to_warehouse) == 1);
}

TEST_CASE("forty parked orders in an error status all come back, although few are read one by one in a run") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 45; ++id) sandbox.base_orders(base_order(id, {}));
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070\nstatus_on_error = 8072"));
    REQUIRE(sync_orders(installation).exit_code == 3);
    for (int id = 1; id <= 45; ++id) {
        json::Value line = json::Value::array();
        line.push_back(base_line(synthetic_sku(3)));
        sandbox.base_orders(json::Value::object().set("order_id", id).set("products", line));
    }
    for (int run = 1; run <= 3; ++run) CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 45);
    for (int id = 1; id <= 45; ++id) CHECK(status_of(sandbox, id) == status::in_warehouse);
}

TEST_CASE("an order that Ongoing refuses moves to status_on_error once, refused or failed three times") {
    for (const int code : {400, 500}) {
        INFO(code);
        Sandbox sandbox({"--products", "20"});
        sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1))}));
        sandbox.fault(json::Value::object()
                          .set("side", "ongoing")
                          .set("operation", "PUT /orders")
                          .set("every", 1)
                          .set("fault", "status_before")
                          .set("code", code));
        Installation installation(sandbox, {}, impatient,
                                  orders_on("status_after_import = 8070\n"
                                            "status_on_error = { remote_rejected = 8072, default = 8075 }"));
        for (int run = 1; run <= (code == 400 ? 1 : 3); ++run) (void)sync_orders(installation);
        CHECK(causes(installation).at("1") == "remote_rejected");
        CHECK(status_of(sandbox, 1) == status::trouble);
        // A person puts it back without a correction: refused again, and left where the person wants it.
        sandbox.base_orders(json::Value::object().set("order_id", 1).set("order_status_id", status::to_warehouse));
        for (int run = 1; run <= 3; ++run) (void)sync_orders(installation);
        CHECK(status_of(sandbox, 1) == status::to_warehouse);
        CHECK(sandbox.status_writes(1, status::trouble) == 1);
        sandbox.clear_faults();
        CHECK(installation.blongo({"parked", "retry", "1"}).exit_code == 0);
        CHECK(sandbox.orders().size() == 1);
        CHECK(status_of(sandbox, 1) == status::in_warehouse);
    }
}

TEST_CASE("a parked order of which nothing is left for this warehouse, or whose source is excluded, waits no longer") {
    Sandbox sandbox({"--products", "20"});
    const auto from = [](int warehouse) { return json::Value::object().set("warehouse_id", warehouse); };
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 1, from(206)), base_line(synthetic_sku(2), 1, from(207))}));
    sandbox.base_orders(base_order(2, {}, json::Value::object().set("order_source", "amazon")));
    Installation installation(sandbox, {}, {}, orders_on("lines_from = [\"bl_206\"]"));
    REQUIRE(sync_orders(installation).exit_code == 3);
    REQUIRE(causes(installation) == std::map<std::string, std::string>{{"1", "foreign_lines"}, {"2", "empty_order"}});
    json::Value rest = json::Value::array();
    rest.push_back(base_line(synthetic_sku(2), 1, from(207)));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", std::move(rest)));
    std::string config = installation.config_text();
    config.replace(config.find("lines_from"), 0, "exclude_sources = [\"amazon\"]\n");
    installation.write_config(config);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(causes(installation).empty());
    CHECK(sandbox.orders().size() == 0);
}

TEST_CASE("import_delay does not begin again because status_on_error moved the order") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {}));
    Installation installation(sandbox, {}, {}, orders_on("import_delay = \"30m\"\nstatus_on_error = 8072"));
    REQUIRE(sync_orders(installation).exit_code == 3);
    REQUIRE(status_of(sandbox, 1) == status::trouble);
    json::Value line = json::Value::array();
    line.push_back(base_line(synthetic_sku(3)));
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("products", line));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 1);
}

TEST_CASE("an order that a side always refuses is parked, the cursor moves, and the others go on", "[F37]") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 10; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(id))}));
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "PUT /orders")
                      .set("match", "\"orderNumber\":\"4\"")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 400));
    Installation installation(sandbox, {}, impatient, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.orders().size() == 9);
    CHECK(causes(installation).at("4") == "remote_rejected");
    sandbox.base_orders(base_order(11, {base_line(synthetic_sku(1))}));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders().size() == 10);
    sandbox.clear_faults();
    CHECK(installation.blongo({"parked", "retry", "4"}).exit_code == 0);
    CHECK(sandbox.orders().size() == 11);
    CHECK(causes(installation).empty());
}

TEST_CASE("identity_changed: BaseLinker gave the id to another order; nothing is overwritten", "[F31]") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1))}, json::Value::object().set("date_add", 1'770'000'000)));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    // A value that goes from empty to filled makes it no other order: it is a change like any other.
    sandbox.base_orders(json::Value::object().set("order_id", 1).set("shop_order_id", 556));
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(causes(installation).empty());
    const json::Value before = sandbox.orders()["1"]["data"];
    CHECK(sandbox.orders()["1"]["writes"].integer() == 2);
    sandbox.base_orders(
        json::Value::object().set("order_id", 1).set("date_add", 1'780'000'000).set("delivery_fullname", "Inna Osoba"));
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(causes(installation).at("1") == "identity_changed");
    CHECK(sandbox.orders()["1"]["data"].dump() == before.dump());
    CHECK(sandbox.orders()["1"]["writes"].integer() == 2);
}

TEST_CASE("one order that cannot be read is parked and stops nothing", "[F37]") {
    Sandbox sandbox({"--products", "20"});
    json::Value page = json::Value::array();
    for (int id = 1; id <= 5; ++id)
        page.push_back(base_order(id, {base_line(synthetic_sku(id))},
                                  json::Value::object()
                                      .set("date_confirmed", 1'770'000'000 + id)
                                      .set("date_add", 1'770'000'000)
                                      .set("date_in_status", id == 3 ? json::Value("not a time") : json::Value(1'770'000'000))));
    const auto answer = json::Value::object().set("status", "SUCCESS").set("orders", page).dump();
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "getOrders")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 200)
                      .set("body", answer));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.orders().size() == 4);
    CHECK(causes(installation) == std::map<std::string, std::string>{{"3", "remote_rejected"}});
    CHECK(installation.blongo({"why", "3"}).out.find("not a time") != std::string::npos);
}

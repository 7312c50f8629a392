// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::string swapped(std::string text, const std::string& old, const std::string& fresh) {
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), fresh);
}

/// The checks of that name that are not good, as rows; each has its remedy.
std::vector<json::Value> complaints(const Finished& run, const std::string& name) {
    std::vector<json::Value> out;
    for (auto& row : lines_of(run, "check")) {
        const auto verdict = row["verdict"].text();
        if (row["name"].text() != name || (verdict != "FAIL" && verdict != "warning")) continue;
        CHECK_FALSE(row["remedy"].text().empty());
        CHECK_FALSE(row["owner"].text().empty());
        out.push_back(std::move(row));
    }
    return out;
}

void expect_complaint(const Finished& run, const std::string& name, const std::string& part, const std::string& owner) {
    INFO(name << '\n' << run.out << run.err);
    const auto rows = complaints(run, name);
    REQUIRE_FALSE(rows.empty());
    for (const auto& row : rows)
        if (row["finding"].text().find(part) != std::string::npos) {
            CHECK(row["owner"].text() == owner);
            return;
        }
    FAIL("nothing is said of: " << part);
}

/// What the check of that name found.
std::string finding_of(const Finished& run, const std::string& name) {
    std::string finding;
    for (const auto& row : lines_of(run, "check"))
        if (row["name"].text() == name) finding = row["finding"].text();
    return finding;
}

} // namespace

TEST_CASE("doctor of a good connection has nothing that fails, writes nothing, and needs about 20 requests") {
    Shop shop(shipments_on("print = { report_id = 17, fallback_workstation_id = 7 }"));
    shop.order(1);
    shop.sandbox.reset_journal();
    const auto run = said(shop.installation, {"doctor", "--json"});
    CHECK(run.exit_code == 0);
    for (const auto& row : lines_of(run, "check")) CHECK(row["verdict"].text() != "FAIL");
    CHECK(shop.sandbox.calls("baselinker") + shop.sandbox.calls("ongoing") <= 20);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.sandbox.violations().empty());
    const auto page = said(shop.installation, {"doctor"});
    expect_text(page.out, "\nChecked:\nok ");
    expect_text(page.out, "Switch off in BaseLinker (Orders, Automatic actions)");
    expect_text(page.out, "blongo writes shipments (createPackage) when the warehouse presses Send");
    const auto seller = said(shop.installation, {"doctor", "--for", "seller"});
    expect_no_text(seller.out, shop.installation.folder().path().string());
    expect_no_text(seller.out, "WSI-SANDBOX");
    CHECK(shop.installation.blongo({"doctor", "--for", "nobody"}).exit_code == 2);
}

TEST_CASE("doctor tells what of the configuration does not fit the two sides") {
    Shop shop(shipments_on("send = { 451 = \"book\" }\nstatus_after_send = 4711",
                           "[[connections.demo.shipments.couriers]]\n"
                           "delivery_method = [\"Nobody*\"]\ncourier_code = \"dpd\"\naccount_id = 1\nfields = { service = "
                           "\"fast\", nothing = \"1\" }\n"
                           "[[connections.demo.shipments.couriers]]\ncountry = [\"DE\"]\ncourier_code = \"dhl\"\n"));
    shop.sandbox.base_orders(one_piece(1, json::Value::object().set("delivery_method", "Kurier")));
    shop.installation.write_config(
        swapped(shop.installation.config_text(), "requests_per_minute = 100000", "requests_per_minute = 96000"));
    const auto run = said(shop.installation, {"doctor", "--json", "--sample", "50"});
    CHECK(run.exit_code == 2);
    expect_complaint(run, "order statuses", "BaseLinker has no status 4711", "administrator");
    expect_complaint(run, "Ongoing statuses", "Ongoing has no order status 451", "warehouse");
    expect_complaint(run, "couriers", "account_id = 1 is none of its accounts: 58381", "administrator");
    expect_complaint(run, "couriers", "its form has no field nothing", "administrator");
    expect_complaint(run, "couriers", "service = \"fast\" is no choice", "administrator");
    expect_complaint(run, "couriers", "the courier is not connected in BaseLinker", "seller");
    expect_complaint(run, "delivery methods", "1 x \"Kurier\": NO RULE", "administrator");
    expect_complaint(run, "printing", "NOBODY PRINTS", "warehouse");
    expect_complaint(run, "request budget", "requests_per_minute = 96000", "administrator");
    expect_complaint(run, "sample", "1 of 1 will fail at Send: no_courier_rule (1)", "administrator");
    expect_complaint(run, "journal", "tells nothing", "seller");
    CHECK(shop.sandbox.writes() == 0);
}

TEST_CASE("doctor tells of stock, reservations, overlapping statuses, an odd user and an article of another unit") {
    Sandbox sandbox({"--products", "5"});
    Installation installation(sandbox, {},
                              "[connections.demo.stock]\nenabled = true\nwarehouse = "
                              "\"bl_999\"\n[connections.demo.returns]\nenabled = true\nstatuses = [4711]\n",
                              orders_on({}, "2020-01-01T00:00:00Z", "[\"Do magazynu\"]\n# "));
    std::string config = installation.config_text();
    config = swapped(config, "cancel_statuses = [8073]", "cancel_statuses = [8069]");
    sandbox.base_products(json::Value::object().set("id", synthetic_id + 1).set("sku", synthetic_sku(1)).set("length", 30));
    sandbox.edit_article(synthetic_sku(1), json::Value::object().set("length", 30).set("articleName", "in centimetres"));
    installation.write_config(config);
    auto run = said(installation, {"doctor", "--json"});
    CHECK(run.exit_code == 2);
    expect_complaint(run, "BaseLinker warehouses", "BaseLinker has no warehouse bl_999", "administrator");
    expect_complaint(run, "order statuses", "status 8069 is both accepted and a cancellation", "administrator");
    expect_complaint(run, "length unit", "30 cm in BaseLinker would be 0.3, Ongoing holds 30", "administrator");
    expect_complaint(run, "returns", "BaseLinker has no return status 4711", "administrator");
    installation.write_config(swapped(swapped(config, "inventory_id = 307", "inventory_id = 308"), "WSI-SANDBOX", "SANDBOX"));
    run = said(installation, {"doctor", "--json"});
    expect_complaint(run, "reservations", "works with reservations", "seller");
    installation.write_config(swapped(swapped(config, "inventory_id = 307", "inventory_id = 308"), "warehouse = \"bl_999\"",
                                      "warehouse = \"bl_206\"\nfigure = \"on_hand\""));
    run = said(installation, {"doctor", "--json"});
    CHECK(complaints(run, "reservations").empty());
    std::string reservations;
    for (const auto& row : lines_of(run, "check"))
        if (row["name"].text() == "reservations")
            reservations = std::string(row["finding"].text()) + " / " + std::string(row["owner"].text());
    CHECK(reservations == "on, and stock.figure = \"on_hand\" says what is pushed / seller");
    installation.write_config(swapped(config, "goods_owner_id = 1", "goods_owner_id = 77"));
    run = said(installation, {"doctor", "--json"});
    bool told = !complaints(run, "goods owner").empty() || !complaints(run, "Ongoing").empty();
    CHECK(told);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("doctor tells which orders of the last days would be parked, and why") {
    Shop shop;
    shop.order(1);
    shop.sandbox.base_orders(base_order(2, {}));
    for (const std::int64_t id : {3, 4}) shop.sandbox.base_orders(base_order(id, {base_line("NO-SUCH-SKU")}));
    const auto run = said(shop.installation, {"doctor", "--sample", "10", "--json"});
    expect_complaint(run, "sample", "1 of 4 would be parked: empty_order (2), for example: ", "seller");
    expect_complaint(run, "sample", "2 of 4 would be parked: unknown_sku (", "seller");
    expect_complaint(run, "sample", "for example: NO-SUCH-SKU is neither in the catalogue nor in Ongoing", "seller");
}

TEST_CASE("doctor tells who runs, and for how long") {
    Shop shop;
    shop.order(1);
    // As a run that hangs: it holds its lock, and its row has no end.
    const int lock = ::open((shop.installation.folder() / "state.db.1.orders.lock").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(lock >= 0);
    REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
    edit_state(shop.installation, "UPDATE runs SET ended = NULL, started = started - 10800000 WHERE flow = 'orders'");
    const auto run = said(shop.installation, {"doctor", "--json"});
    expect_complaint(run, "running", "orders since 3 h", "administrator");
    ::close(lock);
    CHECK(complaints(said(shop.installation, {"doctor", "--json"}), "running").empty());
}

TEST_CASE("doctor tells what stands between this machine and the sides") {
    Sandbox sandbox({"--products", "5"});
    const Installation installation(sandbox, {}, impatient);
    const auto fault = [&](const json::Value& rule) {
        sandbox.clear_faults();
        sandbox.fault(rule);
        return installation.blongo({"doctor", "--json"});
    };
    const auto on = [](const std::string& side, const std::string& operation, const std::string& kind) {
        return json::Value::object().set("side", side).set("operation", operation).set("fault", kind);
    };
    auto run = fault(on("ongoing", "GET /orders/statuses", "skew").set("seconds", 300));
    expect_complaint(run, "clock", "s behind Ongoing's", "administrator");
    run = fault(on("ongoing", "*", "html_403"));
    expect_complaint(run, "web firewall", "every request is refused in front of Ongoing", "warehouse");
    run = fault(on("ongoing", "*", "status_before").set("code", 500));
    expect_complaint(run, "web firewall", "every request is refused in front of Ongoing", "warehouse");
    run = fault(on("ongoing", "*", "status_before").set("code", 401));
    expect_complaint(run, "Ongoing", "", "warehouse");
    CHECK(run.exit_code == 4);
    run = fault(on("baselinker", "getInventoryWarehouses", "blocked_token").set("seconds", 300));
    expect_complaint(run, "request budget", "although blongo used only", "seller");
    sandbox.clear_faults();
    sandbox.post("/_admin/unblock", json::Value::object());

    installation.write_config(swapped(installation.config_text(), sandbox.url() + "/sandbox", "https://nowhere.invalid/x"));
    run = installation.blongo({"doctor", "--json"});
    expect_complaint(run, "DNS of Ongoing", "cannot resolve nowhere.invalid", "administrator");
    CHECK(run.exit_code == 5);
    installation.write_config(swapped(installation.config_text(), sandbox.url() + "/sandbox", "http://[::1]:1/x"));
    CHECK(finding_of(installation.blongo({"doctor", "--json"}), "DNS of Ongoing") == "::1 is found");
    installation.write_config(swapped(installation.config_text(), sandbox.url() + "/sandbox", "https://nowhere.invalid/x"));
    write_file(installation.folder() / "token", "wrong-token-0815\n");
    run = installation.blongo({"doctor", "--json"});
    expect_complaint(run, "BaseLinker", "", "seller");
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("doctor looks at modes, locks and the last label") {
    Shop shop;
    shop.order(1);
    shop.send(1);
    REQUIRE(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    const std::string folder = shop.installation.folder().path().string();
    auto run = said(shop.installation, {"doctor", "--json"});
    expect_text(finding_of(run, "label size"), "100 x 150 mm");

    // The courier account makes A4.
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder + "/labels"))
        if (entry.path().extension() == ".pdf") {
            write_file(entry.path(), "%PDF-1.4 /MediaBox [0 0 595 842]");
            const std::string sum = "UPDATE labels SET size = 32, sha256 = '";
            FILE* pipe = ::popen(("sha256sum '" + entry.path().string() + "'").c_str(), "r");
            char hash[65] = {};
            REQUIRE(std::fread(hash, 1, 64, pipe) == 64);
            ::pclose(pipe);
            edit_state(shop.installation, sum + hash + "'");
        }
    REQUIRE(chmod((folder + "/state.db").c_str(), 0644) == 0);
    REQUIRE(chmod(shop.installation.config_file().c_str(), 0666) == 0);
    run = said(shop.installation, {"doctor", "--json"});
    expect_complaint(run, "label size", "210 x 297 mm: larger than a label", "seller");
    expect_complaint(run, "file modes", "state.db is open to others (mode 644)", "administrator");
    expect_complaint(run, "file modes", "can be changed by every user", "administrator");
    REQUIRE(chmod((folder + "/token").c_str(), 0644) == 0);
    run = said(shop.installation, {"doctor", "--json"});
    expect_complaint(run, "secrets", "is open to every user", "administrator");
    CHECK(run.exit_code == 2);
}

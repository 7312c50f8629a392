// SPDX-License-Identifier: Apache-2.0
// state rebuild: what was sent long ago stays as it is, what was sent just now is finished, and nothing prints by itself.
#include <filesystem>
#include <fstream>
#include <set>

#include <catch2/catch.hpp>

#include "support/e2e/lost_state.hpp"
#include "support/e2e/shipments.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

json::Value no_files() {
    return with("files", json::Value::array());
}

std::string instruction(LostShop& shop, const std::string& number) {
    return std::string(shop.sandbox.orders()[number].at_path("data.warehouseInstruction").text());
}

} // namespace

TEST_CASE("labels that an old Send never got are left as they are after a rebuild", "[state]") {
    LostShop shop;
    shop.orders(101, 3);
    for (const std::int64_t id : {101, 102, 103}) shop.send(id);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    REQUIRE(shop.packages() == 3);
    // Of a predecessor's package Ongoing has the number only; of another one a person's privacy rule took the label.
    shop.change("101", no_files().set("shipped", "-3d"));
    shop.forget_package("102");
    shop.change("102", with("shipped", "-3d"));
    const auto printed = shop.print_jobs();
    shop.settle();
    CHECK(shop.sandbox.calls("baselinker", "getLabel") == 0);
    CHECK(shop.sandbox.calls("ongoing") > 0);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.files(101).empty());
    CHECK(shop.files(102).empty());
    CHECK(instruction(shop, "101").empty());
    CHECK(shop.print_jobs() == printed);
    for (const auto& row : deliveries_of(shop.installation)) CHECK(row["state"].text() == "sent");
    // They are on no manifest of a day to come, and a person who asks gets the label filed.
    CHECK(std::stoi(read_any_state(shop.installation, "SELECT COUNT(*) FROM deliveries WHERE manifested <> package_id")) == 1);
    CHECK(said(shop.installation, {"shipments", "refresh", "101"}).exit_code == 0);
    CHECK(shop.files(101).size() == 1);
    CHECK(shop.print_jobs() == printed);
}

TEST_CASE("a label that never reached Ongoing comes with the run after a rebuild, and prints only when asked for", "[state]") {
    LostShop shop;
    shop.order(101);
    shop.sandbox.fault(with("side", "baselinker").set("operation", "getLabel").set("fault", "drop_before").set("times", 100));
    shop.send(101);
    (void)said(shop.installation, {"shipments", "send"});
    REQUIRE(shop.packages(101) == 1);
    REQUIRE(shop.files(101).empty());
    shop.sandbox.clear_faults();
    shop.settle();
    CHECK(shop.packages(101) == 1);
    CHECK(shop.files(101).size() == 1);
    CHECK(shop.print_jobs() == 0);
    CHECK(shop.sandbox.base_order(101)["order_status_id"].integer() == status::sent);
    CHECK(said(shop.installation, {"shipments", "send", "101", "--reprint"}).exit_code == 0);
    CHECK(shop.print_jobs() == 1);
}

TEST_CASE("what was sent before shipments.start_from is done after a rebuild", "[state]") {
    LostShop shop;
    shop.order(101);
    shop.send(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    shop.change("101", no_files());
    std::string config = shop.installation.config_text();
    const std::string shipments = "enabled = true\nstart_from = 2020";
    config.replace(config.find(shipments), shipments.size(), "enabled = true\nstart_from = 2099");
    shop.installation.write_config(config);
    shop.settle();
    CHECK(shop.files(101).empty());
}

TEST_CASE("a package that was registered for another integration's label asks for no label after a rebuild", "[state]") {
    LostShop shop({},
                  "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"*paczkomat*\"]\ncourier_code = \"paczkomaty\"\n"
                  "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\nstrategy = \"report\"\n");
    shop.orders(101, 2);
    for (const std::int64_t id : {101, 102}) {
        shop.send(id);
        shop.change(std::to_string(id), with("way_bill", "OTHER-" + std::to_string(id)));
    }
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    REQUIRE(shop.packages() == 2);
    shop.change("102", with("shipped", "-3d"));
    const auto packages = [&] {
        std::set<std::int64_t> ids;
        for (const auto& row : deliveries_of(shop.installation)) ids.insert(row["package_id"].integer());
        return ids;
    };
    const auto before = packages();
    shop.settle();
    CHECK(shop.sandbox.calls("baselinker", "getLabel") == 0);
    CHECK(shop.sandbox.calls("baselinker", "createPackageManual") == 0);
    for (const std::int64_t id : {101, 102}) {
        CHECK(shop.files(id).empty());
        CHECK(instruction(shop, std::to_string(id)).empty());
    }
    CHECK(packages() == before);
    CHECK(said(shop.installation, {"parked", "list"}).out.find("label_pending") == std::string::npos);
}

TEST_CASE("a rebuild learns by which courier rule a package was booked", "[state]") {
    const std::string dpd = "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\naccount_id = 58381\n";
    LostShop shop({}, dpd + "delivery_method = [\"Kurier\"]\n" + dpd + "status_after_send = 8074\n");
    shop.order(101);
    shop.order(102, with("delivery_method", "Inny"));
    for (const std::int64_t id : {101, 102}) shop.send(id);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    const auto rule_of = [&](const std::string& order) {
        const auto rows = lines_of(shop.installation.blongo({"shipments", "show", order, "--json"}), "shipment");
        return rows.empty() ? std::string{} : std::string(rows.front()["rule"].text());
    };
    const std::string first = rule_of("101"), second = rule_of("102");
    REQUIRE(first.starts_with("dpd"));
    REQUIRE(first != second);
    shop.settle();
    CHECK(rule_of("101") == first);
    CHECK(rule_of("102") == second);
    // Nobody knows any more who booked it.
    const auto exported = json::Value::parse(said(shop.installation, {"pii", "export", "101"}).out);
    REQUIRE(exported);
    CHECK(exported->elements().at(0)["state"]["deliveries"].elements().at(0)["adopted"].integer() == 1);
}

TEST_CASE("an order that waits in Ongoing since long ago is learnt, and booked when it is sent", "[state]") {
    LostShop shop("max_order_age = \"365d\"\n");
    std::string config = shop.installation.config_text();
    config.replace(config.find("[connections.demo.orders]\n"), 26, "[connections.demo.orders]\nstatus_after_import = 8070\n");
    shop.installation.write_config(config);
    shop.order(101, with("date_add", "-120d").set("date_confirmed", "-120d").set("date_in_status", "-120d"));
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    REQUIRE(shop.sandbox.base_order(101)["order_status_id"].integer() == status::in_warehouse);
    shop.change("101", with("created", "-120d"));
    shop.settle();
    CHECK(lines_of(shop.installation.blongo({"orders", "list", "--json"}), "order").size() == 1);
    shop.send(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages(101) == 1);
}

TEST_CASE("a rebuild that ended before its labels were stored stores them when it goes on", "[state]") {
    LostShop shop;
    shop.order(101);
    shop.send(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    shop.lose_state();
    const auto labels = shop.installation.folder() / "labels";
    std::ofstream(labels) << "in the way";
    CHECK(said(shop.installation, {"state", "rebuild"}).exit_code == 1);
    std::filesystem::remove(labels);
    (void)shop.rebuild();
    CHECK(said(shop.installation, {"label", "101", "--out", shop.installation.folder() / "101.pdf"}).exit_code == 0);
    CHECK(shop.sandbox.calls("baselinker", "getLabel") == 0);
    CHECK(deliveries_of(shop.installation).size() == 1);
}

TEST_CASE("a rebuild says that holds and pauses are lost", "[state]") {
    LostShop shop;
    shop.order(101);
    CHECK(said(shop.installation, {"orders", "hold", "101", "--reason", "the buyer asked"}).exit_code == 0);
    shop.lose_state();
    const Finished rebuilt = shop.rebuild();
    expect_text(rebuilt.err, "holds (blongo orders hold N)");
    expect_text(rebuilt.err, "pauses (blongo connection pause NAME)");
    const Finished help = said(shop.installation, {"state", "rebuild", "--help"});
    expect_text(help.out, "Holds and pauses are lost");
}

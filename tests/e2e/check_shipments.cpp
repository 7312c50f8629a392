// SPDX-License-Identifier: Apache-2.0
// `blongo check` on shipments: packages, labels and tracking that one side does not have.
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "e2e/check.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t order_id = 84520001;
const std::string order = std::to_string(order_id);

/// One order, sent and booked half an hour ago: label and tracking are in Ongoing.
struct Sent {
    Sending shop;
    Checked checked{shop};
    Sent() {
        REQUIRE(shop.blongo({"articles", "sync"}).exit_code == 0);
        shop.import({one_piece(order_id)});
        shop.press_send(order);
        REQUIRE(shop.send().exit_code == 0);
        shop.let_pass(1800);
        checked.expect_agreement();
    }
    [[nodiscard]] std::int64_t package() { return shop.packages(order_id).front()["package_id"].integer(); }
    void edit(const json::Value& members) {
        json::Value row = members;
        shop.sandbox.post("/_admin/ongoing/orders", row.set("data", with("orderNumber", order)));
    }
    void forget_package() { shop.sandbox.send("DELETE", fmt::format("/_admin/baselinker/packages?id={}", package()), {}); }
};

} // namespace

TEST_CASE("what was sent and not booked is found, and booked by the command") {
    Sent world;
    const std::string id = std::to_string(order_id + 1);
    world.shop.import({one_piece(order_id + 1)});
    world.shop.press_send(id);
    const auto found = world.checked.expect_one("sent_without_booking", id, "blongo shipments send " + id);
    world.checked.mend(found);
    CHECK(world.shop.bought(order_id + 1) == 1);
    world.checked.expect_agreement();
}

TEST_CASE("what was sent and waits for a person says for whom") {
    Sent world;
    const std::string id = std::to_string(order_id + 1);
    world.shop.import({one_piece(order_id + 1)});
    world.shop.work(id, "pick_and_send"); // a parcel without a weight
    world.shop.edit_base(order_id + 1, with("order_status_id", status::fresh));
    CHECK(world.shop.send().exit_code == 3);
    const auto run = world.checked.look();
    CHECK(run.code == 9);
    REQUIRE(run.differences.size() == 1);
    CHECK(run.differences.front()["kind"].text() == "sent_without_booking");
    CHECK(run.differences.front()["owner"].text() == "seller");
    expect_in(run.differences.front()["cause"].text(), "status_not_shippable");
    CHECK(run.books.back()["parked_by_cause"]["status_not_shippable"].integer() == 1);
    CHECK(run.books.back()["closes"].is_true());
}

TEST_CASE("what was sent before shipments.start_from is nobody's concern") {
    Sending shop({.start_from = "2099-01-01T00:00:00Z"});
    Checked checked(shop);
    REQUIRE(shop.blongo({"articles", "sync"}).exit_code == 0);
    shop.import({one_piece(order_id)});
    shop.press_send(order);
    const auto run = checked.look({"--since", "1d"});
    CHECK(run.differences.empty());
    CHECK(run.code == 0);
}

TEST_CASE("a label that is gone from Ongoing is filed again, without printing and without booking") {
    Sent world;
    const auto jobs = world.shop.print_jobs().size();
    const std::string name(world.shop.files(order).front()["fileName"].text());
    world.edit(with("files", json::Value::array()));
    const auto found = world.checked.expect_one("package_without_label", order, "blongo shipments refresh " + order);
    world.checked.mend(found);
    REQUIRE(world.shop.files(order).size() == 1);
    CHECK(world.shop.files(order).front()["fileName"].text() == name);
    CHECK(world.shop.print_jobs().size() == jobs);
    CHECK(world.shop.bought(order_id) == 1);
    world.checked.expect_agreement();
    world.shop.sandbox.reset_journal();
    world.checked.mend(found); // again: nothing is written
    CHECK(world.shop.sandbox.writes() == 0);
}

TEST_CASE("a label that was filed again prints from its new file") {
    Sending shop({.shipments = "print = { report_id = 12, to = \"sender\", fallback_workstation_id = 3 }"});
    shop.import({one_piece(order_id)});
    shop.press_send(order);
    REQUIRE(shop.send().exit_code == 0);
    REQUIRE(shop.print_jobs().size() == 1);
    json::Value without = with("files", json::Value::array());
    shop.sandbox.post("/_admin/ongoing/orders", without.set("data", with("orderNumber", order)));
    REQUIRE(shop.blongo({"shipments", "refresh", order}).exit_code == 0);
    REQUIRE(shop.files(order).size() == 1);
    shop.let_pass(61);
    CHECK(shop.blongo({"shipments", "send", order, "--reprint"}).exit_code == 0);
    CHECK(shop.print_jobs().size() == 2);
    shop.expect_lawful();
}

TEST_CASE("a label that was only just booked is on its way") {
    Sent world;
    edit_state(world.shop.installation, "UPDATE deliveries SET booked_at = booked_at + 1800000");
    world.edit(with("files", json::Value::array()));
    world.checked.expect_agreement();
}

TEST_CASE("tracking that is gone from Ongoing is written again") {
    Sent world;
    json::Value parcels = world.shop.there(order)["parcels"];
    for (auto& parcel : parcels.elements()) parcel.erase("tracking");
    world.edit(json::Value::object()
                   .set("tracking", json::Value::array())
                   .set("way_bill", nullptr)
                   .set("wayBill", nullptr)
                   .set("parcels", parcels));
    const auto found = world.checked.expect_one("label_without_tracking", order, "blongo shipments refresh " + order);
    world.checked.mend(found);
    CHECK(world.shop.bought(order_id) == 1);
    world.checked.expect_agreement();
}

TEST_CASE("two packages of one delivery are a person's matter") {
    Sent world;
    world.shop.sandbox.post("/_admin/baselinker/packages",
                            json::Value::object().set("order_id", order_id).set("courier_code", "dpd"));
    const auto found = world.checked.expect_one("two_packages", order, "");
    expect_in(found.differences.front()["baselinker"].text(), fmt::format("package {}", world.package()));
    for (const auto& package : world.shop.packages(order_id))
        if (package["created_by"].text() == "seller")
            world.shop.sandbox.send("DELETE", fmt::format("/_admin/baselinker/packages?id={}", package["package_id"].integer()),
                                    {});
    world.checked.expect_agreement();
}

TEST_CASE("a package that vanished from BaseLinker: its label goes, and the order is booked anew") {
    Sent world;
    world.forget_package();
    const auto run = world.checked.look();
    CHECK(run.code == 9);
    REQUIRE(run.differences.size() == 2);
    CHECK(run.differences[0]["kind"].text() == "sent_without_booking");
    CHECK(run.differences[0]["command"].is_null()); // absent is no proof that the courier has none
    expect_in(run.differences[0]["remedy"].text(), "blongo shipments rebook " + order);
    CHECK(run.differences[1]["kind"].text() == "label_of_no_package");
    CHECK(run.differences[1]["command"].text() == "blongo shipments cancel " + order);
    SECTION("the second command alone mends the second difference") {
        CHECK(world.shop.blongo({"shipments", "cancel", order}).exit_code == 0);
        CHECK(world.shop.files(order).empty());
        const auto left = world.checked.expect_one("sent_without_booking", order, "blongo shipments send " + order);
        world.checked.mend(left);
    }
    SECTION("the first one mends both") {
        CHECK(world.shop.blongo({"shipments", "rebook", order}).exit_code == 0);
    }
    CHECK(world.shop.packages(order_id).size() == 1);
    world.checked.expect_agreement();
}

TEST_CASE("the label of a cancelled package is taken away") {
    Sent world;
    const json::Value files = world.shop.there(order)["files"];
    CHECK(world.shop.blongo({"shipments", "cancel", order}).exit_code == 0);
    CHECK(world.shop.files(order).empty());
    world.shop.work(order, "reopen");
    world.checked.expect_agreement(); // neither sent nor booked
    world.edit(with("files", files));
    const auto found = world.checked.expect_one("label_of_no_package", order, "blongo shipments refresh " + order);
    world.checked.mend(found);
    CHECK(world.shop.files(order).empty());
    world.checked.expect_agreement();
}

TEST_CASE("one part's trouble stops no other part, and one connection's no other connection") {
    Sent world;
    const std::string& config = world.shop.installation.config_text();
    world.shop.installation.write_config(
        config + fmt::format("[http]\nretry_baselinker = [\"1ms\"]\n"
                             "[connections.away.baselinker]\nurl = \"http://127.0.0.1:1/c\"\ntoken_file = \"{0}/token\"\n"
                             "inventory_id = 307\n[connections.away.ongoing]\nurl = \"http://127.0.0.1:1/away\"\n"
                             "username = \"U\"\npassword_file = \"{0}/password\"\ngoods_owner_id = 2\n"
                             "[connections.away.orders]\nenabled = false\n[connections.away.shipments]\nenabled = false\n",
                             world.shop.installation.folder().path().string()));
    world.shop.sandbox.fault(read_json(R"({"side": "ongoing", "operation": "GET /articles", "fault": "redirect"})"));
    world.shop.sandbox.post("/_admin/baselinker/packages",
                            json::Value::object().set("order_id", order_id).set("courier_code", "dpd"));
    const auto run = world.shop.blongo(
        {"check", "--json", "--exit-code", "--only", "articles", "--only", "orders,shipments", "-C", "away", "-C", "demo"});
    CHECK(run.exit_code == 1); // of the redirect: it is stronger than 5, 2 and 9
    CHECK(lines_of(run, "check").size() == 2);
    REQUIRE(lines_of(run, "difference").size() == 1);
    CHECK(lines_of(run, "difference").front()["kind"].text() == "two_packages");
    std::set<std::string> troubled;
    for (const auto& row : lines_of(run, "error")) troubled.emplace(row["connection"].text());
    CHECK(troubled == std::set<std::string>{"away", "demo"});
}

TEST_CASE("what check is asked for is read strictly") {
    Sent world;
    CHECK(world.shop.blongo({"check", "--only", "parcels"}).exit_code == 2);
    CHECK(world.shop.blongo({"check", "--since", "yesterday"}).exit_code == 2);
    const auto narrow = world.checked.look({"--only", "orders", "--since", "10m"});
    REQUIRE(narrow.books.size() == 1);
    CHECK(narrow.books.front()["accepted"].integer() == 0); // it was confirmed an hour ago
    const auto csv = world.shop.blongo({"check", "--format", "csv", "--only", "shipments"});
    CHECK(csv.exit_code == 0);
}

// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "e2e/fleet.hpp"
#include "support/e2e/commands.hpp"

using namespace blongo;
using namespace blongo::test;

TEST_CASE("a paused connection: runs pass it over, commands that name it refuse, reads go on", "[connection]") {
    Shop shop;
    shop.order(101);
    shop.send(101);
    const auto blongo = [&](std::vector<std::string> arguments) { return said(shop.installation, std::move(arguments)); };
    const Finished paused = blongo({"connection", "pause", "demo", "--reason", "stocktaking"});
    CHECK(paused.exit_code == 0);
    expect_text(paused.out, "paused since");
    const std::int64_t writes = shop.sandbox.writes();

    for (const std::vector<std::string>& passing : {std::vector<std::string>{"run"},
                                                    {"run", "-C", "demo"},
                                                    {"orders", "sync"},
                                                    {"articles", "sync"},
                                                    {"shipments", "send"}}) {
        const Finished run = blongo(passing);
        CHECK(run.exit_code == 0);
        expect_text(run.err, "passed over: paused since");
        expect_text(run.err, "stocktaking");
        expect_text(run.err, "blongo connection resume demo");
    }
    for (const std::vector<std::string>& refused : {std::vector<std::string>{"orders", "sync", "-C", "demo"},
                                                    {"articles", "sync", "-C", "demo"},
                                                    {"send", "101"},
                                                    {"orders", "sync", "--order", "101"},
                                                    {"orders", "hold", "101"},
                                                    {"orders", "reimport", "101"},
                                                    {"orders", "backfill", "--order", "101"},
                                                    {"shipments", "rebook", "101"},
                                                    {"shipments", "cancel", "101"},
                                                    {"shipments", "refresh", "101"},
                                                    {"shipments", "manifest", "--courier", "dpd"},
                                                    {"shipments", "pickup", "--courier", "dpd"},
                                                    {"unknown", "resolve", "101", "--nothing-was-booked"}}) {
        const Finished run = blongo(refused);
        CHECK(run.exit_code == 7);
        expect_text(run.err, "blongo connection resume demo");
    }
    CHECK(shop.sandbox.writes() == writes);
    CHECK(shop.packages() == 0);

    CHECK(blongo({"shipments", "send", "-n"}).exit_code == 0);
    CHECK(blongo({"run", "-n", "-C", "demo"}).exit_code == 0);
    const Finished status = blongo({"status"});
    CHECK(status.exit_code == 0);
    expect_text(status.err, "stocktaking");
    expect_text(blongo({"connection", "list"}).out, "stocktaking");
    expect_text(blongo({"doctor"}).out, "stocktaking");
    CHECK(blongo({"orders", "list"}).exit_code == 0);

    auto watch = shop.installation.start({"shipments", "watch", "--every", "100ms"});
    std::this_thread::sleep_for(std::chrono::milliseconds{700});
    CHECK(shop.packages() == 0);
    const Finished resumed = blongo({"connection", "resume", "demo"});
    CHECK(resumed.exit_code == 0);
    watch->wait_until([&] { return shop.packages() == 1; });
    watch->signal(SIGTERM);
    CHECK(watch->wait().exit_code == 143);
    expect_text(blongo({"connection", "resume", "demo"}).out, "was not paused");
    CHECK(blongo({"run"}).exit_code == 0);
    CHECK(shop.packages() == 1);
}

TEST_CASE("a pause ends by itself; a time that is over is refused", "[connection]") {
    Fleet fleet(1);
    fleet.orders(1, 1);
    CHECK(said(fleet.installation, {"connection", "pause", "c01", "--until", "2020-01-01"}).exit_code == 2);
    CHECK(said(fleet.installation, {"connection", "pause", "c1"}).exit_code == 2);
    CHECK(said(fleet.installation, {"connection", "pause", "c01", "--until", "2h"}).exit_code == 0);
    CHECK(fleet.run().exit_code == 0);
    CHECK(fleet.arrived(1).empty());
    edit_state(fleet.installation, "UPDATE pauses SET ends = ends - 7200001");
    CHECK(fleet.run().exit_code == 0);
    CHECK(fleet.arrived(1).size() == 1);
}

TEST_CASE("remove --erase forgets one connection whole; the next run adopts what is there and doubles nothing", "[connection]") {
    Fleet fleet(2);
    for (int client = 1; client <= 2; ++client) fleet.orders(client, 3);
    REQUIRE(fleet.run().exit_code == 0);
    json::Value one_parcel = json::Value::array();
    one_parcel.push_back(with("weight", json::Value::number("1.2")));
    fleet.sandbox.post("/_admin/ongoing/work?warehouse=sandbox&goods_owner=1",
                       with("orderNumber", "1001").set("action", "pick_and_send").set("parcels", one_parcel));
    REQUIRE(fleet.run().exit_code == 0);
    const std::string key(trim(edit_state(fleet.installation, "SELECT id FROM connections WHERE name = 'c01'")));
    const auto labels = fleet.installation.folder() / ("labels/" + key);
    REQUIRE(std::filesystem::exists(labels));
    const auto blongo = [&](std::vector<std::string> arguments) { return said(fleet.installation, std::move(arguments)); };

    const Finished asked = blongo({"connection", "remove", "c01"});
    CHECK(asked.exit_code == 0);
    expect_text(asked.out, "would erase");
    expect_text(asked.out, "3 orders");
    CHECK(blongo({"connection", "remove", "c01", "--erase"}).exit_code == 2); // nobody says yes
    CHECK(blongo({"connection", "remove", "c99", "--erase", "-y"}).exit_code == 6);
    edit_state(fleet.installation,
               "INSERT INTO intents (connection, key, action, payload, fingerprint, state, result, host, pid, "
               "epoch, attempt, created, send_deadline) VALUES (" +
                   key +
                   ", 'order:77', 'put_order', '{}', '', 3, '', "
                   "'h', 1, 0, 1, 0, 0)");
    CHECK(blongo({"connection", "remove", "c01", "--erase", "-y"}).exit_code == 8);
    CHECK(edit_state(fleet.installation, "SELECT COUNT(*) FROM orders WHERE connection = " + key).substr(0, 1) == "3");
    edit_state(fleet.installation, "DELETE FROM intents WHERE key = 'order:77'");

    const std::int64_t bookings = fleet.sandbox.calls("baselinker", "createPackage");
    const Finished erased = blongo({"connection", "remove", "c01", "--erase", "-y"});
    CHECK(erased.exit_code == 0);
    expect_text(erased.out, "erased");
    expect_text(erased.out, "1 label files");
    CHECK_FALSE(std::filesystem::exists(labels));
    CHECK(edit_state(fleet.installation, "SELECT COUNT(*) FROM orders").substr(0, 1) == "3"); // the other's
    CHECK(blongo({"connection", "remove", "c01"}).exit_code == 6);

    CHECK(fleet.run().exit_code == 0);
    CHECK(fleet.run().exit_code == 0);
    CHECK(fleet.arrived(1).size() == 3);
    CHECK(fleet.sandbox.calls("baselinker", "createPackage") == bookings);
    CHECK(fleet.sandbox.violations().empty());
}

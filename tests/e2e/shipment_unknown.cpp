// SPDX-License-Identifier: Apache-2.0
// A booking whose answer was lost, as people meet it: unknown list, unknown resolve; and the lists of couriers.
#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;
const std::string id = "84512301";

json::Value lost(const std::string& fault) {
    return json::Value::object().set("side", "baselinker").set("operation", "createPackage").set("times", 1).set("fault", fault);
}

/// Looks that are over at once: what is left is a person's.
const std::string impatient_looks = "unknown_wait = [1, 2, 3]";

/// A sent order whose booking was answered by a closed connection, and that every look was in vain for.
void lose_booking(Shop& shop) {
    shop.order(n);
    shop.send(n);
    shop.sandbox.fault(lost("drop_before"));
    CHECK(said(shop.installation, {"send", id}).exit_code == 8);
    age_intents(shop.installation);
    edit_state(shop.installation, "UPDATE due SET at = 0");
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 8);
}

} // namespace

TEST_CASE("a lost booking is listed with what is known, and nothing of it is ever booked twice by itself") {
    Shop shop(shipments_on(impatient_looks));
    expect_text(said(shop.installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    lose_booking(shop);
    const auto list = said(shop.installation, {"unknown", "list", "--json"});
    CHECK(list.exit_code == 0);
    const auto row = lines_of(list, "unknown").at(0);
    std::string names;
    for (const auto& [name, value] : row.members()) names += name + " ";
    CHECK(names == "schema message_type connection key delivery action since next_look detail command ");
    CHECK(row["key"].text() == id);
    CHECK(row["action"].text() == "create_package");
    CHECK(row["command"].text() == "blongo unknown resolve " + id);
    for (const std::vector<std::string>& command : {std::vector<std::string>{"why", id}, {"shipments", "why", id}})
        expect_text(said(shop.installation, command).out, "blongo unknown resolve " + id);
    for (int i = 0; i < 3; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 8);
    CHECK(said(shop.installation, {"send", id}).exit_code == 8);
    CHECK(shop.sandbox.calls("baselinker", "createPackage") == 1);
    CHECK(shop.packages() == 0);
}

TEST_CASE("a lost upload is listed with the command that settles it; what a killed run was at is no write") {
    Shop shop(shipments_on(impatient_looks + "\nprint = { report_id = 7, fallback_workstation_id = 3 }"));
    shop.order(n);
    shop.send(n);
    shop.sandbox.fault(lost("kill_before").set("operation", "getLabel"));
    CHECK(said(shop.installation, {"send", id}).exit_code > 128);
    expect_text(said(shop.installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    expect_text(said(shop.installation, {"shipments", "show", id}).out, "the label is not in Ongoing yet");
    const auto unsettled = [&] {
        for (const auto& row : lines_of(said(shop.installation, {"status", "--json"}), "status"))
            if (row["flow"].text() == "shipments") return row["unsettled"].integer(-1);
        return std::int64_t{-1};
    };
    CHECK(unsettled() == 0);
    shop.sandbox.fault(lost("drop_before").set("side", "ongoing").set("operation", "POST /orders/{orderId}/files"));
    CHECK(said(shop.installation, {"send", id}).exit_code == 8);
    const auto row = lines_of(said(shop.installation, {"unknown", "list", "--json"}), "unknown").at(0);
    CHECK(row["command"].text() == "blongo shipments send " + id);
    CHECK(unsettled() == 1);
    age_intents(shop.installation);
    edit_state(shop.installation, "UPDATE due SET at = 0");
    CHECK(said(shop.installation, {"shipments", "send", id}).exit_code == 0);
    expect_text(said(shop.installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    CHECK(shop.files(n).size() == 1);
}

TEST_CASE("unknown resolve takes exactly one statement, of an order that has such a booking") {
    Shop shop(shipments_on(impatient_looks));
    lose_booking(shop);
    CHECK(said(shop.installation, {"unknown", "resolve", id}).exit_code == 2);
    CHECK(said(shop.installation, {"unknown", "resolve", id, "--rebook", "--nothing-was-booked"}).exit_code == 2);
    CHECK(said(shop.installation, {"unknown", "resolve", id, "--package", "1"}).exit_code == 6);
    CHECK(said(shop.installation, {"unknown", "resolve", "99", "--rebook"}).exit_code == 6);
    CHECK(shop.sandbox.calls("baselinker", "createPackage") == 1);
}

TEST_CASE("unknown resolve --rebook books it now; --nothing-was-booked makes it due again") {
    const bool at_once = GENERATE(true, false);
    Shop shop(shipments_on(impatient_looks));
    lose_booking(shop);
    const auto resolved = said(shop.installation, {"unknown", "resolve", id, at_once ? "--rebook" : "--nothing-was-booked"});
    CHECK(resolved.exit_code == 0);
    CHECK(shop.packages(n) == (at_once ? 1U : 0U));
    if (!at_once) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(shop.packages(n) == 1);
    CHECK(shop.files(n).size() == 1);
    expect_text(said(shop.installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    CHECK(said(shop.installation, {"parked", "list"}).out.find("nothing waits") != std::string::npos);
}

TEST_CASE("a booking that was carried out is taken as ours, and a statement against what BaseLinker shows is refused") {
    Shop shop(shipments_on(impatient_looks));
    shop.order(n);
    shop.send(n);
    shop.sandbox.options(json::Value::object().set("package_hidden_reads", 1));
    shop.sandbox.fault(lost("drop_after"));
    CHECK(said(shop.installation, {"send", id}).exit_code == 8);
    age_intents(shop.installation);
    edit_state(shop.installation, "UPDATE due SET at = 0");
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 8);
    REQUIRE(shop.packages(n) == 1);
    const auto refused = said(shop.installation, {"unknown", "resolve", id, "--nothing-was-booked"});
    CHECK(refused.exit_code == 3);
    const std::string package(shop.sandbox.get("/_admin/baselinker/packages").elements().front()["package_id"].text());
    expect_text(refused.err, package);
    CHECK(said(shop.installation, {"unknown", "resolve", id, "--package", package}).exit_code == 0);
    CHECK(shop.packages(n) == 1);
    CHECK(shop.files(n).size() == 1);
}

TEST_CASE("list couriers shows all codes; --connected those of the rules with their accounts") {
    Shop shop(shipments_on({}, locker_rule + dpd_rule));
    const auto all = lines_of(said(shop.installation, {"list", "couriers", "--json"}), "courier");
    REQUIRE(all.size() == 4);
    CHECK(all[0]["code"].text() == "paczkomaty");
    CHECK(all[0]["name"].text() == "InPost Paczkomaty");
    CHECK(shop.sandbox.calls("baselinker", "getCourierAccounts") == 0);
    const auto connected = lines_of(said(shop.installation, {"list", "couriers", "--connected", "--json"}), "courier");
    REQUIRE(connected.size() == 3);
    CHECK(connected[0]["account_id"].integer() == 58370);
    CHECK(connected[2]["account"].text() == "DPD zwroty");
    CHECK(shop.sandbox.calls("baselinker", "getCourierAccounts") == 2);

    Shop unconnected(shipments_on({}, "[[connections.demo.shipments.couriers]]\ncourier_code = \"dhl\"\n"));
    expect_text(said(unconnected.installation, {"list", "couriers", "--connected"}).out, "not connected");
    Shop unknown(shipments_on({}, "[[connections.demo.shipments.couriers]]\ncourier_code = \"inpost\"\n"));
    const auto wrong = said(unknown.installation, {"list", "couriers", "--connected"});
    CHECK(wrong.exit_code == 2);
    expect_text(wrong.err, "knows no courier inpost");
}

TEST_CASE("list courier-fields shows accounts, fields, options and defaults; a wrong code gets a suggestion") {
    Shop shop;
    const auto rows = lines_of(said(shop.installation, {"list", "courier-fields", "dpd", "--json"}), "courier_field");
    REQUIRE(rows.size() == 14);
    CHECK(rows[0]["kind"].text() == "account");
    CHECK(rows[0]["id"].text() == "58381");
    CHECK(rows[2]["id"].text() == "service");
    CHECK(rows[2]["default"].text() == "classic");
    CHECK(rows[2]["options"].elements()[1]["label"].text() == "Gwarancja 9:30");
    CHECK(rows[9]["kind"].text() == "each parcel");
    expect_text(said(shop.installation, {"list", "courier-fields", "dpd"}).out,
                "classic: DPD Classic; guarantee_0930: Gwarancja 9:30");
    expect_text(said(shop.installation, {"list", "courier-fields", "brokersystem"}).out, "blongo list courier-services N");
    expect_text(said(shop.installation, {"list", "courier-fields", "dhl"}).err, "not connected");
    const auto wrong = said(shop.installation, {"list", "courier-fields", "dpdd"});
    CHECK(wrong.exit_code == 6);
    CHECK(wrong.out.empty());
    expect_text(wrong.err, "did you mean dpd?");
    CHECK(said(shop.installation, {"list", "courier-fields"}).exit_code == 2);
}

TEST_CASE("list courier-services asks with the order's own rule and parcels") {
    Shop shop(shipments_on({}, "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"*broker*\"]\ncourier_code = "
                               "\"brokersystem\"\nfields = { service = \"{auto}\" }\n" +
                                   dpd_rule));
    shop.order(n, json::Value::object().set("delivery_method", "Broker 24h"));
    shop.order(n + 1);
    const auto offered = lines_of(said(shop.installation, {"list", "courier-services", id, "--json"}), "courier_service");
    REQUIRE(offered.size() == 2);
    CHECK(offered[0]["courier"].text() == "brokersystem");
    CHECK(offered[0]["field"].text() == "service");
    CHECK(offered[0]["id"].text() == "5127");
    CHECK(offered[0]["name"].text() == "NextDay 10-14");
    expect_text(said(shop.installation, {"list", "courier-services", std::to_string(n + 1)}).out,
                "the same choices for every order");
    CHECK(said(shop.installation, {"list", "courier-services", "99"}).exit_code == 6);
    CHECK(shop.sandbox.calls("baselinker", "createPackage") == 0);

    Shop no_rule(shipments_on({}, locker_rule));
    no_rule.order(n);
    const auto none = said(no_rule.installation, {"list", "courier-services", id});
    CHECK(none.exit_code == 2);
    expect_text(none.err, "no courier rule fits");
}

TEST_CASE("send ends with the exit codes that scripts rely on") {
    Shop shop(shipments_on(), impatient);
    shop.order(n);
    shop.send(n);
    for (const std::vector<std::string>& wrong : {std::vector<std::string>{"send", id, "--parcel", "heavy"},
                                                  {"send", id, "--cod", "much"},
                                                  {"send", "--parcel", "1kg"},
                                                  {"send", "--force-old"},
                                                  {"send", id, "--frce"}})
        CHECK(said(shop.installation, wrong).exit_code == 2);
    CHECK(said(shop.installation, {"send", "99"}).exit_code == 6);
    CHECK(said(shop.installation, {"send", id, "-n", "--exit-code"}).exit_code == 9);
    shop.sandbox.fault(json::Value::object().set("side", "ongoing").set("operation", "*").set("fault", "drop_before"));
    CHECK(said(shop.installation, {"send", id}).exit_code == 5);
    shop.sandbox.clear_faults();
    const std::string token = shop.installation.folder() / "token";
    write_file(token, "another-token\n");
    CHECK(said(shop.installation, {"send", id}).exit_code == 4);
    write_file(token, "sandbox-token\n");
    shop.sandbox.options(json::Value::object().set("package_error", "Błąd API kuriera: limit"));
    CHECK(said(shop.installation, {"send", id}).exit_code == 3);
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0); // nothing new
    CHECK(said(shop.installation, {"shipments", "send", "--strict"}).exit_code == 3);
    shop.sandbox.options(json::Value::object().set("package_error", ""));
    const auto sent = said(shop.installation, {"send", id, "--json"});
    CHECK(sent.exit_code == 0);
    CHECK(summary_of(sent)["flow"].text() == "shipments");
    CHECK(summary_of(sent)["created"].integer() == 1);
    CHECK(said(shop.installation, {"send", id}).exit_code == 0); // sent already
    CHECK(shop.packages() == 1);
}

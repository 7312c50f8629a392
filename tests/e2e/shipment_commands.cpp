// SPDX-License-Identifier: Apache-2.0
// What people type about one shipment: dry run, show, why, label, add, rebook, cancel, refresh, manifest, pickup.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/commands.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301, other = 84512302;

std::string text_of(std::int64_t id) {
    return std::to_string(id);
}

/// The names of an object's members, in their order.
std::string names(const json::Value& row) {
    std::string out;
    for (const auto& [name, value] : row.members()) out += (out.empty() ? "" : " ") + name;
    return out;
}

json::Value the_shipment(const Installation& installation, std::int64_t id) {
    const auto rows = lines_of(said(installation, {"shipments", "show", text_of(id), "--json"}), "shipment");
    return rows.empty() ? json::Value{} : rows.front();
}

} // namespace

TEST_CASE("send N --dry-run shows on one screen what would be booked, where it would print, and writes nothing") {
    Shop shop(shipments_on("print = { report_id = 7, fallback_workstation_id = 3 }"));
    shop.order(n, json::Value::object()
                      .set("payment_method_cod", true)
                      .set("delivery_price", json::Value::number("9.99"))
                      .set("currency", "PLN"));
    shop.send(n);
    shop.sandbox.reset_journal();
    const std::string before = edit_state(shop.installation, "SELECT group_concat(sql) FROM sqlite_master; SELECT count(*) "
                                                             "FROM runs; SELECT count(*) FROM deliveries");
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"send", text_of(n), "-n"}, {"shipments", "send", text_of(n), "--dry-run"}}) {
        const auto dry = said(shop.installation, command);
        CHECK(dry.exit_code == 0);
        for (const char* part : {"would create", "dpd, 1 parcel, 1.2 kg", "rule: dpd (", "courier account: 58381",
                                 "field service: classic", "parcel: 1.2 kg 30x20x15 cm", "weights from: parcels of Ongoing",
                                 "cash on delivery: 22.49 PLN", "00-001 Warszawa PL", "printing: for user 231"})
            expect_text(dry.out, part);
        for (const char* secret : {"Kowalski", "Polna", "600100200", "jan@"}) expect_no_text(dry.out + dry.err, secret);
    }
    CHECK(shop.sandbox.writes() == 0);
    CHECK(shop.packages() == 0);
    CHECK(edit_state(shop.installation, "SELECT group_concat(sql) FROM sqlite_master; SELECT count(*) FROM runs; SELECT "
                                        "count(*) FROM deliveries") == before);
}

TEST_CASE("a dry run of send makes no state file where there is none") {
    Sandbox sandbox({"--products", "2"});
    Installation installation(sandbox, {}, shipments_on(), orders_on());
    CHECK(installation.blongo({"shipments", "send", "-n"}).exit_code == 0);
    CHECK(installation.blongo({"send", text_of(n), "-n"}).exit_code == 6);
    CHECK_FALSE(std::filesystem::exists(installation.folder() / "state.db"));
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an order that was not sent is not booked by its number, and the person is told what to press") {
    Shop shop;
    shop.order(n);
    const auto early = said(shop.installation, {"send", text_of(n)});
    CHECK(early.exit_code == 3);
    expect_text(early.out + early.err, "press Send there first");
    CHECK(shop.packages() == 0);
}

TEST_CASE("one order is found by its id, its tracking number and Ongoing's id; its shipment is listed and shown") {
    Shop shop;
    shop.orders(n, 2);
    const auto nothing = said(shop.installation, {"shipments", "list"});
    CHECK(nothing.exit_code == 0);
    expect_text(nothing.out, "nothing was sent yet");
    shop.send(n);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);

    const auto row = lines_of(said(shop.installation, {"shipments", "list", "--json"}), "shipment").at(0);
    CHECK(names(row) == "schema message_type connection key order_number delivery state courier package_number package_id "
                        "cod labels tracking tracking_url sent label_at printed");
    CHECK(row["key"].text() == text_of(n));
    CHECK(row["state"].text() == "sent");
    CHECK(row["labels"].size() == 1);
    const std::string tracking(row["package_number"].text());
    const std::string at_ongoing = "#" + std::string(shop.sandbox.orders()[text_of(n)]["orderId"].text());
    for (const std::string& name : {text_of(n), tracking, at_ongoing}) {
        const auto found = said(shop.installation, {"find", name, "--json"});
        CHECK(found.exit_code == 0);
        CHECK(lines_of(found, "order").at(0)["key"].text() == text_of(n));
        expect_text(said(shop.installation, {"shipments", "why", name}).out, "sent: dpd " + tracking);
    }
    CHECK(names(the_shipment(shop.installation, n)) == names(row) + " verdict cause detail unknown rule");
    expect_text(said(shop.installation, {"shipments", "show", tracking}).out, "in Ongoing");
    expect_text(said(shop.installation, {"why", text_of(n)}).out, "shipment:   sent: dpd " + tracking);
    expect_text(said(shop.installation, {"shipments", "why", text_of(other)}).out, "nothing was sent yet");
    const auto csv = said(shop.installation, {"shipments", "list", "--format", "csv"});
    expect_text(csv.out, "connection,key,order_number,delivery,state,courier,package_number");
    CHECK(said(shop.installation, {"find", "1349"}).exit_code == 6);
    CHECK(said(shop.installation, {"shipments", "show", "1"}).exit_code == 6);
}

TEST_CASE("why N says what keeps a shipment, and parked retry sends it when the cause is gone") {
    Shop shop;
    shop.order(n, json::Value::object().set("phone", "1"));
    shop.send(n);
    const auto refused = said(shop.installation, {"send", text_of(n)});
    CHECK(refused.exit_code == 3);
    CHECK(shop.packages() == 0);
    CHECK(said(shop.installation, {"shipments", "refresh", text_of(n)}).exit_code == 6); // it has no package yet
    for (const char* group : {"", "shipments"}) {
        std::vector<std::string> command{"why", text_of(n)};
        if (*group != 0) command.insert(command.begin(), group);
        const auto why = said(shop.installation, command);
        CHECK(why.exit_code == 0);
        expect_text(why.out, "courier_rejected");
        expect_text(why.out, "Nieprawidłowy numer telefonu Wymagane 9 cyfr");
        expect_text(why.out, "blongo shipments send " + text_of(n));
    }
    const auto row = lines_of(said(shop.installation, {"why", text_of(n), "--json"}), "order").at(0);
    CHECK(row["shipment_cause"].text() == "courier_rejected");
    CHECK(row["cause"].is_null());
    CHECK(the_shipment(shop.installation, n)["cause"].text() == "courier_rejected");
    expect_text(said(shop.installation, {"parked", "list"}).out, "shipments " + text_of(n));

    shop.sandbox.base_orders(json::Value::object().set("order_id", n).set("phone", "600100200"));
    const auto retried = said(shop.installation, {"parked", "retry", text_of(n)});
    CHECK(retried.exit_code == 0);
    CHECK(shop.packages(n) == 1);
    CHECK(shop.files(n).size() == 1);
    expect_text(said(shop.installation, {"parked", "list"}).out, "nothing waits");
}

TEST_CASE("the label comes as a private file, under a name of one's own, or out of the printer") {
    Shop shop(shipments_on("print_command = [\"cp\", \"{file}\", \"printed.pdf\"]"));
    shop.order(n);
    shop.send(n);
    CHECK(said(shop.installation, {"label", text_of(n)}).exit_code == 6);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);
    const std::string folder = shop.installation.folder().path().string() + "/";
    std::filesystem::remove(folder + "printed.pdf");

    const auto label = lines_of(said(shop.installation, {"label", text_of(n), "--json"}), "label").at(0);
    const std::string file = folder + std::string(label["file"].text());
    CHECK(read_file(file).starts_with("%PDF"));
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) == std::filesystem::perms::none);
    CHECK(said(shop.installation, {"shipments", "label", text_of(n), "--out", "mine.pdf", "--print"}).exit_code == 0);
    CHECK(read_file(folder + "mine.pdf") == read_file(file));
    CHECK(read_file(folder + "printed.pdf") == read_file(file));
    CHECK(shop.packages() == 1);

    Shop without;
    without.order(n);
    without.send(n);
    CHECK(said(without.installation, {"send", text_of(n)}).exit_code == 0);
    CHECK(said(without.installation, {"label", text_of(n), "--print"}).exit_code == 2);
}

TEST_CASE("one more package, booked anew, cancelled: each is one package, and a cancelled one leaves no label") {
    Shop shop;
    shop.orders(n, 2);
    shop.send(n);
    CHECK(said(shop.installation, {"shipments", "add", text_of(n)}).exit_code == 6); // nothing to add to
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);
    CHECK(said(shop.installation, {"shipments", "add", text_of(n), "--parcel", "2.1kg,30x20x15"}).exit_code == 0);
    CHECK(shop.packages(n) == 2);
    CHECK(said(shop.installation, {"shipments", "rebook", text_of(n)}).exit_code == 0); // the one that was added
    CHECK(shop.packages(n) == 2);
    CHECK(shop.files(n).size() == 2);
    expect_text(said(shop.installation, {"shipments", "show", text_of(n)}).out, "2.1 kg");

    CHECK(said(shop.installation, {"shipments", "cancel", text_of(n), "-n"}).exit_code == 0);
    CHECK(shop.packages(n) == 2);
    for (int left = 1; left >= 0; --left) {
        const auto cancelled = said(shop.installation, {"shipments", "cancel", text_of(n), "--json"});
        CHECK(cancelled.exit_code == 0);
        expect_text(cancelled.out, "The courier may still charge");
        CHECK(shop.packages(n) == static_cast<std::size_t>(left));
        CHECK(shop.files(n).size() == static_cast<std::size_t>(left));
    }
    const auto rows = lines_of(said(shop.installation, {"shipments", "show", text_of(n), "--json"}), "shipment");
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) {
        CHECK(row["state"].text() == "cancelled");
        CHECK(row["labels"].size() == 0);
    }
    CHECK(said(shop.installation, {"shipments", "cancel", text_of(n)}).exit_code == 6);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0); // anew
    CHECK(shop.packages(n) == 1);
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("a courier that refuses to cancel is believed, and the package stays") {
    Shop shop;
    shop.order(n);
    shop.send(n);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);
    shop.sandbox.options(json::Value::object().set("delete_error", "Przesyłka została już odebrana"));
    for (const char* command : {"cancel", "rebook"}) {
        const auto refused = said(shop.installation, {"shipments", command, text_of(n)});
        CHECK(refused.exit_code == 3);
        expect_text(refused.out + refused.err, "już odebrana");
        CHECK(shop.packages(n) == 1);
        CHECK(shop.files(n).size() == 1);
    }
    CHECK(the_shipment(shop.installation, n)["state"].text() == "sent");
}

TEST_CASE("refresh brings the tracking page that came late, and what the courier says of the parcel") {
    Shop shop;
    shop.sandbox.options(json::Value::object().set("tracking_url_after_reads", 4));
    shop.order(n);
    shop.send(n);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);
    CHECK(the_shipment(shop.installation, n)["tracking_url"].is_null());
    for (int i = 0; i < 4; ++i) CHECK(said(shop.installation, {"shipments", "refresh", text_of(n)}).exit_code == 0);
    CHECK_FALSE(the_shipment(shop.installation, n)["tracking_url"].is_null());
    const json::Value there = shop.sandbox.orders()[text_of(n)];
    CHECK(there.dump().find("tracktrace") != std::string::npos);
    const json::Value package = shop.sandbox.get("/_admin/baselinker/packages").elements().front();
    shop.sandbox.post("/_admin/baselinker/packages",
                      json::Value::object().set("package_id", package["package_id"]).set("tracking_status", 5));
    CHECK(said(shop.installation, {"shipments", "refresh", text_of(n)}).exit_code == 0);
    CHECK(the_shipment(shop.installation, n)["tracking"].text() == "delivered");
    CHECK(said(shop.installation, {"shipments", "refresh", "1"}).exit_code == 6);
}

TEST_CASE("a package stands on one manifest, a cancelled one on none, and a protocol that was not kept on none") {
    Shop shop;
    shop.orders(n, 2);
    for (const auto id : {n, other}) {
        shop.send(id);
        CHECK(said(shop.installation, {"send", text_of(id)}).exit_code == 0);
    }
    CHECK(said(shop.installation, {"shipments", "cancel", text_of(other)}).exit_code == 0);
    expect_text(said(shop.installation, {"shipments", "manifest", "--courier", "dpd", "-n"}).out, "1 package of dpd would be");
    CHECK(said(shop.installation, {"shipments", "manifest", "--courier", "dpd", "--out", "no/such/folder.pdf"}).exit_code != 0);
    const auto made = said(shop.installation, {"shipments", "manifest", "--courier", "dpd", "--out", "day.pdf", "--json"});
    CHECK(made.exit_code == 0);
    CHECK(lines_of(made, "manifest").at(0)["package_ids"].size() == 1);
    CHECK(read_file(shop.installation.folder() / "day.pdf").size() > 0);
    CHECK(said(shop.installation, {"shipments", "manifest", "--courier", "dpd"}).exit_code == 6);
    CHECK(said(shop.installation, {"shipments", "manifest"}).exit_code == 2);
}

TEST_CASE("the courier is ordered once a day, and a lost answer orders no second one") {
    Shop shop;
    shop.order(n);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd"}).exit_code == 6);
    shop.send(n);
    CHECK(said(shop.installation, {"send", text_of(n)}).exit_code == 0);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd", "-n"}).exit_code == 0);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd", "--field", "nonsense=1"}).exit_code == 2);
    CHECK(shop.sandbox.calls("baselinker", "runRequestParcelPickup") == 0);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd"}).exit_code == 0);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd"}).exit_code == 3);
    CHECK(shop.sandbox.calls("baselinker", "runRequestParcelPickup") == 1);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "runRequestParcelPickup")
                           .set("times", 1)
                           .set("fault", "drop_after"));
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd", "--day", "2030-01-02"}).exit_code == 8);
    CHECK(said(shop.installation, {"shipments", "pickup", "--courier", "dpd", "--day", "2030-01-02"}).exit_code == 3);
    CHECK(shop.sandbox.calls("baselinker", "runRequestParcelPickup") == 2);
}

TEST_CASE("a disabled flow books nothing by an order's number, and says how to enable it") {
    Shop shop;
    shop.order(n);
    shop.send(n);
    std::string text = shop.installation.config_text();
    const std::string on = "[connections.demo.shipments]\nenabled = true";
    text.replace(text.find(on), on.size(), "[connections.demo.shipments]\nenabled = false");
    shop.installation.write_config(text);
    for (const std::vector<std::string>& command : {std::vector<std::string>{"send", text_of(n)},
                                                    {"shipments", "send"},
                                                    {"shipments", "add", text_of(n)},
                                                    {"shipments", "cancel", text_of(n)},
                                                    {"shipments", "pickup", "--courier", "dpd"},
                                                    {"shipments", "watch"}}) {
        const auto off = said(shop.installation, command);
        CHECK(off.exit_code == 2);
        expect_text(off.err, "enabled = true");
    }
    CHECK(said(shop.installation, {"send", text_of(n), "-n"}).exit_code == 0);
    CHECK(shop.packages() == 0);
}

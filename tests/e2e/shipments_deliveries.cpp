// SPDX-License-Identifier: Apache-2.0
// Deliveries: complete, short and the rest later, back orders, several parcels, what they weigh and collect, and the ways
// of booking other than the courier's form.
#include <catch2/catch.hpp>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t sent_in_part = 8074;

const std::string statuses = "status_after_send = 8071\nstatus_after_short_send = 8074\n";

json::Value members(const std::string& text) {
    return read_json(text);
}

json::Value cod_order(std::int64_t id, const std::string& more = "{}", std::int64_t pieces = 1) {
    json::Value over = members(R"({"payment_method_cod":true,"payment_done":0,"delivery_price":15,"currency":"PLN"})");
    const json::Value last = members(more);
    for (const auto& [name, value] : last.members()) over.set(name, value);
    return base_order(id, {base_line(synthetic_sku(1), pieces)}, over);
}

/// Weights of the parcels of a package, as BaseLinker was given them.
std::vector<std::string> weights(const json::Value& package) {
    std::vector<std::string> out;
    for (const auto& parcel : package["parcels"].elements()) out.emplace_back(parcel["weight"].text());
    return out;
}

using Weights = std::vector<std::string>;

/// What couriers are to collect for an order in all, by the packages that stand.
std::vector<std::string> collected(Sending& world, std::int64_t order) {
    std::vector<std::string> out;
    for (const auto& package : world.packages(order))
        if (const auto amount = field_of(package, "cod"); !amount.empty()) out.push_back(amount);
    return out;
}

std::vector<json::Value> deliveries(Sending& world, std::int64_t order) {
    return lines_of(world.blongo({"shipments", "show", std::to_string(order), "--json"}), "shipment");
}

std::string broker(const std::string& more) {
    return "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Broker\"]\ncourier_code = \"brokersystem\"\n" + more +
           "\n";
}

} // namespace

TEST_CASE("a short delivery is booked for what was picked, and the rest later is a delivery of its own", "[F28]") {
    Sending world({.shipments = statuses});
    world.import({base_order(1, {base_line(synthetic_sku(1), 5), base_line(synthetic_sku(2), 2)})});
    world.work("1", "pick_and_send", picked(1, {3, 2}, {"1.5"}));
    const auto first = world.send();
    CHECK(first.exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.base_status(1) == sent_in_part);
    REQUIRE(deliveries(world, 1).size() == 1);
    CHECK(deliveries(world, 1).front()["state"].text() == "sent, short");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);

    // The same parcel is in Ongoing still; the second one joins it.
    json::Value both = world.there("1")["parcels"];
    world.work("1", "reopen");
    world.work("1", "pick_and_send", picked(1, {5, 2}, {"0.7"}));
    both.push_back(world.there("1")["parcels"].elements().front());
    world.sandbox.post("/_admin/ongoing/orders",
                       with("orderNumber", "1").set("data", with("orderNumber", "1")).set("parcels", both));
    CHECK(world.send().exit_code == 0);
    REQUIRE(world.bought() == 2);
    CHECK(weights(world.packages().front()) == Weights{"1.5"});
    CHECK(weights(world.packages().back()) == Weights{"0.7"});
    REQUIRE(world.files("1").size() == 2);
    CHECK(world.files("1").front()["fileName"].text() != world.files("1").back()["fileName"].text());
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.sandbox.status_writes(1, sent_in_part) == 1);
    CHECK(world.sandbox.status_writes(1, status::sent) == 1);
    REQUIRE(deliveries(world, 1).size() == 2);
    CHECK(deliveries(world, 1).back()["state"].text() == "sent");
    CHECK(world.there("1")["way_bill"].text() == world.packages().front()["number"].text());
    CHECK(world.there("1")["tracking"].size() == 2);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 2);
    world.expect_lawful();
}

TEST_CASE("a back order of one of ours is a further delivery of it, with its own label where it was packed") {
    Sending world({.shipments = statuses});
    world.import({base_order(1, {base_line(synthetic_sku(1), 5)})});
    world.work("1", "pick_and_send", picked(1, {3}, {"1.5"}));
    world.work("1", "back_order");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.base_status(1) == sent_in_part);
    world.press_send("1-B1");
    CHECK(world.send().exit_code == 0);
    REQUIRE(world.bought(1) == 2);
    CHECK(world.packages().size() == 2);
    CHECK(world.files("1").size() == 1);
    REQUIRE(world.files("1-B1").size() == 1);
    CHECK(world.files("1-B1").front()["fileName"].text().starts_with("label-1-B1-"));
    CHECK(world.there("1-B1")["way_bill"].text() == world.packages().back()["number"].text());
    CHECK(deliveries(world, 1).size() == 2);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 2);
    CHECK(world.base_status(1) == status::sent);
}

TEST_CASE("parcels that changed after the booking are added as a package of their own where that is set") {
    Sending world({.shipments = "parcels_changed = \"add\""});
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.press_send("1");
    CHECK(world.send().exit_code == 0);
    json::Value both = world.there("1")["parcels"];
    world.press_send_again("1", parcels({"2"}));
    both.push_back(world.there("1")["parcels"].elements().front());
    world.sandbox.post("/_admin/ongoing/orders",
                       with("orderNumber", "1").set("data", with("orderNumber", "1")).set("parcels", both));
    CHECK(world.send().exit_code == 0);
    REQUIRE(world.bought() == 2);
    CHECK(weights(world.packages().back()) == Weights{"2"});
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 2);
}

TEST_CASE("the courier collects what is left to pay, exactly, and never twice over two deliveries", "[F30]") {
    Sending world(
        {.couriers = dpd_rule("delivery_method = [\"Kurier\"]", "fields = { cod = \"{cod_amount}\" }\ncod_currency = \"PLN\"") +
                     dpd_rule("delivery_method = [\"Bez pobrania\"]", "fields = { service = \"classic\" }") +
                     broker("fields = { service = \"5127\", cod = \"{cod_amount}\" }") +
                     "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Goniec\"]\n"
                     "courier_code = \"goniec\"\nfields = { cod = \"{cod_amount}\" }\n"});
    world.sandbox.post("/_admin/baselinker/couriers",
                       members(R"({"code":"goniec","name":"Goniec","accounts":[{"id":7,"name":"G"}],"multi_packages":false,
        "fields":[{"id":"note","name":"Uwagi","type":"text"}],"package_fields":[{"id":"weight","name":"Waga","type":"text"}],
        "label_extension":"pdf","checks":[]})"));
    world.import({cod_order(1), cod_order(2, R"({"payment_done":7.25})"), cod_order(3, R"({"payment_done":27.5})"),
                  cod_order(4, R"({"payment_method_cod":false})"), cod_order(5, R"({"delivery_method":"Broker"})"),
                  cod_order(6, R"({"delivery_method":"Bez pobrania"})"), cod_order(7, "{}", 3),
                  cod_order(8, R"({"delivery_method":"Goniec"})")});
    world.press_send("8");
    for (int id = 1; id <= 6; ++id) world.press_send(std::to_string(id));
    world.work("7", "pick_and_send", picked(7, {2}, {"1"}));
    CHECK(world.send().exit_code == 3);
    CHECK(collected(world, 1) == Weights{"27.50"});
    CHECK(collected(world, 2) == Weights{"20.25"});
    CHECK(world.bought(3) == 1);
    CHECK(collected(world, 3).empty());
    CHECK(world.bought(4) == 1);
    CHECK(collected(world, 4).empty());
    CHECK(world.causes() == std::map<std::string, std::string>{
                                {"5", "courier_rejected"}, {"6", "field_invalid"}, {"7", "cod_short"}, {"8", "field_invalid"}});
    CHECK(world.why(5).find("pobrania niedost") != std::string::npos);
    CHECK(world.why(8).find("no field for cash on delivery") != std::string::npos);
    CHECK(world.why(6).find("27.50 PLN are to be collected") != std::string::npos);

    // A person says what the first two thirds collect; what the rest collects is asked again.
    CHECK(world.send({"7", "--cod", "40"}).exit_code == 0);
    CHECK(collected(world, 7) == Weights{"40.00"});
    world.work("7", "reopen");
    world.work("7", "pick_and_send", picked(7, {3}, {"0.5"}));
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes().at("7") == "cod_unclear");
    CHECK(world.bought(7) == 1);
    CHECK(world.send({"7", "--cod", "12.50"}).exit_code == 0);
    CHECK(collected(world, 7) == Weights{"40.00", "12.50"});

    // One more parcel of what is paid at the door already collects nothing.
    CHECK(world.blongo({"shipments", "add", "1", "--parcel", "3kg"}).exit_code == 0);
    CHECK(world.bought(1) == 2);
    CHECK(collected(world, 1) == Weights{"27.50"});
    world.expect_lawful();
}

TEST_CASE("parcels weigh what Ongoing's parcels say, else its way bill rows, else the articles, else default_weight") {
    Sending world({.shipments = "default_weight = \"0.9\"\npackaging_weight = \"0.25\""});
    const json::Value heavy = with("weight", json::Value::number("1.5"));
    world.import({base_order(1, {base_line(synthetic_sku(1), 2, heavy)}), base_order(2, {base_line(synthetic_sku(1), 2, heavy)}),
                  base_order(3, {base_line(synthetic_sku(1), 2, heavy)}), base_order(4, {base_line(synthetic_sku(1), 2, heavy)}),
                  base_order(5, {base_line(synthetic_sku(1)), base_line(synthetic_sku(2), 1, heavy)}),
                  base_order(6, {base_line(synthetic_sku(1))}), base_order(7, {base_line(synthetic_sku(1))})});
    const json::Value sizes = members(R"({"parcels":[{"weight":4.2,"length":0.4,"width":0.3,"height":0.205},{"weight":2},
        {"weight":9,"isReturnParcel":true}]})");
    world.work("1", "pick_and_send", sizes);
    world.work("2", "pick_and_send",
               members(R"({"way_bill_rows":[{"numberOfPackages":2,"weight":3,"parcelType":{"code":"BOX-S"}}]})"));
    world.work("3", "pick_and_send");
    world.work("4", "pick_and_send", picked(4, {1}));
    world.work("5", "pick_and_send");
    world.work("6", "pick_and_send");
    CHECK(world.send().exit_code == 0);
    CHECK(weights(world.packages(1).front()) == Weights{"4.2", "2"});
    const json::Value first = world.packages(1).front()["parcels"].elements().front();
    CHECK(first["size_length"].text() == "40");
    CHECK(first["size_height"].text() == "20.5");
    CHECK(weights(world.packages(2).front()) == Weights{"1.5", "1.5"});
    CHECK(weights(world.packages(3).front()) == Weights{"3.25"});
    CHECK(weights(world.packages(4).front()) == Weights{"1.75"});
    CHECK(weights(world.packages(5).front()) == Weights{"0.9"});
    CHECK(weights(world.packages(6).front()) == Weights{"0.9"});

    // By hand: two parcels, whatever Ongoing says; shown before it is bought.
    world.press_send("7");
    const std::vector<std::string> by_hand{"shipments", "send", "7", "--parcel", "2.1kg,30x20x15", "--parcel", "1kg"};
    auto dry = by_hand;
    dry.emplace_back("--dry-run");
    const auto shown = world.blongo(dry);
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("2.1 kg 30x20x15 cm") != std::string::npos);
    CHECK(shown.out.find("given by hand") != std::string::npos);
    CHECK(world.bought(7) == 0);
    CHECK(world.blongo(by_hand).exit_code == 0);
    CHECK(weights(world.packages(7).front()) == Weights{"2.1", "1"});
    world.expect_lawful();
}

TEST_CASE("counter pick-up books nothing, and its status is written once") {
    Sending world({.shipments = statuses,
                   .couriers = "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"*osobisty*\"]\n"
                               "courier_code = \"none\"\n" +
                               dpd_rule()});
    world.import({base_order(1, {base_line(synthetic_sku(1))}, members(R"({"delivery_method":"Odbior osobisty"})"))});
    world.work("1", "pick_and_send");
    const auto finished = world.send();
    CHECK(finished.exit_code == 0);
    CHECK(world.packages().empty());
    CHECK(world.files("1").empty());
    CHECK(world.base_status(1) == status::sent);
    world.press_send_again("1");
    CHECK(world.send().exit_code == 0);
    CHECK(world.sandbox.status_writes(1, status::sent) == 1);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 0);
}

TEST_CASE("a macro books once, and its package is taken when it shows") {
    Sending world({.couriers = "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\nstrategy = \"macro\"\n"
                               "trigger_id = 12413\n"});
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.sandbox.options(members(R"({"macro_after_reads":1})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 5); // accepted; its package comes later
    world.let_pass(20);
    CHECK(world.send().exit_code == 8);
    CHECK(world.files("1").empty());
    world.let_pass(60);
    CHECK(world.send().exit_code == 0);
    CHECK(world.packages(1).size() == 1);
    CHECK(world.files("1").size() == 1);
    CHECK(world.sandbox.calls("baselinker", "runOrderMacroTrigger") == 1);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 0);
    world.expect_lawful();
}

TEST_CASE("a label that another integration made in Ongoing is registered in BaseLinker, once") {
    Sending world({.couriers = "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\nstrategy = \"report\"\n"});
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.press_send("1");
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "label_pending"}});
    CHECK(world.packages().empty());
    world.sandbox.post("/_admin/ongoing/orders",
                       with("orderNumber", "1").set("data", with("orderNumber", "1")).set("way_bill", "373400001234"));
    CHECK(world.send().exit_code == 0);
    REQUIRE(world.packages(1).size() == 1);
    CHECK(world.packages(1).front()["number"].text() == "373400001234");
    CHECK(world.packages(1).front()["created_by"].text() == "manual");
    CHECK(world.causes().empty());
    CHECK(world.send().exit_code == 0);
    CHECK(world.packages(1).size() == 1);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 0);
    CHECK(world.sandbox.calls("baselinker", "createPackageManual") == 1);
}

TEST_CASE("what is parked for the warehouse is sent by hand with what was missing") {
    Sending world({.shipments = "short = \"park\""});
    world.import({base_order(1, {base_line(synthetic_sku(1), 2)}), base_order(2, {base_line(synthetic_sku(1))}),
                  base_order(3, {base_line(synthetic_sku(1))}, members(R"({"date_confirmed":"-40d","date_add":"-41d"})"))});
    world.work("1", "pick_and_send", picked(1, {1}, {"1"}));
    world.work("2", "pick_and_send");
    world.press_send("3");
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "short_pick"}, {"2", "no_weight"}, {"3", "old_order"}});
    CHECK(world.send({"1"}).exit_code == 0);
    CHECK(world.send({"2", "--parcel", "2"}).exit_code == 0);
    CHECK(world.send({"3", "--force-old"}).exit_code == 0);
    CHECK(world.bought() == 3);
    CHECK(world.causes().empty());
    for (const char* number : {"1", "2", "3"}) CHECK(world.instruction(number).empty());
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 3);
}

TEST_CASE("where the warehouse registers no picks, what was ordered is what is sent") {
    Sending world({.shipments = statuses + "require_picked = false"});
    world.import({base_order(1, {base_line(synthetic_sku(1), 2)})});
    world.work("1", "send", parcels({"1"}));
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.base_status(1) == status::sent);
    world.work("1", "pick"); // registered afterwards: nothing new
    world.work("1", "send");
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
}

TEST_CASE("a shipment is booked anew with its new parcels, and the old package and its label are gone") {
    Sending world;
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.press_send("1");
    CHECK(world.send().exit_code == 0);
    const std::string old_file(world.files("1").front()["fileName"].text());
    world.press_send_again("1", parcels({"1", "2"}));
    CHECK(world.send().exit_code == 3);
    CHECK(world.blongo({"shipments", "rebook", "1"}).exit_code == 0);
    REQUIRE(world.packages().size() == 1);
    CHECK(weights(world.packages().front()) == Weights{"1", "2"});
    REQUIRE(world.files("1").size() == 1);
    CHECK(world.files("1").front()["fileName"].text() != old_file);
    CHECK(world.there("1")["way_bill"].text() == world.packages().front()["number"].text());
    CHECK(world.causes().empty());
    CHECK(world.instruction("1").empty());
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    REQUIRE(deliveries(world, 1).size() == 2);
    CHECK(deliveries(world, 1).front()["state"].text() == "cancelled");
    CHECK(deliveries(world, 1).front()["labels"].size() == 0);
    CHECK(deliveries(world, 1).back()["state"].text() == "sent");
}

TEST_CASE("a parcel that was packed anew before its label came takes no tracking, and the order does") {
    Sending world({.shipments = statuses});
    world.import({base_order(1, {base_line(synthetic_sku(1), 3)})});
    world.sandbox.options(members(R"({"label_not_ready":1})"));
    world.work("1", "pick_and_send", picked(1, {2}, {"1"}));
    CHECK(world.send().exit_code == 5);
    world.work("1", "reopen");
    world.work("1", "pick_and_send", picked(1, {3}, {"1"})); // another parcel in the place of the first
    CHECK(world.send().exit_code == 5);
    world.let_pass(10);
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.bought() == 2);
    CHECK(world.files("1").size() == 2);
    CHECK(world.there("1")["way_bill"].text() == world.packages().front()["number"].text());
    CHECK(world.there("1")["tracking"].size() == 2);
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.send().exit_code == 0);
}

TEST_CASE("when the courier refuses ours and the seller's automation booked at the same moment, that package is taken") {
    Sending world;
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.sandbox.options(members(R"({"seller_automation":true,"package_error":"Limit przesylek"})"));
    world.press_send("1");
    const auto finished = world.send();
    CHECK(finished.exit_code == 0);
    CHECK(summary_of(finished)["adopted"].integer() == 1);
    REQUIRE(world.packages(1).size() == 1);
    CHECK(world.bought() == 0);
    CHECK(world.files("1").size() == 1);
    CHECK(world.causes().empty());
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 1);
}

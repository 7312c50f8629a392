// SPDX-License-Identifier: Apache-2.0
// Every cause that keeps a shipment from being booked: parked on its own while all others go, told to the packer in
// front of what stood there, nothing bought, and sent by itself once it is mended.
#include <catch2/catch.hpp>

#include <functional>

#include <fmt/format.h>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

using Act = std::function<void(Sending&, std::int64_t order)>;

struct Case {
    std::string cause{};
    json::Value order = json::Value::object(); ///< members of the order in BaseLinker
    Act spoil{};                               ///< what happens after the import; nothing: Send is pressed
    Act mend{};
    std::string packer = "LABEL FAILED "; ///< how the packer's text begins
    std::string words{};                  ///< what it says
    std::string reason{};                 ///< what `shipments why` says
    std::int64_t pieces = 1;
};

const std::string kept = "Fragile: two people";

std::string number_of(std::int64_t order) {
    return std::to_string(order);
}

Act base(const std::string& members) {
    return [members](Sending& world, std::int64_t order) { world.edit_base(order, read_json(members)); };
}

/// The seller edits the order between import and Send.
Act edited_then_sent(const std::string& members) {
    return [members](Sending& world, std::int64_t order) {
        world.edit_base(order, read_json(members));
        world.press_send(number_of(order));
    };
}

Act sends(const json::Value& more) {
    return [more](Sending& world, std::int64_t order) { world.work(number_of(order), "pick_and_send", more); };
}

json::Value one_line(std::int64_t order, std::int64_t pieces) {
    json::Value lines = json::Value::array();
    lines.push_back(base_line(synthetic_sku(1), pieces).set("order_product_id", order * 10 + 1));
    return with("products", std::move(lines));
}

json::Value members(const std::string& text) {
    return read_json(text);
}

json::Value cod(const std::string& more = {}) {
    return members(R"({"payment_method_cod":true,"payment_done":0,"delivery_price":15,"currency":"PLN")" + more + "}");
}

/// All orders are imported and sent at once; then each of them is judged, mended, and judged again.
void judge(const SendingSetup& setup, std::vector<Case> cases) {
    Sending world(setup);
    std::vector<json::Value> orders{base_order(100, {base_line(synthetic_sku(1))}, members(R"({"payment_done":12.5})"))};
    std::int64_t id = 100;
    for (auto& one : cases) {
        const std::int64_t order = ++id;
        orders.push_back(base_order(order, {base_line(synthetic_sku(1), one.pieces)}, one.order));
    }
    world.import(orders);
    std::map<std::string, std::string> expected;
    world.press_send("100");
    id = 100;
    for (const auto& one : cases) {
        const std::int64_t order = ++id;
        INFO(one.cause);
        world.edit_warehouse(number_of(order), with("warehouseInstruction", kept));
        one.spoil ? one.spoil(world, order) : world.press_send(number_of(order));
        expected[number_of(order)] = one.cause;
    }

    const auto first = world.send();
    CHECK(first.exit_code == 3);
    CHECK(world.causes() == expected);
    CHECK(world.bought(100) == 1);
    CHECK(world.bought() == 1);
    CHECK(summary_of(first)["parked"].integer() == static_cast<std::int64_t>(cases.size()));
    id = 100;
    for (const auto& one : cases) {
        const std::int64_t order = ++id;
        INFO(one.cause << ": " << world.instruction(number_of(order)));
        const std::string told = world.instruction(number_of(order));
        CHECK(told.starts_with(one.packer));
        CHECK(told.find(": " + one.words) != std::string::npos);
        CHECK(told.ends_with(" | " + kept));
        const std::string why = world.why(order);
        INFO(why);
        CHECK(why.find(one.cause) != std::string::npos);
        CHECK(why.find(one.reason) != std::string::npos);
        CHECK(world.files(number_of(order)).empty());
    }

    // Standing problems are no news, and cost no booking.
    CHECK(world.send().exit_code == 0);
    CHECK(world.send({"--strict"}).exit_code == 3);
    CHECK(world.bought() == 1);

    id = 100;
    for (const auto& one : cases) {
        const std::int64_t order = ++id;
        INFO(one.cause);
        one.mend(world, order);
    }
    const auto mended = world.send();
    CHECK(mended.exit_code == 0);
    CHECK(world.causes().empty());
    id = 100;
    for (const auto& one : cases) {
        const std::int64_t order = ++id;
        INFO(one.cause);
        CHECK(world.packages(order).size() == 1);
        CHECK(world.files(number_of(order)).size() == 1);
        CHECK(world.instruction(number_of(order)) == kept);
    }
    world.expect_lawful();
}

const std::string rules =
    dpd_rule("delivery_method = [\"Kurier\"]", "fields = { cod = \"{cod_amount}\" }\ncod_currency = \"PLN\"\n"
                                               "checks = { phone = \"PL9\", mobile = true, street_max = 40, "
                                               "name_max = 35, postcode = true }") +
    dpd_rule("delivery_method = [\"Bez kontroli\"]") +
    dpd_rule("delivery_method = [\"Zly formularz\"]", "fields = { serwis = \"classic\" }") +
    "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Paczkomat\"]\ncourier_code = \"paczkomaty\"\n"
    "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Broker\"]\ncourier_code = \"brokersystem\"\n"
    "fields = { service = \"{auto}\" }\n";

const SendingSetup all_rules{.shipments = "max_order_age = \"30d\"", .couriers = rules};

} // namespace

TEST_CASE("what is wrong with the seller's order parks the shipment until the seller has mended it") {
    judge(all_rules,
          {{.cause = "bad_phone",
            .spoil = edited_then_sent(R"({"phone":"12 345"})"),
            .mend = base(R"({"phone":"+48 600 100 200"})"),
            .words = "bad telephone number",
            .reason = "PL with 9 digits"},
           {.cause = "bad_postcode",
            .spoil = edited_then_sent(R"({"delivery_postcode":"1234"})"),
            .mend = base(R"({"delivery_postcode":"00-001"})"),
            .words = "bad post code",
            .reason = "1234"},
           {.cause = "street_too_long",
            .spoil = edited_then_sent(R"({"delivery_address":"Aleja Najswietszej Maryi Panny Krolowej Polski 144/12"})"),
            .mend = base(R"({"delivery_address":"al. NMP 144/12"})"),
            .words = "street too long",
            .reason = "takes 40"},
           {.cause = "name_too_long",
            .spoil = edited_then_sent(R"({"delivery_fullname":"Maria Aleksandra Sklodowska-Curie Kowalska"})"),
            .mend = base(R"({"delivery_fullname":"Maria Sklodowska"})"),
            .words = "name too long",
            .reason = "takes 35"},
           {.cause = "cod_unclear",
            .order = cod(R"(,"currency":"EUR")"),
            .mend = base(R"({"currency":"PLN"})"),
            .words = "amount to collect not clear",
            .reason = "27.50 EUR"},
           {.cause = "identity_changed",
            .order = members(R"({"shop_order_id":"700"})"),
            .spoil = edited_then_sent(R"({"shop_order_id":"701"})"),
            .mend = base(R"({"shop_order_id":"700"})"),
            .words = "the number is another order's now",
            .reason = "another order"},
           {.cause = "status_not_shippable",
            .spoil = edited_then_sent(R"({"order_status_id":8075})"),
            .mend = base(R"({"order_status_id":8069})"),
            .words = "order not released for sending",
            .reason = "8075"},
           {.cause = "cancelled_in_base",
            .spoil = edited_then_sent(R"({"order_status_id":8073})"),
            .mend = base(R"({"order_status_id":8069})"),
            .packer = "STOP ",
            .words = "order cancelled",
            .reason = "8073"},
           {.cause = "not_confirmed",
            .spoil = edited_then_sent(R"({"confirmed":false})"),
            .mend = base(R"({"confirmed":true})"),
            .words = "order not confirmed",
            .reason = "not confirmed"},
           {.cause = "lines_changed",
            .spoil =
                [](Sending& world, std::int64_t order) {
                    world.press_send(number_of(order));
                    world.edit_base(order, one_line(order, 3));
                },
            .mend = [](Sending& world, std::int64_t order) { world.edit_base(order, one_line(order, 1)); },
            .packer = "STOP ",
            .words = "order changed after packing",
            .reason = "3 in BaseLinker, 1 in Ongoing"},
           {.cause = "country_changed",
            .spoil = edited_then_sent(R"({"delivery_country_code":"DE"})"),
            .mend = base(R"({"delivery_country_code":"PL"})"),
            .packer = "STOP ",
            .words = "country changed after packing",
            .reason = "DE in BaseLinker and PL in Ongoing"},
           {.cause = "no_country",
            .order = members(R"({"delivery_method":"Bez kontroli","delivery_country_code":""})"),
            .mend = base(R"({"delivery_country_code":"PL"})"),
            .words = "no country",
            .reason = "no country"}});
}

TEST_CASE("what is wrong in the warehouse or with the rules parks the shipment until it is mended") {
    judge(all_rules,
          {{.cause = "no_weight",
            .spoil = sends(json::Value::object()),
            .mend = [](Sending& world, std::int64_t order) { world.work(number_of(order), "pack", parcels({"2.5"})); },
            .words = "no weight",
            .reason = "nor a way bill row"},
           {.cause = "nothing_picked",
            .spoil = [](Sending& world, std::int64_t order) { world.work(number_of(order), "send", parcels({"1"})); },
            .mend = [](Sending& world, std::int64_t order) { world.press_send(number_of(order)); },
            .words = "nothing registered as picked",
            .reason = "no piece of it"},
           {.cause = "cod_short",
            .order = cod(),
            .spoil = [](Sending& world,
                        std::int64_t order) { world.work(number_of(order), "pick_and_send", picked(order, {1}, {"1"})); },
            .mend = [](Sending& world, std::int64_t order) { world.press_send(number_of(order)); },
            .words = "less picked, and money to collect",
            .reason = "collect the money for all of it",
            .pieces = 2},
           {.cause = "edited_in_warehouse",
            .spoil =
                [](Sending& world, std::int64_t order) {
                    json::Value consignee = world.there(number_of(order))["data"]["consignee"];
                    world.edit_warehouse(number_of(order), with("consignee", consignee.set("address1", "Lesna 2")));
                    world.press_send(number_of(order));
                },
            .mend = base(R"({"delivery_address":"Lesna 2"})"),
            .words = "address edited here, the courier gets the old one",
            .reason = "consignee.address1"},
           {.cause = "no_courier_rule",
            .spoil = edited_then_sent(R"({"delivery_method":"Golab pocztowy"})"),
            .mend = base(R"({"delivery_method":"Kurier"})"),
            .words = "no courier for this order",
            .reason = "no courier rule fits"},
           {.cause = "service_ambiguous",
            .spoil = edited_then_sent(R"({"delivery_method":"Broker"})"),
            .mend = base(R"({"delivery_method":"Kurier"})"),
            .words = "courier service not clear",
            .reason = "NextDay 10-14"},
           {.cause = "field_invalid",
            .spoil = edited_then_sent(R"({"delivery_method":"Zly formularz"})"),
            .mend = base(R"({"delivery_method":"Kurier"})"),
            .words = "courier form filled in wrongly",
            .reason = "has no field \"serwis\""},
           {.cause = "too_many_parcels",
            .order = members(R"({"delivery_method":"Paczkomat","delivery_point_id":"LOD01"})"),
            .spoil = sends(parcels({"1", "2"})),
            .mend = [](Sending& world, std::int64_t order) { world.work(number_of(order), "pack", parcels({"3"})); },
            .words = "courier takes one parcel only",
            .reason = "there are 2"},
           {.cause = "old_order",
            .order = members(R"({"date_confirmed":"-40d","date_add":"-41d"})"),
            .mend = base(R"({"date_confirmed":"-1h"})"),
            .words = "order is too old",
            .reason = "max_order_age"},
           {.cause = "courier_rejected",
            .order = members(R"({"delivery_method":"Bez kontroli"})"),
            .spoil = edited_then_sent(R"({"delivery_postcode":"1234"})"),
            .mend = base(R"({"delivery_postcode":"00-001"})"),
            .words = "the courier refused it",
            .reason = "pocztowy odbiorcy (1234)"}});
}

TEST_CASE("what other settings ask for parks the shipment until it is mended", "[F29]") {
    judge({.shipments = "require_paid = true\nshort = \"park\"\nexisting = \"park\"",
           .couriers = dpd_rule("delivery_method = [\"Kurier\"]") +
                       "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Paczkomat\"]\n"
                       "service_point = true\ncourier_code = \"paczkomaty\"\n"},
          {{.cause = "unpaid", .mend = base(R"({"payment_done":12.5})"), .words = "order not paid", .reason = "0.00 of 12.50"},
           {.cause = "short_pick",
            .order = members(R"({"payment_done":25})"),
            .spoil = [](Sending& world,
                        std::int64_t order) { world.work(number_of(order), "pick_and_send", picked(order, {1}, {"1"})); },
            .mend = [](Sending& world, std::int64_t order) { world.press_send(number_of(order)); },
            .words = "less picked than ordered",
            .reason = "less was picked",
            .pieces = 2},
           {.cause = "point_missing",
            .order = members(R"({"payment_done":12.5,"delivery_method":"Paczkomat"})"),
            .mend = base(R"({"delivery_point_id":"LOD01"})"),
            .words = "no pick-up point",
            .reason = "names no pick-up point"},
           {.cause = "package_exists",
            .order = members(R"({"payment_done":12.5})"),
            .spoil =
                [](Sending& world, std::int64_t order) {
                    world.sandbox.post("/_admin/baselinker/packages",
                                       with("order_id", order).set("courier_code", "dpd").set("account_id", 58381));
                    world.press_send(number_of(order));
                },
            .mend =
                [](Sending& world, std::int64_t order) {
                    const std::string id(world.packages(order).front()["package_id"].text());
                    world.sandbox.send("DELETE", "/_admin/baselinker/packages?id=" + id, {});
                },
            .words = "a label exists already",
            .reason = "BaseLinker holds"}});
}

TEST_CASE("what somebody wrote over the packer's text stays when the cause is mended") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))}, members(R"({"phone":"1"})"))});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
    world.press_send("1");
    CHECK(world.send().exit_code == 3);
    CHECK(world.instruction("1").starts_with("LABEL FAILED "));
    // While it is not mended, the text comes in front of theirs.
    world.edit_warehouse("1", with("warehouseInstruction", "Ewa asks"));
    CHECK(world.send().exit_code == 0);
    CHECK(world.instruction("1").starts_with("LABEL FAILED "));
    CHECK(world.instruction("1").ends_with(" | Ewa asks"));
    world.edit_warehouse("1", with("warehouseInstruction", "Ewa knows: wait for the new number"));
    world.edit_base(1, members(R"({"phone":"600100200"})"));
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.instruction("1") == "Ewa knows: wait for the new number");
}

TEST_CASE("parcels that changed after the booking are somebody's business, and nothing more once they are set back") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
    world.press_send("1");
    CHECK(world.send().exit_code == 0);
    const json::Value first = world.there("1")["parcels"];
    world.press_send_again("1", parcels({"1.2", "2"}));
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "parcels_changed"}});
    CHECK(world.why(1).find("the parcels changed after the booking") != std::string::npos);
    CHECK(world.instruction("1").find(": parcels changed after booking") != std::string::npos);
    CHECK(world.bought() == 1);

    world.sandbox.post("/_admin/ongoing/orders",
                       with("orderNumber", "1").set("data", with("orderNumber", "1")).set("parcels", first));
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.bought() == 1);
    CHECK(world.instruction("1") == kept);
    CHECK(lines_of(world.blongo({"shipments", "list", "--json"}), "shipment").size() == 1);
}

TEST_CASE("an order whose package was cancelled while it stays Sent is shown until it is sent or taken back") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))}), base_order(2, {base_line(synthetic_sku(2))})});
    for (const char* number : {"1", "2"}) {
        world.edit_warehouse(number, with("warehouseInstruction", kept));
        world.press_send(number);
    }
    CHECK(world.send().exit_code == 0);
    for (const char* number : {"1", "2"}) CHECK(world.blongo({"shipments", "cancel", number}).exit_code == 0);
    CHECK(world.packages().empty());
    CHECK(world.files("1").empty());
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "sent_without_shipment"}, {"2", "sent_without_shipment"}});
    CHECK(world.why(1).find("no package of it stands") != std::string::npos);
    CHECK(world.instruction("1").find(": sent without a label") != std::string::npos);
    CHECK(world.send().exit_code == 0); // standing, and never booked by itself
    CHECK(world.packages().empty());

    CHECK(world.send({"1"}).exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.instruction("1") == kept);
    world.press_send_again("2");
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.bought(2) == 1);
    CHECK(world.instruction("2") == kept);
}

TEST_CASE("a package that the seller's automation made at the same moment is shown until one of them is gone") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
    world.sandbox.options(members(R"({"seller_automation":true})"));
    world.press_send("1");
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "two_packages"}});
    CHECK(world.why(1).find("at the same moment somebody booked") != std::string::npos);
    CHECK(world.instruction("1").find(": two labels were booked") != std::string::npos);
    CHECK(world.bought() == 1);
    CHECK(world.packages().size() == 2);
    CHECK(world.files("1").size() == 1);
    world.let_pass(3600);
    CHECK(world.send().exit_code == 0);
    CHECK(world.send({"--strict"}).exit_code == 3);

    for (const auto& package : world.packages())
        if (package["created_by"].text() == "seller")
            world.sandbox.send("DELETE", "/_admin/baselinker/packages?id=" + std::string(package["package_id"].text()), {});
    world.let_pass(3600 * 25);
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
    CHECK(world.bought() == 1);
    world.expect_lawful();
}

TEST_CASE("a booking of unknown outcome is looked for, told, and never made twice until a person says what happened", "[F1]") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))}), base_order(2, {base_line(synthetic_sku(2))})});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
    world.sandbox.fault(members(R"({"side":"baselinker","operation":"createPackage","nth":1,"fault":"drop_before"})"));
    world.press_send("1");
    world.press_send("2");
    CHECK(world.send().exit_code == 8);
    CHECK(world.bought(2) == 1); // others go on
    world.let_pass(200);
    CHECK(world.send().exit_code == 8);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "unknown"}});
    CHECK(world.why(1).find("not known") != std::string::npos);
    CHECK(world.instruction("1").find(": not known whether it is booked") != std::string::npos);
    CHECK(world.instruction("1").ends_with(" | " + kept));
    world.press_send_again("1");
    CHECK(world.send().exit_code == 8);
    CHECK(world.send({"1"}).exit_code == 8);
    CHECK(world.bought(1) == 0);
    CHECK(world.sandbox.calls("baselinker", "createPackage") == 2);

    world.let_pass(200);
    CHECK(world.blongo({"unknown", "resolve", "1", "--nothing-was-booked"}).exit_code == 0);
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought(1) == 1);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
}

TEST_CASE("a Send that is taken back before it could be booked leaves nothing behind, and the next one counts") {
    Sending world(all_rules);
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.edit_warehouse("1", with("warehouseInstruction", kept));
    world.work("1", "pick_and_send"); // nobody weighed it
    CHECK(world.send().exit_code == 3);
    world.work("1", "reopen");
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
    CHECK(lines_of(world.blongo({"shipments", "list", "--json"}), "shipment").empty());
    world.work("1", "send", parcels({"2"}));
    CHECK(world.send().exit_code == 0);
    CHECK(world.bought() == 1);
    CHECK(world.instruction("1") == kept);

    // The same of one whose package was cancelled: it is Sent no more, and nobody misses a package.
    CHECK(world.blongo({"shipments", "cancel", "1"}).exit_code == 0);
    CHECK(world.send().exit_code == 3);
    world.work("1", "reopen");
    CHECK(world.send().exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.instruction("1") == kept);
    CHECK(world.send({"--strict"}).exit_code == 0);
}

TEST_CASE("what a courier refused is asked again only when something changed, when Send is pressed, or by hand") {
    Sending world({.shipments = "status_after_send = 8071", .orders = "status_on_error = { courier_rejected = 8072 }"});
    world.import({base_order(1, {base_line(synthetic_sku(1))}, members(R"({"delivery_postcode":"1234"})"))});
    const auto asked = [&] { return world.sandbox.calls("baselinker", "createPackage"); };
    world.press_send("1");
    CHECK(world.send().exit_code == 3);
    CHECK(world.base_status(1) == status::trouble);
    for (int run = 0; run < 3; ++run) CHECK(world.send().exit_code == 0);
    CHECK(asked() == 1);
    world.press_send_again("1");
    CHECK(world.send().exit_code == 0);
    CHECK(asked() == 2);
    const auto by_hand = world.blongo({"send", "1"}); // who asks is told, also what is no news
    CHECK(by_hand.exit_code == 3);
    CHECK(by_hand.err.find("pocztowy odbiorcy (1234)") != std::string::npos);
    CHECK(asked() == 3);
    world.edit_base(1, members(R"({"delivery_postcode":"00-001"})"));
    CHECK(world.send().exit_code == 0);
    CHECK(asked() == 4);
    CHECK(world.bought() == 1);
    CHECK(world.base_status(1) == status::sent);
    CHECK(world.sandbox.status_writes(1, status::trouble) == 1);
    CHECK(world.sandbox.status_writes(1, status::sent) == 1);
}

TEST_CASE("an order that was deleted in BaseLinker is stopped at the packing bench") {
    Sending world;
    world.import({base_order(1, {base_line(synthetic_sku(1))})});
    world.press_send("1");
    world.sandbox.send("DELETE", "/_admin/baselinker/orders?id=1", {});
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == std::map<std::string, std::string>{{"1", "cancelled_in_base"}});
    CHECK(world.instruction("1").starts_with("STOP "));
    CHECK(world.instruction("1").find("deleted in BaseLinker") != std::string::npos);
    CHECK(world.packages().empty());
}

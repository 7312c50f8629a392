// SPDX-License-Identifier: Apache-2.0
// What Send will refuse is told when the order is imported: noted, kept until it is mended or sent, or held back; without a
// request more, and never where nothing is booked.
#include <algorithm>

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "support/contact_cases.hpp"
#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;
using contacts::ContactCase;

namespace {

std::string rule_for(const std::string& conditions, const std::string& checks, const std::string& courier = "dpd") {
    return fmt::format(
        "[[connections.demo.shipments.couriers]]\n{}\ncourier_code = \"{}\"\n{}checks = {{ {} }}\n", conditions, courier,
        courier == "dpd" ? "account_id = 58381\nfields = { service = \"classic\", cod = \"{cod_amount}\" }\n" : "", checks);
}

/// The rules of the table of contacts.
const std::string contact_rules =
    rule_for("delivery_method = [\"*paczkomat*\"]", "phone = \"PL9\", mobile = true, point = true", "paczkomaty") +
    rule_for("delivery_method = [\"Kurier DPD\"]\ncountry = [\"PL\"]",
             "phone = \"PL9\", street_max = 40, name_max = 35, postcode = true") +
    rule_for("delivery_method = [\"Kurier zagraniczny\"]", "street_max = 35, name_max = 35, postcode = true, state = true");

const std::string phone_rule = rule_for("", "phone = \"PL9\"");

json::Value contact_members(const ContactCase& one) {
    return json::Value::object()
        .set("delivery_method", one.method)
        .set("delivery_country_code", one.country)
        .set("delivery_postcode", one.postcode)
        .set("phone", one.phone)
        .set("delivery_address", one.street)
        .set("delivery_fullname", one.name)
        .set("delivery_company", one.company)
        .set("delivery_point_id", one.point)
        .set("delivery_state", one.state);
}

json::Value weighing_line(int n) {
    return base_line(synthetic_sku(n), 1, with("weight", json::Value::number("0.5")));
}

json::Value order_with(std::int64_t id, json::Value members) {
    return base_order(id, {weighing_line(1)}, std::move(members));
}

json::Value bad_phone() {
    return with("phone", "12");
}

/// Cause by order, by `orders list --will-fail`.
std::map<std::string, std::string> listed(const Sending& world) {
    std::map<std::string, std::string> causes;
    const auto run = world.blongo({"orders", "list", "--will-fail", "--json"});
    CHECK(run.exit_code == 0);
    for (const auto& row : lines_of(run, "order")) causes[std::string(row["key"].text())] = row["cause"].text();
    return causes;
}

using Causes = std::map<std::string, std::string>;

/// The notes of an order's action line that tell what Send will refuse.
std::vector<std::string> notes_of(const Finished& run, const std::string& order) {
    std::vector<std::string> notes;
    for (const auto& line : lines_of(run, "action"))
        if (line["key"].text() == order)
            for (const auto& note : line["notes"].elements())
                if (note.text().starts_with("will_fail_at_send: ")) notes.emplace_back(note.text());
    return notes;
}

std::int64_t will_fail(const Finished& run) {
    return summary_of(run)["will_fail"].integer();
}

std::string first_word(const std::string& words) {
    return words.substr(0, words.find(' '));
}

/// The configuration with one text for another.
void reconfigure(const Sending& world, const std::string& from, const std::string& to) {
    std::string text = world.installation.config_text();
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    world.installation.write_config(text.replace(at, from.size(), to));
}

} // namespace

TEST_CASE("contacts that Send will refuse are told at the import, and Send refuses exactly those") {
    Sending world({.couriers = contact_rules});
    std::vector<json::Value> orders;
    Causes expected;
    std::map<std::string, ContactCase> cases;
    std::int64_t id = 100;
    for (const auto& one : contacts::contact_cases()) {
        if (!one.over_http) continue;
        const std::string key = std::to_string(++id);
        cases[key] = one;
        orders.push_back(order_with(id, contact_members(one)));
        if (!one.verdict.empty()) expected[key] = first_word(one.verdict);
    }
    CHECK(cases.size() >= 12);
    CHECK(expected.size() >= 8);
    json::Value list = json::Value::array();
    for (const auto& order : orders) list.push_back(order);
    world.sandbox.base_orders(list);

    const auto looked = world.blongo({"orders", "sync", "--json", "--dry-run"});
    CHECK(will_fail(looked) == static_cast<std::int64_t>(expected.size()));
    CHECK(listed(world).empty());

    const auto first = sync_orders(world.installation);
    CHECK(first.exit_code == 0);
    CHECK(summary_of(first)["created"].integer() == static_cast<std::int64_t>(cases.size()));
    CHECK(will_fail(first) == static_cast<std::int64_t>(expected.size()));
    for (const auto& [key, one] : cases) {
        INFO(one.what);
        const auto notes = notes_of(first, key);
        REQUIRE(notes.size() == (one.verdict.empty() ? 0 : 1));
        if (!notes.empty()) CHECK(notes.front().starts_with("will_fail_at_send: " + first_word(one.verdict) + ": "));
    }
    CHECK(listed(world) == expected);
    CHECK(world.sandbox.calls("baselinker", "getCourierFields") == 0);

    // It stays visible while nothing is mended.
    const auto again = sync_orders(world.installation);
    CHECK(will_fail(again) == static_cast<std::int64_t>(expected.size()));
    CHECK(listed(world) == expected);

    for (const auto& [key, one] : cases) world.press_send(key);
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == expected);
    CHECK(world.bought() == static_cast<std::int64_t>(cases.size() - expected.size()));
    CHECK(listed(world).empty()); // what has happened is foreseen no more
    CHECK(will_fail(sync_orders(world.installation)) == 0);
    world.expect_lawful();
}

TEST_CASE("what is foreseen says what exactly is wrong and what to do, wherever one looks, until it is mended") {
    Sending world({.couriers = phone_rule});
    world.import({order_with(101, bad_phone()), order_with(102, json::Value::object())});
    const auto shown = world.blongo({"orders", "show", "101", "--json"});
    const std::string detail(lines_of(shown, "order").front()["will_fail_at_send"].text());
    CHECK(detail == "bad_phone: the telephone number (99) is no number of PL with 9 digits; correct the telephone number of "
                    "the order in BaseLinker");
    const auto why = world.blongo({"why", "101"});
    CHECK(why.out.find("will fail at Send") != std::string::npos);
    CHECK(why.out.find(detail) != std::string::npos);
    CHECK(world.blongo({"why", "102"}).out.find("will fail") == std::string::npos);
    const auto rows = world.blongo({"orders", "list", "--will-fail"});
    CHECK(rows.out.find("seller") != std::string::npos);
    CHECK(rows.out.find(detail) != std::string::npos);
    CHECK(world.blongo({"orders", "sync"}).out.find("1 will fail at send (blongo orders list --will-fail)") != std::string::npos);

    world.edit_base(101, with("phone", "600 100 200"));
    CHECK(will_fail(sync_orders(world.installation)) == 0);
    CHECK(listed(world).empty());
    CHECK(world.blongo({"orders", "list", "--will-fail"}).out.find("nothing is foreseen") != std::string::npos);
}

TEST_CASE("preflight costs no request") {
    const auto calls = [](const std::string& preflight) {
        Sending world({.couriers = contact_rules, .orders = preflight});
        world.sandbox.reset_journal();
        world.import({order_with(101, bad_phone()), order_with(102, json::Value::object())});
        CHECK(sync_orders(world.installation).exit_code == 0);
        return world.sandbox.calls("baselinker") * 1000 + world.sandbox.calls("ongoing");
    };
    CHECK(calls("preflight = \"warn\"") == calls("preflight = \"off\""));
}

TEST_CASE("with preflight = \"park\" an order that will fail is held back, and goes by itself when it is mended") {
    Sending world({.couriers = contact_rules, .orders = "preflight = \"park\"\nstatus_on_error = { default = 8075 }"});
    std::vector<json::Value> orders;
    Causes expected;
    std::int64_t id = 100;
    for (const auto& one : contacts::contact_cases()) {
        if (!one.over_http || one.verdict.empty()) continue;
        orders.push_back(order_with(++id, contact_members(one)));
        expected[std::to_string(id)] = first_word(one.verdict);
    }
    orders.push_back(order_with(99, contact_members({})));
    json::Value list = json::Value::array();
    for (const auto& order : orders) list.push_back(order);
    world.sandbox.base_orders(list);

    const auto first = sync_orders(world.installation);
    CHECK(first.exit_code == 3);
    CHECK(world.causes() == expected);
    CHECK(world.sandbox.orders().size() == 1);
    CHECK(world.there("99").is_object());
    CHECK(will_fail(first) == 0); // what is held back meets no packer
    CHECK(listed(world).empty());
    CHECK(world.base_status(101) == 8075);
    CHECK(world.base_status(99) == 8069);
    CHECK(world.blongo({"why", "101"}).out.find("will fail at send: ") != std::string::npos);

    const auto standing = sync_orders(world.installation);
    CHECK(standing.exit_code == 0);
    CHECK(world.sandbox.orders().size() == 1);

    for (std::int64_t order = 101; order <= id; ++order) world.edit_base(order, contact_members({}));
    const auto mended = sync_orders(world.installation);
    CHECK(mended.exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.sandbox.orders().size() == orders.size());
    CHECK(world.base_status(101) == 8069);
    const json::Value there = world.sandbox.orders();
    for (const auto& [name, order] : there.members()) CHECK(order["writes"].integer() == 1);
    world.expect_lawful();
}

TEST_CASE("where nothing is booked nothing is judged: preflight off, shipments off, no rules, no status that books") {
    Sending world({.shipments = "max_order_age = \"30d\"", .couriers = phone_rule, .orders = "preflight = \"warn\""});
    world.import({order_with(101, bad_phone())});
    CHECK(listed(world) == Causes{{"101", "bad_phone"}});
    std::int64_t id = 101;
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"preflight = \"warn\"", "preflight = \"off\""},
             {"[connections.demo.shipments]\nenabled = true", "[connections.demo.shipments]\nenabled = false"},
             {phone_rule, ""},
             {"max_order_age = \"30d\"", "max_order_age = \"30d\"\nsend = { 450 = \"no_shipment\" }"}}) {
        INFO(to);
        reconfigure(world, from, to);
        const std::string key = std::to_string(++id);
        world.sandbox.base_orders(order_with(id, bad_phone()));
        const auto silent = sync_orders(world.installation);
        CHECK(silent.exit_code == 0);
        CHECK(notes_of(silent, key).empty());
        CHECK(will_fail(silent) == 0);
        CHECK(listed(world).empty());
        // And as before: all that are there are judged.
        world.installation.write_config(world.installation.config_text());
        CHECK(will_fail(sync_orders(world.installation)) >= 1);
    }
}

TEST_CASE("a rule that changes is held against the orders that are there already") {
    const std::string lax = rule_for("", "street_max = 0");
    Sending world({.couriers = lax});
    world.import({order_with(101, bad_phone()), order_with(102, json::Value::object())});
    CHECK(listed(world).empty());
    reconfigure(world, lax, phone_rule);
    CHECK(will_fail(sync_orders(world.installation)) == 1);
    CHECK(listed(world) == Causes{{"101", "bad_phone"}});
    reconfigure(world, lax, rule_for("delivery_method = [\"Golab*\"]", "street_max = 0"));
    CHECK(will_fail(sync_orders(world.installation)) == 2);
    CHECK(listed(world) == Causes{{"101", "no_courier_rule"}, {"102", "no_courier_rule"}});
    world.installation.write_config(world.installation.config_text());
    CHECK(will_fail(sync_orders(world.installation)) == 0);
    CHECK(listed(world).empty());
}

TEST_CASE("a weight that nobody knows is foreseen where the warehouse does not weigh") {
    const auto unweighed = [](std::int64_t id) { return base_order(id, {base_line(synthetic_sku(1))}); };
    Sending world({.orders = "preflight = \"park\""});
    world.import({unweighed(101), unweighed(102)}); // nothing is held up: perhaps the warehouse weighs
    CHECK(listed(world) == Causes{{"101", "no_weight"}, {"102", "no_weight"}});
    world.work("101", "pick_and_send");
    CHECK(world.send().exit_code == 3);
    CHECK(world.causes() == Causes{{"101", "no_weight"}});
    world.sandbox.base_orders(unweighed(103)); // it does not
    CHECK(sync_orders(world.installation).exit_code == 3);
    CHECK(world.causes() == Causes{{"101", "no_weight"}, {"103", "no_weight"}});
    world.work("101", "pack", parcels({"2.5"})); // it does
    CHECK(world.send().exit_code == 0);
    const auto after = sync_orders(world.installation);
    CHECK(after.exit_code == 0);
    CHECK(world.causes().empty());
    CHECK(world.there("103").is_object());
    CHECK(listed(world).empty());
}

TEST_CASE("the courier's form is compared once a send has kept it, without asking for it") {
    const std::string wrong = "[[connections.demo.shipments.couriers]]\ndelivery_method = [\"Zly*\"]\ncourier_code = "
                              "\"dpd\"\naccount_id = 58381\nfields = { serwis = \"classic\" }\n";
    Sending world({.couriers = wrong + dpd_rule()});
    world.import({order_with(101, json::Value::object()), order_with(102, with("delivery_method", "Zly formularz"))});
    CHECK(listed(world).empty()); // nobody knows the form yet
    world.press_send("101");
    CHECK(world.send().exit_code == 0);
    world.sandbox.base_orders(order_with(103, with("delivery_method", "Zly formularz")));
    world.sandbox.reset_journal();
    const auto run = sync_orders(world.installation);
    REQUIRE(notes_of(run, "103").size() == 1);
    CHECK(notes_of(run, "103").front().find("has no field \"serwis\"") != std::string::npos);
    CHECK(listed(world) == Causes{{"103", "field_invalid"}});
    CHECK(world.sandbox.calls("baselinker", "getCourierFields") == 0);
    CHECK(world.sandbox.calls("baselinker", "getCourierAccounts") == 0);
}

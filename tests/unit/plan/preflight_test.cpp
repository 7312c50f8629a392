// SPDX-License-Identifier: Apache-2.0
// What Send will refuse, told at the import: 60 contacts, and what else decides.
#include <algorithm>

#include <catch2/catch.hpp>

#include <blongo/plan/causes.hpp>
#include <blongo/plan/preflight.hpp>

#include "../../support/contact_cases.hpp"
#include "../map/shipments.hpp"

using namespace test;
using blongo::plan::Failure;

namespace {

std::vector<map::CourierRule> contact_rules() {
    map::CourierRule locker = rule(), courier = rule(), abroad = rule();
    locker.delivery_method = {"*paczkomat*"};
    locker.phone = "PL9";
    locker.mobile = locker.point = true;
    courier.delivery_method = {"Kurier DPD"};
    courier.country = {"PL"};
    courier.phone = "PL9";
    courier.postcode = true;
    courier.street_max = 40;
    courier.name_max = 35;
    abroad.delivery_method = {"Kurier zagraniczny"};
    abroad.postcode = abroad.state = true;
    abroad.street_max = abroad.name_max = 35;
    return {locker, courier, abroad};
}

baselinker::Order contact_order(const blongo::contacts::ContactCase& one) {
    auto order = shipped_order();
    order.delivery_method = one.method;
    order.delivery_country_code = one.country;
    order.delivery_postcode = one.postcode;
    order.phone = one.phone;
    order.delivery_address = one.street;
    order.delivery_fullname = one.name;
    order.delivery_company = one.company;
    order.delivery_point_id = one.point;
    order.delivery_state = one.state;
    return order;
}

/// An order, the rules and the circumstances, of which a test changes some.
struct Flight {
    baselinker::Order order = shipped_order();
    std::vector<map::CourierRule> rules{rule()};
    plan::PreflightOptions options;
    std::optional<baselinker::CourierForm> form;
    std::vector<baselinker::CourierAccount> accounts = test::accounts();
    std::vector<std::string> asked{}; ///< couriers whose form was looked for

    std::vector<Failure> run() {
        const auto mapped = test::map_order(order);
        REQUIRE(mapped.document);
        options.time_zone = "Europe/Warsaw";
        options.now = *parse_timestamp("2026-11-24T10:42:00Z");
        return plan::preflight(order, plan::foreseen_order(*mapped.document), rules, options,
                               [&](const std::string& code) -> std::optional<plan::KnownCourier> {
                                   asked.push_back(code);
                                   if (!form) return std::nullopt;
                                   return plan::KnownCourier{*form, accounts};
                               });
    }
    std::string causes() {
        std::string all;
        for (const Failure& failure : run()) {
            CHECK(failure.rejection.key == "84512345");
            CHECK(failure.rejection.label == "84512345");
            CHECK(plan::find_cause(failure.rejection.cause) != nullptr);
            const std::string word = failure.rejection.cause + (failure.certain ? "" : "?");
            if (all.find(word) == std::string::npos) all += (all.empty() ? "" : " ") + word;
        }
        return all;
    }
    std::string text() { return plan::preflight_text(run()); }
};

} // namespace

TEST_CASE("Contacts as people write them: what Send will refuse of each") {
    const auto cases = blongo::contacts::contact_cases();
    CHECK(cases.size() >= 30);
    for (const auto& one : cases) {
        INFO(one.what);
        Flight flight;
        flight.order = contact_order(one);
        flight.rules = contact_rules();
        CHECK(flight.causes() == one.verdict);
    }
}

TEST_CASE("Preflight says what Send says: the first failure is the cause that parks the shipment") {
    for (const auto& one : blongo::contacts::contact_cases()) {
        INFO(one.what);
        Flight flight;
        flight.order = contact_order(one);
        flight.rules = contact_rules();
        const auto mapped = test::map_order(flight.order);
        const auto there = plan::foreseen_order(*mapped.document);
        const auto parcels = plan_of({planned("1.2")});
        const auto facts = map::shipment_facts(flight.order, there, parcels);
        const auto* matching = map::first_match(flight.rules, facts);
        std::string at_send;
        if (matching == nullptr) {
            at_send = map::no_rule_fits(flight.rules, facts).cause;
        } else {
            const auto verdict = map::judge_by_rule(flight.order, *matching, std::nullopt, std::nullopt, true);
            if (!verdict.rejected.empty()) at_send = verdict.rejected.front().cause;
        }
        const auto foreseen = flight.run();
        CHECK((foreseen.empty() ? "" : foreseen.front().rejection.cause) == at_send);
    }
}

TEST_CASE("What is foreseen is told with what exactly is wrong, and what to do") {
    Flight flight;
    flight.rules[0].phone = "PL9";
    flight.rules[0].postcode = true;
    flight.order.phone = "58 301 02 0";
    flight.order.delivery_postcode = "26600";
    CHECK(flight.text() == "bad_phone: the telephone number (99 999 99 9) is no number of PL with 9 digits; correct the "
                           "telephone number of the order in BaseLinker; also bad_postcode: the post code \"26600\" does "
                           "not have the form of PL, 99-999");
    CHECK(plan::preflight_note(flight.run()) == "will_fail_at_send: " + flight.text());
    flight.order = shipped_order();
    CHECK(flight.run().empty());
    CHECK(plan::preflight_note(flight.run()).empty());
}

TEST_CASE("Where there are no rules nothing is judged; where none can fit that is told") {
    Flight flight;
    flight.order.phone = flight.order.delivery_country_code = "";
    flight.rules.clear();
    CHECK(flight.run().empty());
    flight.rules = {rule()};
    flight.rules[0].delivery_method = {"Kurier*"};
    CHECK(flight.causes() == "no_courier_rule");
    CHECK(flight.text().find("\"Paczkomat InPost\" is none of Kurier*") != std::string::npos);
    CHECK(flight.text().find("the delivery address has no country") != std::string::npos);
}

TEST_CASE("A rule whose conditions the warehouse decides may be the order's or not: no false alarm") {
    Flight flight;
    flight.order.phone = "";
    auto heavy = rule(), light = rule();
    heavy.min_weight = money("30");
    light.phone = "PL9";
    flight.rules = {heavy, light};
    CHECK(flight.run().empty()); // as heavy goods it would go
    flight.rules = {light, heavy};
    CHECK(flight.causes() == "bad_phone"); // the light rule is its own for certain
    heavy.mobile = true;
    flight.rules = {heavy, light};
    CHECK(flight.causes() == "bad_phone"); // under either
    auto by_parcels = rule();
    by_parcels.parcels = 2;
    flight.rules = {by_parcels};
    CHECK(flight.run().empty());
    by_parcels.delivery_method = {"Kurier*"};
    flight.rules = {by_parcels};
    CHECK(flight.causes() == "no_courier_rule");
    for (const auto& change :
         {+[](map::CourierRule& one) { one.max_weight = money("1"); }, +[](map::CourierRule& one) { one.max_side = money("1"); },
          +[](map::CourierRule& one) { one.parcel_type = {"PALLET"}; },
          +[](map::CourierRule& one) { one.transporter = {"DHL"}; }}) {
        auto open = rule();
        change(open);
        flight.rules = {open, light};
        CHECK(flight.run().empty());
        flight.rules = {open};
        CHECK(flight.run().empty());
    }
    auto by_way = rule(); // what Ongoing is told is known
    by_way.way_of_delivery = {"FREIGHT"};
    flight.rules = {by_way, light};
    CHECK(flight.causes() == "bad_phone");
}

TEST_CASE("A missing weight is foreseen where nobody weighs, and holds nothing up before that is known") {
    Flight flight;
    CHECK(flight.run().empty());
    flight.order.products[0].weight = Decimal{};
    CHECK(flight.causes() == "no_weight?");
    flight.options.weighing = plan::Weighing::never;
    CHECK(flight.causes() == "no_weight");
    flight.options.weighing = plan::Weighing::sometimes;
    CHECK(flight.run().empty());
    flight.options.weighing = plan::Weighing::unknown;
    flight.rules[0].phone = "PL9";
    flight.order.phone = "";
    CHECK(flight.causes() == "bad_phone no_weight?"); // what the seller can mend comes first
    flight.order.phone = "600100200";
    flight.options.parcels.default_weight = money("1");
    CHECK(flight.run().empty());
    flight.options.parcels.default_weight.reset();
    flight.rules[0].strategy = map::Strategy::none;
    CHECK(flight.run().empty());
}

TEST_CASE("Cash on delivery in another currency than the rule's, or with discounts, is foreseen") {
    Flight flight;
    flight.order = cod_order();
    flight.rules[0].cod_currency = "PLN";
    CHECK(flight.run().empty());
    flight.order.currency = "EUR";
    CHECK(flight.causes() == "cod_unclear");
    flight.order.currency = "PLN";
    flight.order.has_discounts = true;
    CHECK(flight.causes() == "cod_unclear");
    flight.order.payment_method_cod = false;
    CHECK(flight.run().empty());
}

TEST_CASE("The courier's form is compared where it is known, and not missed where it is not") {
    Flight flight;
    flight.order = cod_order();
    flight.rules = {rule({{"service", "classic"}, {"serwis", "x"}})};
    CHECK(flight.run().empty());
    CHECK(flight.asked == std::vector<std::string>{"dpd"});
    flight.form = form();
    CHECK(flight.causes() == "field_invalid");
    CHECK(flight.text().find("has no field \"serwis\"") != std::string::npos);
    flight.rules = {rule({{"service", "classic"}})};
    CHECK(flight.text().find("are to be collected, and no field") != std::string::npos);
    flight.rules = {rule({{"service", "classic"}, {"cod", "{cod_amount}"}})};
    CHECK(flight.run().empty());
    flight.rules = {rule({{"dynamic", "{auto}"}, {"cod", "{cod_amount}"}})};
    CHECK(flight.run().empty()); // its services are asked for at Send
    flight.accounts.clear();
    CHECK(flight.text().find("courier dpd is not connected") != std::string::npos);
    flight.rules[0].strategy = map::Strategy::macro;
    CHECK(flight.run().empty());
    flight.form->multi_packages = false; // one parcel is planned, whatever the warehouse packs
    flight.rules[0].strategy = map::Strategy::api;
    flight.accounts = test::accounts();
    flight.order.products[0].weight = Decimal{};
    flight.options.weighing = plan::Weighing::sometimes;
    CHECK(flight.run().empty()); // no parcel is planned at all
}

TEST_CASE("Counter pick-up asks nothing of an order") {
    Flight flight;
    flight.order.phone = flight.order.delivery_country_code = flight.order.delivery_postcode = "";
    flight.rules[0].strategy = map::Strategy::none;
    flight.rules[0].phone = "PL9";
    flight.rules[0].postcode = flight.rules[0].point = true;
    CHECK(flight.run().empty());
}

TEST_CASE("What is foreseen has the lines that the warehouse will get") {
    auto order = shipped_order();
    REQUIRE(order.products.size() == 1);
    const auto mapped = test::map_order(order);
    REQUIRE(mapped.document);
    const auto foreseen = plan::foreseen_order(*mapped.document);
    REQUIRE(foreseen.lines.size() == mapped.document->lines.size());
    const auto& wanted = mapped.document->lines.front();
    const auto& line = foreseen.lines.front();
    CHECK(line.row_number == wanted.row_number);
    CHECK(line.article_number == wanted.article);
    CHECK(line.ordered == Decimal{wanted.quantity});
    CHECK(line.should_be_picked);
}

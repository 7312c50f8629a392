// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shipments.hpp"

using namespace test;

namespace {

map::ShipmentFacts facts() {
    auto plan = plan_of({planned("2.1"), planned("4")});
    plan.parcels[0].length = money("30");
    plan.parcels[1].height = money("120.5");
    plan.parcels[1].parcel_type = "PALLET";
    auto in_warehouse = warehouse_order();
    in_warehouse.transporter_service_code = "PARCEL";
    return map::shipment_facts(cod_order(), in_warehouse, plan);
}

template <class Change> std::string why_not(Change&& change) {
    map::CourierRule rule = test::rule();
    change(rule);
    return map::mismatch(rule, facts());
}

} // namespace

TEST_CASE("A shipment is known by both sides' orders and its parcels") {
    const auto known = facts();
    CHECK(known.country == "PL");
    CHECK(known.order_source_account == "shop:4417");
    CHECK(known.transporter == "DHL/PARCEL");
    CHECK(known.parcel_types == std::vector<std::string>{"PALLET"});
    CHECK(known.skus == std::vector<std::string>{"MUG"});
    CHECK(known.parcels == 2);
    CHECK(known.weight == money("6.1"));
    CHECK(known.max_side == money("120.5"));
    CHECK(known.service_point);
    CHECK(known.cod);
}

TEST_CASE("An order of cash on delivery that is paid already collects nothing") {
    auto paid = cod_order();
    paid.payment_done = money("92.30");
    CHECK_FALSE(map::shipment_facts(paid, warehouse_order(), plan_of({})).cod);
    paid.payment_done = money("92.29");
    CHECK(map::shipment_facts(paid, warehouse_order(), plan_of({})).cod);
}

TEST_CASE("A rule without a condition matches everything; conditions that hold match") {
    CHECK(why_not([](auto&) {}).empty());
    CHECK(why_not([](auto& rule) {
              rule.delivery_method = {"kurier*", "*PACZKOMAT*"};
              rule.country = {"DE", "pl"};
              rule.order_source = {"shop"};
              rule.way_of_delivery = {"PAR?EL"};
              rule.transporter = {"dhl"};
              rule.parcel_type = {"PALLET"};
              rule.currency = {"EUR", "PLN"};
              rule.sku = {"M*"};
              rule.cod = true;
              rule.service_point = true;
              rule.parcels = 2;
              rule.min_weight = money("6.1");
              rule.max_weight = money("6.1");
              rule.max_side = money("120.5");
          }).empty());
}

TEST_CASE("Sources and transporters are named with or without their second half") {
    CHECK(why_not([](auto& rule) { rule.order_source = {"shop:4417"}; }).empty());
    CHECK(why_not([](auto& rule) { rule.order_source = {"shop:1"}; }) == "order_source: \"shop\" is none of shop:1");
    CHECK(why_not([](auto& rule) { rule.transporter = {"DHL/PARCEL"}; }).empty());
    CHECK(why_not([](auto& rule) { rule.transporter = {"DHL/FREIGHT"}; }) ==
          "transporter: \"DHL/PARCEL\" is none of DHL/FREIGHT");
}

TEST_CASE("Greece and the United Kingdom have two codes each") {
    auto greek = shipped_order();
    greek.delivery_country_code = "EL";
    map::CourierRule rule = test::rule();
    rule.country = {"GR"};
    CHECK(map::mismatch(rule, map::shipment_facts(greek, warehouse_order(), plan_of({}))).empty());
    greek.delivery_country_code = "GB";
    rule.country = {"UK"};
    CHECK(map::mismatch(rule, map::shipment_facts(greek, warehouse_order(), plan_of({}))).empty());
}

TEST_CASE("What does not match is said with both values") {
    CHECK(why_not([](auto& rule) {
              rule.delivery_method = {"*dpd*", "ups"};
          }) == "delivery_method: \"Paczkomat InPost\" is none of *dpd*, ups");
    CHECK(why_not([](auto& rule) { rule.country = {"DE"}; }) == "country: \"PL\" is none of DE");
    CHECK(why_not([](auto& rule) { rule.way_of_delivery = {"FREIGHT"}; }) == "way_of_delivery: \"PARCEL\" is none of FREIGHT");
    CHECK(why_not([](auto& rule) { rule.parcel_type = {"BOX"}; }) == "parcel_type: \"PALLET\" is none of BOX");
    CHECK(why_not([](auto& rule) { rule.currency = {"EUR"}; }) == "currency: \"PLN\" is none of EUR");
    CHECK(why_not([](auto& rule) { rule.sku = {"SOFA-*"}; }) == "sku: \"MUG\" is none of SOFA-*");
    CHECK(why_not([](auto& rule) { rule.cod = false; }) == "cod: is true, and must be false");
    CHECK(why_not([](auto& rule) { rule.service_point = false; }) == "service_point: is true, and must be false");
    CHECK(why_not([](auto& rule) { rule.parcels = 1; }) == "parcels: 2 are sent, and there must be 1");
    CHECK(why_not([](auto& rule) { rule.min_weight = money("6.2"); }) == "min_weight: 6.1 kg is below 6.2 kg");
    CHECK(why_not([](auto& rule) { rule.max_weight = money("6"); }) == "max_weight: 6.1 kg is above 6 kg");
    CHECK(why_not([](auto& rule) { rule.max_side = money("120"); }) == "max_side: 120.5 cm is above 120 cm");
    map::CourierRule rule = test::rule();
    rule.parcel_type = {"BOX"};
    CHECK(map::mismatch(rule, map::shipment_facts(cod_order(), warehouse_order(), plan_of({planned("1")}))) ==
          "parcel_type: there is none, and it must be BOX");
}

TEST_CASE("A side that nobody measured is no reason against a courier") {
    map::CourierRule rule = test::rule();
    rule.max_side = money("60");
    CHECK(map::mismatch(rule, map::shipment_facts(cod_order(), warehouse_order(), plan_of({planned("1")}))).empty());
}

TEST_CASE("The first rule that matches counts, and rules are named by courier and place") {
    std::vector<map::CourierRule> rules(3, test::rule());
    rules[0].country = {"DE"};
    rules[1].courier_code = "inpost";
    CHECK(map::first_match(rules, facts()) == &rules[1]);
    CHECK(map::rule_name(rules[1]) == "inpost (blongo.toml:84)");
    rules[1].country = rules[2].country = {"SE"};
    CHECK(map::first_match(rules, facts()) == nullptr);
    CHECK(map::first_match({}, facts()) == nullptr);
}

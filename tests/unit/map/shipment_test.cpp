// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shipments.hpp"

using namespace test;

namespace {

std::string with_fields(const Templates& fields, std::string_view collected = "") {
    Booking booking;
    booking.rule.fields = templates(fields);
    if (!collected.empty()) booking.collect(collected);
    return booking.text();
}

} // namespace

TEST_CASE("What is booked is the order, the courier, the account, the fields and the parcels") {
    Booking booking;
    booking.rule.fields = templates({{"service", "classic"}, {"description", "{contents|cut:9} ({order_number})"}});
    booking.parcels.parcels[0].length = money("30.5");
    booking.parcels.parcels[0].width = Decimal{};
    booking.parcels.parcels[0].height = money("10.00");
    booking.parcels.parcels.push_back(planned("2"));
    const auto made = booking.make();
    REQUIRE(made.request);
    CHECK(made.request->order_id == BaseOrderId{84512345});
    CHECK(made.request->courier_code == "dpd");
    CHECK(made.request->account_id == baselinker::CourierAccountId{58381});
    CHECK(booking.text() == "service=classic|description=Product 1 (84512345)");
    CHECK(booking.packages() == "height=10|size_length=30.5|weight=1.25;weight=2");
    CHECK(made.notes.empty());
}

TEST_CASE("Options may be called by id or by label; what the form does not know is refused before it costs") {
    CHECK(with_fields({{"service", "DPD Classic"}}) == "service=classic");
    CHECK(with_fields({{"service", " g930 "}}) == "service=g930");
    CHECK(with_fields({{"service", "dpd classic"}}) ==
          "field_invalid fields.service: \"service\" has no option \"dpd classic\"; it has classic (DPD Classic), "
          "g930 (Gwarancja 9:30)");
    CHECK(with_fields({{"servce", "classic"}}) ==
          "field_invalid fields.servce: courier dpd has no field \"servce\"; did you mean \"service\"?");
    CHECK(with_fields({{"insurance_value", "{extra_field_1}"}}) ==
          "field_invalid fields.insurance_value: courier dpd has no field \"insurance_value\"; it has service, "
          "pickup_date, cod, services, description, dynamic");
    Booking twins;
    twins.form.fields[0].options = {{"1", "Classic"}, {"2", "Classic"}};
    twins.rule.fields = templates({{"service", "Classic"}});
    CHECK(twins.text() == "field_invalid fields.service: \"service\" has several options called \"Classic\": 1, 2");
}

TEST_CASE("A checkbox takes several options, each sent on its own") {
    CHECK(with_fields({{"services", "sms,E-mail"}}) == "services=sms|services=email");
    CHECK(with_fields({{"services", "sms, sms ,"}}) == "services=sms");
    CHECK(with_fields({{"services", "A, b"}}) == "services=both");
    CHECK(with_fields({{"services", "sms,fax"}}) ==
          "field_invalid fields.services: \"services\" has no option \"fax\"; it has sms (SMS), email (E-mail), both "
          "(A, b)");
}

TEST_CASE("Dates are sent in unix seconds, of the day as it begins where the warehouse is") {
    CHECK(with_fields({{"pickup_date", "{today}"}}) == "pickup_date=1795474800"); // 2026-11-23T23:00Z
    CHECK(with_fields({{"pickup_date", "{tomorrow}"}}) == "pickup_date=1795561200");
    CHECK(with_fields({{"pickup_date", "2026-11-24"}}) == "pickup_date=1795474800");
    CHECK(with_fields({{"pickup_date", "1795478400"}}) == "pickup_date=1795478400");
    CHECK(with_fields({{"pickup_date", "{now}"}}) == "pickup_date=1795516920");
    for (const auto* wrong : {"24.11.2026", "2026-02-30", "12", "179547840000"})
        CHECK_THAT(with_fields({{"pickup_date", wrong}}), Catch::Contains("is no date; write {today}"));
}

TEST_CASE("Fields that come to nothing are left out; a text that is written is sent") {
    CHECK(with_fields({{"cod", "{cod_amount}"}, {"description", "{extra_field_1} {extra_field_2}"}}) == "");
    CHECK(with_fields({{"description", ""}}) == "");
    CHECK(with_fields({{"description", "no. {extra_field_1}"}}) == "description=no.");
}

TEST_CASE("The account is one that is connected, and never the first of several by chance") {
    Booking booking;
    booking.accounts = {};
    CHECK(booking.text() == "field_invalid account_id: courier dpd is not connected: BaseLinker has no account of it");
    booking.accounts = {{baselinker::CourierAccountId{1}, "One"}};
    CHECK(booking.text() == "field_invalid account_id: courier dpd has no account 58381; it has 1 (One)");
    booking.rule.account_id = std::nullopt;
    CHECK(booking.make().request->account_id == baselinker::CourierAccountId{1});
    booking.accounts = accounts();
    CHECK(booking.text() == "field_invalid account_id: courier dpd has several accounts and dpd (blongo.toml:84) "
                            "names none: 58381 (DPD Łódź), 58390 (DPD zwroty)");
}

TEST_CASE("Cash on delivery is sent to the courier's field, or nothing is booked", "[F30]") {
    CHECK(with_fields({{"cod", "{cod_amount}"}}, "92.3") == "cod=92.30");
    CHECK(with_fields({{"cod", "{cod_amount}"}, {"description", "collect {cod_amount} {currency}"}}, "92.30") ==
          "cod=92.30|description=collect 92.30 PLN");
    CHECK(with_fields({{"service", "classic"}}, "92.30") ==
          "field_invalid fields.cod: 92.30 PLN are to be collected, and no field of dpd (blongo.toml:84) is "
          "{cod_amount}; the courier's field is \"cod\" (Name of cod)");
    CHECK(with_fields({{"pobranie", "{cod_amount}"}}, "92.30") ==
          "field_invalid fields.pobranie: the courier has no field for cash on delivery: \"pobranie\" is none of "
          "dpd, and 92.30 PLN are to be collected");
    CHECK(with_fields({{"description", "collect {cod_amount}"}}, "92.30") ==
          "field_invalid fields.description: 92.30 PLN are to be collected, and \"collect {cod_amount}\" does not "
          "come to that amount");
    CHECK_THAT(with_fields({{"cod", "{cod_amount|cut:2}"}}, "92.30"), Catch::StartsWith("field_invalid fields.cod"));
    CHECK_THAT(with_fields({{"cod", "{order_value,cod_amount}"}}, "50"), Catch::StartsWith("field_invalid fields.cod"));

    Booking without;
    without.collect("92.30");
    std::erase_if(without.form.fields, [](const auto& field) { return field.id == "cod"; });
    CHECK(without.text() ==
          "field_invalid fields: the courier has no field for cash on delivery: 92.30 PLN are to be collected, and "
          "the form of dpd has service, pickup_date, services, description, dynamic");
}

TEST_CASE("Cash on delivery in a field of the package is collected once, never with each parcel", "[F30]") {
    Booking booking;
    booking.form.package_fields.push_back(field("cod_value", "text"));
    booking.rule = rule({}, {{"cod_value", "{cod_amount}"}});
    booking.collect("92.30");
    CHECK(booking.packages() == "cod_value=92.30|weight=1.25");
    booking.parcels.parcels.push_back(planned("2"));
    CHECK(booking.text() == "field_invalid package: 92.30 PLN would be collected with each of 2 parcels");
}

TEST_CASE("The only service that is offered is taken, several are for a person to choose among") {
    Booking booking;
    booking.rule.fields = templates({{"dynamic", "{auto}"}, {"description", "x"}});
    CHECK(map::needs_services(booking.rule));
    CHECK_FALSE(map::needs_services(rule({{"service", "classic"}})));
    const auto asked = map::services_request(booking.input(), booking.form, booking.accounts);
    REQUIRE(asked.request);
    CHECK(asked.request->fields == std::vector<std::pair<std::string, std::string>>{{"description", "x"}});
    CHECK(asked.request->packages.size() == 1);

    booking.services = {{"5127", "NextDay 10-14"}};
    CHECK(booking.text() == "dynamic=5127|description=x");
    booking.services = {};
    CHECK(booking.text() == "field_invalid fields.dynamic: courier dpd offers no service for this order");
    booking.services = {{"1", "A"}, {"2", "B"}, {"3", ""}, {"4", "D"}, {"5", "E"}, {"6", "F"}};
    CHECK(booking.text() == "service_ambiguous fields.dynamic: courier dpd offers several services: 1 (A), 2 (B), 3, "
                            "4 (D), 5 (E) and 1 more");
    booking.rule.fields = templates({{"service", "{auto}"}});
    CHECK(booking.text() == "field_invalid fields.service: {auto} chooses among services that BaseLinker offers for "
                            "each order, and \"service\" has a fixed choice: classic (DPD Classic), g930 (Gwarancja "
                            "9:30)");
    booking.rule.fields = templates({{"dynamic", "no. {auto}"}});
    CHECK(booking.text() == "field_invalid fields.dynamic: {auto} stands alone, and the field is \"no. {auto}\"");
}

TEST_CASE("A service that is named is compared with those on offer where they are known") {
    Booking booking;
    booking.rule.fields = templates({{"dynamic", "NextDay 10-14"}});
    CHECK(booking.text() == "dynamic=NextDay 10-14");
    CHECK(booking.make().notes ==
          std::vector<std::string>{"fields.dynamic: \"NextDay 10-14\" cannot be compared with a list of options"});
    booking.services = {{"5127", "NextDay 10-14"}, {"5128", "NextDay 14-17"}};
    CHECK(booking.text() == "dynamic=5127");
    booking.rule.fields = templates({{"dynamic", "5129"}});
    CHECK_THAT(booking.text(), Catch::StartsWith("field_invalid fields.dynamic: \"dynamic\" has no option \"5129\""));
}

TEST_CASE("Package fields of the rule are laid over weight and sizes, each parcel with its own weight") {
    Booking booking;
    booking.parcels = plan_of({planned("1.25"), planned("2")});
    booking.rule = rule({}, {{"shape", "Odd"}, {"height", "7"}, {"size_width", "{weight}"}});
    CHECK(booking.packages() == "height=7|shape=1|size_width=1.25|weight=1.25;height=7|shape=1|size_width=2|weight=2");
    booking.rule = rule({}, {{"shape", "Round"}});
    CHECK(booking.text() == "field_invalid package.shape: \"shape\" has no option \"Round\"; it has 1 (Odd)");
    CHECK(booking.make().rejected.size() == 1);
    booking.rule = rule({}, {{"widht", "7"}});
    CHECK_THAT(booking.text(), Catch::StartsWith("field_invalid package.widht: courier dpd has no field \"widht\""));
    booking.form.package_fields = {field("length", "text"), field("size_length", "text")};
    booking.parcels.parcels = {planned("1")};
    booking.parcels.parcels[0].length = money("30");
    booking.rule = rule();
    CHECK(booking.packages() == "length=30");
}

TEST_CASE("Several parcels go only where the courier takes them in one shipment") {
    Booking booking;
    booking.form.multi_packages = false;
    CHECK(booking.packages() == "weight=1.25");
    booking.parcels.parcels.push_back(planned("2"));
    CHECK(booking.text() == "too_many_parcels parcels: courier dpd takes one parcel per shipment, and there are 2");
    booking.parcels.parcels.clear();
    CHECK(booking.text() == "no_weight parcels: there is no parcel to book");
}

TEST_CASE("A refusal names the order, and everything that is wrong is said at once") {
    Booking booking;
    booking.accounts = {};
    booking.rule.fields = templates({{"service", "x"}, {"nothing", "y"}});
    const auto made = booking.make();
    CHECK_FALSE(made.request);
    REQUIRE(made.rejected.size() == 3);
    for (const auto& refused : made.rejected) {
        CHECK(refused.key == "84512345");
        CHECK(refused.label == "84512345");
        CHECK(refused.cause == "field_invalid");
    }
}

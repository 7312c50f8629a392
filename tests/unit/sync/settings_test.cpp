// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/config/load.hpp>
#include <blongo/sync/settings.hpp>

using namespace blongo;

namespace {

config::Shipments shipments(const std::string& toml) {
    const auto read = config::parse(toml, "b.toml", [](const std::string&) { return std::nullopt; });
    REQUIRE(read);
    return read->connections.at(0).shipments;
}

/// Knows one name.
Result<OrderStatusId> resolve(const config::StatusRef& status) {
    if (status.name.empty()) return OrderStatusId{status.id};
    if (status.name == "Sent") return OrderStatusId{77};
    return fail(ErrorKind::config, "no status " + status.name);
}

} // namespace

TEST_CASE("A courier rule means what the configuration says, to the last key") {
    const auto settings = shipments(R"([connections.acme.shipments]
rebook_after = "1h"
[[connections.acme.shipments.couriers]]
delivery_method = ["*paczkomat*"]
country = ["PL"]
order_source = ["allegro"]
way_of_delivery = ["PARCEL"]
transporter = ["DHL*"]
parcel_type = ["BOX"]
currency = ["PLN"]
sku = ["A*"]
cod = true
service_point = false
parcels = 2
min_weight = "0.5"
max_weight = "30"
max_side = "120"
courier_code = "inpost"
account_id = 12
fields = { service = "standard", cod = "{cod_amount}" }
package = { shape = "{parcels}" }
checks = { phone = "PL9", mobile = true, street_max = 40, name_max = 35, postcode = true, point = true, state = true }
rebook_after = "never"
status_after_send = "Sent"
cod_currency = "PLN"
print_command = ["lp", "{file}"]
[[connections.acme.shipments.couriers]]
courier_code = "dhl"
strategy = "macro"
trigger_id = 5501
[[connections.acme.shipments.couriers]]
courier_code = "ups"
strategy = "report"
[[connections.acme.shipments.couriers]]
courier_code = "none"
)");
    const auto rules = sync::courier_rules(settings, resolve);
    REQUIRE(rules);
    REQUIRE(rules->size() == 4);
    const auto& rule = rules->at(0);
    using List = std::vector<std::string>;
    CHECK(rule.delivery_method == List{"*paczkomat*"});
    CHECK(rule.country == List{"PL"});
    CHECK(rule.order_source == List{"allegro"});
    CHECK(rule.way_of_delivery == List{"PARCEL"});
    CHECK(rule.transporter == List{"DHL*"});
    CHECK(rule.parcel_type == List{"BOX"});
    CHECK(rule.currency == List{"PLN"});
    CHECK(rule.sku == List{"A*"});
    CHECK(rule.cod == true);
    CHECK(rule.service_point == false);
    CHECK(rule.parcels == 2);
    CHECK(rule.min_weight == Decimal::parse("0.5"));
    CHECK(rule.max_weight == Decimal{30});
    CHECK(rule.max_side == Decimal{120});
    CHECK(rule.courier_code == "inpost");
    CHECK(rule.strategy == map::Strategy::api);
    CHECK(rule.account_id == baselinker::CourierAccountId{12});
    REQUIRE(rule.fields.size() == 2);
    CHECK(rule.fields[0].first == "cod");
    CHECK(rule.fields[0].second.is_just("cod_amount"));
    CHECK(rule.fields[1].second.text() == "standard");
    REQUIRE(rule.package.size() == 1);
    CHECK(rule.package[0].second.is_just("parcels"));
    CHECK(rule.phone == "PL9");
    CHECK(rule.mobile);
    CHECK(rule.postcode);
    CHECK(rule.street_max == 40);
    CHECK(rule.name_max == 35);
    CHECK(rule.point);
    CHECK(rule.state);
    CHECK(rule.cod_currency == "PLN");
    CHECK_FALSE(rule.rebook_after);
    CHECK(rule.status_after_send == OrderStatusId{77});
    CHECK(rule.print_command == List{"lp", "{file}"});
    CHECK(rule.origin == "b.toml:3");

    CHECK(rules->at(1).strategy == map::Strategy::macro);
    CHECK(rules->at(1).trigger_id == 5501);
    CHECK_FALSE(rules->at(1).rebook_after);
    CHECK_FALSE(rules->at(1).account_id);
    CHECK(rules->at(1).status_after_send == OrderStatusId{0});
    CHECK(rules->at(2).strategy == map::Strategy::report);
    CHECK(rules->at(2).rebook_after == std::chrono::hours{1});
    CHECK(rules->at(3).strategy == map::Strategy::none);
}

TEST_CASE("A status that does not exist and a template that is broken stop the rules with their place") {
    auto settings = shipments("[[connections.acme.shipments.couriers]]\ncourier_code = \"x\"\n"
                              "status_after_send = \"Gone\"\n");
    CHECK(sync::courier_rules(settings, resolve).error().message == "no status Gone");
    settings.couriers[0].status_after_send = {};
    settings.couriers[0].fields = {{"cod", "{cod_amout}"}};
    CHECK(sync::courier_rules(settings, resolve).error().text() ==
          "b.toml:1: \"cod\": unknown placeholder {cod_amout} (did you mean {cod_amount}?)");
}

TEST_CASE("Weights of the configuration count parcels that nobody weighed") {
    const auto options = sync::parcel_options(shipments("[connections.acme.shipments]\n"
                                                        "default_weight = \"1.5\"\npackaging_weight = \"0.1\"\n"));
    CHECK(options.default_weight == Decimal::parse("1.5"));
    CHECK(options.packaging_weight == *Decimal::parse("0.1"));
    CHECK_FALSE(sync::parcel_options(shipments("[connections.acme]\n")).default_weight);
}

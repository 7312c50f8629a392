// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <blongo/map/shipment.hpp>

#include "orders.hpp"

/// Short ways of writing shipments in tests.
namespace test {

inline baselinker::Order shipped_order() {
    auto result = order();
    result.phone = "+48 600 100 200";
    result.email = "anna@example.com";
    result.delivery_method = "Paczkomat InPost";
    result.delivery_point_id = "GDA01M";
    result.order_source_id = 4417;
    result.delivery_price = money("12.50");
    result.products[0].weight = money("0.45");
    return result;
}

inline baselinker::Order cod_order() {
    auto result = shipped_order(); // goods 79.80, delivery 12.50
    result.payment_method_cod = true;
    return result;
}

inline ongoing::Order warehouse_order() {
    ongoing::Order result;
    result.order_number = OrderNumber{"84512345"};
    result.goods_owner_order_id = "84512345";
    result.way_of_delivery_code = "PARCEL";
    result.transporter_code = "DHL";
    result.order_remark = "ring twice";
    return result;
}

inline ongoing::Parcel parcel(std::int64_t id, std::string_view weight) {
    ongoing::Parcel result;
    result.id = id;
    result.parcel_number = "P" + std::to_string(id);
    if (!weight.empty()) result.weight = money(weight);
    return result;
}

inline map::PlannedParcel planned(std::string_view weight) {
    map::PlannedParcel result;
    result.weight = money(weight);
    return result;
}

inline map::ParcelPlan plan_of(std::vector<map::PlannedParcel> parcels) {
    return {std::move(parcels), "parcels of Ongoing"};
}

using Templates = std::vector<std::pair<std::string, std::string>>;

inline std::vector<std::pair<std::string, Template>> templates(const Templates& texts) {
    std::vector<std::pair<std::string, Template>> result;
    for (const auto& [field, text] : texts) result.emplace_back(field, *Template::parse(text, courier_field_placeholders()));
    return result;
}

inline map::CourierRule rule(const Templates& fields = {}, const Templates& package = {}) {
    map::CourierRule result;
    result.courier_code = "dpd";
    result.account_id = baselinker::CourierAccountId{58381};
    result.fields = templates(fields);
    result.package = templates(package);
    result.origin = "blongo.toml:84";
    return result;
}

inline baselinker::CourierField field(std::string id, std::string type, baselinker::FieldOptions options = {}) {
    baselinker::CourierField result;
    result.id = std::move(id);
    result.name = "Name of " + result.id;
    result.type = std::move(type);
    result.options = std::move(options);
    return result;
}

/// The form of a courier with everything in it.
inline baselinker::CourierForm form() {
    baselinker::CourierForm result;
    result.multi_packages = true;
    result.fields = {field("service", "select", {{"classic", "DPD Classic"}, {"g930", "Gwarancja 9:30"}}),
                     field("pickup_date", "date"), field("cod", "text"),
                     field("services", "checkbox", {{"sms", "SMS"}, {"email", "E-mail"}, {"both", "A, b"}}),
                     field("description", "text")};
    result.fields.push_back(field("dynamic", "select"));
    result.fields.back().function = "getServices";
    result.package_fields = {field("weight", "text"), field("size_length", "text"), field("size_width", "text"),
                             field("height", "text"), field("shape", "checkbox", {{"1", "Odd"}})};
    return result;
}

inline std::vector<baselinker::CourierAccount> accounts() {
    return {{baselinker::CourierAccountId{58381}, "DPD Łódź"}, {baselinker::CourierAccountId{58390}, "DPD zwroty"}};
}

/// One booking to be made, with parts that a test changes.
struct Booking {
    baselinker::Order order = shipped_order();
    ongoing::Order in_warehouse = warehouse_order();
    map::CourierRule rule = test::rule({{"service", "classic"}});
    map::ParcelPlan parcels = plan_of({planned("1.25")});
    map::CodAmount cod;
    baselinker::CourierForm form = test::form();
    std::vector<baselinker::CourierAccount> accounts = test::accounts();
    baselinker::FieldOptions services;
    Timestamp now = *parse_timestamp("2026-11-24T10:42:00Z");

    [[nodiscard]] map::ShipmentInput input() const { return {order, in_warehouse, rule, parcels, cod, 2, now, "Europe/Warsaw"}; }
    [[nodiscard]] map::ShipmentResult make() const { return map::make_shipment(input(), form, accounts, services); }
    /// "service=classic|sms=1", or "cause field: reason".
    [[nodiscard]] std::string text() const {
        const auto made = make();
        if (!made.rejected.empty()) return made.rejected[0].cause + " " + made.rejected[0].field + ": " + made.rejected[0].reason;
        std::string all;
        for (const auto& [id, value] : made.request->fields) all += (all.empty() ? "" : "|") + id + "=" + value;
        return all;
    }
    /// "weight=1.25|...;weight=2|..." of the packages.
    [[nodiscard]] std::string packages() const {
        std::string all;
        const auto made = make();
        if (!made.request) return text();
        for (const auto& package : made.request->packages) {
            if (!all.empty()) all += ";";
            bool first = true;
            for (const auto& [id, value] : package) all += (std::exchange(first, false) ? "" : "|") + id + "=" + value;
        }
        return all;
    }
    void collect(std::string_view amount) { cod = {true, money(amount), "PLN"}; }
};

} // namespace test

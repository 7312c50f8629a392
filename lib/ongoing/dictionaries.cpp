// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/decode.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

constexpr Operation list_warehouses{"GET", "/warehouses"};
constexpr Operation list_statuses{"GET", "/orders/statuses"};
constexpr Operation list_contracts{"GET", "/transporterContracts"};
constexpr Operation list_ways{"GET", "/orders/wayOfDeliveryTypes"};

} // namespace

Result<std::vector<Warehouse>> Client::get_warehouses() {
    BLONGO_TRY(const auto document, call(list_warehouses, "/warehouses", {}));
    BLONGO_TRY(const json::Node list, list_at(document.root(), list_warehouses.name()));
    std::vector<Warehouse> warehouses;
    for (const json::Node item : list)
        warehouses.push_back({integer_of(item["id"]).value_or(0), text_of(item["code"]), text_of(item["name"])});
    return warehouses;
}

Result<std::vector<OrderStatus>> Client::get_order_statuses() {
    BLONGO_TRY(const auto document, call(list_statuses, "/orders/statuses", {}));
    BLONGO_TRY(const json::Node list, list_at(document.root()["orderStatuses"], list_statuses.name()));
    std::vector<OrderStatus> statuses;
    for (const json::Node item : list) statuses.push_back({integer_of(item["number"]).value_or(0), text_of(item["text"])});
    return statuses;
}

Result<std::vector<TransporterContract>> Client::get_transporter_contracts() {
    BLONGO_TRY(const auto document, call(list_contracts, "/transporterContracts", owner()));
    BLONGO_TRY(const json::Node list, list_at(document.root(), list_contracts.name()));
    return decode_transporter_contracts(list);
}

Result<std::vector<WayOfDelivery>> Client::get_ways_of_delivery() {
    BLONGO_TRY(const auto document, call(list_ways, "/orders/wayOfDeliveryTypes", owner()));
    BLONGO_TRY(const json::Node list, list_at(document.root()["wayOfDeliveryTypes"], list_ways.name()));
    std::vector<WayOfDelivery> ways;
    for (const json::Node item : list) ways.push_back({text_of(item["code"]), text_of(item["name"])});
    return ways;
}

} // namespace blongo::ongoing

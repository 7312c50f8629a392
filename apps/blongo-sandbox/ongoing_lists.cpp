// SPDX-License-Identifier: Apache-2.0
#include "ongoing.hpp"

namespace blongo::sandbox {

namespace {

const json::Value& stored(OngoingCall& call, std::string_view name) {
    return std::as_const(call.owner.dictionaries)[name];
}

OngoingAnswer list(OngoingCall& call, std::string_view name) {
    const json::Value& rows = stored(call, name);
    return {200, rows.is_array() ? rows : json::Value::array()};
}

OngoingAnswer wrapped(OngoingCall& call, std::string_view name) {
    return {200, json::Value::object().set(name, list(call, name).body)};
}

OngoingAnswer put_way_of_delivery(OngoingCall& call) {
    json::Value& all = call.owner.dictionaries["wayOfDeliveryTypes"];
    if (!all.is_array()) all = json::Value::array();
    for (json::Value& row : all.elements())
        if (std::as_const(row)["code"] == call.body["code"]) {
            row.set("name", call.body["name"]);
            return {200, json::Value::object()
                             .set("wayOfDeliveryTypeId", std::as_const(row)["id"])
                             .set("message", "Way of delivery type updated.")};
        }
    const std::int64_t id = call.owner.next_id++;
    all.push_back(json::Value::object().set("id", id).set("code", call.body["code"]).set("name", call.body["name"]));
    return {200, json::Value::object().set("wayOfDeliveryTypeId", id).set("message", "Way of delivery type created.")};
}

} // namespace

void add_list_operations(OngoingTable& table) {
    table["GET /warehouses"] = [](OngoingCall& call) { return list(call, "warehouses"); };
    table["GET /transporterContracts"] = [](OngoingCall& call) { return list(call, "transporterContracts"); };
    table["GET /parcelTypes"] = [](OngoingCall& call) { return list(call, "parcelTypes"); };
    table["GET /orders/statuses"] = [](OngoingCall& call) { return wrapped(call, "orderStatuses"); };
    table["GET /orders/types"] = [](OngoingCall& call) { return wrapped(call, "orderTypes"); };
    table["GET /orders/classes"] = [](OngoingCall& call) { return wrapped(call, "orderClasses"); };
    table["GET /orders/wayOfDeliveryTypes"] = [](OngoingCall& call) { return wrapped(call, "wayOfDeliveryTypes"); };
    table["PUT /orders/wayOfDeliveryTypes"] = put_way_of_delivery;
}

} // namespace blongo::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "ongoing_orders.hpp"

#include <fmt/format.h>

namespace blongo::sandbox {

namespace {

OngoingAnswer saved(std::string_view id_name, const json::Value& id, std::string_view message) {
    json::Value body = json::Value::object();
    if (!id_name.empty()) body.set(id_name, id);
    return {200, std::move(body).set("success", true).set("message", message)};
}

/// Calls of this group answer 200 with success:false instead of an error status (ongoing.md 1.4).
OngoingAnswer failed(std::string_view id_name, std::string_view message) {
    json::Value body = json::Value::object();
    if (!id_name.empty()) body.set(id_name, nullptr);
    return {200, std::move(body).set("success", false).set("message", message)};
}

OngoingAnswer no_order(std::string_view id_name) {
    return failed(id_name, "Order was not found.");
}

/// The row whose member equals the value, or nullptr.
json::Value* find_row(json::Value& rows, std::string_view member, const json::Value& value) {
    for (json::Value& row : rows.elements())
        if (std::as_const(row)[member] == value) return &row;
    return nullptr;
}

OngoingAnswer put_tracking(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return no_order("");
    json::Value& rows = call.body["isReturnTracking"].is_true() ? order->return_tracking : order->tracking;
    json::Value* row = find_row(rows, "waybill", call.body["waybill"]);
    if (row == nullptr) {
        rows.push_back(json::Value::object()
                           .set("freightPrice", nullptr)
                           .set("trackingUrl", call.body["trackingUrl"])
                           .set("waybill", call.body["waybill"])
                           .set("created", time_json(call.context.now)));
    } else {
        row->set("trackingUrl", call.body["trackingUrl"]);
    }
    order->updated = call.context.now;
    return saved("", {}, "Tracking saved.");
}

/// What a parcel model says over what is stored.
void fill_parcel(json::Value& parcel, const json::Value& body) {
    if (!body["parcelNumber"].is_null()) parcel.set("parcelNumber", body["parcelNumber"]);
    if (const auto& kind = body["transportAdministrationType"]; !kind.is_null())
        parcel.set("isReturnParcel", kind.text() == "return");
    json::Value& advanced = parcel["advanced"];
    if (!advanced.is_object())
        advanced = json::Value::object()
                       .set("parcelSerialNumber", "")
                       .set("length", nullptr)
                       .set("width", nullptr)
                       .set("height", nullptr)
                       .set("weight", nullptr);
    for (const char* name : {"length", "width", "height", "weight"})
        if (!body["advanced"][name].is_null()) advanced.set(name, decimal_member(body["advanced"], name));
    if (!body["tracking"].is_null())
        parcel.set("tracking", json::Value::object()
                                   .set("freightPrice", nullptr)
                                   .set("trackingUrl", body["tracking"]["trackingUrl"])
                                   .set("waybill", body["tracking"]["waybill"]));
}

OngoingAnswer put_parcel(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return no_order("parcelId");
    json::Value* parcel = find_row(order->parcels, "parcelNumber", call.body["parcelNumber"]);
    if (parcel == nullptr) {
        order->parcels.push_back(json::Value::object()
                                     .set("id", call.owner.next_id++)
                                     .set("parcelNumber", call.body["parcelNumber"])
                                     .set("isReturnParcel", false)
                                     .set("tracking", nullptr)
                                     .set("advanced", nullptr));
        parcel = &order->parcels.elements().back();
    }
    fill_parcel(*parcel, call.body);
    order->updated = call.context.now;
    return saved("parcelId", std::as_const(*parcel)["id"], "Parcel saved.");
}

json::Value* parcel_of_path(OngoingCall& call, WarehouseOrder* order) {
    return order == nullptr ? nullptr : find_row(order->parcels, "id", call.path_id("parcelId"));
}

OngoingAnswer put_parcel_by_id(OngoingCall& call) {
    json::Value* parcel = parcel_of_path(call, order_of_path(call));
    if (parcel == nullptr) return failed("parcelId", "Parcel was not found.");
    fill_parcel(*parcel, call.body);
    return saved("parcelId", std::as_const(*parcel)["id"], "Parcel saved.");
}

OngoingAnswer put_parcel_tracking(OngoingCall& call) {
    json::Value* parcel = parcel_of_path(call, order_of_path(call));
    if (parcel == nullptr) return failed("parcelId", "Parcel was not found.");
    fill_parcel(*parcel, json::Value::object().set("tracking", call.body));
    return saved("parcelId", std::as_const(*parcel)["id"], "Parcel tracking saved.");
}

OngoingAnswer delete_parcel(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    const json::Value* parcel = parcel_of_path(call, order);
    if (parcel == nullptr) return failed("parcelId", "Parcel was not found.");
    const json::Value id = (*parcel)["id"];
    std::erase_if(order->parcels.elements(), [&](const json::Value& row) { return row["id"] == id; });
    return saved("parcelId", id, "Parcel deleted.");
}

// --- way bill rows ----------------------------------------------------------

OngoingAnswer post_row(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return no_order("wayBillRowId");
    json::Value row = json::Value::object().set("wayBillRowId", call.owner.next_id++);
    fill_way_bill_row(row, call.owner, call.body);
    const json::Value id = std::as_const(row)["wayBillRowId"];
    order->way_bill_rows.push_back(std::move(row));
    return saved("wayBillRowId", id, "Row saved.");
}

OngoingAnswer patch_row(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    json::Value* row = order == nullptr ? nullptr : find_row(order->way_bill_rows, "wayBillRowId", call.path_id("wayBillRowId"));
    if (row == nullptr) return failed("wayBillRowId", "Row was not found.");
    fill_way_bill_row(*row, call.owner, call.body);
    return saved("wayBillRowId", std::as_const(*row)["wayBillRowId"], "Row saved.");
}

OngoingAnswer list_rows(OngoingCall& call) {
    const WarehouseOrder* order = order_of_path(call);
    return order == nullptr ? order_not_found() : OngoingAnswer{200, order->way_bill_rows};
}

// It answers like a parcel call (ongoing.md 5, 23).
OngoingAnswer delete_row(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return no_order("parcelId");
    const std::size_t removed = std::erase_if(order->way_bill_rows.elements(), [&](const json::Value& row) {
        return row["wayBillRowId"].integer() == call.path_id("wayBillRowId");
    });
    return removed == 0 ? failed("parcelId", "Row was not found.") : saved("parcelId", nullptr, "Row deleted.");
}

} // namespace

void fill_way_bill_row(json::Value& row, const GoodsOwner& owner, const json::Value& given) {
    for (const char* name : {"weight", "volume", "length", "width", "height"}) row.set(name, decimal_member(given, name));
    for (const char* name : {"numberOfPackages", "approvedNumberOfPackages", "comment", "category"}) row.set(name, given[name]);
    json::Value type = json::Value::object().set("code", given["parcelType"]["code"]);
    for (const json::Value& known : owner.dictionaries["parcelTypes"].elements())
        if (known["code"] == given["parcelType"]["code"] || known["id"] == given["parcelType"]["id"])
            type = pick(known, {"code", "name", "weight", "length", "width", "height", "loadMeters", "barCode"});
    row.set("parcelType", std::move(type));
}

void add_transport_operations(OngoingTable& table) {
    table["PUT /orders/{orderId}/orderTracking"] = put_tracking;
    table["PUT /orders/{orderId}/parcels"] = put_parcel;
    table["PUT /orders/{orderId}/parcels/{parcelId}"] = put_parcel_by_id;
    table["PUT /orders/{orderId}/parcels/{parcelId}/parcelTracking"] = put_parcel_tracking;
    table["DELETE /orders/{orderId}/parcels/{parcelId}"] = delete_parcel;
    table["GET /orders/{orderId}/wayBillRows"] = list_rows;
    table["POST /orders/{orderId}/wayBillRows"] = post_row;
    table["PATCH /orders/{orderId}/wayBillRows/{wayBillRowId}"] = patch_row;
    table["DELETE /orders/{orderId}/wayBillRows/{wayBillRowId}"] = delete_row;
}

} // namespace blongo::sandbox

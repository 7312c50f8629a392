// SPDX-License-Identifier: Apache-2.0
#include "ongoing_orders.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "warehouse_work.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::int64_t cancelled = 1000;
constexpr std::int64_t beyond_allocation = 399; // ongoing.md 3.3

OngoingAnswer updated(OngoingCall& call, WarehouseOrder& order) {
    order.updated = call.context.now;
    ++order.writes;
    return order_answer(order.id, "Order updated.");
}

/// PATCH of one member of the order that is stored under the same name.
template <const char* Member> OngoingAnswer patch_member(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    order->data.set(Member, call.body[Member]);
    return updated(call, *order);
}

OngoingAnswer patch_status(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    const std::int64_t number = call.body["orderStatusNumber"].integer();
    if (number == cancelled) {
        call.violate("cancelled_by_status", "orderStatusNumber", "an order is cancelled by DELETE, never by its status");
        return refused(400, "The order status cannot be set.");
    }
    const auto& statuses = std::as_const(call.owner.dictionaries)["orderStatuses"].elements();
    if (std::none_of(statuses.begin(), statuses.end(), [&](const json::Value& row) { return row["number"].integer() == number; }))
        return refused(400, fmt::format("There is no order status {}.", number));
    const bool allocated =
        std::any_of(order->lines.begin(), order->lines.end(), [](const OrderLine& line) { return line.allocated > line.picked; });
    if (allocated && number > beyond_allocation)
        return refused(400, "The order status cannot be set, goods are allocated but not picked.");
    set_status(call.owner, *order, number, call.context.now);
    return updated(call, *order);
}

OngoingAnswer patch_number(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    // The server does not check whether the number is taken (3.6).
    call.owner.order_by_number.erase(std::string(std::as_const(order->data)["orderNumber"].text()));
    order->data.set("orderNumber", call.body["orderNumber"]);
    call.owner.order_by_number[std::string(call.body["orderNumber"].text())] = order->id;
    return updated(call, *order);
}

OngoingAnswer patch_way_bill(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    order->way_bill = call.body["waybill"];
    return updated(call, *order);
}

OngoingAnswer patch_return_way_bill(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    order->return_way_bill = call.body["returnWaybill"];
    return updated(call, *order);
}

OngoingAnswer patch_transporter(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    json::Value transporter = std::as_const(order->data)["transporter"];
    if (transporter.is_null()) transporter = json::Value::object();
    overlay(transporter, call.body, false);
    order->data.set("transporter", std::move(transporter));
    return updated(call, *order);
}

OngoingAnswer change_classes(OngoingCall& call, bool keep_others) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    json::Value classes = keep_others ? std::as_const(order->data)["classes"] : json::Value::array();
    if (!classes.is_array()) classes = json::Value::array();
    for (const json::Value& given : call.body["classes"].elements()) {
        std::erase_if(classes.elements(), [&](const json::Value& row) { return row["code"] == given["code"]; });
        classes.push_back(given);
    }
    order->data.set("classes", std::move(classes));
    return updated(call, *order);
}

OngoingAnswer delete_classes(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    order->data.erase("classes");
    return updated(call, *order);
}

OrderLine* line_of_path(OngoingCall& call, WarehouseOrder& order) {
    for (OrderLine& line : order.lines)
        if (line.id == call.path_id("orderLineId")) return &line;
    return nullptr;
}

/// PATCH of a line: `change` gets the line; the answer is the order's.
template <class Change> OngoingAnswer patch_line(OngoingCall& call, Change change) {
    WarehouseOrder* order = order_of_path(call);
    OrderLine* line = order == nullptr ? nullptr : line_of_path(call, *order);
    if (line == nullptr) return refused(404, "The order line was not found.");
    change(*line);
    return updated(call, *order);
}

OngoingAnswer patch_line_price(OngoingCall& call, const char* member) {
    return patch_line(call, [&](OrderLine& line) { line.data["prices"].set(member, call.body[member]); });
}

OngoingAnswer report_picked(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    for (OrderLine& line : order->lines) line.reported = line.picked;
    return updated(call, *order);
}

OngoingAnswer report_returned(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return order_not_found();
    for (OrderLine& line : order->lines)
        if (!call.flag("onlyUpdateOrderLinesWhichHaveReturnedItems") || line.returned > Decimal{})
            line.reported_returned = line.returned;
    return updated(call, *order);
}

OngoingAnswer put_text_lines(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return {200, json::Value::object().set("success", false).set("message", "Order was not found.")};
    order->data["advanced"].set("orderTextLines", call.body["orderTextLines"]);
    return {200, json::Value::object().set("success", true).set("message", "Text lines saved.")};
}

constexpr char order_remark[] = "orderRemark";
constexpr char service_point[] = "servicePointCode";
constexpr char instruction[] = "warehouseInstruction";
constexpr char delivery_date[] = "deliveryDate";
constexpr char free_text_1[] = "freeText1";
constexpr char free_text_2[] = "freeText2";
constexpr char free_text_3[] = "freeText3";

} // namespace

void add_order_patch_operations(OngoingTable& table) {
    const auto patch = [&](const char* path, OngoingHandler handler) {
        table[fmt::format("PATCH /orders/{{orderId}}/{}", path)] = handler;
    };
    patch("orderRemark", patch_member<order_remark>);
    patch("servicePointCode", patch_member<service_point>);
    patch("warehouseInstruction", patch_member<instruction>);
    patch("deliveryDate", patch_member<delivery_date>);
    patch("freeText1", patch_member<free_text_1>);
    patch("freeText2", patch_member<free_text_2>);
    patch("freeText3", patch_member<free_text_3>);
    patch("orderStatus", patch_status);
    patch("orderNumber", patch_number);
    patch("waybill", patch_way_bill);
    patch("returnWaybill", patch_return_way_bill);
    patch("transporter", patch_transporter);
    patch("addOrderClasses", [](OngoingCall& call) { return change_classes(call, true); });
    patch("setOrderClasses", [](OngoingCall& call) { return change_classes(call, false); });
    patch("lines/{orderLineId}/comment", [](OngoingCall& call) {
        return patch_line(call, [&](OrderLine& line) { line.data.set("comment", call.body["comment"]); });
    });
    patch("lines/{orderLineId}/linePrice", [](OngoingCall& call) { return patch_line_price(call, "linePrice"); });
    patch("lines/{orderLineId}/customerLinePrice", [](OngoingCall& call) { return patch_line_price(call, "customerLinePrice"); });
    patch("lines/{orderLineId}/reportedNumberOfItems", [](OngoingCall& call) {
        return patch_line(call, [&](OrderLine& line) { line.reported = call.body["reportedNumberOfItems"].decimal(); });
    });
    patch("lines/{orderLineId}/reportedReturnedNumberOfItems", [](OngoingCall& call) {
        return patch_line(
            call, [&](OrderLine& line) { line.reported_returned = call.body["reportedReturnedNumberOfItems"].decimal(); });
    });
    patch("setReportedNumberOfItemsToPickedNumberOfItems", report_picked);
    patch("setReportedReturnedNumberOfItemsToReturnedNumberOfItems", report_returned);
    table["DELETE /orders/{orderId}/classes"] = delete_classes;
    table["PUT /orders/{orderId}/orderTextLines"] = put_text_lines;
}

} // namespace blongo::sandbox

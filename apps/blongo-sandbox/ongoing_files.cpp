// SPDX-License-Identifier: Apache-2.0
#include "ongoing_orders.hpp"

#include <fmt/format.h>

namespace blongo::sandbox {

namespace {

OngoingAnswer saved(const json::Value& id, std::string_view verb) {
    return {200, json::Value::object()
                     .set("fileId", id)
                     .set("success", true)
                     .set("message", fmt::format("FileId {} {}", id.text(), verb))};
}

OngoingAnswer failed(std::string_view message) {
    return {200, json::Value::object().set("fileId", nullptr).set("success", false).set("message", message)};
}

/// Standard base64 in one line, without a data: prefix (ongoing.md 3.8).
bool is_plain_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t end = text.find_last_not_of('=');
    return !text.empty() && text.size() % 4 == 0 && end != std::string_view::npos && text.size() - end <= 3 &&
           text.substr(0, end + 1).find_first_not_of(alphabet) == std::string_view::npos;
}

std::optional<OngoingAnswer> bad_file(OngoingCall& call) {
    std::vector<Problem> problems;
    if (!is_plain_base64(call.body["fileDataBase64"].text()))
        problems.push_back({"bad_base64", "fileDataBase64", "standard base64 in one line is due"});
    const json::Value& printing = call.body["advanced"]["printingInfo"];
    if (!printing.is_null() && printing["printAsUser"].is_null() == printing["printAsWorkstation"].is_null())
        problems.push_back(
            {"bad_printing", "advanced.printingInfo", "exactly one of printAsUser and printAsWorkstation says where it prints"});
    for (const Problem& problem : problems) call.context.violate(problem);
    if (problems.empty()) return std::nullopt;
    return invalid(problems);
}

void print(OngoingCall& call, const WarehouseOrder& order, const json::Value& file_id) {
    const json::Value& printing = call.body["advanced"]["printingInfo"];
    if (printing.is_null()) return;
    call.owner.print_jobs.push_back(json::Value::object()
                                        .set("orderId", order.id)
                                        .set("orderNumber", order.data["orderNumber"])
                                        .set("fileId", file_id)
                                        .set("fileName", call.body["fileName"])
                                        .set("printingInfo", printing)
                                        .set("at", format_utc(call.context.now)));
}

json::Value* find_file(WarehouseOrder& order, std::string_view member, const json::Value& value) {
    for (json::Value& file : order.files.elements())
        if (std::as_const(file)[member] == value) return &file;
    return nullptr;
}

OngoingAnswer create(OngoingCall& call, WarehouseOrder& order, const json::Value& name) {
    const json::Value id = call.owner.next_id++;
    order.files.push_back(json::Value::object()
                              .set("fileId", id)
                              .set("orderId", order.id)
                              .set("articleSystemId", nullptr)
                              .set("fileName", name)
                              .set("mimeType", call.body["mimeType"])
                              .set("fileDataBase64", call.body["fileDataBase64"])
                              .set("purchaseOrderId", nullptr));
    print(call, order, id);
    return saved(id, "created");
}

OngoingAnswer replace(OngoingCall& call, const WarehouseOrder& order, json::Value& file) {
    for (const char* name : {"fileName", "mimeType", "fileDataBase64"})
        if (!call.body[name].is_null()) file.set(name, call.body[name]);
    const json::Value id = std::as_const(file)["fileId"];
    print(call, order, id);
    return saved(id, "updated");
}

OngoingAnswer post(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return failed("Order was not found.");
    if (auto bad = bad_file(call)) return *bad;
    return create(call, *order, call.body["fileName"]);
}

OngoingAnswer put_by_name(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return failed("Order was not found.");
    if (auto bad = bad_file(call)) return *bad;
    const json::Value name(call.text("fileName").value_or(""));
    json::Value* file = find_file(*order, "fileName", name);
    return file == nullptr ? create(call, *order, name) : replace(call, *order, *file);
}

OngoingAnswer put_by_id(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    json::Value* file = order == nullptr ? nullptr : find_file(*order, "fileId", call.path_id("fileId"));
    if (file == nullptr) return failed("File was not found.");
    if (auto bad = bad_file(call)) return *bad;
    return replace(call, *order, *file);
}

OngoingAnswer list(OngoingCall& call) {
    const WarehouseOrder* order = order_of_path(call);
    return order == nullptr ? order_not_found() : OngoingAnswer{200, order->files};
}

OngoingAnswer remove(OngoingCall& call) {
    WarehouseOrder* order = order_of_path(call);
    if (order == nullptr) return failed("Order was not found.");
    const json::Value id = call.path_id("fileId");
    const std::size_t removed =
        std::erase_if(order->files.elements(), [&](const json::Value& file) { return file["fileId"] == id; });
    return removed == 0 ? failed("File was not found.") : saved(id, "deleted");
}

} // namespace

void add_file_operations(OngoingTable& table) {
    table["GET /orders/{orderId}/files"] = list;
    table["POST /orders/{orderId}/files"] = post;
    table["PUT /orders/{orderId}/files"] = put_by_name;
    table["PUT /orders/{orderId}/files/{fileId}"] = put_by_id;
    table["DELETE /orders/{orderId}/files/{fileId}"] = remove;
}

} // namespace blongo::sandbox

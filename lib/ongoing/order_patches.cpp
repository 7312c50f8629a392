// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/text.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

using http::Effect;

constexpr Effect again = Effect::idempotent_write; // each sets an absolute value
constexpr Operation patch_remark{"PATCH", "/orders/{orderId}/orderRemark", again};
constexpr Operation patch_service_point{"PATCH", "/orders/{orderId}/servicePointCode", again};
constexpr Operation patch_instruction{"PATCH", "/orders/{orderId}/warehouseInstruction", again};
constexpr Operation patch_status{"PATCH", "/orders/{orderId}/orderStatus", again};
constexpr Operation patch_way_bill{"PATCH", "/orders/{orderId}/waybill", again};
constexpr Operation patch_return_way_bill{"PATCH", "/orders/{orderId}/returnWaybill", again};
constexpr Operation patch_date{"PATCH", "/orders/{orderId}/deliveryDate", again};
constexpr Operation add_classes{"PATCH", "/orders/{orderId}/addOrderClasses", again};

Result<void> check_length(const Operation& operation, const std::string& text, std::size_t most) {
    const std::size_t length = character_count(text);
    if (length <= most) return {};
    return fail(ErrorKind::rejected,
                "a text of " + std::to_string(length) + " characters where Ongoing takes " + std::to_string(most),
                operation.name());
}

} // namespace

Result<void> Client::patch_order(const Operation& operation, OngoingOrderId id, const json::Value& body) {
    const std::string_view member = operation.path.substr(operation.path.rfind('/'));
    BLONGO_CHECK(call(operation, "/orders/" + std::to_string(id.value()) + std::string(member), {}, body.dump()));
    return {};
}

Result<void> Client::patch_order_text(const Operation& operation, OngoingOrderId id, const std::string& text,
                                      std::size_t most_characters) {
    BLONGO_CHECK(check_length(operation, text, most_characters));
    return patch_order(operation, id, json::Value::object().set(operation.path.substr(operation.path.rfind('/') + 1), text));
}

Result<void> Client::patch_order_remark(OngoingOrderId id, const std::string& text) {
    return patch_order_text(patch_remark, id, text, limits::text_characters);
}

Result<void> Client::patch_service_point_code(OngoingOrderId id, const std::string& code) {
    return patch_order_text(patch_service_point, id, code, limits::key_characters);
}

Result<void> Client::patch_warehouse_instruction(OngoingOrderId id, const std::string& text) {
    return patch_order_text(patch_instruction, id, text, limits::text_characters);
}

Result<void> Client::patch_waybill(OngoingOrderId id, const std::string& number) {
    return patch_order_text(patch_way_bill, id, number, limits::key_characters);
}

Result<void> Client::patch_return_waybill(OngoingOrderId id, const std::string& number) {
    return patch_order_text(patch_return_way_bill, id, number, limits::key_characters);
}

Result<void> Client::patch_order_status(OngoingOrderId id, std::int64_t number) {
    return patch_order(patch_status, id, json::Value::object().set("orderStatusNumber", number));
}

Result<void> Client::patch_delivery_date(OngoingOrderId id, const std::string& date_time) {
    return patch_order(patch_date, id, json::Value::object().set("deliveryDate", date_time));
}

Result<void> Client::add_order_classes(OngoingOrderId id, std::span<const OrderClass> classes) {
    json::Value list = json::Value::array();
    for (const OrderClass& order_class : classes) {
        json::Value item = json::Value::object().set("code", order_class.code).set("name", order_class.name);
        if (!order_class.comment.empty()) item.set("comment", order_class.comment);
        list.push_back(std::move(item));
    }
    return patch_order(add_classes, id, json::Value::object().set("classes", std::move(list)));
}

} // namespace blongo::ongoing

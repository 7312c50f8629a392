// SPDX-License-Identifier: Apache-2.0
#include "baselinker.hpp"

#include "couriers.hpp"

namespace blongo::sandbox {

const json::Value* find_courier(const Account& account, std::string_view code) {
    for (const json::Value& courier : account.dictionaries["couriers"].elements())
        if (courier["code"].text() == code) return &courier;
    return nullptr;
}

json::Value no_such_courier() {
    return base_error("ERROR_INVALID_DATA", "Unknown courier code.");
}

namespace {

/// Calls that name a courier begin so.
const json::Value* courier_of(BaseCall& call) {
    return find_courier(call.account, call["courier_code"].text());
}

json::Value list_couriers(BaseCall& call) {
    json::Value rows = json::Value::array();
    for (const json::Value& courier : std::as_const(call.account.dictionaries)["couriers"].elements())
        rows.push_back(json::Value::object().set("code", courier["code"]).set("name", courier["name"]));
    return success().set("couriers", std::move(rows));
}

json::Value list_accounts(BaseCall& call) {
    const json::Value* courier = courier_of(call);
    if (courier == nullptr) return no_such_courier();
    const json::Value& accounts = (*courier)["accounts"];
    return success().set("accounts", accounts.is_null() ? json::Value::array() : accounts);
}

json::Value list_fields(BaseCall& call) {
    const json::Value* courier = courier_of(call);
    if (courier == nullptr) return no_such_courier();
    return success()
        .set("multi_packages", (*courier)["multi_packages"])
        .set("fields", (*courier)["fields"])
        .set("package_fields", (*courier)["package_fields"]);
}

json::Value list_services(BaseCall& call) {
    const json::Value* courier = courier_of(call);
    if (courier == nullptr) return no_such_courier();
    if (!call.account.orders.contains(call["order_id"].integer())) return base_error("ERROR_ORDER_NOT_FOUND", "Order not found");
    const json::Value& services = (*courier)["services"];
    return success().set("services", services.is_null() ? json::Value::object() : services);
}

json::Value list_pickup_fields(BaseCall& call) {
    const json::Value* courier = courier_of(call);
    if (courier == nullptr) return no_such_courier();
    const json::Value& fields = (*courier)["pickup_fields"];
    return success().set("fields", fields.is_null() ? json::Value::array() : fields);
}

} // namespace

std::span<const BaseMethod> courier_methods() {
    using enum ParameterType;
    static const std::vector<BaseMethod> methods = {
        {"getCouriersList", {}, list_couriers, "couriers"},
        {"getCourierAccounts", {{"courier_code", text, true, 20}}, list_accounts, "accounts"},
        {"getCourierFields", {{"courier_code", text, true, 20}}, list_fields, "fields"},
        {"getCourierServices",
         {{"courier_code", text, true, 20},
          {"order_id", integer, true},
          {"account_id", integer},
          {"fields", ParameterType::list, true},
          {"packages", ParameterType::list, true}},
         list_services,
         "services"},
        {"getRequestParcelPickupFields", {{"courier_code", text, true, 20}}, list_pickup_fields, "fields"},
    };
    return methods;
}

} // namespace blongo::sandbox

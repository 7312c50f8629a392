// SPDX-License-Identifier: Apache-2.0
#include "baselinker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base_orders.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::size_t orders_a_page = 100; // baselinker.md 3.1
constexpr std::size_t events_a_page = 100;
constexpr std::size_t largest_status_change = 100;
constexpr Seconds journal_age{3 * 24 * 3600}; // 3.3

bool given(const BaseCall& call, std::string_view name) {
    return call.parameters.find(name) != nullptr;
}

bool passes(const BaseCall& call, const json::Value& order) {
    if (!call["get_unconfirmed_orders"].is_true() && !order["confirmed"].is_true()) return false;
    const auto below = [&](const char* filter, const char* field) {
        return given(call, filter) && order[field].integer() < call[filter].integer();
    };
    if (below("date_confirmed_from", "date_confirmed") || below("date_from", "date_add") || below("id_from", "order_id"))
        return false;
    const auto differs = [&](const char* filter, const char* field) {
        return given(call, filter) && order[field].integer() != call[filter].integer();
    };
    if (differs("order_id", "order_id") || differs("status_id", "order_status_id") ||
        differs("filter_order_source_id", "order_source_id") || differs("filter_shop_order_id", "shop_order_id"))
        return false;
    const auto text_differs = [&](const char* filter, const char* field) {
        return given(call, filter) && order[field].text() != call[filter].text();
    };
    return !text_differs("filter_email", "email") && !text_differs("filter_order_source", "order_source") &&
           !text_differs("filter_external_order_id", "external_order_id");
}

json::Value order_row(const BaseCall& call, json::Value order) {
    if (!call["include_custom_extra_fields"].is_true()) order.erase("custom_extra_fields");
    if (call["include_commissions"].is_true()) order.set("commissions", json::Value::array());
    if (call["include_connect_data"].is_true()) order.set("connect_data", json::Value::object());
    if (call["include_discounts_data"].is_true() && std::as_const(order)["discounts"].is_null())
        order.set("discounts", json::Value::array());
    return order;
}

json::Value get_orders(BaseCall& call) {
    if (given(call, "filter_order_source_id") && !given(call, "filter_order_source")) {
        call.violate("bad_parameter", "getOrders.filter_order_source_id", "it needs filter_order_source");
        return base_error("ERROR_INVALID_DATA", "Invalid data format for filter_order_source_id.");
    }
    if (call.context.settings.missing_order_is_error && given(call, "order_id") &&
        !call.account.orders.contains(call["order_id"].integer()))
        return base_error("ERROR_ORDER_NOT_FOUND", "Order not found");
    std::vector<const json::Value*> found;
    for (const auto& [id, order] : call.account.orders)
        if (passes(call, order)) found.push_back(&order);
    if (!given(call, "id_from") || given(call, "date_confirmed_from"))
        std::stable_sort(found.begin(), found.end(), [](const json::Value* a, const json::Value* b) {
            return (*a)["date_confirmed"].integer() < (*b)["date_confirmed"].integer();
        });
    if (found.size() > orders_a_page) found.resize(orders_a_page);
    json::Value rows = json::Value::array();
    for (const json::Value* order : found) rows.push_back(order_row(call, *order));
    return success().set("orders", std::move(rows));
}

json::Value get_journal(BaseCall& call) {
    json::Value rows = json::Value::array();
    const std::int64_t oldest = to_unix_seconds(call.context.now - journal_age);
    const auto& types = call["logs_types"].elements();
    for (const json::Value& event : call.account.events) {
        if (!call.context.settings.journal || rows.size() >= events_a_page) break;
        if (event["date"].integer() < oldest) continue;
        if (event["log_id"].integer() < call["last_log_id"].integer()) continue;
        if (given(call, "order_id") && event["order_id"] != call["order_id"]) continue;
        if (!types.empty() && std::find(types.begin(), types.end(), event["log_type"]) == types.end()) continue;
        json::Value row = event;
        if (call.context.settings.journal_key_id) {
            row = json::Value::object().set("id", event["log_id"]);
            for (const char* name : {"log_type", "order_id", "object_id", "date"}) row.set(name, event[name]);
        }
        rows.push_back(std::move(row));
    }
    return success().set("logs", std::move(rows));
}

json::Value dictionary(BaseCall& call, const char* stored, const char* name) {
    return success().set(name, std::as_const(call.account.dictionaries)[stored]);
}

// --- writing ---------------------------------------------------------------

bool known_status(const BaseCall& call, std::int64_t id) {
    const auto& statuses = std::as_const(call.account.dictionaries)["statuses"].elements();
    return std::any_of(statuses.begin(), statuses.end(), [&](const json::Value& status) { return status["id"].integer() == id; });
}

json::Value no_such_status() {
    return base_error("ERROR_INVALID_DATA", "Unknown order status.");
}

void move_to_status(BaseCall& call, std::int64_t order_id) {
    change_base_order(call.account, json::Value::object().set("order_id", order_id).set("order_status_id", call["status_id"]),
                      call.context);
}

json::Value set_status(BaseCall& call) {
    const std::int64_t id = call["order_id"].integer();
    if (!call.account.orders.contains(id)) return base_error("ERROR_ORDER_NOT_FOUND", "Order not found");
    if (!known_status(call, call["status_id"].integer())) return no_such_status();
    move_to_status(call, id);
    return success();
}

json::Value set_statuses(BaseCall& call) {
    const auto& ids = call["order_ids"].elements();
    if (ids.empty() || ids.size() > largest_status_change) {
        call.violate(ids.empty() ? "empty_list" : "too_many_orders", "setOrderStatuses.order_ids",
                     fmt::format("{} orders; between 1 and {} are sensible", ids.size(), largest_status_change));
        return base_error("ERROR_INVALID_DATA", "Invalid data format for order_ids.");
    }
    if (!known_status(call, call["status_id"].integer())) return no_such_status();
    for (const json::Value& id : ids)
        if (call.account.orders.contains(id.integer())) move_to_status(call, id.integer());
    return success();
}

json::Value set_fields(BaseCall& call) {
    const std::int64_t id = call["order_id"].integer();
    const auto found = call.account.orders.find(id);
    if (found == call.account.orders.end()) return base_error("ERROR_ORDER_NOT_FOUND", "Order not found");
    json::Value change = json::Value::object();
    for (const auto& [name, value] : call.parameters.members()) {
        if (name == "payment_method_cod" || name == "want_invoice")
            change.set(name, value.is_true() ? "1" : "0");
        else if (name == "custom_extra_fields") {
            json::Value all = std::as_const(found->second)["custom_extra_fields"];
            for (const auto& [field, text] : value.members()) {
                if (text.is_string() && text.text().empty())
                    all.erase(field);
                else
                    all.set(field, text);
            }
            change.set(name, std::move(all));
        } else {
            change.set(name, value);
        }
    }
    change_base_order(call.account, change, call.context);
    return success();
}

std::vector<Parameter> field_parameters() {
    using enum ParameterType;
    std::vector<Parameter> rows = {{"order_id", integer, true},
                                   {"admin_comments", text, false, 200},
                                   {"user_comments", text, false, 510},
                                   {"payment_method", text, false, 30},
                                   {"payment_method_cod", truth},
                                   {"email", text, false, 150},
                                   {"phone", text, false, 100},
                                   {"user_login", text, false, 30},
                                   {"delivery_method", text, false, 30},
                                   {"delivery_price", decimal},
                                   {"delivery_fullname", text, false, 100},
                                   {"delivery_company", text, false, 100},
                                   {"delivery_address", text, false, 156},
                                   {"delivery_state", text, false, 35},
                                   {"delivery_country_code", text, false, 2},
                                   {"delivery_point_id", text, false, 40},
                                   {"invoice_postcode", text, false, 20},
                                   {"invoice_state", text, false, 35},
                                   {"invoice_country_code", text, false, 2},
                                   {"want_invoice", truth},
                                   {"extra_field_1", text, false, 50},
                                   {"extra_field_2", text, false, 50},
                                   {"custom_extra_fields", map},
                                   {"pick_state", integer},
                                   {"pack_state", integer},
                                   {"star", integer}};
    for (const char* name :
         {"delivery_postcode", "delivery_city", "delivery_point_name", "delivery_point_address", "delivery_point_postcode",
          "delivery_point_city", "invoice_fullname", "invoice_company", "invoice_nip", "invoice_address", "invoice_city"})
        rows.push_back({name, text, false, 100});
    return rows;
}

} // namespace

std::span<const BaseMethod> order_methods() {
    using enum ParameterType;
    static const std::vector<BaseMethod> methods = {
        {"getOrderStatusList", {}, [](BaseCall& call) { return dictionary(call, "statuses", "statuses"); }, "statuses"},
        {"getOrderSources", {}, [](BaseCall& call) { return dictionary(call, "sources", "sources"); }, "sources"},
        {"getOrderExtraFields",
         {},
         [](BaseCall& call) { return dictionary(call, "order_extra_fields", "extra_fields"); },
         "extra_fields"},
        {"getOrders",
         {{"order_id", integer},
          {"date_confirmed_from", integer},
          {"date_from", integer},
          {"id_from", integer},
          {"get_unconfirmed_orders", truth},
          {"status_id", integer},
          {"filter_email", text, false, 50},
          {"filter_order_source", text, false, 20},
          {"filter_order_source_id", integer},
          {"filter_shop_order_id", integer},
          {"filter_external_order_id", text, false, 50},
          {"include_custom_extra_fields", truth},
          {"include_commissions", truth},
          {"include_connect_data", truth},
          {"include_discounts_data", truth}},
         get_orders,
         "orders"},
        {"getJournalList", {{"last_log_id", integer}, {"logs_types", integers}, {"order_id", integer}}, get_journal, "logs"},
        {"setOrderStatus", {{"order_id", integer, true}, {"status_id", integer, true}}, set_status, {}, true},
        {"setOrderStatuses", {{"order_ids", integers, true}, {"status_id", integer, true}}, set_statuses, {}, true},
        {"setOrderFields", field_parameters(), set_fields, {}, true},
    };
    return methods;
}

} // namespace blongo::sandbox

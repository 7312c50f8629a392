// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "baselinker.hpp"
#include "returns.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::size_t returns_a_page = 100; // baselinker.md 3.6
constexpr std::size_t events_a_page = 100;
constexpr Seconds journal_age{3 * 24 * 3600};

enum Event : int { created = 1, cancelled = 4, product_edited = 8, data_edited = 10, status_changed = 11 };

void record(Account& account, Timestamp now, int type, std::int64_t return_id, std::int64_t object) {
    account.return_events.push_back(json::Value::object()
                                        .set("log_id", account.next_return_event++)
                                        .set("return_id", return_id)
                                        .set("log_type", type)
                                        .set("object_id", object)
                                        .set("date", to_unix_seconds(now)));
}

/// All members in the order in which getOrderReturns answers, with their empty values.
json::Value blank_return() {
    json::Value out = json::Value::object();
    for (const char* name : {"return_id", "order_id"}) out.set(name, 0);
    out.set("shop_order_id", -1).set("external_order_id", "").set("reference_number", "");
    out.set("order_return_source", "personal").set("order_return_source_id", 0).set("status_id", 51001);
    out.set("date_add", 0).set("date_in_status", 0).set("user_login", "").set("currency", "PLN");
    out.set("refunded", "0.00").set("refund_done", 0).set("email", "").set("phone", "").set("delivery_price", 0);
    for (const char* name : {"fullname", "company", "address", "postcode", "city", "state", "country", "country_code"})
        out.set(fmt::format("delivery_{}", name), "");
    for (const char* name : {"extra_field_1", "extra_field_2", "custom_extra_fields", "admin_comments", "delivery_package_module",
                             "delivery_package_nr"})
        out.set(name, "");
    return out.set("connect_data", json::Value::array());
}

json::Value blank_line() {
    return json::Value::object()
        .set("order_return_product_id", 0)
        .set("storage", "db")
        .set("storage_id", 0)
        .set("product_id", "")
        .set("variant_id", "0")
        .set("name", "")
        .set("sku", "")
        .set("ean", "")
        .set("location", "")
        .set("warehouse_id", 0)
        .set("auction_id", "0")
        .set("attributes", "")
        .set("price_brutto", 0)
        .set("tax_rate", 23)
        .set("quantity", 1)
        .set("weight", 0)
        .set("bundle_id", 0)
        .set("status_id", 1001)
        .set("return_reason_id", 1001)
        .set("return_reason_comment", "");
}

json::Value over(json::Value stored, const json::Value& given) {
    for (const auto& [name, value] : given.members()) stored.set(name, value);
    return stored;
}

void resolve_time(json::Value& one, const char* name, Timestamp now) {
    const json::Value& value = std::as_const(one)[name];
    if (value.is_number() && value.integer() != 0) return;
    one.set(name, to_unix_seconds(read_time(value, now).value_or(now)));
}

bool given(const BaseCall& call, std::string_view name) {
    return call.parameters.find(name) != nullptr;
}

bool passes(const BaseCall& call, const json::Value& one) {
    const auto below = [&](const char* filter, const char* field) {
        return given(call, filter) && one[field].integer() < call[filter].integer();
    };
    const auto differs = [&](const char* filter, const char* field) {
        return given(call, filter) && one[field].integer() != call[filter].integer();
    };
    const bool other_source = given(call, "filter_order_return_source") &&
                              one["order_return_source"].text() != call["filter_order_return_source"].text();
    return !below("date_from", "date_add") && !below("id_from", "return_id") && !differs("order_id", "order_id") &&
           !differs("return_id", "return_id") && !differs("status_id", "status_id") && !other_source &&
           !differs("filter_order_return_source_id", "order_return_source_id");
}

json::Value get_returns(BaseCall& call) {
    json::Value rows = json::Value::array();
    for (const auto& [id, one] : call.account.returns) { // ascending by id
        if (rows.size() >= returns_a_page) break;
        if (passes(call, one)) rows.push_back(one);
    }
    return success().set("returns", std::move(rows));
}

json::Value get_journal(BaseCall& call) {
    json::Value rows = json::Value::array();
    const std::int64_t oldest = to_unix_seconds(call.context.now - journal_age);
    const auto& types = call["logs_types"].elements();
    for (const json::Value& event : call.account.return_events) {
        if (!call.context.settings.journal || rows.size() >= events_a_page) break;
        if (event["date"].integer() < oldest || event["log_id"].integer() < call["last_log_id"].integer()) continue;
        if (given(call, "return_id") && event["return_id"] != call["return_id"]) continue;
        if (!types.empty() && std::find(types.begin(), types.end(), event["log_type"]) == types.end()) continue;
        rows.push_back(event);
    }
    return success().set("logs", std::move(rows));
}

bool known_status(const BaseCall& call) {
    const json::Value statuses = return_statuses(call.account);
    return std::any_of(statuses.elements().begin(), statuses.elements().end(),
                       [&](const json::Value& status) { return status["id"] == call["status_id"]; });
}

void move_to_status(BaseCall& call, std::int64_t id) {
    (void)change_base_return(call.account, json::Value::object().set("return_id", id).set("status_id", call["status_id"]),
                             call.context.now);
}

json::Value set_status(BaseCall& call) {
    const std::int64_t id = call["return_id"].integer();
    if (!call.account.returns.contains(id)) return base_error("ERROR_RETURN_NOT_FOUND", "Return not found");
    if (!known_status(call)) return base_error("ERROR_INVALID_DATA", "Unknown return status.");
    move_to_status(call, id);
    return success();
}

json::Value set_statuses(BaseCall& call) {
    const auto& ids = call["return_ids"].elements();
    if (ids.empty()) {
        call.violate("empty_list", "setOrderReturnStatuses.return_ids", "no return");
        return base_error("ERROR_INVALID_DATA", "Invalid data format for return_ids.");
    }
    if (!known_status(call)) return base_error("ERROR_INVALID_DATA", "Unknown return status.");
    for (const json::Value& id : ids)
        if (call.account.returns.contains(id.integer())) move_to_status(call, id.integer());
    return success();
}

json::Value reasons() {
    json::Value rows = json::Value::array();
    rows.push_back(json::Value::object().set("return_reason_id", 1001).set("name", "Brak"));
    rows.push_back(json::Value::object().set("return_reason_id", 1005).set("name", "Uszkodzony towar"));
    return rows;
}

json::Value product_statuses() {
    json::Value rows = json::Value::array();
    rows.push_back(json::Value::object().set("status_id", 1001).set("name", "Brak"));
    rows.push_back(json::Value::object().set("status_id", 1002).set("name", "Przyjęty"));
    return rows;
}

} // namespace

json::Value return_statuses(const Account& account) {
    if (const json::Value& own = account.dictionaries["return_statuses"]; own.is_array()) return own;
    json::Value rows = json::Value::array();
    const auto add = [&](std::int64_t id, const char* name) {
        rows.push_back(
            json::Value::object().set("id", id).set("name", name).set("name_for_customer", name).set("color", "#777777"));
    };
    add(51001, "Nowe zwroty");
    add(51002, "Zaakceptowane");
    add(51006, "Przyjęte");
    add(51009, "Zamknięte");
    return rows;
}

Result<json::Value> change_base_return(Account& account, const json::Value& change, Timestamp now) {
    const std::int64_t id = change["return_id"].integer();
    if (id <= 0) return fail(ErrorKind::usage, "a return needs a return_id above 0", "return_id");
    const auto old = account.returns.find(id);
    const bool fresh = old == account.returns.end();
    json::Value one = over(fresh ? blank_return() : old->second, change);
    if (fresh) {
        resolve_time(one, "date_add", now);
        resolve_time(one, "date_in_status", now);
        record(account, now, created, id, 0);
    } else {
        bool edited = false;
        for (const auto& [name, value] : change.members()) {
            if (std::as_const(old->second)[name] == value) continue;
            if (name == "status_id") {
                one.set("date_in_status", to_unix_seconds(now));
                record(account, now, status_changed, id, value.integer());
            } else if (name == "products") {
                record(account, now, product_edited, id, 0);
            } else if (name == "fulfillment_status" && value.integer() == 2) {
                record(account, now, cancelled, id, 0);
            } else {
                edited = true;
            }
        }
        if (edited) record(account, now, data_edited, id, 0);
    }
    json::Value lines = json::Value::array();
    for (const json::Value& row : std::as_const(one)["products"].elements()) {
        json::Value line = over(blank_line(), row);
        if (std::as_const(line)["order_return_product_id"].integer() == 0)
            line.set("order_return_product_id", account.next_return_line++);
        lines.push_back(std::move(line));
    }
    one.erase("products");
    one.set("products", std::move(lines));
    for (const char* name : {"refund_account_number", "refund_iban", "refund_swift"})
        if (one.find(name) == nullptr) one.set(name, "");
    if (one.find("fulfillment_status") == nullptr) one.set("fulfillment_status", 0);
    return account.returns.insert_or_assign(id, std::move(one)).first->second;
}

std::span<const BaseMethod> return_methods() {
    using enum ParameterType;
    static const std::vector<BaseMethod> methods = {
        {"getOrderReturns",
         {{"order_id", integer},
          {"return_id", integer},
          {"date_from", integer},
          {"id_from", integer},
          {"status_id", integer},
          {"filter_order_return_source", text, false, 20},
          {"filter_order_return_source_id", integer},
          {"include_custom_extra_fields", truth},
          {"include_connect_data", truth}},
         get_returns,
         "returns"},
        {"getOrderReturnStatusList",
         {},
         [](BaseCall& call) { return success().set("statuses", return_statuses(call.account)); },
         "statuses"},
        {"getOrderReturnReasonsList", {}, [](BaseCall&) { return success().set("return_reasons", reasons()); }, "return_reasons"},
        {"getOrderReturnProductStatuses",
         {},
         [](BaseCall&) { return success().set("order_return_product_statuses", product_statuses()); },
         "order_return_product_statuses"},
        {"getOrderReturnJournalList",
         {{"last_log_id", integer}, {"logs_types", integers}, {"return_id", integer}},
         get_journal,
         "logs"},
        {"setOrderReturnStatus", {{"return_id", integer, true}, {"status_id", integer, true}}, set_status, {}, true},
        {"setOrderReturnStatuses", {{"return_ids", integers, true}, {"status_id", integer, true}}, set_statuses, {}, true},
    };
    return methods;
}

} // namespace blongo::sandbox

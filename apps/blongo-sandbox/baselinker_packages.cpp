// SPDX-License-Identifier: Apache-2.0
#include "baselinker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "couriers.hpp"
#include "labels.hpp"

namespace blongo::sandbox {

namespace {

constexpr int cancelled = 10;                // tracking status, baselinker.md 4.5
constexpr std::size_t largest_history = 100; // package ids a call, baselinker.md 4.7

json::Value no_such_order() {
    return base_error("ERROR_ORDER_NOT_FOUND", "Order not found");
}

json::Value no_such_package() {
    return base_error("ERROR_INVALID_DATA", "Package not found.");
}

const json::Value* find_order(BaseCall& call) {
    const auto found = call.account.orders.find(call["order_id"].integer());
    return found == call.account.orders.end() ? nullptr : &found->second;
}

/// The package that package_id or package_number names.
json::Value* find_package(BaseCall& call) {
    if (call.parameters.find("package_id") != nullptr) {
        const auto found = call.account.packages.find(call["package_id"].integer());
        return found == call.account.packages.end() ? nullptr : &found->second;
    }
    const std::string_view number = call["package_number"].text();
    for (auto& [id, package] : call.account.packages)
        if (!number.empty() && std::as_const(package)["number"].text() == number) return &package;
    return nullptr;
}

json::Value create(BaseCall& call) {
    const json::Value* order = find_order(call);
    if (order == nullptr) return no_such_order();
    const json::Value* courier = find_courier(call.account, call["courier_code"].text());
    if (courier == nullptr) return no_such_courier();
    const auto& accounts = (*courier)["accounts"].elements();
    if (accounts.empty()) return base_error("ERROR_COURIER", "Kurier nie jest połączony z kontem.");
    const std::int64_t account_id = call["account_id"].integer(accounts.front()["id"].integer());
    if (std::none_of(accounts.begin(), accounts.end(), [&](const json::Value& row) { return row["id"].integer() == account_id; }))
        return base_error("ERROR_INVALID_DATA", "Unknown courier account.");
    if (const auto field = check_form(call, *courier))
        return base_error("ERROR_INVALID_DATA", fmt::format("Invalid data format for {}.", *field));
    if (call.context.settings.seller_automation)
        add_package(call.account, call.context, *order, call["courier_code"].text(), "seller",
                    json::Value::object().set("account_id", account_id).set("parcels", call["packages"]));
    if (!call.context.settings.package_error.empty()) return base_error("ERROR_COURIER", call.context.settings.package_error);
    if (const std::string refusal = courier_refusal(*courier, *order, call["fields"]); !refusal.empty())
        return base_error("ERROR_COURIER", refusal);
    const std::int64_t id = add_package(call.account, call.context, *order, call["courier_code"].text(), "client",
                                        json::Value::object()
                                            .set("account_id", account_id)
                                            .set("fields", call["fields"])
                                            .set("parcels", call["packages"])
                                            .set("hidden_reads", call.context.settings.package_hidden_reads));
    const json::Value& package = std::as_const(call.account.packages).at(id);
    return success()
        .set("package_id", id)
        .set("package_number", package["courier_package_nr"])
        .set("courier_inner_number", package["courier_inner_number"]);
}

json::Value create_manual(BaseCall& call) {
    const json::Value* order = find_order(call);
    if (order == nullptr) return no_such_order();
    const std::int64_t id = add_package(call.account, call.context, *order, call["courier_code"].text(), "manual",
                                        json::Value::object()
                                            .set("package_number", call["package_number"])
                                            .set("return_shipment", call["return_shipment"].is_true()));
    return success().set("package_id", id).set("package_number", call["package_number"]);
}

/// What getOrderPackages shows of a package; late numbers and URLs come after enough reads.
json::Value package_row(const BaseCall& call, json::Value& package) {
    const json::Value& fixed = package;
    const std::int64_t reads = fixed["reads"].integer() + 1;
    package.set("reads", reads);
    const Settings& settings = call.context.settings;
    if (reads >= settings.number_after_reads && fixed["courier_package_nr"].text().empty()) {
        package.set("courier_package_nr", fixed["number"]);
        call.account.orders.at(fixed["order_id"].integer()).set("delivery_package_nr", fixed["number"]);
    }
    if (reads >= settings.tracking_url_after_reads && fixed["tracking_url"].text().empty() &&
        !fixed["courier_package_nr"].text().empty())
        package.set("tracking_url", fmt::format("https://tracktrace.example/{}", fixed["number"].text()));
    json::Value row = json::Value::object();
    for (const char* name :
         {"package_id", "courier_package_nr", "courier_inner_number", "courier_code", "courier_other_name", "account_id",
          "tracking_status_date", "tracking_delivery_days", "tracking_status", "package_type", "tracking_url", "is_return"})
        row.set(name, fixed[name]);
    return row;
}

json::Value list_packages(BaseCall& call) {
    if (find_order(call) == nullptr) return no_such_order();
    json::Value rows = json::Value::array();
    for (auto& [id, package] : call.account.packages) {
        const json::Value& fixed = package;
        if (fixed["order_id"].integer() != call["order_id"].integer()) continue;
        if (const std::int64_t hidden = fixed["hidden_reads"].integer(); hidden > 0) {
            package.set("hidden_reads", hidden - 1);
            continue;
        }
        rows.push_back(package_row(call, package));
    }
    return success().set("packages", std::move(rows));
}

json::Value label(BaseCall& call) {
    json::Value* package = find_package(call);
    if (package == nullptr) return no_such_package();
    const json::Value& fixed = *package;
    if (fixed["courier_code"] != call["courier_code"]) return no_such_package();
    const json::Value* courier = find_courier(call.account, call["courier_code"].text());
    const std::int64_t reads = fixed["label_reads"].integer() + 1;
    package->set("label_reads", reads);
    const Settings& settings = call.context.settings;
    if (courier == nullptr || reads <= settings.label_not_ready)
        return base_error("ERROR_COURIER", "Etykieta nie jest jeszcze gotowa, spróbuj ponownie później");
    std::string extension = settings.label_extension;
    if (extension.empty()) extension = (*courier)["label_extension"].text();
    const std::int64_t parcels = std::max<std::int64_t>(1, static_cast<std::int64_t>(fixed["parcels"].size()));
    const std::string bytes =
        make_document(extension, fixed["number"].text(), settings.label_one_page ? 1 : parcels, settings.label_bytes);
    return success().set("extension", extension).set("label", base64_encode(bytes));
}

json::Value protocol(BaseCall& call, const char* member) {
    const json::Value* courier = find_courier(call.account, call["courier_code"].text());
    if (courier == nullptr) return no_such_courier();
    return success().set("extension", "pdf").set(member, base64_encode(make_document("pdf", "Protokol nadania", 1)));
}

json::Value details(BaseCall& call) {
    const json::Value* package = find_package(call);
    if (package == nullptr) return no_such_package();
    json::Value rows = json::Value::array();
    for (const json::Value& parcel : (*package)["parcels"].elements()) {
        const auto size = [&](const char* name) {
            const json::Value& plain = parcel[name];
            const json::Value& other = parcel[fmt::format("size_{}", name)];
            return json::Value((plain.is_null() ? other : plain).decimal().value_or(Decimal{}));
        };
        rows.push_back(json::Value::object()
                           .set("weight", parcel["weight"].decimal().value_or(Decimal{}))
                           .set("weight_unit", "kg")
                           .set("length", size("length"))
                           .set("width", size("width"))
                           .set("height", size("height"))
                           .set("size_unit", "cm")
                           .set("size_template", "")
                           .set("is_custom", false)
                           .set("cod_value", 0)
                           .set("cod_currency", "PLN")
                           .set("insurance_value", 0)
                           .set("insurance_currency", "PLN")
                           .set("cost_value", json::Value::number("15.2"))
                           .set("cost_currency", "PLN")
                           .set("type", "package")
                           .set("pickup_date", (*package)["created_at"]));
    }
    return success().set("package_details", std::move(rows));
}

json::Value history(BaseCall& call) {
    if (call["package_ids"].size() > largest_history) {
        call.violate("too_many_packages", "getCourierPackagesStatusHistory.package_ids",
                     fmt::format("at most {} ids are allowed", largest_history));
        return base_error("ERROR_INVALID_DATA", "Invalid data format for package_ids.");
    }
    json::Value map = json::Value::object();
    for (const json::Value& id : call["package_ids"].elements())
        if (const auto found = std::as_const(call.account.packages).find(id.integer()); found != call.account.packages.end())
            map.set(id.text(), found->second["history"]);
    return success().set("packages_history", std::move(map));
}

json::Value remove(BaseCall& call) {
    json::Value* package = find_package(call);
    if (package == nullptr) return no_such_package();
    const std::string& refusal = call.context.settings.delete_error;
    if (!refusal.empty() && !call["force_delete"].is_true()) return base_error("ERROR_COURIER", refusal);
    const std::int64_t id = std::as_const(*package)["package_id"].integer();
    call.account.record_event(call.context.now, 10, std::as_const(*package)["order_id"].integer(), id);
    if (call.context.settings.deleted_packages_stay)
        change_package(call.account, call.context, json::Value::object().set("package_id", id).set("tracking_status", cancelled));
    else
        call.account.packages.erase(id);
    return success();
}

json::Value pickup(BaseCall& call) {
    const json::Value* courier = find_courier(call.account, call["courier_code"].text());
    if (courier == nullptr) return no_such_courier();
    for (const json::Value& id : call["package_ids"].elements())
        if (!call.account.packages.contains(id.integer())) return no_such_package();
    return success().set("pickup_number", fmt::format("PU/2026/{:07}", call.account.next_pickup++));
}

json::Value run_macro(BaseCall& call) {
    const json::Value* order = find_order(call);
    if (order == nullptr) return no_such_order();
    for (const json::Value& trigger : std::as_const(call.account.dictionaries)["macro_triggers"].elements()) {
        if (trigger["id"] != call["trigger_id"]) continue;
        json::Value parcel = json::Value::array();
        parcel.push_back(json::Value::object().set("weight", "1"));
        add_package(call.account, call.context, *order, trigger["courier_code"].text(), "macro",
                    json::Value::object()
                        .set("account_id", trigger["account_id"])
                        .set("parcels", std::move(parcel))
                        .set("hidden_reads", call.context.settings.macro_after_reads));
        return success();
    }
    return base_error("ERROR_INVALID_DATA", "Unknown trigger.");
}

std::vector<Parameter> one_package(std::vector<Parameter> more = {}) {
    using enum ParameterType;
    std::vector<Parameter> rows = {
        {"courier_code", text, true, 20}, {"package_id", integer}, {"package_number", text, false, 40}};
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

std::vector<Parameter> many_packages(std::vector<Parameter> more = {}) {
    using enum ParameterType;
    std::vector<Parameter> rows = {{"courier_code", text, true, 20},
                                   {"package_ids", integers},
                                   {"package_numbers", ParameterType::list},
                                   {"account_id", integer}};
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

} // namespace

std::span<const BaseMethod> package_methods() {
    using enum ParameterType;
    static const std::vector<BaseMethod> methods = {
        {"createPackage",
         {{"order_id", integer, true},
          {"courier_code", text, true, 20},
          {"account_id", integer},
          {"fields", ParameterType::list, true},
          {"packages", ParameterType::list, true}},
         create,
         {},
         true},
        {"createPackageManual",
         {{"order_id", integer, true},
          {"courier_code", text, true, 20},
          {"package_number", text, true, 40},
          {"pickup_date", integer},
          {"return_shipment", truth}},
         create_manual,
         {},
         true},
        {"getOrderPackages", {{"order_id", integer, true}}, list_packages, "packages"},
        {"getLabel", one_package(), label},
        {"getProtocol", many_packages(), [](BaseCall& call) { return protocol(call, "protocol"); }},
        {"getCourierDocument", many_packages({{"document_type", text, true, 10}}),
         [](BaseCall& call) { return protocol(call, "document"); }},
        {"getPackageDetails", {{"package_id", integer, true}}, details, "package_details"},
        {"getCourierPackagesStatusHistory", {{"package_ids", integers, true}}, history, "packages_history"},
        {"deleteCourierPackage", one_package({{"force_delete", truth}}), remove, {}, true},
        {"runRequestParcelPickup", many_packages({{"fields", ParameterType::list}}), pickup, {}, true},
        {"runOrderMacroTrigger", {{"order_id", integer, true}, {"trigger_id", integer, true}}, run_macro, {}, true},
    };
    return methods;
}

} // namespace blongo::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "couriers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

namespace {

const json::Value* find_field(const json::Value& fields, std::string_view id) {
    for (const json::Value& field : fields.elements())
        if (field["id"].text() == id) return &field;
    return nullptr;
}

/// Whether a form field takes this value: an option's id, a date's seconds, any text.
bool takes(const json::Value& courier, const json::Value& field, const json::Value& value) {
    if (!value.is_string()) return false;
    const std::string_view type = field["type"].text();
    if (type == "date") return value.integer(-1) >= 0;
    if (type != "select" && type != "checkbox") return true;
    const json::Value& options = field["function"].text().empty() ? field["options"] : courier["services"];
    return options.find(value.text()) != nullptr;
}

bool is_polish_postcode(std::string_view text) {
    return text.size() == 6 && text[2] == '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

bool wants(const json::Value& courier, std::string_view check) {
    const auto& checks = courier["checks"].elements();
    return std::find(checks.begin(), checks.end(), json::Value(check)) != checks.end();
}

std::string next_number(const json::Value& courier, std::int64_t package_id) {
    const std::string prefix(courier["number_prefix"].text());
    const std::string suffix(courier["number_suffix"].text());
    return fmt::format("{}{:010}{}", prefix.empty() ? "9" : prefix, package_id, suffix);
}

/// What follows a status of baselinker.md 4.5 when all goes well.
std::optional<std::int64_t> next_tracking_status(std::int64_t status) {
    switch (status) {
    case 1: return 2;  // label created: shipped
    case 2: return 11; // on the way
    case 11: return 4; // out for delivery
    case 4: return 5;  // delivered
    default: return std::nullopt;
    }
}

} // namespace

std::optional<std::string> check_form(BaseCall& call, const json::Value& courier) {
    const auto wrong = [&](const char* kind, std::string field, std::string detail) {
        call.violate(kind, "createPackage." + field, std::move(detail));
        return field;
    };
    for (const json::Value& row : call["fields"].elements()) {
        const std::string id(row["id"].text());
        const json::Value* field = find_field(courier["fields"], id);
        if (field == nullptr) return wrong("unknown_field", "fields." + id, "getCourierFields names no such field");
        if (!takes(courier, *field, row["value"]))
            return wrong("bad_field", "fields." + id, fmt::format("{} is no value of this field", row["value"].dump()));
    }
    const auto& packages = call["packages"].elements();
    if (packages.empty()) return wrong("empty_list", "packages", "at least one parcel is due");
    const bool several = courier["multi_packages"].is_true() || courier["multi_packages"].text() == "1";
    if (packages.size() > 1 && !several) return wrong("too_many_parcels", "packages", "the courier takes one parcel a call");
    bool weighs = false;
    for (const json::Value& parcel : packages)
        for (const auto& [id, value] : parcel.members()) {
            if (find_field(courier["package_fields"], id) == nullptr)
                return wrong("unknown_field", "packages." + id, "getCourierFields names no such field");
            weighs = weighs || (id == "weight" && value.decimal().value_or(Decimal{}) > Decimal{});
        }
    if (!weighs) return wrong("no_weight", "packages.weight", "the weight of at least one parcel is due");
    return std::nullopt;
}

std::string courier_refusal(const json::Value& courier, const json::Value& order, const json::Value& fields) {
    const std::string_view country = order["delivery_country_code"].text();
    const std::string_view postcode = order["delivery_postcode"].text();
    if (country.empty()) return "Błąd API kuriera: Brak kodu kraju odbiorcy";
    if (wants(courier, "poland_only") && country != "PL")
        return fmt::format("Błąd API kuriera: Usługa niedostępna dla kraju {}", country);
    if (wants(courier, "postcode") && country == "PL" && !is_polish_postcode(postcode))
        return fmt::format("Błąd API kuriera: Nieprawidłowy kod pocztowy odbiorcy ({})", postcode);
    if (wants(courier, "phone") && order["phone"].text().size() < 9)
        return "<b>Błąd API kuriera:</b> Nieprawidłowy numer telefonu<br/>Wymagane 9 cyfr";
    if (wants(courier, "point") && order["delivery_point_id"].text().empty())
        return "Nie wybrano punktu odbioru (paczkomatu) w zamówieniu";
    if (wants(courier, "street") && character_count(order["delivery_address"].text()) > 60)
        return "Błąd API kuriera: Pole ulica może mieć maksymalnie 60 znaków";
    const json::Value* cod = nullptr;
    for (const json::Value& row : fields.elements())
        if (row["id"].text() == "cod") cod = &row["value"];
    if (cod != nullptr && cod->decimal().value_or(Decimal{}) > Decimal{} && wants(courier, "no_cod"))
        return "Błąd API kuriera: Usługa pobrania niedostępna";
    return {};
}

std::int64_t add_package(Account& account, const Context& context, const json::Value& order, std::string_view courier_code,
                         std::string_view created_by, const json::Value& details) {
    const std::int64_t id = account.next_package++;
    static const json::Value none = json::Value::object();
    const json::Value* found = find_courier(account, courier_code);
    const json::Value& courier = found == nullptr ? none : *found;
    const json::Value& given = details["package_number"];
    const std::string number = given.is_null() ? next_number(courier, id) : std::string(given.text());
    const json::Value shown = given.is_null() && context.settings.number_after_reads > 0 ? "" : number;
    const json::Value& parcels = details["parcels"];
    json::Value package = json::Value::object()
                              .set("package_id", id)
                              .set("courier_package_nr", shown)
                              .set("courier_inner_number", fmt::format("33{}", id))
                              .set("courier_code", courier_code)
                              .set("courier_other_name", courier["carrier_name"].text())
                              .set("account_id", details["account_id"].integer())
                              .set("tracking_status_date", 0)
                              .set("tracking_delivery_days", 0)
                              .set("tracking_status", found == nullptr ? 0 : 1)
                              .set("package_type", details["return_shipment"].is_true() ? 1 : 0)
                              .set("tracking_url", "")
                              .set("is_return", details["return_shipment"].is_true())
                              .set("order_id", order["order_id"])
                              .set("number", number)
                              .set("created_by", created_by)
                              .set("created_at", to_unix_seconds(context.now))
                              .set("fields", details["fields"])
                              .set("parcels", parcels.is_null() ? json::Value::array() : parcels)
                              .set("hidden_reads", details["hidden_reads"].integer())
                              .set("reads", 0)
                              .set("label_reads", 0)
                              .set("history", json::Value::array());
    account.packages[id] = std::move(package);
    const std::int64_t order_id = order["order_id"].integer();
    account.record_event(context.now, 9, order_id, id);
    json::Value& stored = account.orders.at(order_id);
    stored.set("delivery_package_module", courier_code);
    stored.set("delivery_package_nr", shown);
    return id;
}

void run_seller_automation(Account& account, const Context& context, const json::Value& order) {
    const std::string& code = context.settings.seller_automation_courier;
    const json::Value* courier = find_courier(account, code);
    json::Value details = json::Value::object().set("parcels", json::Value::array());
    details["parcels"].push_back(json::Value::object().set("weight", "1"));
    if (courier != nullptr && (*courier)["accounts"].size() > 0)
        details.set("account_id", (*courier)["accounts"].elements().front()["id"]);
    add_package(account, context, order, code, "seller", details);
}

void advance_tracking(Account& account, const Context& context) {
    const Seconds step{context.settings.tracking_step_seconds};
    for (const auto& [id, package] : account.packages) {
        for (;;) {
            const auto next = next_tracking_status(package["tracking_status"].integer());
            const std::int64_t changed = package["tracking_status_date"].integer();
            const Timestamp due = from_unix_seconds(changed > 0 ? changed : package["created_at"].integer()) + step;
            if (!next || context.now < due) break;
            change_package(account, {due, context.settings, context.violate},
                           json::Value::object().set("package_id", id).set("tracking_status", *next));
        }
    }
}

void change_package(Account& account, const Context& context, const json::Value& given) {
    const std::int64_t id = given["package_id"].integer();
    json::Value& package = account.packages[id];
    const std::int64_t before = std::as_const(package)["tracking_status"].integer();
    for (const auto& [name, value] : given.members()) package.set(name, value);
    const std::int64_t after = std::as_const(package)["tracking_status"].integer();
    if (before == after) return;
    const std::int64_t seconds = to_unix_seconds(context.now);
    package.set("tracking_status_date", seconds);
    package["history"].push_back(json::Value::object()
                                     .set("tracking_status_date", seconds)
                                     .set("courier_status_code", fmt::format("{:06}", after))
                                     .set("tracking_status", after));
    account.record_event(context.now, 22, std::as_const(package)["order_id"].integer(), id);
}

} // namespace blongo::sandbox

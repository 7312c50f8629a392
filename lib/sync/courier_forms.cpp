// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/courier_forms.hpp>

#include <blongo/json/value.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::hours kept_for{24};

std::string cursor_name(const std::string& courier_code) {
    return "shipments.courier:" + courier_code;
}

json::Value field_json(const baselinker::CourierField& field) {
    json::Value options = json::Value::array();
    for (const auto& [id, label] : field.options) options.push_back(json::Value::object().set("id", id).set("label", label));
    return json::Value::object()
        .set("id", field.id)
        .set("name", field.name)
        .set("type", field.type)
        .set("options", std::move(options))
        .set("value", field.value)
        .set("function", field.function);
}

baselinker::CourierField field_from(const json::Value& value) {
    baselinker::CourierField field;
    field.id = value["id"].text();
    field.name = value["name"].text();
    field.type = value["type"].text();
    field.value = value["value"].text();
    field.function = value["function"].text();
    for (const auto& option : value["options"].elements())
        field.options.emplace_back(std::string(option["id"].text()), std::string(option["label"].text()));
    return field;
}

json::Value list_json(const std::vector<baselinker::CourierField>& fields) {
    json::Value list = json::Value::array();
    for (const auto& field : fields) list.push_back(field_json(field));
    return list;
}

std::vector<baselinker::CourierField> list_from(const json::Value& list) {
    std::vector<baselinker::CourierField> fields;
    for (const auto& field : list.elements()) fields.push_back(field_from(field));
    return fields;
}

json::Value to_json(const CourierForms::Known& known, Timestamp read_at) {
    json::Value accounts = json::Value::array();
    for (const auto& account : known.accounts)
        accounts.push_back(json::Value::object().set("id", account.id.value()).set("name", account.name));
    return json::Value::object()
        .set("read_at", to_unix_seconds(read_at))
        .set("multi", known.form.multi_packages)
        .set("fields", list_json(known.form.fields))
        .set("package_fields", list_json(known.form.package_fields))
        .set("accounts", std::move(accounts));
}

CourierForms::Known from_json(const json::Value& value) {
    CourierForms::Known known;
    known.form.multi_packages = value["multi"].is_true();
    known.form.fields = list_from(value["fields"]);
    known.form.package_fields = list_from(value["package_fields"]);
    for (const auto& account : value["accounts"].elements())
        known.accounts.push_back({baselinker::CourierAccountId{account["id"].integer()}, std::string(account["name"].text())});
    return known;
}

} // namespace

Result<const CourierForms::Known*> CourierForms::kept(const std::string& courier_code) {
    if (const auto found = known_.find(courier_code); found != known_.end()) return &found->second;
    const Timestamp now = session_.runtime().clock.now();
    state::Cursors cursors(session_.store(), session_.key());
    BLONGO_TRY(const auto text, cursors.get(cursor_name(courier_code)));
    if (text) {
        const auto kept = json::Value::parse(*text);
        const Timestamp read_at = kept ? from_unix_seconds((*kept)["read_at"].integer()) : Timestamp{};
        if (kept && read_at <= now && now - read_at < kept_for)
            return &known_.emplace(courier_code, from_json(*kept)).first->second;
    }
    return nullptr;
}

Result<const CourierForms::Known*> CourierForms::get(const std::string& courier_code) {
    BLONGO_TRY(const Known* known, kept(courier_code));
    if (known != nullptr) return known;
    const Timestamp now = session_.runtime().clock.now();
    state::Cursors cursors(session_.store(), session_.key());
    Known fresh;
    BLONGO_TRY(fresh.form, couriers_.get_courier_fields(courier_code));
    BLONGO_TRY(fresh.accounts, couriers_.get_courier_accounts(courier_code));
    if (!session_.store().read_only()) BLONGO_CHECK(cursors.set(cursor_name(courier_code), to_json(fresh, now).dump()));
    return &known_.emplace(courier_code, std::move(fresh)).first->second;
}

Result<void> CourierForms::forget(const std::string& courier_code) {
    known_.erase(courier_code);
    if (session_.store().read_only()) return {};
    return state::Cursors(session_.store(), session_.key()).erase(cursor_name(courier_code));
}

} // namespace blongo::sync

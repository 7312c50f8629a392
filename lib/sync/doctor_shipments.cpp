// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/label_file.hpp>
#include <blongo/plan/preflight.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/sync/courier_forms.hpp>
#include <blongo/sync/delivery_methods.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t most_couriers = 4; ///< two requests each
constexpr std::size_t most_methods = 25;
constexpr std::int64_t longest_label_side = 450; ///< points; A6 is 298 x 420, a 4 x 6 inch label 288 x 432
constexpr int deliveries_looked_at = 20;

/// What a rule says against the form and the accounts of its courier.
std::vector<std::string> wrong_of_rule(const config::CourierRule& rule, const CourierForms::Known& known) {
    std::vector<std::string> wrong;
    if (known.accounts.empty()) wrong.emplace_back("the courier is not connected in BaseLinker: it has no account");
    std::vector<std::string> accounts;
    for (const auto& account : known.accounts) accounts.push_back(fmt::format("{} ({})", account.id, account.name));
    const auto ours = [&](const auto& account) { return account.id.value() == rule.account_id; };
    if (rule.account_id != 0 && !known.accounts.empty() && std::none_of(known.accounts.begin(), known.accounts.end(), ours))
        wrong.push_back(fmt::format("account_id = {} is none of its accounts: {}", rule.account_id, join(accounts, ", ")));
    if (rule.account_id == 0 && known.accounts.size() > 1)
        wrong.push_back("account_id is missing, and it has several accounts: " + join(accounts, ", "));
    for (const auto& [id, value] : rule.fields) {
        const auto field = std::find_if(known.form.fields.begin(), known.form.fields.end(),
                                        [&, name = id](const auto& one) { return one.id == name; });
        if (field == known.form.fields.end()) {
            wrong.push_back(fmt::format("its form has no field {}", id));
            continue;
        }
        const bool is_template = value.find('{') != std::string::npos;
        const auto same = [&, text = value](const auto& option) { return option.first == text || option.second == text; };
        if (!is_template && field->type == "select" && !field->options.empty() && field->function.empty() &&
            std::none_of(field->options.begin(), field->options.end(), same))
            wrong.push_back(fmt::format("{} = \"{}\" is no choice of its form", id, value));
    }
    for (const auto& field : known.form.fields)
        if (field.type == "select" && field.value.empty() && !rule.fields.contains(field.id) &&
            field.id.find("service") != std::string::npos)
            wrong.push_back(fmt::format("its form asks for {} ({}), and the rule names none", field.id, field.name));
    return wrong;
}

} // namespace

void examine_couriers(Examination& exam) {
    const std::string name = "couriers";
    const auto& rules = exam.connection.shipments.couriers;
    if (rules.empty())
        return exam.warn(name, "there is no courier rule: every order that is sent will be parked no_courier_rule",
                         "write [[connections." + exam.connection.name + ".shipments.couriers]]; blongo list couriers");
    baselinker::Couriers couriers(exam.session->baselinker());
    CourierForms forms(*exam.session, couriers);
    std::set<std::string> asked;
    for (const auto& rule : rules) {
        if (rule.courier_code == "none" || rule.strategy != "api") continue;
        if (!asked.contains(rule.courier_code) && asked.size() == most_couriers) {
            exam.skip(name, fmt::format("only the first {} couriers were asked; blongo list courier-fields {}", most_couriers,
                                        rule.courier_code));
            return;
        }
        asked.insert(rule.courier_code);
        const auto known = forms.get(rule.courier_code);
        if (!known) {
            const bool unknown = is_refusal(known.error());
            if (!unknown) return exam.skip(name, known.error().message);
            exam.fail(name, make_error(ErrorKind::config,
                                       fmt::format("BaseLinker refuses courier {}: {}", rule.courier_code, known.error().message),
                                       rule.origin, "blongo list couriers"));
            continue;
        }
        const auto wrong = wrong_of_rule(rule, **known);
        for (const auto& text : wrong) {
            const bool seller = (*known)->accounts.empty();
            exam.warn(name, fmt::format("{} ({}): {}", rule.courier_code, rule.origin, text),
                      seller ? "connect the courier in BaseLinker (Integrations)"
                             : "blongo list courier-fields " + rule.courier_code,
                      seller ? seller_acts : admin_acts);
        }
        if (wrong.empty()) exam.ok(name, fmt::format("{} ({}): account and fields fit its form", rule.courier_code, rule.origin));
    }
}

void examine_delivery_methods(Examination& exam) {
    auto read = read_recent_orders(*exam.session);
    if (!read) return exam.skip("delivery methods", read.error().message);
    exam.recent = std::move(read->orders);
    exam.recent_is_whole = read->whole;
    StatusNames resolve(*exam.session);
    const auto rules = courier_rules(exam.connection.shipments, std::ref(resolve));
    if (!rules) return exam.fail("delivery methods", rules.error());
    const auto methods = count_methods(exam.recent, *rules);
    if (methods.empty()) return exam.skip("delivery methods", "no order was confirmed in the last 30 days");
    std::size_t shown = 0;
    for (const auto& method : methods) {
        if (++shown > most_methods) {
            exam.skip("delivery methods", fmt::format("and {} rarer ones", methods.size() - most_methods));
            break;
        }
        const std::string words = fmt::format("{} x \"{}\"", method.orders, method.name);
        if (method.without_rule == 0)
            exam.ok("delivery methods", fmt::format("{}: {}", words, join(method.rules, ", ")));
        else
            exam.warn("delivery methods",
                      fmt::format("{}: NO RULE{}", words,
                                  method.without_rule < method.orders
                                      ? fmt::format(" for {} of them, else {}", method.without_rule, join(method.rules, ", "))
                                      : std::string{}),
                      "add a courier rule; courier_code = \"none\" for counter pick-up");
    }
    if (!exam.recent_is_whole)
        exam.skip("delivery methods",
                  fmt::format("counted over the first {} orders of the last 30 days only", exam.recent.size()));
}

void examine_label(Examination& exam) {
    const std::string name = "label size";
    state::Deliveries deliveries(exam.session->store(), exam.session->key());
    const auto rows = deliveries.list({}, deliveries_looked_at);
    if (!rows) return exam.skip(name, rows.error().message);
    state::Labels labels(exam.session->store(), exam.session->key(), exam.connection.shipments.label_dir);
    for (const auto& delivery : *rows) {
        const auto files = labels.of_delivery(delivery.order_id, delivery.number);
        if (!files) return exam.skip(name, files.error().message);
        for (const auto& file : *files) {
            if (file.erased || file.extension != "pdf") continue;
            const auto bytes = labels.bytes(file);
            const auto size = bytes ? map::pdf_page_size(*bytes) : std::nullopt;
            if (!size) continue;
            const std::string words = fmt::format("the last label ({}, {}) is {} x {} mm", delivery.courier_code, file.file_name,
                                                  map::points_in_mm(size->width), map::points_in_mm(size->height));
            if (std::max(size->width, size->height) <= longest_label_side) return exam.ok(name, words);
            return exam.warn(
                name, words + ": larger than a label of A6 or 4 x 6 inches",
                "set the label format of this courier account to A6 in BaseLinker; a label printer cuts or shrinks A4",
                seller_acts);
        }
    }
    exam.skip(name, "no PDF label is kept yet");
}

void examine_automation(Examination& exam) {
    const auto& connection = exam.connection;
    if (!connection.orders.enabled && !connection.shipments.enabled && !connection.stock.enabled) return;
    std::vector<std::string> ours, off;
    if (connection.shipments.enabled) {
        ours.emplace_back("shipments (createPackage) when the warehouse presses Send");
        off.emplace_back("creating shipments or printing labels");
    }
    if (connection.orders.status_after_import != config::StatusRef{} ||
        connection.shipments.status_after_send != config::StatusRef{} || !connection.orders.status_on_error.empty())
        ours.emplace_back("the order statuses that the configuration names");
    if (connection.stock.enabled) {
        ours.emplace_back("stock of " + (connection.stock.warehouse.empty() ? std::string("the mapped warehouses")
                                                                            : connection.stock.warehouse));
        off.emplace_back("changing stock, also \"lower stock at order confirmation\" in that warehouse");
    }
    if (off.empty()) return;
    exam.skip("automatic actions",
              fmt::format("blongo writes {}. Switch off in BaseLinker (Orders, Automatic actions) what does the same: {}",
                          join(ours, "; "), join(off, "; ")),
              seller_acts);
}

} // namespace blongo::sync

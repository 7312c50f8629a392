// SPDX-License-Identifier: Apache-2.0
// What a lost state would have held of one package: how far it came, by which rule, and its labels.
#include <blongo/sync/rebuild_packages.hpp>

#include <algorithm>
#include <variant>

#include <blongo/map/label_file.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/plan/check.hpp>
#include <blongo/sync/send_desk.hpp>

namespace blongo::sync {

namespace {

using state::DeliveryState;

/// When the last piece was packed.
std::optional<Timestamp> packed_at(const ongoing::Order& order) {
    std::optional<Timestamp> latest;
    for (const auto& line : order.lines)
        for (const auto& item : line.picked_items)
            if (item.packed_time && (!latest || *latest < *item.packed_time)) latest = item.packed_time;
    return latest;
}

/// Whether a package of this courier and account may be one of this rule. What is registered by hand has no account.
bool may_be_of(const map::CourierRule& rule, const baselinker::OrderPackage& package) {
    if (rule.strategy == map::Strategy::none) return false;
    if (!rule.courier_code.empty() && rule.courier_code != package.courier_code) return false;
    return rule.strategy == map::Strategy::report || !rule.account_id || *rule.account_id == package.account_id;
}

} // namespace

void LearntDeliveries::date(SentOrder& sent) {
    const Timestamp now = context_.now();
    sent.sent_at = sent.there.shipped_time.value_or(packed_at(sent.there).value_or(now));
    const auto& start_from = context_.config().start_from;
    sent.is_old = now - sent.sent_at > packer_is_gone || (start_from && sent.sent_at < *start_from);
}

state::DeliveryRow LearntDeliveries::row_of(BaseOrderId id, std::int64_t number, const SentOrder& sent) {
    state::DeliveryRow row;
    row.order_id = id;
    row.number = number;
    row.order_number = sent.there.order_number;
    row.ongoing_id = sent.there.order_id;
    row.event = json::Value::object().set("event_id", 0).set("workstation", 0).set("user", 0).dump();
    row.parcels_fingerprint = parcels_fingerprint(sent.there);
    row.quantities = "{}";
    row.parcels = "[]";
    row.wishes = "{}";
    row.strategy = strategy_word(map::Strategy::api);
    row.sent_at = sent.sent_at;
    return row;
}

LearntDelivery LearntDeliveries::without_package(BaseOrderId id, std::int64_t number, const SentOrder& sent,
                                                 DeliveryState state) {
    LearntDelivery learnt;
    learnt.row = row_of(id, number, sent);
    learnt.row.state = state;
    json::Value steps = json::Value::object();
    if (state == DeliveryState::no_shipment) {
        const auto due = plan::judge_delivery(sent.there, {}, learnt.row.parcels_fingerprint, context_.config().require_picked);
        learnt.row.quantities = quantities_json(due.quantities).dump();
        learnt.row.is_short = due.is_short;
        steps.set("status", true);
    } else {
        SendWishes wishes;
        wishes.ask = true;
        learnt.row.wishes = wishes.to_json().dump();
        steps.set(step_no_print, true);
    }
    learnt.row.steps = steps.dump();
    return learnt;
}

Result<LearntDelivery> LearntDeliveries::with_package(BaseOrderId id, std::int64_t number,
                                                      const baselinker::OrderPackage& package, const SentOrder& sent,
                                                      bool takes_the_goods) {
    LearntDelivery learnt;
    state::DeliveryRow& row = learnt.row = row_of(id, number, sent);
    const auto due = plan::judge_delivery(sent.there, {}, row.parcels_fingerprint, context_.config().require_picked);
    row.is_short = due.is_short;
    if (takes_the_goods) {
        row.quantities = quantities_json(due.quantities).dump();
        json::Value parcels = json::Value::array();
        for (const auto& parcel : sent.there.parcels)
            if (!parcel.is_return) parcels.push_back(json::Value::object().set("parcel_id", parcel.id));
        row.parcels = parcels.dump();
    }
    learnt.is_old = sent.is_old;
    row.adopted = true;
    row.package_id = package.package_id.value();
    row.package_number = package.package_number;
    row.inner_number = package.courier_inner_number;
    row.courier_code = package.courier_code;
    row.account_id = package.account_id.value();
    row.tracking_url = package.tracking_url;
    row.tracking_status = package.tracking_status;
    row.booked_at = sent.sent_at;
    json::Value steps = json::Value::object();
    BLONGO_CHECK(learn_rule(row, package, sent, steps));
    read_labels(learnt, sent);
    const Timestamp now = context_.now();
    const bool has_label = !learnt.labels.empty();
    const bool has_all = has_label && plan::shows_number(sent.there, row.package_number);
    if (has_label) row.labelled_at = now;
    if (!plan::stands(package)) {
        row.state = DeliveryState::cancelled;
        row.cancelled_at = package.tracking_status_date.value_or(now);
    } else if (has_all || sent.is_old || row.strategy.empty()) {
        row.state = DeliveryState::done;
        row.done_at = now;
        // Its status in BaseLinker is whoever's it is by now.
        steps.set("checked", true).set("waybill", row.package_number).set("status", true);
        if (!has_all) steps.set(step_as_found, true);
    } else {
        row.state = has_label ? DeliveryState::labelled : DeliveryState::booked;
        steps.set(step_no_print, true);
    }
    if (row.strategy.empty()) row.strategy = strategy_word(map::Strategy::api);
    row.steps = steps.dump();
    return learnt;
}

/// The rule, where its courier and account tell it, else by what rules ask for. A package that fits none is somebody
/// else's: its strategy stays empty.
Result<void> LearntDeliveries::learn_rule(state::DeliveryRow& row, const baselinker::OrderPackage& package, const SentOrder& sent,
                                          json::Value& steps) {
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    std::vector<const map::CourierRule*> possible;
    for (const auto& rule : settings->rules)
        if (may_be_of(rule, package)) possible.push_back(&rule);
    row.strategy.clear();
    if (possible.empty()) return {};
    const map::CourierRule* rule = possible.size() == 1 ? possible.front() : nullptr;
    if (rule == nullptr && !sent.is_old) { // of old ones nothing is left to do: they are not worth a request each
        BLONGO_TRY(rule, rule_by_facts(row.order_id, sent));
        if (std::ranges::find(possible, rule) == possible.end()) rule = nullptr;
    }
    const auto strategy = (rule != nullptr ? rule : possible.front())->strategy;
    const auto same = [&](const map::CourierRule* one) { return one->strategy == strategy; };
    const bool is_known = rule != nullptr || std::ranges::all_of(possible, same);
    row.strategy = strategy_word(is_known ? strategy : map::Strategy::api);
    if (rule == nullptr) return {};
    row.rule = map::rule_name(*rule);
    steps.set("status_after", rule->status_after_send.value());
    return {};
}

/// The rule that the order would be booked by today; nullptr: none, or BaseLinker no longer has the order.
Result<const map::CourierRule*> LearntDeliveries::rule_by_facts(BaseOrderId id, const SentOrder& sent) {
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    BLONGO_TRY(const auto page, context_.session().baselinker().get_order(id));
    if (page.orders.empty()) return nullptr;
    const auto& order = page.orders.front();
    const auto due = plan::judge_delivery(sent.there, {}, {}, context_.config().require_picked);
    auto planned = map::plan_parcels(sent.there, {}, order, due.quantities, {}, settings->parcels, {});
    const auto* known = std::get_if<map::ParcelPlan>(&planned);
    const map::ParcelPlan parcels = known == nullptr ? map::ParcelPlan{} : *known;
    return map::first_match(settings->rules, map::shipment_facts(order, sent.there, parcels));
}

Result<bool> LearntDeliveries::is_only_registered(BaseOrderId id, const SentOrder& sent) {
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    const auto registers = [](const map::CourierRule& rule) { return rule.strategy == map::Strategy::report; };
    if (std::ranges::none_of(settings->rules, registers)) return false;
    BLONGO_TRY(const auto* rule, rule_by_facts(id, sent));
    return rule != nullptr && registers(*rule);
}

/// The labels of its package among the order's files in Ongoing.
void LearntDeliveries::read_labels(LearntDelivery& learnt, const SentOrder& sent) {
    const auto most = static_cast<std::int64_t>(sent.files.size());
    for (const auto& file : sent.files) {
        const auto dot = file.file_name.rfind('.');
        if (dot == std::string::npos) continue;
        const std::string extension = file.file_name.substr(dot + 1);
        for (std::int64_t index = 1; index <= most; ++index) {
            if (file.file_name != map::label_file_name(learnt.row.order_number, learnt.row.package_id, index, extension))
                continue;
            state::LabelRow label;
            label.order_id = learnt.row.order_id;
            label.delivery = learnt.row.number;
            label.package_id = learnt.row.package_id;
            label.index = index;
            label.file_name = file.file_name;
            label.extension = extension;
            label.mime_type = map::mime_type(extension);
            label.file_id = file.file_id;
            label.stored = context_.now();
            label.uploaded = label.stored;
            learnt.labels.emplace_back(std::move(label), file.bytes);
        }
    }
}

} // namespace blongo::sync

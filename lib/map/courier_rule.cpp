// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/courier_rule.hpp>

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/map/shipment.hpp>

namespace blongo::map {

namespace {

using Globs = std::vector<std::string>;

bool fits(const Globs& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return glob_match(pattern, text); });
}

std::string none_of(std::string_view condition, std::string_view value, const Globs& patterns) {
    return fmt::format("{}: \"{}\" is none of {}", condition, value, join(patterns, ", "));
}

/// A condition about one text; an empty list of patterns holds for everything.
std::string judge(std::string_view condition, const Globs& patterns, const std::string& value) {
    return patterns.empty() || fits(patterns, value) ? std::string() : none_of(condition, value, patterns);
}

/// A condition that one of several texts meets.
std::string judge_any(std::string_view condition, const Globs& patterns, const std::vector<std::string>& values) {
    const bool holds =
        patterns.empty() || std::ranges::any_of(values, [&](const std::string& value) { return fits(patterns, value); });
    if (holds) return {};
    if (values.empty()) return fmt::format("{}: there is none, and it must be {}", condition, join(patterns, ", "));
    return none_of(condition, join(values, "\", \""), patterns);
}

std::string judge_country(const Globs& patterns, const std::string& country) {
    const bool holds = patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
                           return glob_match(country_text(pattern), country);
                       });
    return holds ? std::string() : none_of("country", country, patterns);
}

std::string judge_flag(std::string_view condition, std::optional<bool> wanted, bool is) {
    if (!wanted || *wanted == is) return {};
    return fmt::format("{}: is {}, and must be {}", condition, is, *wanted);
}

/// "DHL/PARCEL" is meant by "DHL" too.
std::string judge_transporter(const Globs& patterns, const std::string& transporter) {
    const std::string code = transporter.substr(0, transporter.find('/'));
    return fits(patterns, code) ? std::string() : judge("transporter", patterns, transporter);
}

std::string judge_source(const Globs& patterns, const ShipmentFacts& facts) {
    return fits(patterns, facts.order_source_account) ? std::string() : judge("order_source", patterns, facts.order_source);
}

std::string judge_size(const CourierRule& rule, const ShipmentFacts& facts) {
    if (facts.foreseen) return {};
    if (rule.parcels && *rule.parcels != facts.parcels)
        return fmt::format("parcels: {} are sent, and there must be {}", facts.parcels, *rule.parcels);
    if (rule.min_weight && facts.weight < *rule.min_weight)
        return fmt::format("min_weight: {} kg is below {} kg", facts.weight, *rule.min_weight);
    if (rule.max_weight && facts.weight > *rule.max_weight)
        return fmt::format("max_weight: {} kg is above {} kg", facts.weight, *rule.max_weight);
    if (rule.max_side && facts.max_side > *rule.max_side)
        return fmt::format("max_side: {} cm is above {} cm", facts.max_side, *rule.max_side);
    return {};
}

/// What only the warehouse will say.
bool is_open(const ShipmentFacts& facts, const std::string& text) {
    return facts.foreseen && text.empty();
}

void add_once(std::vector<std::string>& list, std::string text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

} // namespace

ShipmentFacts shipment_facts(const baselinker::Order& order, const ongoing::Order& warehouse_order, const ParcelPlan& parcels) {
    ShipmentFacts facts;
    facts.delivery_method = line_text(order.delivery_method);
    facts.country = country_text(order.delivery_country_code);
    facts.order_source = order.order_source;
    facts.order_source_account = fmt::format("{}:{}", order.order_source, order.order_source_id);
    facts.way_of_delivery = warehouse_order.way_of_delivery_code;
    facts.transporter = warehouse_order.transporter_code;
    if (!warehouse_order.transporter_service_code.empty()) facts.transporter += "/" + warehouse_order.transporter_service_code;
    facts.currency = code_text(order.currency);
    for (const PlannedParcel& parcel : parcels.parcels) add_once(facts.parcel_types, parcel.parcel_type);
    for (const baselinker::OrderProduct& product : order.products) add_once(facts.skus, key_text(product.sku));
    facts.cod = order.payment_method_cod && is_something_left(order);
    facts.service_point = names_point(order);
    facts.parcels = static_cast<std::int64_t>(parcels.parcels.size());
    facts.weight = parcels.weight();
    facts.max_side = parcels.max_side();
    return facts;
}

std::string mismatch(const CourierRule& rule, const ShipmentFacts& facts) {
    const std::string reasons[] = {
        judge("delivery_method", rule.delivery_method, facts.delivery_method),
        judge_country(rule.country, facts.country),
        judge_source(rule.order_source, facts),
        is_open(facts, facts.way_of_delivery) ? std::string()
                                              : judge("way_of_delivery", rule.way_of_delivery, facts.way_of_delivery),
        is_open(facts, facts.transporter) ? std::string() : judge_transporter(rule.transporter, facts.transporter),
        facts.foreseen ? std::string() : judge_any("parcel_type", rule.parcel_type, facts.parcel_types),
        judge("currency", rule.currency, facts.currency),
        judge_any("sku", rule.sku, facts.skus),
        judge_flag("cod", rule.cod, facts.cod),
        judge_flag("service_point", rule.service_point, facts.service_point),
        judge_size(rule, facts),
    };
    const auto first = std::ranges::find_if(reasons, [](const std::string& reason) { return !reason.empty(); });
    return first == std::end(reasons) ? std::string() : *first;
}

const CourierRule* first_match(std::span<const CourierRule> rules, const ShipmentFacts& facts) {
    const auto found = std::ranges::find_if(rules, [&](const CourierRule& rule) { return mismatch(rule, facts).empty(); });
    return found == rules.end() ? nullptr : &*found;
}

bool depends_on_packing(const CourierRule& rule, const ShipmentFacts& foreseen) {
    return rule.parcels || rule.min_weight || rule.max_weight || rule.max_side || !rule.parcel_type.empty() ||
           (!rule.way_of_delivery.empty() && is_open(foreseen, foreseen.way_of_delivery)) ||
           (!rule.transporter.empty() && is_open(foreseen, foreseen.transporter));
}

Rejection no_rule_fits(std::span<const CourierRule> rules, const ShipmentFacts& facts) {
    constexpr std::size_t reason_characters = 400;
    ShipmentFacts at_a_point = facts;
    at_a_point.service_point = true;
    if (const auto* meant = first_match(rules, at_a_point); meant != nullptr && meant->service_point)
        return {"point_missing",
                {},
                "delivery_point_id",
                fmt::format("the order names no pick-up point, which {} needs", rule_name(*meant)),
                {},
                {}};
    std::string reasons;
    for (const CourierRule& rule : rules) reasons += fmt::format("; {}: {}", rule_name(rule), mismatch(rule, facts));
    return {"no_courier_rule",
            {},
            "delivery_method",
            rules.empty() ? "there is no courier rule at all"
                          : fmt::format("no courier rule fits{}", cut_characters(reasons, reason_characters)),
            {},
            {}};
}

std::string rule_name(const CourierRule& rule) {
    return rule.origin.empty() ? rule.courier_code : fmt::format("{} ({})", rule.courier_code, rule.origin);
}

} // namespace blongo::map

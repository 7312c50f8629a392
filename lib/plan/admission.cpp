// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/admission.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::plan {

namespace {

bool names_source(const std::vector<std::string>& sources, const baselinker::Order& order) {
    const std::string account = order.order_source + ":" + std::to_string(order.order_source_id);
    return std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
        return glob_match(source, order.order_source) || glob_match(source, account);
    });
}

} // namespace

std::string_view to_string(Admission admission) noexcept {
    switch (admission) {
    case Admission::admit: return "admit";
    case Admission::unconfirmed: return "not confirmed";
    case Admission::foreign_status: return "not in an accepted status";
    case Admission::before_cutover: return "before start_from";
    case Admission::delayed: return "held back by import_delay";
    case Admission::other_source: return "left out by order_sources or exclude_sources";
    }
    return "";
}

std::string what_lifts(Admission admission, BaseOrderId order) {
    if (admission != Admission::before_cutover && admission != Admission::delayed) return {};
    return fmt::format("blongo orders backfill --order {} sends it all the same", order);
}

AdmissionRules lifted(AdmissionRules rules) {
    rules.start_from.reset();
    rules.import_delay = Milliseconds{0};
    return rules;
}

Timestamp entered(const baselinker::Order& order) {
    return std::max(order.date_confirmed.value_or(Timestamp{}), order.date_in_status.value_or(Timestamp{}));
}

Admission admit(const baselinker::Order& order, const AdmissionRules& rules, bool still_accepted, Timestamp now) {
    if (!order.confirmed || !order.date_confirmed) return Admission::unconfirmed;
    if (!rules.statuses.contains(order.order_status_id) && !still_accepted) return Admission::foreign_status;
    if (!rules.order_sources.empty() && !names_source(rules.order_sources, order)) return Admission::other_source;
    if (names_source(rules.exclude_sources, order)) return Admission::other_source;
    if (rules.start_from && entered(order) < *rules.start_from) return Admission::before_cutover;
    if (entered(order) + rules.import_delay > now) return Admission::delayed;
    return Admission::admit;
}

void oldest_first(std::vector<baselinker::Order>& orders) {
    std::sort(orders.begin(), orders.end(), [](const auto& a, const auto& b) {
        return std::tuple{a.date_confirmed.value_or(Timestamp{}), a.order_id} <
               std::tuple{b.date_confirmed.value_or(Timestamp{}), b.order_id};
    });
}

} // namespace blongo::plan

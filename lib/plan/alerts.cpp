// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/alerts.hpp>

#include <algorithm>

namespace blongo::plan {
namespace {

bool is_same(const Alert& a, const Alert& b) {
    return a.kind == b.kind && a.key == b.key;
}

} // namespace

std::string_view to_string(AlertState state) noexcept {
    switch (state) {
    case AlertState::problem: return "problem";
    case AlertState::reminder: return "reminder";
    case AlertState::solved: return "solved";
    }
    return {};
}

AlertPlan plan_alerts(std::span<const Alert> standing, std::span<const ToldAlert> told, std::span<const std::string> kinds,
                      Milliseconds remind, Timestamp now) {
    const auto is_wanted = [&](const Alert& alert) { return std::find(kinds.begin(), kinds.end(), alert.kind) != kinds.end(); };
    AlertPlan plan;
    std::vector<AlertMessage> reminders, solved;
    for (const Alert& alert : standing) {
        if (!is_wanted(alert)) continue;
        const auto known =
            std::find_if(told.begin(), told.end(), [&](const ToldAlert& one) { return is_same(one.alert, alert); });
        if (known == told.end() || !known->told_at)
            plan.messages.push_back({AlertState::problem, alert, std::nullopt});
        else if (now - *known->told_at >= remind)
            reminders.push_back({AlertState::reminder, alert, known->told_at});
    }
    for (const ToldAlert& one : told) {
        const bool stands =
            std::any_of(standing.begin(), standing.end(), [&](const Alert& alert) { return is_same(one.alert, alert); });
        if (!is_wanted(one.alert) || (!stands && !one.told_at))
            plan.forgotten.push_back(one.alert);
        else if (!stands)
            solved.push_back({AlertState::solved, one.alert, one.told_at});
    }
    plan.messages.insert(plan.messages.end(), reminders.begin(), reminders.end());
    plan.messages.insert(plan.messages.end(), solved.begin(), solved.end());
    return plan;
}

} // namespace blongo::plan

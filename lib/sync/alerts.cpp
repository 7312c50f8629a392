// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/alerts.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/report/alert_json.hpp>
#include <blongo/state/alerts.hpp>
#include <blongo/sync/standing_alerts.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {
namespace {

using plan::Alert;
using plan::ToldAlert;

constexpr std::chrono::seconds claim_time{60};   ///< longer than a command may take
constexpr std::chrono::seconds telling_time{30}; ///< for all messages of one run: a slow command must not hold it up

/// Refused credentials and guards are among what failed, in the words of the error itself.
const std::vector<std::string> quiet_kinds = {"unknown", "failed", "stale", "sent_without_shipment", "parked", "refused"};

Result<std::vector<ToldAlert>> told_alerts(state::Alerts& memory) {
    BLONGO_TRY(const auto rows, memory.list());
    std::vector<ToldAlert> told;
    for (const state::AlertRow& row : rows) {
        BLONGO_TRY(auto alert, report::read_alert_memory(row.content));
        told.push_back({std::move(alert), row.told_at});
    }
    return told;
}

/// Tells what is planned, and keeps in memory that it was told.
Result<void> carry_out(const plan::AlertPlan& plan, state::Alerts& memory, Timestamp now, Clock& clock, const TellAlert& tell) {
    for (const Alert& alert : plan.forgotten) BLONGO_CHECK(memory.erase(alert.kind, alert.key));
    const Milliseconds begun = clock.boot_time();
    for (const plan::AlertMessage& message : plan.messages) {
        if (clock.boot_time() - begun > telling_time) return {}; // the next run goes on
        const Alert& alert = message.alert;
        const state::AlertRow row{alert.kind, alert.key, now, message.told_before, report::alert_memory(alert)};
        BLONGO_TRY(const bool ours, memory.claim(row, claim_time));
        if (!ours) continue;
        if (auto taken = tell(message); !taken) {
            BLONGO_CHECK(memory.release(alert.kind, alert.key));
            return taken;
        }
        if (message.state == plan::AlertState::solved) {
            BLONGO_CHECK(memory.erase(alert.kind, alert.key));
        } else {
            BLONGO_CHECK(memory.told(row));
        }
    }
    return {};
}

bool is_same(const Alert& a, const Alert& b) {
    return a.kind == b.kind && a.key == b.key;
}

const Alert* find_told(const std::vector<ToldAlert>& told, const Alert& wanted) {
    const auto found = std::ranges::find_if(told, [&](const ToldAlert& one) { return is_same(one.alert, wanted); });
    return found == told.end() ? nullptr : &found->alert;
}

/// A flow that fails all the time has no good run either: one problem, not two. Of flows that others run, others tell.
void leave_out_stale(std::vector<Alert>& standing, const std::vector<ToldAlert>& told, const SeenByRun& seen) {
    const auto fails = [&](const std::string& flow) {
        return std::ranges::any_of(seen.failures, [&](const Alert& one) { return one.kind == "failed" && one.flow == flow; });
    };
    std::erase_if(standing, [&](const Alert& alert) {
        return alert.kind == "stale" && find_told(told, alert) == nullptr &&
               (fails(alert.flow) || !seen.flows.contains(alert.flow));
    });
}

/// A write of unknown outcome stands in the state: its line of the run says the same.
bool is_unknown_write(const std::vector<Alert>& standing, const Alert& refused) {
    const auto object = split(refused.key, ':').at(1);
    return std::ranges::any_of(standing, [&](const Alert& one) {
        const auto parts = split(one.key, ':');
        return one.kind == "unknown" && std::ranges::find(parts, object) != parts.end();
    });
}

/// Failures that this process did not see again: they stand as long as it did not do all the work of their flow.
Result<void> settle_failures(std::vector<ToldAlert>& told, state::Alerts& memory, const SeenByRun& seen) {
    const auto is_unseen = [&](const Alert& alert) {
        const bool is_failure = alert.kind == "failed" || alert.kind == "refused";
        return is_failure && std::ranges::none_of(seen.failures, [&](const Alert& one) { return is_same(one, alert); });
    };
    for (const ToldAlert& one : told)
        if (one.alert.kind == "refused" && is_unseen(one.alert) && seen.whole.contains(one.alert.flow))
            BLONGO_CHECK(memory.erase(one.alert.kind, one.alert.key));
    std::erase_if(told, [&](const ToldAlert& one) {
        return is_unseen(one.alert) && (one.alert.kind == "refused" || !seen.whole.contains(one.alert.flow));
    });
    return {};
}

} // namespace

Result<void> tell_alerts(const config::Config& config, const config::Connection& connection, const Runtime& runtime,
                         const TellAlert& tell) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_write));
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_TRY(const auto standing, standing_alerts(connection, *opened.store, opened.key, now));
    state::Alerts memory(*opened.store, opened.key, state::AlertReader::notify_command);
    BLONGO_TRY(const auto told, told_alerts(memory));
    return carry_out(plan::plan_alerts(standing, told, config.notify.on, config.notify.remind, now), memory, now, runtime.clock,
                     tell);
}

Result<void> tell_quietly(const config::Config& config, const config::Connection& connection, const SeenByRun& seen,
                          const Runtime& runtime, const TellAlert& tell) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_write));
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_TRY(auto standing, standing_alerts(connection, *opened.store, opened.key, now));
    state::Alerts memory(*opened.store, opened.key, state::AlertReader::quiet_output);
    BLONGO_TRY(auto told, told_alerts(memory));
    leave_out_stale(standing, told, seen);
    BLONGO_CHECK(settle_failures(told, memory, seen));
    for (Alert failure : seen.failures) {
        if (failure.kind == "refused" && is_unknown_write(standing, failure)) continue;
        const Alert* before = find_told(told, failure);
        failure.since = before != nullptr ? before->since : now;
        standing.push_back(std::move(failure));
    }
    const auto plan = plan::plan_alerts(standing, told, quiet_kinds, config.notify.remind, now);
    return carry_out(plan, memory, now, runtime.clock, tell);
}

} // namespace blongo::sync

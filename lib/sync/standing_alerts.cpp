// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/standing_alerts.hpp>

#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/state/flow_names.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/inspect.hpp>
#include <blongo/sync/lost_writes.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {
namespace {

using plan::Alert;

constexpr std::chrono::minutes stale_after{40}; ///< as `health` and the example's alert rules: cron runs every 15 minutes
constexpr int runs_looked_at = 50;
constexpr int failures_looked_at = 1000; ///< more than a watch of 5 s makes in stale_after

/// What the last run that says anything about it says about one flow: the exit code, and since when it is so.
struct Judgement {
    int code = report::done;
    std::optional<Timestamp> since;
};

/// Runs that were locked out, stopped, or ended by something else do not say that credentials or a guard are well again.
Judgement judge_runs(const std::vector<state::RunRow>& newest_first) {
    Judgement judgement;
    for (const state::RunRow& run : newest_first) {
        if (!run.ended) continue;
        const bool stops = run.exit_code == report::refused || run.exit_code == report::guarded;
        if (!stops && !report::is_good_end(run.exit_code)) continue;
        if (!judgement.since) judgement.code = run.exit_code;
        if (run.exit_code != judgement.code) break;
        judgement.since = run.started;
        if (!stops) break;
    }
    return judgement;
}

/// The problems of one connection that stand, by its state.
class StandingAlerts {
public:
    StandingAlerts(const config::Connection& connection, state::Store& store, state::ConnectionKey key, Timestamp now)
        : connection_(connection), store_(store), key_(key), now_(now) {}

    Result<std::vector<Alert>> gather() {
        BLONGO_CHECK(unknown());
        if (connection_.mode == "live") BLONGO_CHECK(runs());
        BLONGO_CHECK(parked());
        return std::move(alerts_);
    }

private:
    std::string command(const std::string& text) const { return fmt::format("blongo {} -C {}", text, connection_.name); }

    Result<void> unknown() {
        BLONGO_TRY(const auto rows, lost_writes(store_, key_));
        for (const state::IntentRow& row : rows) {
            const auto payload = json::Value::parse(row.payload);
            const std::string order = payload ? fmt::to_string(order_of(*payload)) : row.key;
            told_as_unknown_.insert(order);
            alerts_.push_back({"unknown",
                               row.key,
                               std::string(flow_of(row)),
                               {},
                               "admin",
                               fmt::format("nobody knows whether a write was carried out: {} of order {}", row.action, order),
                               command("unknown list"),
                               1,
                               row.created});
        }
        return {};
    }

    Result<void> runs() {
        for (const char* flow : state::all_flows)
            if (flow_enabled(connection_, flow) && !connection_.errors.contains(flow)) BLONGO_CHECK(run_of(flow));
        return {};
    }

    Result<void> run_of(const std::string& flow) {
        state::Runs runs(store_, key_);
        BLONGO_TRY(const auto rows, runs.list(flow, runs_looked_at));
        if (rows.empty()) return {}; // not begun with yet
        const Judgement judgement = judge_runs(rows);
        if (!report::is_good_end(judgement.code)) {
            const bool is_auth = judgement.code == report::refused;
            alerts_.push_back({is_auth ? "auth" : "guard",
                               flow,
                               flow,
                               {},
                               "admin",
                               is_auth ? fmt::format("{}: a side refuses the credentials", flow)
                                       : fmt::format("{}: a guard stopped the run before a destructive write", flow),
                               command(is_auth ? "doctor" : "status"),
                               1,
                               *judgement.since});
            return {};
        }
        BLONGO_TRY(const auto well, last_well(runs, rows));
        if (well && now_ - *well <= stale_after) return {};
        Timestamp since = well.value_or(now_);
        if (!well) {
            BLONGO_TRY(const auto tries, runs.list(flow, failures_looked_at));
            since = tries.back().started;
            if (now_ - since <= stale_after) return {};
        }
        alerts_.push_back({"stale",
                           flow,
                           flow,
                           {},
                           "admin",
                           well ? fmt::format("{}: no run went well since {}", flow, format_local(since, connection_.time_zone))
                                : fmt::format("{}: no run ever went well", flow),
                           command("status"),
                           1,
                           since});
        return {};
    }

    /// End of the last run that did all its work; a write of unknown outcome is a problem of its own.
    static Result<std::optional<Timestamp>> last_well(state::Runs& runs, const std::vector<state::RunRow>& newest_first) {
        for (const state::RunRow& run : newest_first)
            if (run.ended && run.complete && (report::is_good_end(run.exit_code) || run.exit_code == report::unknown_outcome))
                return run.ended;
        BLONGO_TRY(const auto good, runs.last_good(newest_first.front().flow));
        return good ? good->ended : std::nullopt;
    }

    Result<void> parked() {
        BLONGO_TRY(const auto rows, state::Parked(store_, key_).list({})); // the oldest first
        std::map<std::string, Alert> by_cause;
        for (const state::ParkedRow& row : rows) {
            if (row.cause == "on_hold") continue; // a person's own wish
            if (row.cause == "unknown" && told_as_unknown_.contains(row.key)) continue;
            auto& alert = by_cause.try_emplace(row.cause).first->second;
            if (alert.kind.empty()) {
                const report::CauseInfo cause = report::describe_cause(row.cause, row.key, row.flow);
                alert = {row.cause == "sent_without_shipment" ? row.cause : "parked",
                         row.cause,
                         row.flow,
                         row.cause,
                         cause.owner,
                         cause.meaning.empty() ? row.cause : cause.meaning,
                         command("parked list"),
                         0,
                         row.since};
            }
            if (alert.flow != row.flow) alert.flow.clear(); // of several
            ++alert.count;
        }
        for (auto& [cause, alert] : by_cause) {
            alert.detail = fmt::format("{} waiting ({}): {}", alert.count, cause, alert.detail);
            alerts_.push_back(std::move(alert));
        }
        return {};
    }

    const config::Connection& connection_;
    state::Store& store_;
    state::ConnectionKey key_;
    Timestamp now_;
    std::vector<Alert> alerts_;
    std::set<std::string> told_as_unknown_; ///< orders with a write of unknown outcome
};

} // namespace

Result<std::vector<Alert>> standing_alerts(const config::Connection& connection, state::Store& store, state::ConnectionKey key,
                                           Timestamp now) {
    return StandingAlerts(connection, store, key, now).gather();
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/attention.hpp>

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/forecasts.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/sync/inspect.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/shipments.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {
namespace {

using plan::Matter;
using plan::MatterKind;

constexpr std::chrono::minutes label_patience{2}; ///< a packer waits for a label; issue 7's alert rule as well
constexpr std::chrono::hours short_deliveries_seen{24 * 14};
constexpr int deliveries_looked_at = 10'000;

plan::FlowRuns runs_of(const FlowStatus& flow) {
    plan::FlowRuns runs{flow.flow, {}, {}, {}, flow.running.has_value()};
    if (flow.last_good) runs.last_good = flow.last_good->started;
    if (flow.last_run) {
        runs.last_started = flow.last_run->started;
        if (flow.last_run->ended) runs.last_code = flow.last_run->exit_code;
    }
    return runs;
}

std::string flow_command(const std::string& flow) {
    return fmt::format("blongo {} {}", flow, flow == "stock" ? "push" : flow == "shipments" ? "send" : "sync");
}

/// Gathers the matters of one connection.
class Gatherer {
public:
    Gatherer(const config::Connection& connection, const Runtime& runtime, OpenedState& opened)
        : connection_(connection), runtime_(runtime), opened_(opened) {}

    Result<std::vector<Matter>> gather(const ConnectionStatus& status, Milliseconds max_age) {
        configuration();
        if (opened_.key == 0) {
            if (connection_.mode == "live") runs(status, max_age);
            return std::move(matters_);
        }
        BLONGO_CHECK(unknown());
        if (connection_.mode == "live") runs(status, max_age);
        BLONGO_CHECK(parked());
        BLONGO_CHECK(deliveries());
        BLONGO_CHECK(forecasts());
        BLONGO_CHECK(holds());
        return std::move(matters_);
    }

private:
    void configuration() {
        for (const auto& [flow, messages] : connection_.errors)
            for (const std::string& message : messages)
                matters_.push_back({MatterKind::configuration, flow, {}, {}, "admin", message, "blongo config check", {}, 1});
    }

    Result<void> unknown() {
        BLONGO_TRY(const auto rows, list_unknown(opened_));
        for (const UnknownWrite& row : rows) {
            if (is_by_firewall(row.detail)) continue; // it is parked
            const std::string key = fmt::to_string(row.order_id);
            unknown_.insert(key);
            matters_.push_back({MatterKind::unknown,
                                {},
                                {},
                                key,
                                "admin",
                                fmt::format("{}: {}", row.action, row.detail),
                                row.command,
                                row.since,
                                1});
        }
        return {};
    }

    void runs(const ConnectionStatus& status, Milliseconds max_age) {
        for (const FlowStatus& flow : status.flows) {
            if (!flow.enabled || !flow.config_errors.empty()) continue;
            const auto sick = plan::sickness_of(runs_of(flow), max_age, runtime_.clock.now(), report::exit_code_words);
            if (!sick || sick->code == report::unknown_outcome) continue; // the unknown write is a matter of its own
            matters_.push_back(
                {MatterKind::run, flow.flow, {}, {}, "admin", sick->detail, flow_command(flow.flow), sick->since, 1});
        }
    }

    Result<void> parked() {
        BLONGO_TRY(const auto rows, state::Parked(*opened_.store, opened_.key).list({}));
        for (const state::ParkedRow& row : rows) {
            const report::CauseInfo cause = report::describe_cause(row.cause, row.key, row.flow);
            if (row.flow == "shipments") parked_sends_.insert(row.key);
            matters_.push_back({MatterKind::parked, row.flow, row.cause, row.key, cause.owner,
                                fmt::format("{}; {}", row.detail.empty() ? cause.meaning : row.detail, cause.remedy),
                                cause.command, row.since, 1});
        }
        return {};
    }

    Result<void> deliveries() {
        state::Deliveries deliveries(*opened_.store, opened_.key);
        const Timestamp now = runtime_.clock.now();
        constexpr std::array unlabelled{state::DeliveryState::due, state::DeliveryState::booking, state::DeliveryState::booked};
        BLONGO_TRY(const auto waiting, deliveries.in_states(unlabelled, deliveries_looked_at));
        for (const state::DeliveryRow& row : waiting) {
            const std::string key = fmt::to_string(row.order_id);
            if (now - row.sent_at < label_patience || parked_sends_.contains(key) || unknown_.contains(key)) continue;
            matters_.push_back({MatterKind::late_label,
                                "shipments",
                                {},
                                key,
                                "admin",
                                row.state == state::DeliveryState::booked ? "booked, but the label is not in Ongoing yet"
                                                                          : "sent by the warehouse, and not booked yet",
                                fmt::format("blongo shipments send {}", key),
                                row.sent_at,
                                1});
        }
        BLONGO_TRY(const auto recent, deliveries.list(now - short_deliveries_seen, deliveries_looked_at));
        std::map<BaseOrderId, state::DeliveryRow> last;
        for (const state::DeliveryRow& row : recent) {
            if (row.state == state::DeliveryState::cancelled) continue;
            auto& known = last.try_emplace(row.order_id, row).first->second;
            if (row.number > known.number) known = row;
        }
        for (const auto& [order, row] : last) {
            if (!row.is_short || row.state == state::DeliveryState::due) continue;
            const std::string key = fmt::to_string(order);
            matters_.push_back({MatterKind::short_sent,
                                "shipments",
                                {},
                                key,
                                "warehouse",
                                "less than ordered was sent; the rest goes as a delivery of its own once it is picked",
                                fmt::format("blongo shipments why {}", key),
                                row.sent_at,
                                1});
        }
        return {};
    }

    Result<void> forecasts() {
        BLONGO_TRY(const auto rows, state::Forecasts(*opened_.store, opened_.key).list());
        for (const state::ForecastRow& row : rows) {
            const std::string key = fmt::to_string(row.order_id);
            matters_.push_back({MatterKind::will_fail, "orders", row.cause, key, report::describe_cause(row.cause, key).owner,
                                row.detail, fmt::format("blongo orders why {}", key), row.since, 1});
        }
        return {};
    }

    Result<void> holds() {
        BLONGO_TRY(const auto rows, state::Holds(*opened_.store, opened_.key).list());
        for (const state::HoldRow& row : rows) {
            const std::string key = fmt::to_string(row.order_id);
            matters_.push_back(
                {MatterKind::held,
                 "orders",
                 {},
                 key,
                 "admin",
                 row.reason.empty() ? fmt::format("held by {}", row.who) : fmt::format("held by {}: {}", row.who, row.reason),
                 fmt::format("blongo orders unhold {}", key),
                 row.since,
                 1});
        }
        return {};
    }

    const config::Connection& connection_;
    const Runtime& runtime_;
    OpenedState& opened_;
    std::vector<Matter> matters_;
    std::set<std::string> unknown_, parked_sends_;
};

} // namespace

Result<std::vector<Matter>> matters_of(const config::Connection& connection, Milliseconds max_age, const Runtime& runtime) {
    BLONGO_TRY(auto opened, open_state(connection, runtime, state::Access::read_only));
    BLONGO_TRY(const auto status, status_of(connection, runtime, opened));
    BLONGO_TRY(auto matters, Gatherer(connection, runtime, opened).gather(status, max_age));
    return plan::digest(std::move(matters));
}

Result<std::vector<HealthFinding>> health_of(const config::Connection& connection, Milliseconds max_age, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    BLONGO_TRY(const auto status, status_of(connection, runtime, opened));
    std::vector<HealthFinding> findings;
    for (const auto& [flow, messages] : connection.errors)
        for (const std::string& message : messages) findings.push_back({flow, message, report::misused});
    BLONGO_TRY(const auto unknown, list_unknown(opened));
    if (!unknown.empty())
        findings.push_back({{},
                            fmt::format("{} of unknown outcome: blongo unknown list",
                                        unknown.size() == 1 ? "a write is" : fmt::format("{} writes are", unknown.size())),
                            report::unknown_outcome});
    if (connection.mode != "live") return findings;
    for (const FlowStatus& flow : status.flows) {
        if (!flow.enabled || !flow.config_errors.empty()) continue;
        if (const auto sick = plan::sickness_of(runs_of(flow), max_age, runtime.clock.now(), report::exit_code_words))
            findings.push_back({flow.flow, sick->detail, sick->code});
    }
    return findings;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/metrics.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include <blongo/state/deliveries.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/pauses.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/state/totals.hpp>
#include <blongo/sync/lost_writes.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {
namespace {

constexpr int due_labels_looked_at = 10'000;

std::vector<std::string> measured_flows(const config::Connection& connection) {
    std::vector<std::string> flows;
    const auto add = [&](const char* name, bool enabled) {
        if (enabled) flows.emplace_back(name);
    };
    add("shipments", connection.shipments.enabled);
    add("orders", connection.orders.enabled);
    add("articles", connection.articles.enabled);
    add("stock", connection.stock.enabled);
    add("returns", connection.returns.enabled);
    return flows;
}

/// The requests of the running minute. A token that a command prints is not asked for: that would start it after every run.
std::optional<std::int64_t> minute_requests(const config::Connection& connection, const Runtime& runtime) {
    if (!connection.baselinker.token.command.empty() && connection.baselinker.account.empty()) return std::nullopt;
    Secret token;
    if (connection.baselinker.account.empty()) {
        auto read = config::read_secret(connection.baselinker.token, "token", runtime.environment);
        if (!read) return std::nullopt;
        token = std::move(*read);
    }
    state::BudgetOptions options;
    options.account = budget_account(connection, token);
    options.per_minute = connection.baselinker.requests_per_minute;
    options.reserve = connection.baselinker.reserve;
    const auto budget = state::RequestBudget::open(state_options(runtime, state::Access::read_only), options, runtime.stop);
    if (!budget) return std::nullopt;
    const auto status = (*budget)->status();
    if (!status) return std::nullopt;
    return status->used;
}

/// Sets `since` to the earlier one.
void keep_earliest(std::optional<Timestamp>& since, Timestamp time) {
    if (!since || time < *since) since = time;
}

class Measuring {
public:
    Measuring(state::Store& store, state::ConnectionKey key, report::ConnectionMetrics& metrics)
        : store_(store), key_(key), metrics_(metrics) {}

    Result<void> measure() {
        BLONGO_TRY(const auto totals, state::totals_of(store_, key_));
        metrics_.bookings = totals.bookings;
        metrics_.labels = totals.labels;
        BLONGO_TRY(const Timestamp now, store_.now());
        BLONGO_TRY(const auto pause, state::Pauses(store_, key_).at(now));
        metrics_.paused = pause.has_value();
        BLONGO_CHECK(runs());
        BLONGO_CHECK(unknown());
        BLONGO_CHECK(parked());
        return labels();
    }

private:
    Result<void> unknown() {
        BLONGO_TRY(const auto writes, lost_writes(store_, key_));
        metrics_.unknown = static_cast<std::int64_t>(writes.size());
        for (const state::IntentRow& write : writes)
            if (const auto payload = json::Value::parse(write.payload)) set_aside_.insert(order_of(*payload));
        return {};
    }

    Result<void> runs() {
        for (report::FlowMetrics& flow : metrics_.flows) {
            BLONGO_TRY(const auto run, state::Runs(store_, key_).last_good(flow.flow));
            if (run) flow.last_good = run->ended;
        }
        return {};
    }

    Result<void> parked() {
        BLONGO_TRY(const auto rows, state::Parked(store_, key_).list({}));
        std::vector<std::pair<BaseOrderId, Timestamp>> orders;
        for (const state::ParkedRow& row : rows) {
            const auto flow =
                std::find_if(metrics_.flows.begin(), metrics_.flows.end(), [&](const auto& one) { return one.flow == row.flow; });
            if (flow == metrics_.flows.end()) continue;
            ++flow->parked[row.cause];
            std::int64_t id = 0;
            const auto end = row.key.data() + row.key.size();
            if (std::from_chars(row.key.data(), end, id).ptr != end) continue;
            if (row.flow == "shipments") set_aside_.insert(BaseOrderId{id});
            // A person's own hold is no order that got stuck.
            if (row.flow == "orders" && row.cause != "on_hold") orders.emplace_back(id, row.since);
        }
        std::vector<BaseOrderId> ids;
        for (const auto& [id, since] : orders) ids.push_back(id);
        BLONGO_TRY(const auto known, state::Orders(store_, key_).find_many(ids));
        std::set<BaseOrderId> imported;
        for (const state::OrderRow& row : known) imported.insert(row.order_id);
        for (const auto& [id, since] : orders)
            if (!imported.contains(id)) keep_earliest(metrics_.order_unimported, since);
        return {};
    }

    Result<void> labels() {
        constexpr std::array unlabelled{state::DeliveryState::due, state::DeliveryState::booking, state::DeliveryState::booked};
        BLONGO_TRY(const auto waiting, state::Deliveries(store_, key_).in_states(unlabelled, due_labels_looked_at));
        for (const state::DeliveryRow& row : waiting)
            if (!set_aside_.contains(row.order_id)) keep_earliest(metrics_.label_due, row.sent_at);
        return {};
    }

    state::Store& store_;
    state::ConnectionKey key_;
    report::ConnectionMetrics& metrics_;
    std::set<BaseOrderId> set_aside_; ///< Sends that are parked, or of unknown outcome: told as such
};

Result<void> measure_connection(const config::Connection& connection, const Runtime& runtime,
                                report::ConnectionMetrics& metrics) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    if (opened.key == 0) return {};
    BLONGO_CHECK(Measuring(*opened.store, opened.key, metrics).measure());
    metrics.requests = minute_requests(connection, runtime);
    return {};
}

} // namespace

std::vector<report::ConnectionMetrics> metrics_of(const config::Config& config, const Runtime& runtime) {
    std::vector<report::ConnectionMetrics> all;
    for (const config::Connection& connection : config.connections) {
        if (!connection.enabled) continue;
        report::ConnectionMetrics metrics;
        metrics.connection = connection.name;
        metrics.mode = connection.mode;
        for (const auto& [flow, messages] : connection.errors)
            metrics.config_errors += static_cast<std::int64_t>(messages.size());
        for (std::string& flow : measured_flows(connection)) metrics.flows.push_back({std::move(flow), {}, {}});
        metrics.readable = measure_connection(connection, runtime, metrics).has_value();
        all.push_back(std::move(metrics));
    }
    return all;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/report_data.hpp>

#include <algorithm>
#include <chrono>

#include <blongo/json/value.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/state/flow_names.hpp>
#include <blongo/state/forecasts.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/shipments.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {
namespace {

constexpr int rows_read = 100'000; ///< of orders, deliveries and runs; the newest
using Hours = std::chrono::hours;

ReportData::Run run_of(const state::RunRow& row) {
    ReportData::Run run{
        .flow = row.flow, .started = row.started, .ended = row.ended, .result = "did not end", .exit_code = row.exit_code};
    if (!row.ended) return run;
    run.result = report::exit_code_words(row.exit_code);
    run.good = row.complete && report::is_good_end(row.exit_code);
    if (const auto summary = json::Value::parse(row.summary)) {
        run.baselinker = summary->at_path("requests.baselinker").integer();
        run.ongoing = summary->at_path("requests.ongoing").integer();
    }
    return run;
}

Result<void> read_waiting(ReportData& data, const config::Connection& connection, const OpenedState& opened,
                          const Runtime& runtime) {
    state::Orders orders(*opened.store, opened.key);
    BLONGO_TRY(const auto parked, state::Parked(*opened.store, opened.key).list({}));
    std::vector<BaseOrderId> ids;
    for (const auto& row : parked)
        if (const auto id = parse_id(row.key); id && row.flow == "orders") ids.emplace_back(*id);
    BLONGO_TRY(const auto imported, orders.find_many(ids));
    for (const auto& row : parked) {
        ReportData::Problem problem{
            row.flow, row.key, {}, row.label, row.cause, row.detail, report::describe_cause(row.cause, row.key, row.flow),
            row.since};
        const auto id = parse_id(row.key);
        const auto is_it = [&](const state::OrderRow& order) { return id && order.order_id.value() == *id; };
        if (row.flow == "orders" && id && std::ranges::none_of(imported, is_it) &&
            (!data.oldest_unimported || row.since < data.oldest_unimported->since))
            data.oldest_unimported = problem;
        data.waiting.push_back(std::move(problem));
    }
    BLONGO_TRY(const auto unknown, list_unknown(connection, runtime));
    for (const auto& row : unknown) {
        const report::CauseInfo who{.owner = "admin",
                                    .meaning = "nobody knows whether this write was carried out",
                                    .remedy = "look at both sides and say what is there",
                                    .command = row.command};
        data.waiting.push_back({row.delivery == 0 ? "orders" : "shipments",
                                fmt::to_string(row.order_id),
                                {},
                                {},
                                "unknown_outcome",
                                row.detail,
                                who,
                                row.since});
    }
    std::ranges::stable_sort(data.waiting, {}, &ReportData::Problem::since);
    BLONGO_TRY(const auto forecasts, state::Forecasts(*opened.store, opened.key).list());
    for (const auto& row : forecasts) {
        const std::string key = fmt::to_string(row.order_id);
        data.will_fail.push_back({"shipments",
                                  key,
                                  row.order_number.value(),
                                  {},
                                  row.cause,
                                  row.detail,
                                  report::describe_cause(row.cause, key, "shipments"),
                                  row.since});
    }
    return {};
}

Result<void> read_hours(ReportData& data, const OpenedState& opened, Timestamp now) {
    const Timestamp end = std::chrono::floor<Hours>(now) + Hours{1};
    const Timestamp begin = end - Hours{24 * report_days};
    for (Timestamp hour = begin; hour < end; hour += Hours{1}) data.hours.push_back({hour});
    const auto hour_of = [&](Timestamp time) -> ReportData::Hour* {
        if (time < begin || time >= end) return nullptr;
        return &data.hours[static_cast<std::size_t>((time - begin) / Hours{1})];
    };
    BLONGO_TRY(const auto orders, state::Orders(*opened.store, opened.key).list(begin, rows_read));
    for (const auto& row : orders)
        if (auto* hour = hour_of(row.imported_at); hour != nullptr) ++hour->orders;
    state::Deliveries deliveries(*opened.store, opened.key);
    BLONGO_TRY(const auto booked, deliveries.booked(begin, end));
    for (const auto& row : booked)
        if (auto* hour = hour_of(*row.booked_at); hour != nullptr) ++hour->shipments;
    BLONGO_TRY(const auto sent, deliveries.list(now - Hours{24 * report_short_days}, rows_read));
    std::ranges::copy_if(sent, std::back_inserter(data.shorts), [](const state::DeliveryRow& row) {
        return row.is_short && row.state != state::DeliveryState::cancelled;
    });
    return {};
}

Result<void> read_runs(ReportData& data, const OpenedState& opened, Timestamp now) {
    state::Runs runs(*opened.store, opened.key);
    BLONGO_TRY(const auto rows, runs.list({}, rows_read));
    for (const auto& row : rows) {
        if (row.started < now - Hours{24 * report_days}) break;
        data.runs.push_back(run_of(row));
    }
    for (const std::string flow : state::all_flows) {
        BLONGO_TRY(const auto last, runs.list(flow, 1));
        if (last.empty()) continue;
        data.last_run.emplace(flow, run_of(last.front()));
        BLONGO_TRY(const auto good, runs.last_good(flow));
        if (good) data.last_good.emplace(flow, good->started);
    }
    return {};
}

} // namespace

Result<std::vector<report::BookedShipment>> booked_shipments(const config::Connection& connection, Timestamp from,
                                                             Timestamp until, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    std::vector<report::BookedShipment> out;
    if (opened.key == 0) return out;
    BLONGO_TRY(const auto rows, state::Deliveries(*opened.store, opened.key).booked(from, until));
    for (const auto& row : rows) {
        report::BookedShipment one{.day = local_date(row.booked_at.value_or(row.sent_at), connection.time_zone),
                                   .courier = row.courier_code,
                                   .account = row.account_id,
                                   .parcels = 1,
                                   .cancelled = row.state == state::DeliveryState::cancelled,
                                   .cod = report::parse_money(row.cod)};
        if (const auto parcels = json::Value::parse(row.parcels.empty() ? "[]" : row.parcels))
            one.parcels = std::max<std::int64_t>(1, static_cast<std::int64_t>(parcels->size()));
        out.push_back(std::move(one));
    }
    return out;
}

Result<ReportData> report_data(const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    ReportData data;
    if (opened.key == 0) return data;
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_CHECK(read_waiting(data, connection, opened, runtime));
    BLONGO_CHECK(read_hours(data, opened, now));
    BLONGO_CHECK(read_runs(data, opened, now));
    return data;
}

} // namespace blongo::sync

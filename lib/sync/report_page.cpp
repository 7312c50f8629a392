// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <blongo/report/words.hpp>
#include <blongo/state/flow_names.hpp>
#include <blongo/sync/inspect.hpp>
#include <blongo/sync/report_data.hpp>

namespace blongo::sync {
namespace {

constexpr std::size_t runs_shown = 20;

report::PageProblem problem_of(const ReportData::Problem& problem, const config::Connection& connection) {
    report::PageProblem out;
    out.flow = problem.flow;
    out.key = problem.key;
    out.order_number = problem.order_number;
    out.label = problem.label;
    out.cause = problem.cause;
    out.owner = problem.who.owner;
    out.meaning = problem.who.meaning;
    out.remedy = problem.who.remedy;
    out.detail = problem.detail;
    if (!problem.who.command.empty()) out.command = problem.who.command + " -C " + connection.name;
    out.since = format_local(problem.since, connection.time_zone);
    out.personal = problem.flow != "articles" && problem.flow != "stock";
    return out;
}

report::PageFlow flow_of(const ReportData& data, const std::string& flow, const config::Connection& connection) {
    report::PageFlow out;
    out.flow = flow;
    out.enabled = flow_enabled(connection, flow);
    if (const auto last = data.last_run.find(flow); last != data.last_run.end()) {
        out.last_run = format_local(last->second.started, connection.time_zone);
        out.result = last->second.result;
    }
    if (const auto good = data.last_good.find(flow); good != data.last_good.end())
        out.last_good = format_local(good->second, connection.time_zone);
    for (const auto& run : data.runs) {
        if (run.flow != flow) continue;
        ++out.runs;
        if (!run.good) ++out.failed;
        out.baselinker += run.baselinker;
        out.ongoing += run.ongoing;
    }
    return out;
}

} // namespace

report::PageConnection page_of(const ReportData& data, const config::Connection& connection) {
    const std::string& zone = connection.time_zone;
    report::PageConnection page;
    page.name = connection.name;
    page.mode = connection.mode;
    for (const auto& problem : data.waiting) page.waiting.push_back(problem_of(problem, connection));
    for (const auto& problem : data.will_fail) page.will_fail.push_back(problem_of(problem, connection));
    if (data.oldest_unimported) page.oldest.push_back(problem_of(*data.oldest_unimported, connection));
    for (const auto& row : data.shorts)
        page.shorts.push_back({fmt::to_string(row.order_id), row.order_number.value(), row.courier_code,
                               format_local(row.sent_at, zone), row.number});
    for (const auto& hour : data.hours) page.hours.push_back({format_local(hour.start, zone), hour.orders, hour.shipments});
    for (const char* flow : state::all_flows) page.flows.push_back(flow_of(data, flow, connection));
    for (std::size_t i = 0; i < std::min(runs_shown, data.runs.size()); ++i) {
        const auto& run = data.runs[i];
        page.runs.push_back({run.flow, format_local(run.started, zone), run.result,
                             run.ended ? report::duration_text((*run.ended - run.started).count()) : std::string(), run.exit_code,
                             run.baselinker, run.ongoing});
    }
    return page;
}

} // namespace blongo::sync

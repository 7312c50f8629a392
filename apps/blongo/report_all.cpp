// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/page.hpp>
#include <blongo/report/words.hpp>
#include <blongo/sync/report_data.hpp>

#include "files.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

/// All rows of a report have the same columns; what a row has nothing to say of stays empty.
struct ReportRow {
    std::string part{}; ///< waiting, will_fail, oldest_unimported, short, hour, run
    std::string flow{}, key{}, order_number{}, cause{}, owner{};
    std::optional<Timestamp> since{};
    std::optional<std::int64_t> orders{}, shipments{};
    std::string result{};
    std::optional<std::int64_t> exit_code{}, baselinker{}, ongoing{};
    std::string detail{}, command{};
};

Cell optional_cell(std::string name, const std::optional<std::int64_t>& number) {
    return number ? number_cell(std::move(name), *number) : text_cell(std::move(name), {});
}

std::vector<Cell> report_cells(const ReportRow& row, const config::Connection& connection) {
    return {text_cell("connection", connection.name),
            text_cell("part", row.part),
            text_cell("flow", row.flow),
            text_cell("key", row.key),
            text_cell("order_number", row.order_number),
            text_cell("cause", row.cause),
            text_cell("owner", row.owner),
            time_cell("since", row.since, connection.time_zone),
            optional_cell("orders", row.orders),
            optional_cell("shipments", row.shipments),
            text_cell("result", row.result),
            optional_cell("exit_code", row.exit_code),
            optional_cell("requests_baselinker", row.baselinker),
            optional_cell("requests_ongoing", row.ongoing),
            text_cell("detail", row.detail),
            text_cell("command", row.command)};
}

ReportRow problem_row(const std::string& part, const sync::ReportData::Problem& problem, report::Audience audience,
                      const config::Connection& connection) {
    ReportRow row{.part = part,
                  .flow = problem.flow,
                  .key = problem.key,
                  .order_number = problem.order_number,
                  .cause = problem.cause,
                  .owner = problem.who.owner,
                  .since = problem.since};
    const bool of_articles = problem.flow == "articles" || problem.flow == "stock";
    row.detail = audience == report::Audience::seller && !of_articles ? problem.who.meaning : problem.detail;
    if (audience != report::Audience::seller && !problem.who.command.empty())
        row.command = problem.who.command + " -C " + connection.name;
    return row;
}

std::vector<ReportRow> rows_of(const sync::ReportData& data, report::Audience audience, const config::Connection& connection) {
    std::vector<ReportRow> rows;
    for (const auto& problem : data.waiting) rows.push_back(problem_row("waiting", problem, audience, connection));
    for (const auto& problem : data.will_fail) rows.push_back(problem_row("will_fail", problem, audience, connection));
    if (data.oldest_unimported) rows.push_back(problem_row("oldest_unimported", *data.oldest_unimported, audience, connection));
    for (const auto& row : data.shorts)
        rows.push_back({.part = "short",
                        .flow = "shipments",
                        .key = fmt::to_string(row.order_id),
                        .order_number = row.order_number.value(),
                        .since = row.sent_at,
                        .detail = fmt::format("delivery {}, {}", row.number, row.courier_code)});
    for (const auto& hour : data.hours)
        if (hour.orders != 0 || hour.shipments != 0)
            rows.push_back({.part = "hour", .since = hour.start, .orders = hour.orders, .shipments = hour.shipments});
    if (audience == report::Audience::warehouse || audience == report::Audience::seller) return rows;
    for (const auto& run : data.runs)
        rows.push_back({.part = "run",
                        .flow = run.flow,
                        .since = run.started,
                        .result = run.result,
                        .exit_code = run.exit_code,
                        .baselinker = run.baselinker,
                        .ongoing = run.ongoing});
    return rows;
}

report::Audience audience_of(const std::string& word) {
    if (word == "warehouse") return report::Audience::warehouse;
    if (word == "seller") return report::Audience::seller;
    return word == "technical" ? report::Audience::technical : report::Audience::everybody;
}

int report_page(Context& context, report::Audience audience, const std::string& file) {
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    report::Page page;
    page.audience = audience;
    page.version = BLONGO_VERSION;
    page.days = sync::report_days;
    page.short_days = sync::report_short_days;
    int code = report::done;
    for (const config::Connection* connection : selected->connections) {
        if (page.made.empty()) page.made = format_local(context.process().clock.now(), connection->time_zone);
        const auto data = sync::report_data(*connection, selected->runtime);
        if (data) {
            page.connections.push_back(sync::page_of(*data, *connection));
            continue;
        }
        // The others are shown all the same, and the page says whose part is missing.
        code = report::stronger(code, context.failed(data.error(), connection->name));
        report::PageConnection trouble;
        trouble.name = connection->name;
        trouble.trouble = data.error().message;
        page.connections.push_back(std::move(trouble));
    }
    const std::string html = report::render_page(page);
    if (file.empty()) {
        context.print(html);
    } else if (const auto written = write_private_file(file, html); !written) {
        return context.failed(written.error());
    }
    return code;
}

} // namespace

int report_all(Context& context, const ReportArguments& arguments) {
    const report::Audience audience = audience_of(arguments.audience);
    if (context.common().format == "html") return report_page(context, audience, arguments.file);
    if (!arguments.file.empty())
        return context.failed(make_error(ErrorKind::usage, "--out is for pages", {}, "add --format html"));
    return list_rows(context, std::nullopt, "nothing waits, and nothing happened in the last days",
                     [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
                         BLONGO_TRY(const auto data, sync::report_data(connection, runtime));
                         for (const auto& row : rows_of(data, audience, connection))
                             context.reporter().row("report", report_cells(row, connection));
                         return {};
                     });
}

} // namespace blongo::app

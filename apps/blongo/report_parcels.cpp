// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/sync/report_data.hpp>

#include "report.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct Month {
    std::string name; ///< "2026-11"
    Timestamp begin, end;
};

/// `month`: "2026-11"; empty: that in which `now` falls.
Result<Month> month_of(const std::string& month, Timestamp now, const std::string& zone) {
    const std::string name = month.empty() ? local_date(now, zone).substr(0, 7) : month;
    const auto begin = name.size() == 7 ? local_midnight(name + "-01", zone) : std::nullopt;
    if (!begin) return fail(ErrorKind::usage, fmt::format("'{}' is not a month", month), {}, "write it like 2026-11");
    const int year = std::stoi(name.substr(0, 4)), number = std::stoi(name.substr(5, 2));
    const std::string next =
        number == 12 ? fmt::format("{:04}-01-01", year + 1) : fmt::format("{:04}-{:02}-01", year, number + 1);
    return Month{name, *begin, local_midnight(next, zone).value_or(*begin + std::chrono::days{31})};
}

using Shipments = std::vector<report::BookedShipment>;
/// Rows of one connection; what they answer is shown to people below the table: the sums.
using MonthRows = std::function<std::string(const config::Connection&, const Month&, const Shipments&)>;

int report_month(Context& context, const std::string& month, const std::string& empty_text, const MonthRows& rows) {
    // A month that is none is said once, whatever the connections are.
    if (const auto valid = month_of(month, context.process().clock.now(), "UTC"); !valid) return context.failed(valid.error());
    std::string sums;
    const int code = list_rows(
        context, std::nullopt, empty_text, [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
            BLONGO_TRY(const Month span, month_of(month, runtime.clock.now(), connection.time_zone));
            BLONGO_TRY(const auto shipments, sync::booked_shipments(connection, span.begin, span.end, runtime));
            sums += rows(connection, span, shipments);
            return {};
        });
    if (context.format() == report::Format::text && !context.common().quiet && !sums.empty())
        context.reporter().text('\n' + sums);
    return code;
}

json::Value sums_json(const report::Sums& sums) {
    json::Value list = json::Value::array();
    for (const auto& [currency, amount] : sums)
        list.push_back(json::Value::object().set("amount", json::Value::number(amount.to_fixed(2))).set("currency", currency));
    return list;
}

std::string counted(std::int64_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

} // namespace

int report_parcels(Context& context, const std::string& month) {
    const auto rows = [&](const config::Connection& connection, const Month& span, const Shipments& shipments) {
        for (const auto& count : report::count_parcels(shipments))
            context.reporter().row("parcels", {text_cell("connection", connection.name),
                                               text_cell("day", count.day),
                                               text_cell("courier", count.courier),
                                               id_cell("account_id", count.account),
                                               number_cell("shipments", count.shipments),
                                               number_cell("parcels", count.parcels),
                                               number_cell("cancelled", count.cancelled),
                                               number_cell("cod_shipments", count.cod_shipments),
                                               {"cod", report::sums_text(count.cod), sums_json(count.cod)}});
        std::string sums;
        for (const auto& total : report::total_parcels(shipments)) {
            sums += fmt::format("{} {}: {} {}: {}, {}", connection.name, span.name, total.courier, total.account,
                                counted(total.shipments, "shipment"), counted(total.parcels, "parcel"));
            if (total.cancelled > 0) sums += fmt::format(", {} cancelled (the courier may still charge them)", total.cancelled);
            if (total.cod_shipments > 0)
                sums += fmt::format(", {} with COD {}", total.cod_shipments, report::sums_text(total.cod));
            sums += '\n';
        }
        return sums;
    };
    return report_month(context, month, "nothing was booked in this month", rows);
}

int report_cod(Context& context, const std::string& month) {
    const auto rows = [&](const config::Connection& connection, const Month& span, const Shipments& shipments) {
        for (const auto& count : report::count_cod(shipments))
            context.reporter().row("cod", {text_cell("connection", connection.name),
                                           text_cell("day", count.day),
                                           text_cell("courier", count.courier),
                                           id_cell("account_id", count.account),
                                           number_cell("shipments", count.shipments),
                                           {"amount", count.amount.to_fixed(2), json::Value::number(count.amount.to_fixed(2))},
                                           text_cell("currency", count.currency)});
        std::string sums;
        for (const auto& total : report::total_cod(shipments))
            sums += fmt::format("{} {}: {} {}: {} {} of {}\n", connection.name, span.name, total.courier, total.account,
                                total.amount.to_fixed(2), total.currency, counted(total.shipments, "shipment"));
        return sums;
    };
    return report_month(context, month, "no cash on delivery was booked in this month", rows);
}

} // namespace blongo::app

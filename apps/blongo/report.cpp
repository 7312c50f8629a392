// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <memory>

#include <fmt/format.h>

#include "commands.hpp"

namespace blongo::app {
namespace {

Option audience_option(std::string& audience) {
    Option option = text("--for", "AUDIENCE", "warehouse, seller or technical; default: everything", audience);
    option.set = [set = option.set](const std::vector<std::string>& values) -> std::optional<std::string> {
        for (const char* known : {"warehouse", "seller", "technical"})
            if (values.back() == known) return set(values);
        return fmt::format("'{}' is none of warehouse, seller, technical", values.back());
    };
    return option;
}

} // namespace

void add_report(Command& root) {
    auto arguments = std::make_shared<ReportArguments>();
    Command& report =
        root.command("report", "What waits, what will fail, what happened: rows or a page, without asking either side",
                     everywhere, [arguments](Context& context) { return report_all(context, *arguments); });
    report.add(audience_option(arguments->audience))
        .add(text("--out", "FILE", "write the page into this file (0600) instead of to stdout", arguments->file))
        .details("With --format html one page that needs nothing from any other place: what waits by cause and owner, what Send "
                 "is foreseen to refuse, short deliveries of 14 days, the oldest order that is not in the warehouse yet, orders "
                 "and shipments per hour of 3 days, runs and requests. Otherwise the same as rows.\n"
                 "--for warehouse leaves out runs and requests; --for seller leaves out these, commands, and whatever may name a "
                 "person; --for technical puts runs and requests first.")
        .prints_rows()
        .makes_page();
    auto month = std::make_shared<std::string>();
    const auto month_option = [month] {
        return text("--month", "M", "which month, like 2026-11; default: the current one", *month);
    };
    report
        .command("parcels", "Parcels of a month by day and courier, to check the courier's invoice", everywhere,
                 [month](Context& context) { return report_parcels(context, *month); })
        .add(month_option())
        .details("By the day on which a shipment was booked, in the connection's time zone. Cancelled shipments have a "
                 "column of their own and count nowhere else; a shipment that somebody else booked counts as one parcel "
                 "where its parcels are not known. Sums by courier and account stand below the table.")
        .prints_rows();
    report
        .command("cod", "Cash on delivery of a month by day, courier and currency", everywhere,
                 [month](Context& context) { return report_cod(context, *month); })
        .add(month_option())
        .details("What the couriers were told to collect, exactly as it was booked; cancelled shipments are left out. Sums "
                 "by courier and currency stand below the table.")
        .prints_rows();
}

} // namespace blongo::app

// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/page.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace blongo::report {
namespace {

constexpr int slot = 10, bar = 8, height = 100; // in units of the drawing, which is stretched to its place

struct Series {
    const char* title;
    const char* kind; ///< its class
    std::int64_t PageHour::*count;
};
constexpr Series series[] = {{"Orders that went to the warehouse", "orders", &PageHour::orders},
                             {"Shipments that were booked", "shipments", &PageHour::shipments}};

std::string drawing(const std::vector<PageHour>& hours, const Series& one, int days) {
    std::int64_t sum = 0;
    const PageHour* most = nullptr;
    for (const PageHour& hour : hours) {
        sum += hour.*one.count;
        if (most == nullptr || hour.*one.count > most->*one.count) most = &hour;
    }
    const std::int64_t peak = most == nullptr ? 0 : most->*one.count;
    std::string words = fmt::format("{} per hour, last {} days: {} in all", one.title, days, sum);
    if (peak > 0) words += fmt::format(", most in the hour from {}: {}", most->start, peak);
    std::string out =
        fmt::format("<figure><figcaption>{}: <strong>{}</strong></figcaption>\n"
                    "<svg class=\"{}\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" "
                    "aria-label=\"{}\">\n",
                    one.title, sum, one.kind, std::max<std::size_t>(hours.size(), 1) * slot, height, escaped(words));
    for (std::size_t i = 0; i < hours.size(); ++i) {
        const std::int64_t count = hours[i].*one.count;
        if (count == 0) continue;
        const std::int64_t tall = std::max<std::int64_t>(2, count * height / peak);
        out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}</title></rect>\n", i * slot + 1,
                           height - tall, bar, tall, escaped(hours[i].start), count);
    }
    out += "</svg>\n";
    if (!hours.empty())
        out += fmt::format("<div class=\"axis\"><span>{}</span><span>{}</span></div>\n", escaped(hours.front().start),
                           escaped(hours.back().start));
    return out + fmt::format("<p class=\"soft\">Highest bar: {}</p></figure>\n", peak);
}

} // namespace

std::string render_hours(const PageConnection& connection, int days) {
    std::string out = "<div class=\"charts\">\n";
    for (const Series& one : series) out += drawing(connection.hours, one, days);
    out += "</div>\n";
    std::string rows;
    for (const PageHour& hour : connection.hours)
        if (hour.orders != 0 || hour.shipments != 0)
            rows += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\" data-name=\"Orders\">{}</td>"
                                "<td class=\"number\" data-name=\"Shipments\">{}</td></tr>\n",
                                escaped(hour.start), hour.orders, hour.shipments);
    if (rows.empty()) return out;
    return out +
           "<details><summary>The figures as a table</summary>\n<table><caption>Hours in which something happened</caption>"
           "<thead><tr><th scope=\"col\">Hour from</th><th scope=\"col\" class=\"number\">Orders</th>"
           "<th scope=\"col\" class=\"number\">Shipments</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody></table></details>\n";
}

} // namespace blongo::report

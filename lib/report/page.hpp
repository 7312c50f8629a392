// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace blongo::report {

/// Whom a page is for: it decides what is left out.
enum class Audience : std::uint8_t {
    everybody, ///< all of it
    warehouse, ///< without the technical part
    seller,    ///< without the technical part, and without what may name people: details and names of orders
    technical  ///< all of it, the technical part first
};

// The values of a page, as they are shown; times are local texts.

/// Something that waits, or that Send is foreseen to refuse.
struct PageProblem {
    std::string flow, key, order_number;
    std::string label; ///< a name for people
    std::string cause, owner, meaning, remedy;
    std::string detail; ///< what exactly; may hold words of people
    std::string command, since;
    bool personal = false; ///< label and detail are those of an order
};

/// A delivery with less than was ordered.
struct PageShort {
    std::string key, order_number, courier, sent;
    std::int64_t delivery = 1;
};

/// What came and went in one hour.
struct PageHour {
    std::string start;
    std::int64_t orders = 0, shipments = 0;
};

/// A flow in the technical part, over the days of the page.
struct PageFlow {
    std::string flow, last_run, result, last_good;
    std::int64_t runs = 0, failed = 0, baselinker = 0, ongoing = 0;
    bool enabled = true;
};

struct PageRun {
    std::string flow, started, result, duration;
    std::int64_t exit_code = 0, baselinker = 0, ongoing = 0;
};

/// One connection.
struct PageConnection {
    std::string name, mode;
    std::string trouble; ///< it could not be read: nothing else is known
    std::vector<PageProblem> waiting, will_fail;
    std::vector<PageShort> shorts;
    std::vector<PageProblem> oldest; ///< the order that has waited longest for its import, or none
    std::vector<PageHour> hours;     ///< ascending, without gaps
    std::vector<PageFlow> flows;
    std::vector<PageRun> runs; ///< newest first
};

struct Page {
    Audience audience = Audience::everybody;
    std::string made, version; ///< when, by which blongo
    int days = 3;              ///< that hours and runs reach back
    int short_days = 14;       ///< the same of shorts
    std::vector<PageConnection> connections;
};

/// The whole page: HTML 5 that is well-formed XML as well, one file that asks nothing of any other place. Everything from
/// outside is escaped.
[[nodiscard]] std::string render_page(const Page& page);

/// Text as it stands in an element or in a quoted attribute; control characters are gone.
[[nodiscard]] std::string escaped(std::string_view text);

/// Bars for each hour with a text alternative, and the figures as a table that folds out.
[[nodiscard]] std::string render_hours(const PageConnection& connection, int days);

/// The style sheet of the page.
[[nodiscard]] std::string_view page_style() noexcept;

} // namespace blongo::report

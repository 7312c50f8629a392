// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/report/causes.hpp>
#include <blongo/report/page.hpp>
#include <blongo/report/parcels.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

// What reports tell of one connection, read from the state alone: no request.

/// Shipments booked from `from` on and before `until`, oldest first. One whose parcels are not known (booked by somebody
/// else) counts as one parcel.
[[nodiscard]] Result<std::vector<report::BookedShipment>> booked_shipments(const config::Connection& connection, Timestamp from,
                                                                           Timestamp until, const Runtime& runtime);

/// A report of one connection: its rows with their times, of which pages and lists are made.
struct ReportData {
    struct Problem {
        std::string flow, key, order_number, label, cause, detail;
        report::CauseInfo who;
        Timestamp since;
    };
    struct Hour {
        Timestamp start;
        std::int64_t orders = 0, shipments = 0;
    };
    struct Run {
        std::string flow;
        Timestamp started;
        std::optional<Timestamp> ended;
        std::string result; ///< in words
        int exit_code = 0;
        bool good = false;
        std::int64_t baselinker = 0, ongoing = 0; ///< requests
    };
    std::vector<Problem> waiting;               ///< parked, and writes of unknown outcome; oldest first
    std::vector<Problem> will_fail;             ///< what Send is foreseen to refuse; oldest first
    std::optional<Problem> oldest_unimported;   ///< the order outside of Ongoing that has waited longest
    std::vector<state::DeliveryRow> shorts;     ///< newest first
    std::vector<Hour> hours;                    ///< every hour of the days, ascending
    std::vector<Run> runs;                      ///< of the days, newest first
    std::map<std::string, Run> last_run;        ///< by flow, whenever it was
    std::map<std::string, Timestamp> last_good; ///< start of the last run that was good
};

inline constexpr int report_days = 3;        ///< that hours and runs reach back
inline constexpr int report_short_days = 14; ///< the same of short deliveries

[[nodiscard]] Result<ReportData> report_data(const config::Connection& connection, const Runtime& runtime);

/// As a page shows it, in the connection's time zone.
[[nodiscard]] report::PageConnection page_of(const ReportData& data, const config::Connection& connection);

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/time.hpp>

namespace blongo::report {

/// What monitoring is told about one flow of a connection.
struct FlowMetrics {
    std::string flow;
    std::optional<Timestamp> last_good;         ///< end of the last run that was complete and went well; none: never
    std::map<std::string, std::int64_t> parked; ///< by cause: what waits
};

/// What monitoring is told about one connection.
struct ConnectionMetrics {
    std::string connection, mode;
    bool readable = false;                     ///< the state could be read; if not, nothing below was
    std::vector<FlowMetrics> flows;            ///< the enabled ones
    std::optional<Timestamp> label_due;        ///< when Send was pressed for the oldest label that is due
    std::optional<Timestamp> order_unimported; ///< since when the oldest order waits that is not in the warehouse
    bool paused = false;                       ///< by `connection pause`
    std::int64_t unknown = 0;                  ///< writes of unknown outcome
    std::int64_t bookings = 0, labels = 0;     ///< ever made: deliveries booked, deliveries whose label is in Ongoing
    std::optional<std::int64_t> requests;      ///< of BaseLinker in the running minute; none: not known
    std::int64_t config_errors = 0;
};

/// The Prometheus text format, for the textfile collector of node_exporter. Points in time are timestamps, not ages: a
/// file that nobody writes any more would hold an age that stands still. What does not exist has no line.
[[nodiscard]] std::string render_metrics(std::span<const ConnectionMetrics> connections);

} // namespace blongo::report

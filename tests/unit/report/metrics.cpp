// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/report/metrics.hpp>

using namespace blongo;
using namespace blongo::report;

namespace {

ConnectionMetrics metrics_named(const std::string& connection, const std::string& mode, bool readable) {
    ConnectionMetrics metrics;
    metrics.connection = connection;
    metrics.mode = mode;
    metrics.readable = readable;
    return metrics;
}

} // namespace

TEST_CASE("metrics: one head for each metric, a line for each connection, times as seconds with their fraction") {
    ConnectionMetrics acme = metrics_named("acme", "live", true);
    acme.flows = {{"shipments", from_unix_milliseconds(1'764'000'000'250), {{"no_weight", 2}, {"unpaid", 1}}},
                  {"orders", {}, {}}};
    acme.label_due = from_unix_seconds(1'764'000'100);
    acme.order_unimported = from_unix_seconds(1'763'999'000);
    acme.unknown = 1;
    acme.bookings = 12;
    acme.labels = 11;
    acme.requests = 17;
    ConnectionMetrics other = metrics_named("other", "plan", true);
    other.paused = true;
    CHECK(render_metrics(std::vector{acme, other}) == R"(# HELP blongo_connection_info The enabled connections and their mode.
# TYPE blongo_connection_info gauge
blongo_connection_info{connection="acme",mode="live"} 1
blongo_connection_info{connection="other",mode="plan"} 1
# HELP blongo_state_readable Whether the connection's state could be read.
# TYPE blongo_state_readable gauge
blongo_state_readable{connection="acme"} 1
blongo_state_readable{connection="other"} 1
# HELP blongo_config_errors Errors in the connection's configuration.
# TYPE blongo_config_errors gauge
blongo_config_errors{connection="acme"} 0
blongo_config_errors{connection="other"} 0
# HELP blongo_paused Whether the connection is paused.
# TYPE blongo_paused gauge
blongo_paused{connection="acme"} 0
blongo_paused{connection="other"} 1
# HELP blongo_flow_last_good_timestamp_seconds End of the last complete run of an enabled flow that went well; 0: there was none.
# TYPE blongo_flow_last_good_timestamp_seconds gauge
blongo_flow_last_good_timestamp_seconds{connection="acme",flow="shipments"} 1764000000.250
blongo_flow_last_good_timestamp_seconds{connection="acme",flow="orders"} 0.000
# HELP blongo_label_due_timestamp_seconds When Send was pressed for the oldest label that is due, neither parked nor of unknown outcome.
# TYPE blongo_label_due_timestamp_seconds gauge
blongo_label_due_timestamp_seconds{connection="acme"} 1764000100.000
# HELP blongo_order_unimported_timestamp_seconds Since when the oldest order is parked that is not in the warehouse.
# TYPE blongo_order_unimported_timestamp_seconds gauge
blongo_order_unimported_timestamp_seconds{connection="acme"} 1763999000.000
# HELP blongo_writes_unknown Writes of unknown outcome.
# TYPE blongo_writes_unknown gauge
blongo_writes_unknown{connection="acme"} 1
blongo_writes_unknown{connection="other"} 0
# HELP blongo_parked_objects What waits, by flow.
# TYPE blongo_parked_objects gauge
blongo_parked_objects{connection="acme",flow="shipments"} 3
blongo_parked_objects{connection="acme",flow="orders"} 0
# HELP blongo_parked_by_cause_objects What waits, by flow and cause.
# TYPE blongo_parked_by_cause_objects gauge
blongo_parked_by_cause_objects{connection="acme",flow="shipments",cause="no_weight"} 2
blongo_parked_by_cause_objects{connection="acme",flow="shipments",cause="unpaid"} 1
# HELP blongo_baselinker_minute_requests Requests of the running minute by the BaseLinker account of the connection.
# TYPE blongo_baselinker_minute_requests gauge
blongo_baselinker_minute_requests{connection="acme"} 17
# HELP blongo_bookings_total Deliveries booked.
# TYPE blongo_bookings_total counter
blongo_bookings_total{connection="acme"} 12
blongo_bookings_total{connection="other"} 0
# HELP blongo_labels_total Deliveries whose label came to Ongoing.
# TYPE blongo_labels_total counter
blongo_labels_total{connection="acme"} 11
blongo_labels_total{connection="other"} 0
)");
}

TEST_CASE("metrics: of a state that could not be read nothing is claimed, and text in labels is escaped") {
    ConnectionMetrics broken = metrics_named("a\"b\\c\nd", "live", false);
    broken.config_errors = 2;
    CHECK(render_metrics(std::vector{broken}) == R"(# HELP blongo_connection_info The enabled connections and their mode.
# TYPE blongo_connection_info gauge
blongo_connection_info{connection="a\"b\\c\nd",mode="live"} 1
# HELP blongo_state_readable Whether the connection's state could be read.
# TYPE blongo_state_readable gauge
blongo_state_readable{connection="a\"b\\c\nd"} 0
# HELP blongo_config_errors Errors in the connection's configuration.
# TYPE blongo_config_errors gauge
blongo_config_errors{connection="a\"b\\c\nd"} 2
)");
    CHECK(render_metrics({}).empty());
}

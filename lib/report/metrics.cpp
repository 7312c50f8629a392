// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/metrics.hpp>

#include <functional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace blongo::report {
namespace {

using MetricLabels = std::vector<std::pair<std::string_view, std::string_view>>;

/// Text format 0.0.4: a backslash, a quote and the end of a line are written with a backslash.
std::string label_value(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// The lines of one metric; its head is written before its first line.
class Metric {
public:
    Metric(std::string& out, std::string_view name, std::string_view type, std::string_view help)
        : out_(out), name_(name), type_(type), help_(help) {}

    void line(const MetricLabels& labels, std::int64_t value) { line(labels, std::to_string(value)); }
    void line(const MetricLabels& labels, Timestamp time) {
        const std::int64_t milliseconds = to_unix_milliseconds(time);
        line(labels, fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000));
    }

private:
    void line(const MetricLabels& labels, const std::string& value) {
        if (!begun_) out_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name_, help_, type_);
        begun_ = true;
        out_ += name_;
        char before = '{';
        for (const auto& [label, text] : labels) {
            out_ += fmt::format("{}{}=\"{}\"", before, label, label_value(text));
            before = ',';
        }
        out_ += fmt::format("}} {}\n", value);
    }

    std::string& out_;
    std::string_view name_, type_, help_;
    bool begun_ = false;
};

class MetricsText {
public:
    explicit MetricsText(std::span<const ConnectionMetrics> connections) : connections_(connections) {}

    std::string take() && { return std::move(out_); }

    /// `add(metric, connection, labels)`, for every connection or for those whose state could be read.
    template <class Add>
    void each(std::string_view name, std::string_view type, std::string_view help, bool unread_too, Add&& add) {
        Metric metric(out_, name, type, help);
        for (const ConnectionMetrics& connection : connections_)
            if (connection.readable || unread_too) add(metric, connection, MetricLabels{{"connection", connection.connection}});
    }

    void number(std::string_view name, std::string_view type, std::string_view help, std::int64_t ConnectionMetrics::*value) {
        each(name, type, help, false,
             [&](Metric& metric, const auto& connection, const MetricLabels& labels) { metric.line(labels, connection.*value); });
    }

    template <class Value>
    void optional(std::string_view name, std::string_view help, std::optional<Value> ConnectionMetrics::*value) {
        each(name, "gauge", help, false, [&](Metric& metric, const auto& connection, const MetricLabels& labels) {
            if (connection.*value) metric.line(labels, *(connection.*value));
        });
    }

    template <class Add> void by_flow(std::string_view name, std::string_view help, Add&& add) {
        each(name, "gauge", help, false, [&](Metric& metric, const auto& connection, const MetricLabels& labels) {
            for (const FlowMetrics& flow : connection.flows) {
                MetricLabels all = labels;
                all.emplace_back("flow", flow.flow);
                add(metric, flow, std::move(all));
            }
        });
    }

private:
    std::span<const ConnectionMetrics> connections_;
    std::string out_;
};

} // namespace

std::string render_metrics(std::span<const ConnectionMetrics> connections) {
    MetricsText text(connections);
    text.each("blongo_connection_info", "gauge", "The enabled connections and their mode.", true,
              [](Metric& metric, const ConnectionMetrics& connection, MetricLabels labels) {
                  labels.emplace_back("mode", connection.mode);
                  metric.line(labels, std::int64_t{1});
              });
    text.each("blongo_state_readable", "gauge", "Whether the connection's state could be read.", true,
              [](Metric& metric, const ConnectionMetrics& connection, const MetricLabels& labels) {
                  metric.line(labels, std::int64_t{connection.readable});
              });
    text.each("blongo_config_errors", "gauge", "Errors in the connection's configuration.", true,
              [](Metric& metric, const ConnectionMetrics& connection, const MetricLabels& labels) {
                  metric.line(labels, connection.config_errors);
              });
    text.each("blongo_paused", "gauge", "Whether the connection is paused.", false,
              [](Metric& metric, const ConnectionMetrics& connection, const MetricLabels& labels) {
                  metric.line(labels, std::int64_t{connection.paused});
              });
    text.by_flow("blongo_flow_last_good_timestamp_seconds",
                 "End of the last complete run of an enabled flow that went well; 0: there was none.",
                 [](Metric& metric, const FlowMetrics& flow, const MetricLabels& labels) {
                     metric.line(labels, flow.last_good.value_or(Timestamp{}));
                 });
    text.optional("blongo_label_due_timestamp_seconds",
                  "When Send was pressed for the oldest label that is due, neither parked nor of unknown outcome.",
                  &ConnectionMetrics::label_due);
    text.optional("blongo_order_unimported_timestamp_seconds",
                  "Since when the oldest order is parked that is not in the warehouse.", &ConnectionMetrics::order_unimported);
    text.number("blongo_writes_unknown", "gauge", "Writes of unknown outcome.", &ConnectionMetrics::unknown);
    text.by_flow("blongo_parked_objects", "What waits, by flow.",
                 [](Metric& metric, const FlowMetrics& flow, const MetricLabels& labels) {
                     std::int64_t sum = 0;
                     for (const auto& [cause, count] : flow.parked) sum += count;
                     metric.line(labels, sum);
                 });
    text.by_flow("blongo_parked_by_cause_objects", "What waits, by flow and cause.",
                 [](Metric& metric, const FlowMetrics& flow, const MetricLabels& labels) {
                     for (const auto& [cause, count] : flow.parked) {
                         MetricLabels all = labels;
                         all.emplace_back("cause", cause);
                         metric.line(all, count);
                     }
                 });
    text.optional("blongo_baselinker_minute_requests",
                  "Requests of the running minute by the BaseLinker account of the connection.", &ConnectionMetrics::requests);
    text.number("blongo_bookings_total", "counter", "Deliveries booked.", &ConnectionMetrics::bookings);
    text.number("blongo_labels_total", "counter", "Deliveries whose label came to Ongoing.", &ConnectionMetrics::labels);
    return std::move(text).take();
}

} // namespace blongo::report

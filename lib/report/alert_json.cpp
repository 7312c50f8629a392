// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/alert_json.hpp>

#include <fmt/format.h>

#include <blongo/json/value.hpp>
#include <blongo/report/output.hpp>

namespace blongo::report {
namespace {

/// "acme: problem: 3 orders ... (seller acts; blongo parked list -C acme)".
std::string alert_sentence(const std::string& connection, const plan::AlertMessage& message) {
    const plan::Alert& alert = message.alert;
    if (message.state == plan::AlertState::solved) return fmt::format("{}: solved: {}", connection, alert.detail);
    return fmt::format("{}: {}: {} ({} acts; {})", connection, plan::to_string(message.state), alert.detail, alert.owner,
                       alert.command);
}

} // namespace

std::string alert_json(const std::string& connection, const plan::AlertMessage& message) {
    const plan::Alert& alert = message.alert;
    json::Value value = json::Value::object();
    value.set("schema", 1)
        .set("message_type", "alert")
        .set("state", plan::to_string(message.state))
        .set("connection", connection)
        .set("kind", alert.kind)
        .set("key", alert.key)
        .set("flow", alert.flow.empty() ? json::Value() : json::Value(alert.flow))
        .set("cause", alert.cause.empty() ? json::Value() : json::Value(alert.cause))
        .set("count", alert.count)
        .set("owner", alert.owner)
        .set("since", format_utc(alert.since))
        .set("detail", alert.detail)
        .set("command", alert.command)
        .set("text", alert_sentence(connection, message));
    return value.dump() + '\n';
}

std::string alert_line(const std::string& connection, const plan::AlertMessage& message, const std::string& time_zone) {
    const plan::Alert& alert = message.alert;
    if (message.state == plan::AlertState::solved) return alert_sentence(connection, message) + '\n';
    return fmt::format("{}: {}: {}\n    since {}; {} acts: {}\n", connection, plan::to_string(message.state),
                       printable(alert.detail), format_local(alert.since, time_zone), alert.owner, alert.command);
}

std::string alert_memory(const plan::Alert& alert) {
    return json::Value::object()
        .set("kind", alert.kind)
        .set("key", alert.key)
        .set("flow", alert.flow)
        .set("cause", alert.cause)
        .set("owner", alert.owner)
        .set("detail", alert.detail)
        .set("command", alert.command)
        .set("count", alert.count)
        .set("since", to_unix_milliseconds(alert.since))
        .dump();
}

Result<plan::Alert> read_alert_memory(const std::string& text) {
    BLONGO_TRY(const auto value, json::Value::parse(text));
    const auto part = [&](std::string_view name) { return std::string(value[name].text()); };
    if (part("kind").empty()) return fail(ErrorKind::protocol, "this is no alert", "alerts");
    return plan::Alert{part("kind"),
                       part("key"),
                       part("flow"),
                       part("cause"),
                       part("owner"),
                       part("detail"),
                       part("command"),
                       value["count"].integer(1),
                       from_unix_milliseconds(value["since"].integer())};
}

} // namespace blongo::report

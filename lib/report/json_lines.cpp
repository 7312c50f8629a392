// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/json_lines.hpp>

#include <blongo/json/writer.hpp>
#include <blongo/report/summary_json.hpp>

namespace blongo::report {
namespace {

json::Writer begin_line(const std::string& message_type) {
    json::Writer line;
    line.begin_object().member("schema", json_schema).member("message_type", message_type);
    return line;
}

void member_or_null(json::Writer& line, std::string_view name, std::string_view text) {
    if (text.empty())
        line.key(name).null();
    else
        line.member(name, text);
}

void member_if_any(json::Writer& line, std::string_view name, std::string_view text) {
    if (!text.empty()) line.member(name, text);
}

std::string end_line(json::Writer& line) {
    line.end_object();
    return line.take();
}

} // namespace

std::string action_json(const Action& action, bool personal) {
    json::Writer line = begin_line("action");
    line.member("connection", action.connection).member("flow", action.flow);
    line.member("verb", plan::to_string(action.verb)).member("key", action.key);
    member_or_null(line, "order_number", action.order_number.value_or(""));
    member_or_null(line, "reason", action.reason);
    member_or_null(line, "cause", action.cause);
    member_or_null(line, "owner", action.owner);
    line.member("dry_run", action.dry_run).member("outcome", plan::to_string(action.outcome));
    member_if_any(line, "step", action.step);
    member_if_any(line, "detail", action.detail);
    if (personal) member_if_any(line, "label", action.label);
    if (action.verb == plan::Verb::park) line.member("new", action.is_new);
    if (action.since) line.member("since", format_utc(*action.since));
    if (!action.changes.empty()) {
        line.key("changes").begin_array();
        for (const plan::Change& change : action.changes) {
            line.begin_object().member("member", change.member);
            line.key("before").value(change.before).key("after").value(change.after).end_object();
        }
        line.end_array();
    }
    if (!action.notes.empty()) {
        line.key("notes").begin_array();
        for (const std::string& note : action.notes) line.string(note);
        line.end_array();
    }
    return end_line(line);
}

std::string summary_json(const Summary& summary) {
    json::Writer line = begin_line("summary");
    line.member("connection", summary.connection).member("flow", summary.flow);
    line.member("dry_run", summary.dry_run).member("complete", summary.complete);
    line.member("created", summary.created).member("updated", summary.updated);
    line.member("adopted", summary.adopted).member("same", summary.same);
    line.member("cancelled", summary.cancelled).member("skipped", summary.skipped);
    line.member("rejected", summary.rejected).member("parked", summary.parked);
    line.member("parked_total", summary.parked_total).member("unknown", summary.unknown);
    line.key("requests").begin_object();
    for (const char* side : {"baselinker", "ongoing"}) {
        const auto found = summary.requests.find(side);
        line.member(side, found == summary.requests.end() ? std::int64_t{0} : found->second);
    }
    line.end_object();
    line.member("duration_ms", summary.duration_ms).member("exit_code", summary.exit_code);
    line.member("newly_parked", summary.newly_parked);
    if (summary.flow == "orders")
        line.member("before_cutover", summary.before_cutover)
            .member("delayed", summary.delayed)
            .member("will_fail", summary.will_fail);
    if (summary.flow == "shipments") line.member("before_cutover", summary.before_cutover);
    return end_line(line);
}

std::string error_json(const std::string& connection, const Error& error) {
    json::Writer line = begin_line("error");
    line.member("code", to_string(error.kind)).member("message", error.message);
    member_or_null(line, "where", error.where);
    member_or_null(line, "remedy", error.remedy);
    member_or_null(line, "connection", connection);
    member_if_any(line, "remote_code", error.code);
    if (error.http_status != 0) line.member("http_status", error.http_status);
    if (error.retry_at) line.member("retry_at", format_utc(*error.retry_at));
    return end_line(line);
}

std::string message_json(const std::string& message_type, const std::string& connection, const std::string& text,
                         const std::string& bodies) {
    json::Writer line = begin_line(message_type);
    member_or_null(line, "connection", connection);
    line.member("message", text);
    member_if_any(line, "bodies", bodies);
    return end_line(line);
}

std::string row_json(const std::string& message_type, const std::vector<Reporter::Cell>& cells) {
    json::Writer line = begin_line(message_type);
    for (const Reporter::Cell& cell : cells) {
        if (cell.value)
            line.key(cell.name).value(*cell.value);
        else
            line.member(cell.name, cell.text);
    }
    return end_line(line);
}

} // namespace blongo::report

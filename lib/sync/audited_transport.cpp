// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/audited_transport.hpp>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>

namespace blongo::sync {

namespace {

/// The value of one member of a form, decoded; "" if there is none.
std::string form_value(std::string_view body, std::string_view name) {
    for (const std::string& pair : split(body, '&')) {
        const auto equals = pair.find('=');
        if (equals != std::string::npos && std::string_view(pair).substr(0, equals) == name)
            return percent_decode(std::string_view(pair).substr(equals + 1), true);
    }
    return {};
}

std::string words_of(const json::Value& value) {
    return value.is_string() || value.is_number() ? std::string(value.text()) : std::string{};
}

json::Value object_of(const std::string& text) {
    auto parsed = json::Value::parse(text);
    return parsed ? std::move(*parsed) : json::Value::object();
}

/// The id that follows a folder of the path: 1201 of ".../orders/1201/files".
std::string id_after(std::string_view url, std::string_view folder) {
    const auto at = url.find(folder);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = url.substr(at + folder.size());
    const std::string_view id = rest.substr(0, rest.find_first_not_of("0123456789"));
    return std::string(id);
}

std::vector<std::string> of_ongoing(const http::Request& request) {
    if (const auto id = id_after(request.url, "/api/v1/orders/"); !id.empty()) return {"ongoing-order:" + id};
    const json::Value body = object_of(request.body);
    if (request.url.find("/api/v1/returnOrders") != std::string::npos) {
        const std::string number = words_of(body["returnOrderNumber"]);
        return {state::audited_object("returns", number)};
    }
    if (request.url.find("/api/v1/orders") != std::string::npos) {
        std::string number = words_of(body["goodsOwnerOrderId"]);
        if (number.empty()) number = words_of(body["orderNumber"]);
        return {state::audited_object("orders", number)};
    }
    const std::string number = words_of(body["articleNumber"]);
    if (!number.empty()) return {"article:" + number};
    return {std::string{}};
}

std::vector<std::string> of_baselinker(const http::Request& request) {
    const json::Value parameters = object_of(form_value(request.body, "parameters"));
    std::vector<std::string> out;
    for (const auto& [member, prefix] : {std::pair{"order_id", "order:"},
                                         {"return_id", "return:"},
                                         {"package_id", "package:"},
                                         {"order_ids", "order:"},
                                         {"package_ids", "package:"}}) {
        const json::Value& value = parameters[member];
        for (const auto& item : value.elements())
            if (std::string id = words_of(item); !id.empty()) out.push_back(prefix + id);
        if (std::string id = words_of(value); !id.empty()) out.push_back(prefix + id);
        if (!out.empty()) return out;
    }
    return {std::string{}};
}

/// What a failed call left behind.
std::string_view outcome_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::ambiguous:
    case ErrorKind::unavailable: return "unknown";
    case ErrorKind::not_sent:
    case ErrorKind::throttled:
    case ErrorKind::timeout:
    case ErrorKind::stopped: return "not_sent";
    default: return "rejected";
    }
}

} // namespace

std::vector<std::string> written_objects(const http::Request& request) {
    return request.name.starts_with("baselinker") ? of_baselinker(request) : of_ongoing(request);
}

Result<http::Response> AuditedTransport::send(const http::Request& request) {
    if (request.effect == http::Effect::read) return next_.send(request);
    auto outcome = next_.send(request);
    state::AuditEvent event;
    event.kind = "write";
    event.verb = http::to_string(request.effect);
    event.endpoint = request.name;
    event.request = sha256_hex(request.body);
    if (outcome) {
        event.outcome = "done";
        event.code = fmt::to_string(outcome->status);
        event.response = sha256_hex(outcome->body);
    } else {
        const Error& error = outcome.error();
        event.outcome = outcome_of(error.kind);
        event.code = error.http_status != 0 ? fmt::to_string(error.http_status) : std::string(to_string(error.kind));
        if (!error.code.empty()) event.code += " " + error.code;
    }
    for (const std::string& object : written_objects(request)) {
        event.object = object;
        audit_.note(event);
    }
    return outcome;
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include "sandbox.hpp"

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "couriers.hpp"
#include "php.hpp"

namespace blongo::sandbox {

namespace {

constexpr Milliseconds window{60'000};

Fields form_of(const std::string& body) {
    Fields fields;
    for (const std::string& pair : split(body, '&')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        fields.emplace_back(percent_decode(pair.substr(0, equals), true),
                            equals == std::string::npos ? std::string{} : percent_decode(pair.substr(equals + 1), true));
    }
    return fields;
}

bool is_form(const Exchange& exchange) {
    return to_lower_ascii(first(exchange.headers, "content-type")).starts_with("application/x-www-form-urlencoded");
}

/// "2026-11-24 06:00:59" in the zone of the setting.
std::string message_time(Timestamp time, const std::string& zone) {
    const std::string minutes = format_local(time, zone);
    return fmt::format("{}:{:02}", minutes.substr(0, 16), to_unix_seconds(time) % 60);
}

} // namespace

Reply Sandbox::base_reply(const json::Value& answer, std::uint64_t seq) const {
    Reply reply;
    reply.content_type = "text/html; charset=UTF-8";
    reply.body = php_encode(settings_.quirks ? with_quirks(answer, seq) : answer);
    return reply;
}

Reply Sandbox::block(Account& account, Milliseconds duration) {
    account.rate.blocked_since = steady_now();
    account.rate.blocked_until = steady_now() + duration;
    return base_reply(base_error("ERROR_BLOCKED_TOKEN", fmt::format("Query limit exceeded, token blocked until {}",
                                                                    message_time(now() + duration, settings_.block_time_zone))),
                      0);
}

std::optional<Reply> Sandbox::count_against_limit(Call& call, Account& account) {
    RateWindow& rate = account.rate;
    const Milliseconds time = steady_now();
    while (!rate.calls.empty() && rate.calls.front() <= time - window) rate.calls.pop_front();
    rate.calls.push_back(time);
    rate.most = std::max(rate.most, rate.calls.size());
    ++rate.total;
    if (time < rate.blocked_until) {
        ++rate.refused;
        if (time >= rate.blocked_since + Milliseconds{settings_.block_grace})
            violate(call.seq, "called_while_blocked", call.operation, "the token is blocked; the client knew it");
        return base_reply(base_error("ERROR_BLOCKED_TOKEN",
                                     fmt::format("Query limit exceeded, token blocked until {}",
                                                 message_time(now() + (rate.blocked_until - time), settings_.block_time_zone))),
                          0);
    }
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(0, settings_.rate_limit));
    if (limit > 0 && rate.calls.size() > limit) return block(account, Seconds{settings_.block_seconds});
    return std::nullopt;
}

Reply Sandbox::baselinker(Exchange& exchange) {
    Call call{exchange, 0, "baselinker", {}, {}, {}, false};
    const Fields form = form_of(exchange.body);
    call.operation = first(form, "method");
    if (call.operation.empty()) call.operation = "(none)";
    Entry entry;
    entry.account = std::string(first(exchange.headers, "x-bltoken")).substr(0, 4) + "...";
    if (auto parameters = json::Value::parse(std::string(first(form, "parameters")))) entry.parameters = std::move(*parameters);
    Milliseconds latency{0};
    {
        const std::lock_guard lock(mutex_);
        latency = Milliseconds{settings_.latency_baselinker};
        arrive(call, std::move(entry), world_.account(first(exchange.headers, "x-bltoken")));
    }
    return serve(
        call, [&](Call& executed) { return execute_baselinker(executed, form); }, latency);
}

Reply Sandbox::execute_baselinker(Call& call, const Fields& form) {
    const std::lock_guard lock(mutex_);
    const Exchange& exchange = call.exchange;
    const auto refuse = [&](const char* kind, const char* where, const char* detail, const char* code, const char* message) {
        violate(call.seq, kind, where, detail);
        if (journal_.has(call.seq)) journal_.at(call.seq).error_code = code;
        return base_reply(base_error(code, message), 0);
    };
    if (exchange.method != "POST" || !is_form(exchange))
        return refuse("content_type", "request", "a POST with application/x-www-form-urlencoded is due", "ERROR_UNKNOWN_METHOD",
                      "An unknown method has been used");
    if (exchange.chunked)
        return refuse("chunked_body", "header Content-Length", "the body came in chunks, without Content-Length",
                      "ERROR_UNKNOWN_METHOD", "An unknown method has been used");
    const std::string_view token = first(exchange.headers, "x-bltoken");
    if (count(form, "token") > 0)
        return refuse("two_tokens", "form token", "the token belongs into the header X-BLToken, and only there",
                      "ERROR_BAD_TOKEN", "Invalid user token");
    if (token.empty())
        return refuse("empty_token", "header X-BLToken", "no token", "ERROR_EMPTY_TOKEN", "No user token provided.");
    Account* account = world_.account(token);
    if (account == nullptr)
        return refuse("bad_token", "header X-BLToken", "no account has this token", "ERROR_BAD_TOKEN", "Invalid user token");
    const BaseMethod* method = find_method(first(form, "method"));
    if (method == nullptr || count(form, "method") != 1)
        return refuse("unknown_method", "form method", "there is no such method", "ERROR_UNKNOWN_METHOD",
                      "An unknown method has been used");
    for (const auto& [name, value] : form)
        if (name != "method" && name != "parameters")
            return refuse("unknown_parameter", "form", "only method and parameters are form fields", "ERROR_INVALID_DATA", "");
    const auto parameters = json::Value::parse(std::string(first(form, "parameters")));
    if (!parameters || !parameters->is_object())
        return refuse("not_json", "form parameters", "one JSON object is due", "ERROR_PARSE_JSON_PARAMETERS", "");

    Context surroundings = context(call.seq);
    if (settings_.tracking_step_seconds > 0) advance_tracking(*account, surroundings);
    BaseCall base{*account, surroundings, *parameters};
    const json::Value answer = run_method(*method, base);
    call.committed = answer["status"].text() == "SUCCESS";
    if (journal_.has(call.seq)) journal_.at(call.seq).error_code = answer["error_code"].text();
    return base_reply(answer, call.seq);
}

} // namespace blongo::sandbox

// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/verdict.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/tolerant.hpp>
#include <blongo/http/body.hpp>
#include <blongo/http/retry_after.hpp>

namespace blongo::baselinker {
namespace {

using namespace std::chrono_literals;
using http::BodyForm;

constexpr Milliseconds longest_block = 20min; // a date farther away is read in the wrong time zone
constexpr Milliseconds usual_block = 10min;
constexpr Milliseconds block_margin = 10s;
constexpr std::size_t message_characters = 500;

/// Reactions to the codes of 1.2. Any other code means: permanent for this payload.
struct CodeRule {
    std::string_view code;
    ErrorKind kind;
    std::string_view remedy;
};
constexpr std::string_view token_remedy =
    "check the API token: in BaseLinker under My account, API; it goes into token_file of [baselinker]";
constexpr std::array code_rules{
    CodeRule{"ERROR_BLOCKED_TOKEN", ErrorKind::throttled, ""},
    CodeRule{"ERROR_TOO_MANY_REQUESTS", ErrorKind::throttled, ""},
    CodeRule{"ERROR_REQUESTS_LIMIT_EXCEEDED", ErrorKind::throttled, ""},
    CodeRule{"ERROR_EMPTY_TOKEN", ErrorKind::auth, token_remedy},
    CodeRule{"ERROR_BAD_TOKEN", ErrorKind::auth, token_remedy},
    CodeRule{"ERROR_AUTH_TOKEN", ErrorKind::auth, token_remedy},
    CodeRule{"ERROR_USER_ACCOUNT_BLOCKED", ErrorKind::auth,
             "the BaseLinker account is suspended: its owner must settle that with BaseLinker"},
    CodeRule{"ERROR_PRODUCT_ID", ErrorKind::not_found, "look the product up in BaseLinker"},
    CodeRule{"ERROR_ORDER_NOT_FOUND", ErrorKind::not_found, "look the order up in BaseLinker"},
    CodeRule{"ERROR_UNKNOWN_METHOD", ErrorKind::rejected,
             "check url of [baselinker]; something on the way may have changed the request"},
};

bool is_read(std::string_view method) {
    return method.starts_with("get");
}

bool speaks_of_limit(std::string_view message) {
    const std::string lower = to_lower_ascii(message);
    return lower.find("query limit exceeded") != std::string::npos || lower.find("blocked until") != std::string::npos;
}

std::string plain(std::string_view text) {
    return cut_characters(html_to_text(text), message_characters);
}

/// "2026-11-23 14:07:31" anywhere in the text.
std::optional<std::string> find_date(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-dd dd:dd:dd";
    const auto fits = [&](std::size_t at) {
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const char c = text[at + i];
            if (shape[i] == 'd' ? c < '0' || c > '9' : c != shape[i]) return false;
        }
        return true;
    };
    for (std::size_t at = 0; at + shape.size() <= text.size(); ++at)
        if (fits(at)) return std::string(text.substr(at, shape.size()));
    return std::nullopt;
}

Error error_of(ErrorKind kind, const http::Response& response, const std::string& method, std::string message,
               std::string_view remedy = {}) {
    Error error = make_error(kind, std::move(message), "baselinker " + method, std::string(remedy));
    error.http_status = response.status;
    return error;
}

Error throttled(const http::Response& response, const std::string& method, std::string_view message, Timestamp now) {
    std::string said = plain(message);
    Error error = error_of(ErrorKind::throttled, response, method,
                           said.empty() ? "the request limit of the BaseLinker account is used up" : said,
                           "wait until the block ends; no call is sent before");
    error.retry_at = http::parse_retry_after(response.header("retry-after"), now);
    if (!error.retry_at) error.retry_at = end_of_block(message, now);
    return error;
}

/// The error that an answer with status ERROR stands for.
Error api_error(const http::Response& response, const std::string& method, json::Node root, Timestamp now) {
    const std::string code(tolerant::text(root["error_code"]).value);
    const std::string_view message = tolerant::text(root["error_message"]).value;
    const auto rule =
        std::find_if(code_rules.begin(), code_rules.end(), [&](const CodeRule& candidate) { return candidate.code == code; });
    const bool known = rule != code_rules.end();
    if (speaks_of_limit(message) || (known && rule->kind == ErrorKind::throttled)) {
        Error error = throttled(response, method, message, now);
        error.code = code;
        return error;
    }
    std::string said = plain(message);
    if (said.empty()) said = "BaseLinker refused the call without a reason";
    if (!code.empty()) said += " (" + code + ")";
    Error error = error_of(known ? rule->kind : ErrorKind::rejected, response, method, std::move(said),
                           known ? rule->remedy : std::string_view{});
    if (code == "ERROR_STORAGE_ID" && is_read(method)) {
        error.kind = ErrorKind::config;
        error.remedy = "check inventory_id of the connection: it must be a catalogue of this account";
    }
    error.code = code;
    return error;
}

/// What the status alone says, once the body has shown no reason.
std::optional<Error> status_error(const http::Response& response, const std::string& method, BodyForm form, Timestamp now) {
    const int status = response.status;
    const auto failed = [&](ErrorKind kind, const std::string& message, std::string_view remedy = {}) {
        return error_of(kind, response, method, message + " (HTTP " + std::to_string(status) + ")", remedy);
    };
    if (status >= 200 && status < 300) return std::nullopt;
    if (status >= 300 && status < 400)
        return failed(ErrorKind::protocol, "BaseLinker answered with a redirect, which is never followed",
                      "check url of [baselinker]");
    if (status == 401) return failed(ErrorKind::auth, "BaseLinker refused the credentials", token_remedy);
    if (status == 403 && form == BodyForm::json)
        return failed(ErrorKind::auth, "BaseLinker refused the credentials", token_remedy);
    if (status == 403)
        return failed(ErrorKind::edge, "a firewall in front of BaseLinker refused this request",
                      "if plain reads are refused too, the address of this machine is blocked there");
    if (status == 408) return failed(ErrorKind::ambiguous, "BaseLinker gave up waiting for the request");
    if (status == 429) return throttled(response, method, {}, now);
    if (status >= 500) {
        const bool gateway = status >= 502 && status <= 504;
        Error error = failed(gateway ? ErrorKind::unavailable : ErrorKind::ambiguous,
                             gateway ? "BaseLinker cannot be reached behind its front end" : "BaseLinker failed");
        error.retry_at = http::parse_retry_after(response.header("retry-after"), now);
        return error;
    }
    return failed(ErrorKind::rejected, "BaseLinker refused the request: " + plain(response.body.substr(0, 2048)),
                  "check url of [baselinker]");
}

/// Whether the code in the body says more than the status of HTTP.
bool code_counts(int status) {
    if (status >= 200 && status < 300) return true;
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 && status != 429;
}

} // namespace

Timestamp end_of_block(std::string_view message, Timestamp now) {
    const auto date = find_date(message);
    const auto as_utc = date ? parse_timestamp(date->substr(0, 10) + "T" + date->substr(11) + "Z") : std::nullopt;
    if (!as_utc) return now + usual_block;
    const auto fits = [&](Timestamp time) { return time > now && time <= now + longest_block; };
    for (const Milliseconds offset : {Milliseconds(1h), Milliseconds(2h)}) { // CET, CEST
        const Timestamp as_warsaw = *as_utc - offset;
        const bool is_that_time = format_local(as_warsaw, "Europe/Warsaw").starts_with(date->substr(0, 16));
        if (is_that_time && fits(as_warsaw)) return as_warsaw + block_margin;
    }
    return fits(*as_utc) ? *as_utc + block_margin : now + usual_block;
}

Verdict judge(const http::Response& response, const std::string& method, Timestamp now) {
    const BodyForm form = http::form_of(response.body);
    const bool is_success = response.status >= 200 && response.status < 300;
    std::optional<json::Document> document;
    std::string parse_error;
    if (form == BodyForm::json) {
        if (auto parsed = http::parse_body(response.body))
            document = std::move(*parsed);
        else
            parse_error = parsed.error().message;
    }
    if (document && document->root().is_object()) {
        const json::Node root = document->root();
        const std::string status = to_lower_ascii(tolerant::text(root["status"]).value);
        if (status == "error" || !tolerant::text(root["error_code"]).value.empty()) {
            Error error = api_error(response, method, root, now);
            const bool decided = error.kind == ErrorKind::throttled || error.kind == ErrorKind::auth;
            if (decided || code_counts(response.status)) return {std::move(error), std::nullopt};
        } else if (is_success && status == "success") {
            return {std::nullopt, std::move(document)};
        }
    }
    if (auto error = status_error(response, method, form, now)) return {std::move(error), std::nullopt};

    // From here on: 2xx, and not the answer that the contract promises.
    const auto failed = [&](ErrorKind kind, std::string message) {
        return Verdict{error_of(kind, response, method, std::move(message)), std::nullopt};
    };
    const ErrorKind unexpected = is_read(method) ? ErrorKind::protocol : ErrorKind::ambiguous;
    switch (form) {
    case BodyForm::empty: return failed(ErrorKind::ambiguous, "BaseLinker answered with an empty body");
    case BodyForm::html: return failed(ErrorKind::unavailable, "BaseLinker answered with a web page instead of JSON");
    case BodyForm::other: return failed(ErrorKind::unavailable, "BaseLinker answered with something else than JSON");
    case BodyForm::json: break;
    }
    if (!document) {
        if (http::breaks_off(response.body))
            return failed(ErrorKind::ambiguous, "BaseLinker's answer breaks off: " + parse_error);
        return failed(unexpected, "BaseLinker's answer is not valid JSON: " + parse_error);
    }
    return failed(unexpected, "BaseLinker's answer says neither SUCCESS nor ERROR");
}

Error in_method(Error error, const std::string& method) {
    error.where = "baselinker " + method + (error.where.empty() ? "" : " " + error.where);
    return error;
}

std::optional<Error> classify(const http::Response& response, const std::string& method, Timestamp now) {
    return judge(response, method, now).error;
}

} // namespace blongo::baselinker

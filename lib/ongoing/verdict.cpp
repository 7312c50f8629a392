// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/verdict.hpp>

#include <vector>

#include <blongo/base/text.hpp>
#include <blongo/http/body.hpp>
#include <blongo/http/retry_after.hpp>
#include <blongo/ongoing/client.hpp>

namespace blongo::ongoing {
namespace {

using http::BodyForm;

constexpr std::size_t raw_bytes = 2048;
constexpr std::size_t message_characters = 500;
constexpr std::string_view iis_message = "An error has occurred.";

/// A member whatever the case of its first letter.
json::Node member(json::Node object, std::string_view lower_case_name) {
    for (const json::Node candidate : object)
        if (to_lower_ascii(candidate.key()) == lower_case_name) return candidate;
    return {};
}

std::string plain(std::string_view text) {
    return cut_characters(html_to_text(text), message_characters);
}

/// Builds the errors of one answer.
struct Failure {
    const http::Response& response;
    std::string_view name;
    Timestamp now;

    [[nodiscard]] Error make(ErrorKind kind, std::string message, std::string remedy = {}) const {
        Error error = make_error(kind, std::move(message), std::string(name), std::move(remedy));
        error.http_status = response.status;
        error.retry_at = http::parse_retry_after(response.header("retry-after"), now);
        return error;
    }
};

Error status_error(const Failure& failure, BodyForm form) {
    const int status = failure.response.status;
    const std::string code = " (HTTP " + std::to_string(status) + ")";
    const auto refused = [&](ErrorKind kind, std::string_view what, std::string remedy = {}) {
        const std::string reason = refusal_text(failure.response.body);
        return failure.make(kind, std::string(what) + code + (reason.empty() ? "" : ": " + reason), std::move(remedy));
    };
    if (status < 400)
        return failure.make(ErrorKind::protocol, "Ongoing answered with an unexpected status" + code,
                            "check url of [ongoing]; redirects are never followed");
    constexpr const char* credentials = "check username, password and goods_owner_id of [ongoing]";
    switch (status) {
    case 401: return failure.make(ErrorKind::auth, "Ongoing refused the user name or password" + code, credentials);
    case 403:
        if (form == BodyForm::json) return refused(ErrorKind::auth, "Ongoing refused access", credentials);
        return failure.make(ErrorKind::edge, "a firewall in front of Ongoing refused this request" + code,
                            "if plain reads are refused too, the address of this machine is blocked there");
    case 404:
        return refused(ErrorKind::not_found, "Ongoing knows no such object or address",
                       "if every call says so, check url of [ongoing]");
    case 408: return failure.make(ErrorKind::ambiguous, "Ongoing gave up waiting for the request" + code);
    case 429: return refused(ErrorKind::throttled, "Ongoing asks for fewer requests");
    case 502:
    case 503:
    case 504: return failure.make(ErrorKind::unavailable, "Ongoing cannot be reached behind its front end" + code);
    default: break;
    }
    if (status < 500) return refused(ErrorKind::rejected, "Ongoing refused");
    Error error = refused(ErrorKind::ambiguous, "Ongoing failed");
    if (error.message.ends_with(iis_message))
        error.remedy = "if every call is answered so, Ongoing's front end refuses this HTTP client: look for a "
                       "proxy that changes requests on the way";
    return error;
}

} // namespace

std::string Operation::name() const {
    return "ongoing " + std::string(method) + " " + std::string(path);
}

std::string refusal_text(std::string_view body) {
    std::vector<std::string> parts;
    if (http::form_of(body) == BodyForm::json) {
        if (const auto document = http::parse_body(body)) {
            const json::Node root = document->root();
            for (const std::string_view name : {"message", "exceptionmessage"})
                if (const json::Node text = member(root, name); text.is_string() && !text.text().empty())
                    parts.push_back(plain(text.text()));
            for (const json::Node field : member(root, "modelstate")) {
                std::vector<std::string> reasons;
                if (field.is_string()) reasons.push_back(plain(field.text()));
                for (const json::Node reason : field) reasons.push_back(plain(reason.text()));
                parts.push_back(std::string(field.key()) + ": " + join(reasons, " "));
            }
        }
    }
    if (!parts.empty()) return cut_characters(join(parts, " "), message_characters);
    return plain(body.substr(0, raw_bytes));
}

Verdict judge(const http::Response& response, const Operation& operation, std::string_view name, Timestamp now) {
    const Failure failure{response, name, now};
    const auto failed = [&](ErrorKind kind, std::string message) {
        return Verdict{failure.make(kind, std::move(message)), std::nullopt};
    };
    const BodyForm form = http::form_of(response.body);
    if (response.status < 200 || response.status >= 300) return {status_error(failure, form), std::nullopt};

    const bool is_read = operation.effect == http::Effect::read;
    const ErrorKind no_json = is_read ? ErrorKind::unavailable : ErrorKind::ambiguous;
    switch (form) {
    case BodyForm::empty: return failed(ErrorKind::ambiguous, "Ongoing answered with an empty body");
    case BodyForm::html: return failed(no_json, "Ongoing answered with a web page instead of JSON");
    case BodyForm::other: return failed(no_json, "Ongoing answered with something else than JSON");
    case BodyForm::json: break;
    }
    auto document = http::parse_body(response.body);
    if (!document) {
        const std::string reason = document.error().message;
        if (http::breaks_off(response.body)) return failed(ErrorKind::ambiguous, "Ongoing's answer breaks off: " + reason);
        return failed(is_read ? ErrorKind::protocol : ErrorKind::ambiguous, "Ongoing's answer is not valid JSON: " + reason);
    }
    const json::Node root = document->root();
    if (const json::Node success = root["success"]; success.kind() == json::Kind::boolean && !success.is_true()) {
        const std::string said = refusal_text(response.body);
        return failed(ErrorKind::rejected, "Ongoing refused: " + (said.empty() ? "no reason given" : said));
    }
    if (!operation.id_member.empty() && !root[operation.id_member].is_number())
        return failed(ErrorKind::ambiguous,
                      "Ongoing answered without " + std::string(operation.id_member) + ": the outcome is unknown");
    return {std::nullopt, std::move(*document)};
}

std::optional<Error> classify(const http::Response& response, const std::string& name, http::Effect effect, Timestamp now) {
    return judge(response, Operation{{}, {}, effect}, name, now).error;
}

} // namespace blongo::ongoing

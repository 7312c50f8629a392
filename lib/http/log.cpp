// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <blongo/base/text.hpp>
#include <blongo/http/decorators.hpp>

namespace blongo::http {
namespace {

constexpr std::array<std::string_view, 6> credential_headers{"authorization", "cookie",    "proxy-authorization",
                                                             "set-cookie",    "x-api-key", "x-bltoken"};

std::string headers_text(const std::vector<Header>& headers, const Redactor& redactor) {
    std::string text;
    for (const Header& header : headers) {
        const bool hidden = std::find(credential_headers.begin(), credential_headers.end(), to_lower_ascii(header.name)) !=
                            credential_headers.end();
        text += header.name + ": " + (hidden ? "***" : redactor.clean(header.value)) + "\n";
    }
    return text;
}

// Cleaned before it is cut: the cut could leave the first half of a secret that nobody recognises.
std::string body_text(const std::string& body, const Redactor& redactor) {
    std::string text = redactor.clean(body);
    if (text.size() > LogTransport::body_limit) {
        const std::size_t rest = text.size() - LogTransport::body_limit;
        text.resize(LogTransport::body_limit);
        text += "\n... " + std::to_string(rest) + " more bytes";
    }
    return text;
}

} // namespace

LogTransport::LogTransport(Transport& next, const Redactor& redactor, Clock& clock, bool with_bodies,
                           std::function<void(const Exchange&)> sink)
    : next_(next), redactor_(redactor), clock_(clock), with_bodies_(with_bodies), sink_(std::move(sink)) {}

Result<Response> LogTransport::send(const Request& request) {
    Exchange exchange;
    exchange.at = clock_.now();
    const Milliseconds begun = clock_.boot_time();
    Result<Response> outcome = next_.send(request);
    exchange.took = clock_.boot_time() - begun;

    exchange.name = redactor_.clean(request.name);
    exchange.method = redactor_.clean(request.method);
    exchange.url = redactor_.clean(request.url);
    exchange.effect = request.effect;
    exchange.bytes_sent = request.body.size();
    if (outcome) {
        exchange.status = outcome->status;
        exchange.bytes_received = outcome->body.size();
        if (const auto& verdict = verdict_of(request, *outcome)) exchange.error = redactor_.clean(verdict->text());
    } else {
        exchange.status = outcome.error().http_status;
        exchange.error = redactor_.clean(outcome.error().text());
    }
    if (with_bodies_) {
        exchange.request_headers = headers_text(request.headers, redactor_);
        exchange.request_body = body_text(request.body, redactor_);
        if (outcome) {
            exchange.response_headers = headers_text(outcome->headers, redactor_);
            exchange.response_body = body_text(outcome->body, redactor_);
        }
    }
    sink_(exchange);
    return outcome;
}

} // namespace blongo::http

// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/client.hpp>

#include <memory>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/verdict.hpp>

namespace blongo::baselinker {

std::string form_body(const std::string& method, const std::string& parameters) {
    return "method=" + percent_encode(method) + "&parameters=" + percent_encode(parameters);
}

Client::Client(http::Transport& transport, Clock& clock, ClientOptions options)
    : transport_(transport), clock_(clock), options_(std::move(options)) {}

Result<json::Document> Client::call(const std::string& method, const std::string& parameters, http::Effect effect,
                                    Milliseconds timeout, http::Departure departure) {
    // Judging an answer needs its JSON: the document stays for us.
    const auto document = std::make_shared<std::optional<json::Document>>();
    http::Request request;
    request.method = "POST";
    request.url = options_.url;
    request.headers = {{"X-BLToken", options_.token.reveal()},
                       {"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    request.body = form_body(method, parameters);
    request.effect = effect;
    request.name = "baselinker " + method;
    request.timeout = timeout;
    request.departure = std::move(departure);
    request.classify = [document, method, &clock = clock_](const http::Response& response) {
        Verdict verdict = judge(response, method, clock.now());
        *document = std::move(verdict.document);
        return std::move(verdict.error);
    };
    auto answer = http::judged(request, transport_.send(request));
    if (!answer) {
        if (answer.error().where.empty()) answer.error().where = request.name;
        return fail(std::move(answer).error());
    }
    if (!*document) { // judged by somebody else's classify
        Verdict verdict = judge(*answer, method, clock_.now());
        if (verdict.error) return fail(std::move(*verdict.error));
        *document = std::move(verdict.document);
    }
    return std::move(**document);
}

Result<json::Document> Client::read(const std::string& method, const std::string& parameters) {
    return call(method, parameters, http::Effect::read, options_.read_timeout);
}

Result<json::Document> Client::call_courier(const std::string& method, const std::string& parameters, http::Effect effect,
                                            http::Departure departure) {
    return call(method, parameters, effect, options_.courier_timeout, std::move(departure));
}

} // namespace blongo::baselinker

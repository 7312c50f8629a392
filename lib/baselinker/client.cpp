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
    BLONGO_TRY(auto document, call_unless_known(method, parameters, effect, timeout, std::move(departure), nullptr));
    return std::move(*document);
}

Result<std::optional<json::Document>> Client::call_unless_known(const std::string& method, const std::string& parameters,
                                                                http::Effect effect, Milliseconds timeout,
                                                                http::Departure departure, const KnowsAnswer* knows) {
    // Judging an answer needs its JSON: the document stays for us. An answer that somebody knows was a good one before.
    const auto document = std::make_shared<std::optional<json::Document>>();
    const auto is_known = std::make_shared<bool>(false);
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
    request.classify = [=, &parameters, &clock = clock_](const http::Response& response) -> std::optional<Error> {
        *is_known = knows != nullptr && response.status == 200 && (*knows)(parameters, response.body);
        if (*is_known) return std::nullopt;
        Verdict verdict = judge(response, method, clock.now());
        *document = std::move(verdict.document);
        return std::move(verdict.error);
    };
    auto answer = http::judged(request, transport_.send(request));
    if (!answer) {
        if (answer.error().where.empty()) answer.error().where = request.name;
        return fail(std::move(answer).error());
    }
    if (*is_known) return std::nullopt;
    if (!*document) { // judged by somebody else's classify
        Verdict verdict = judge(*answer, method, clock_.now());
        if (verdict.error) return fail(std::move(*verdict.error));
        *document = std::move(verdict.document);
    }
    return std::move(*document);
}

Result<json::Document> Client::read(const std::string& method, const std::string& parameters) {
    return call(method, parameters, http::Effect::read, options_.read_timeout);
}

Result<json::Document> Client::call_courier(const std::string& method, const std::string& parameters, http::Effect effect,
                                            http::Departure departure) {
    return call(method, parameters, effect, options_.courier_timeout, std::move(departure));
}

} // namespace blongo::baselinker

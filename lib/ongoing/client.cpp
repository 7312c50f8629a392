// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/client.hpp>

#include <algorithm>
#include <memory>
#include <optional>

#include <blongo/base/text.hpp>
#include <blongo/json/writer.hpp>
#include <blongo/ongoing/paging.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {

Client::Client(http::Transport& transport, Clock& clock, ClientOptions options)
    : transport_(transport), clock_(clock), options_(std::move(options)) {}

http::Query Client::owner() const {
    return {{"goodsOwnerId", std::to_string(options_.goods_owner_id.value())}};
}

std::string Client::with_owner(const json::Value& model) const {
    json::Writer text;
    text.begin_object().member("goodsOwnerId", options_.goods_owner_id.value());
    for (const auto& [name, value] : model.members())
        if (name != "goodsOwnerId") text.key(name).value(value);
    return text.end_object().take();
}

Result<json::Document> Client::call(const Operation& operation, const std::string& path, const http::Query& query,
                                    std::string body, http::Departure departure) {
    // Judging an answer needs its JSON: the document stays for us.
    const auto document = std::make_shared<std::optional<json::Document>>();
    http::Request request;
    request.method = operation.method;
    request.url = http::build_url(options_.url, "/api/v1" + path, query);
    request.headers = {{"Authorization", "Basic " + base64_encode(options_.username + ":" + options_.password.reveal())},
                       {"Accept", "application/json"}};
    if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(body);
    request.effect = operation.effect;
    request.name = operation.name();
    request.timeout = options_.timeout;
    request.departure = std::move(departure);
    request.classify = [document, operation, name = request.name, &clock = clock_](const http::Response& response) {
        Verdict verdict = judge(response, operation, name, clock.now());
        *document = std::move(verdict.document);
        return std::move(verdict.error);
    };
    auto answer = http::judged(request, transport_.send(request));
    if (!answer) {
        if (answer.error().where.empty()) answer.error().where = request.name;
        return fail(std::move(answer).error());
    }
    if (!*document) { // judged by somebody else's classify
        Verdict verdict = judge(*answer, operation, request.name, clock_.now());
        if (verdict.error) return fail(std::move(*verdict.error));
        *document = std::move(verdict.document);
    }
    return std::move(**document);
}

Result<void> Client::look_up(const Operation& operation, const http::Query& fixed, const std::string& key,
                             std::span<const std::string> values, const std::function<Result<void>(json::Node)>& answer) {
    const auto length = [](const auto& pair) {
        return percent_encode(pair.first).size() + percent_encode(pair.second).size() + 2;
    };
    std::size_t fixed_bytes = 0;
    for (const auto& pair : fixed) fixed_bytes += length(pair);
    for (std::size_t next = 0; next < values.size();) {
        http::Query query = fixed;
        std::size_t bytes = fixed_bytes;
        while (next < values.size()) {
            http::Query::value_type pair{key, values[next]};
            bytes += length(pair);
            if (query.size() > fixed.size() && bytes > limits::query_bytes) break;
            query.push_back(std::move(pair));
            ++next;
        }
        BLONGO_TRY(const auto document, call(operation, std::string(operation.path), query));
        BLONGO_CHECK(answer(document.root()));
    }
    return {};
}

Result<std::optional<std::int64_t>>
read_page(Client& client, const Operation& operation, const http::Query& fixed, const IdPaging& paging, std::int64_t from,
          const std::function<Result<std::int64_t>(json::Node item, std::int64_t from)>& row) {
    const std::string name = operation.name();
    http::Query query = fixed;
    query.emplace_back(paging.cursor, std::to_string(from));
    query.emplace_back(paging.size, std::to_string(paging.rows));
    BLONGO_TRY(const auto document, client.call(operation, std::string(operation.path), query));
    BLONGO_TRY(const json::Node list, list_at(document.root(), name));
    if (list.size() == 0) return std::optional<std::int64_t>{};
    std::int64_t last = from - 1;
    for (const json::Node item : list) {
        BLONGO_TRY(const std::int64_t id, row(item, from));
        last = std::max(last, id);
    }
    if (last < from)
        return fail(ErrorKind::protocol, "the list repeats itself at " + std::string(paging.cursor) + " " + std::to_string(from),
                    name);
    return std::optional{last + 1};
}

Result<void> Client::each_page(const Operation& operation, const http::Query& fixed, const IdPaging& paging,
                               const std::function<Result<std::int64_t>(json::Node, std::int64_t)>& row) {
    std::optional<std::int64_t> from = 0;
    for (int page = 0; page < limits::list_pages_guard && from; ++page) {
        BLONGO_TRY(from, read_page(*this, operation, fixed, paging, *from, row));
    }
    if (from) return fail(ErrorKind::protocol, "the list does not end", operation.name());
    return {};
}

} // namespace blongo::ongoing

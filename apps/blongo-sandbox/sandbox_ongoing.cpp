// SPDX-License-Identifier: Apache-2.0
#include "sandbox.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "warehouse_work.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::string_view api = "/api/v1";
constexpr std::size_t largest_shown = 65'536; // bytes of a body that the journal keeps

Reply ongoing_reply(const OngoingAnswer& answer) {
    return json_reply(answer.body, answer.status);
}

/// User and password of the Authorization header; empty when it is none of Basic.
std::pair<std::string, std::string> credentials(const Exchange& exchange) {
    const std::string_view header = first(exchange.headers, "authorization");
    if (!header.starts_with("Basic ")) return {};
    const auto plain = base64_decode(header.substr(6));
    if (!plain) return {};
    const auto colon = plain->find(':');
    if (colon == std::string::npos) return {};
    return {plain->substr(0, colon), plain->substr(colon + 1)};
}

} // namespace

GoodsOwner* Sandbox::authorised_owner(const Exchange& exchange, std::string_view warehouse, std::optional<std::int64_t> id) {
    const auto [user, password] = credentials(exchange);
    if (user.empty()) return nullptr;
    for (const auto& owner : world_.goods_owners)
        if (owner->warehouse == warehouse && owner->user == user && owner->password == password && (!id || owner->id == *id))
            return owner.get();
    return nullptr;
}

void Sandbox::begin_write(Call& call, const GoodsOwner* owner) {
    if (owner == nullptr || call.exchange.method == "GET") return;
    for (const ActiveWrite& other : writes_)
        if (other.owner == owner && !other.connection->gone())
            violate(call.seq, "parallel_writes", call.operation,
                    fmt::format("write {} of the same goods owner is still in flight", other.seq));
    writes_.push_back({call.seq, owner, &call.exchange.connection});
}

void Sandbox::end_write(const Call& call) {
    std::erase_if(writes_, [&](const ActiveWrite& write) { return write.seq == call.seq; });
}

Reply Sandbox::ongoing(Exchange& exchange) {
    Call call{exchange, 0, "ongoing", {}, {}, {}, false};
    const auto begin = exchange.path.find(api);
    const std::string warehouse = begin == std::string::npos || begin == 0 ? "" : exchange.path.substr(1, begin - 1);
    const std::string_view rest =
        begin == std::string::npos ? std::string_view{} : std::string_view(exchange.path).substr(begin + api.size());
    const OpenApi::Route route = openapi_.route(exchange.method, rest);
    call.operation = route.operation;
    Entry entry;
    if (exchange.body.size() > largest_shown)
        entry.parameters.set("omitted_bytes", static_cast<std::int64_t>(exchange.body.size()));
    else if (auto body = json::Value::parse(exchange.body))
        entry.parameters = std::move(*body);
    Milliseconds latency{0};
    {
        const std::lock_guard lock(mutex_);
        latency = Milliseconds{settings_.latency_ongoing};
        GoodsOwner* owner = authorised_owner(exchange, warehouse, std::nullopt);
        if (const json::Value* id = std::as_const(entry.parameters).find("goodsOwnerId"); id != nullptr)
            if (GoodsOwner* named = authorised_owner(exchange, warehouse, id->integer())) owner = named;
        entry.account = owner == nullptr ? warehouse : fmt::format("{}/{}", warehouse, owner->id);
        arrive(call, std::move(entry));
        begin_write(call, owner);
    }
    return serve(
        call, [&](Call& executed) { return execute_ongoing(executed, route, warehouse); }, latency);
}

Reply Sandbox::execute_ongoing(Call& call, const OpenApi::Route& route, const std::string& warehouse) {
    const std::lock_guard lock(mutex_);
    const Exchange& exchange = call.exchange;
    const auto refuse = [&](const char* kind, std::string where, const std::string& detail, int status) {
        violate(call.seq, kind, std::move(where), detail);
        return json_reply(json::Value::object().set("Message", detail), status);
    };
    if (first(exchange.headers, "user-agent").empty()) {
        violate(call.seq, "no_user_agent", "header User-Agent", "the front end refuses clients without a name");
        return json_reply(json::Value::object().set("Message", "An error has occurred."), 500);
    }
    GoodsOwner* owner = authorised_owner(exchange, warehouse, std::nullopt);
    if (owner == nullptr) {
        violate(call.seq, "bad_credentials", "header Authorization", "no user of this warehouse");
        Reply reply;
        reply.status = 401;
        reply.content_type = "";
        reply.headers.emplace_back("WWW-Authenticate", "Basic");
        return reply;
    }
    const OngoingHandler handler = find_operation(route.operation);
    if (route.definition == nullptr || handler == nullptr)
        return refuse("unknown_operation", exchange.path, fmt::format("no operation {}", route.operation),
                      route.path_exists ? 405 : 404);
    auto problems = openapi_.check_parameters(route, exchange.query);

    json::Value body;
    if (OpenApi::takes_body(route)) {
        if (exchange.chunked) return refuse("chunked_body", "header Content-Length", "Content-Length is due", 411);
        if (!to_lower_ascii(first(exchange.headers, "content-type")).starts_with("application/json"))
            return refuse("content_type", "header Content-Type", "application/json is due", 415);
        if (exchange.body.empty()) return refuse("no_body", "body", "a body is due", 400);
        auto parsed = json::Value::parse(exchange.body);
        if (!parsed) return refuse("not_json", "body", parsed.error().text(), 400);
        body = std::move(*parsed);
        const auto more = openapi_.check_body(route, body);
        problems.insert(problems.end(), more.begin(), more.end());
    } else if (!exchange.body.empty()) {
        return refuse("unexpected_body", "body", "the operation takes no body", 400);
    }
    for (const Problem& problem : problems) journal_.violate(call.seq, problem);
    if (!problems.empty()) return ongoing_reply(invalid(problems));

    std::optional<std::int64_t> named;
    if (count(exchange.query, "goodsOwnerId") > 0) named = json::Value(first(exchange.query, "goodsOwnerId")).integer();
    if (const json::Value* id = std::as_const(body).find("goodsOwnerId")) named = id->integer();
    if (named) {
        owner = authorised_owner(exchange, warehouse, named);
        if (owner == nullptr)
            return refuse("wrong_goods_owner", "goodsOwnerId", fmt::format("The user has no goods owner {}.", *named), 403);
    }
    if (settings_.warehouse_step_seconds > 0) work_by_itself(*owner, Seconds{settings_.warehouse_step_seconds}, now());
    Context surroundings = context(call.seq);
    OngoingCall ongoing_call{*owner, surroundings, route, exchange.query, body};
    const OngoingAnswer answer = handler(ongoing_call);
    call.committed = answer.status < 300;
    return ongoing_reply(answer);
}

} // namespace blongo::sandbox

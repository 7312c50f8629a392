// SPDX-License-Identifier: Apache-2.0
#include "sandbox.hpp"

#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include <blongo/base/text.hpp>

#include "embedded.hpp"
#include "php.hpp"

namespace blongo::sandbox {

namespace {

constexpr Milliseconds slice{20};
constexpr Milliseconds longest_wait{180'000}; // for a client that never hangs up
constexpr std::uint64_t huge_bytes = 200'000'000;
constexpr std::size_t deep = 1'000'000;

constexpr const char* page_502 =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    "</center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";
constexpr const char* page_403 =
    "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you "
    "have been blocked</h1></body></html>";

Reply html(int status, const char* page) {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/html; charset=UTF-8";
    reply.body = page;
    return reply;
}

Reply no_answer() {
    Reply reply;
    reply.status = 0;
    reply.delivery = Reply::Delivery::none;
    return reply;
}

std::string http_date(Timestamp time) {
    const std::time_t seconds = to_unix_seconds(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

Result<json::Value> read_json(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(ErrorKind::usage, "the file cannot be read", path);
    return json::Value::parse({std::istreambuf_iterator<char>(in), {}});
}

/// The built-in world with the names of the command line, and the demo shop if asked for.
Result<json::Value> starting_world(const Options& options) {
    if (!options.world_file.empty()) return read_json(options.world_file);
    BLONGO_TRY(json::Value world, json::Value::parse(std::string(embedded_empty())));
    json::Value& account = world["accounts"].elements().front();
    json::Value& owner = world["goods_owners"].elements().front();
    account.set("token", options.token);
    owner.set("user", options.user).set("password", options.password).set("goodsOwnerId", options.goods_owner_id);
    if (options.demo) {
        BLONGO_TRY(const json::Value demo, json::Value::parse(std::string(embedded_demo())));
        account.set("products", demo["products"]).set("orders", demo["orders"]);
        owner.set("articles", demo["articles"]).set("orders", demo["warehouse_orders"]);
    }
    return world;
}

} // namespace

Milliseconds steady_now() {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

Reply json_reply(const json::Value& value, int status) {
    Reply reply;
    reply.status = status;
    reply.content_type = "application/json; charset=utf-8";
    reply.body = value.dump();
    return reply;
}

Sandbox::Sandbox(const Options& options)
    : settings_(options.settings), server_([this](Exchange& exchange) { return handle(exchange); }) {}

Result<std::unique_ptr<Sandbox>> Sandbox::create(const Options& options) {
    std::unique_ptr<Sandbox> sandbox(new Sandbox(options));
    BLONGO_TRY(const json::Value world, starting_world(options));
    BLONGO_CHECK(sandbox->world_.load(world, sandbox->now()));
    if (options.products > 0 && !sandbox->world_.accounts.empty())
        add_synthetic_products(*sandbox->world_.accounts.front(), options.products);
    for (const std::string& file : options.fault_files) {
        BLONGO_TRY(const json::Value rules, read_json(file));
        BLONGO_CHECK(sandbox->faults_.add(rules));
    }
    return sandbox;
}

int Sandbox::bind(int port) {
    port_ = server_.bind(port);
    return port_;
}

Timestamp Sandbox::now() const {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) + clock_offset_;
}

Context Sandbox::context(std::uint64_t seq) {
    return {now(), settings_, [this, seq](const Problem& problem) { journal_.violate(seq, problem); }};
}

void Sandbox::violate(std::uint64_t seq, std::string kind, std::string where, std::string detail) {
    journal_.violate(seq, {std::move(kind), std::move(where), std::move(detail)});
}

Reply Sandbox::handle(Exchange& exchange) {
    Reply reply = exchange.path.starts_with("/_admin/") ? admin(exchange)
                  : exchange.path == "/connector.php"   ? baselinker(exchange)
                                                        : ongoing(exchange);
    const std::lock_guard lock(mutex_);
    if (settings_.close_connections) {
        reply.headers.emplace_back("Connection", "close");
        exchange.connection.close_after = true;
    }
    webhooks_.send_queued(world_, settings_.webhook_repeat);
    return reply;
}

void Sandbox::arrive(Call& call, Entry entry, Account* account) {
    entry.side = call.side;
    entry.operation = call.operation;
    entry.path = call.exchange.path;
    std::string text = call.exchange.path;
    for (const auto& [name, value] : call.exchange.query) {
        entry.path.append(1, entry.path.size() == call.exchange.path.size() ? '?' : '&')
            .append(name)
            .append(1, '=')
            .append(value);
        text.append(1, '&').append(name).append(1, '=').append(value);
    }
    entry.at = format_utc(now());
    entry.connection = call.exchange.connection.number;
    entry.request = call.exchange.connection.requests;
    entry.port = call.exchange.connection.peer_port;
    text += '\n' + (entry.parameters.is_null() ? call.exchange.body : entry.parameters.dump());
    call.seq = journal_.open(std::move(entry));
    if (account != nullptr) call.refused = count_against_limit(call, *account);
    if (call.refused) {
        journal_.at(call.seq).error_code = "ERROR_BLOCKED_TOKEN";
        return;
    }
    call.fault = faults_.next({call.side, call.operation, text, call.exchange.connection.requests > 1});
}

Reply Sandbox::serve(Call& call, const Execute& execute, Milliseconds latency) {
    wait(latency);
    Reply reply = call.refused                         ? std::move(*call.refused)
                  : call.fault.kind == FaultKind::none ? execute(call)
                                                       : spoil(call, execute);
    const std::lock_guard lock(mutex_);
    end_write(call);
    const Milliseconds skew{call.fault.kind == FaultKind::skew ? call.fault.milliseconds : 0};
    reply.headers.emplace_back("Date", http_date(now() + skew));
    if (journal_.has(call.seq)) {
        Entry& entry = journal_.at(call.seq);
        entry.status = reply.status;
        if (call.fault.kind != FaultKind::none) entry.fault = to_string(call.fault.kind);
        entry.committed = call.committed;
        entry.done = true;
    }
    return reply;
}

Reply Sandbox::spoil(Call& call, const Execute& execute) {
    const Milliseconds duration{call.fault.milliseconds};
    const Connection& connection = call.exchange.connection;
    switch (call.fault.kind) {
    case FaultKind::kill_before: kill_client(call); return no_answer();
    case FaultKind::kill_after: {
        Reply ignored = execute(call);
        kill_client(call);
        return no_answer();
    }
    case FaultKind::late_commit: {
        wait(longest_wait, &connection);
        wait(duration);
        Reply ignored = execute(call);
        return no_answer();
    }
    case FaultKind::stall: {
        if (call.fault.commits()) {
            Reply reply = execute(call);
            wait(duration, &connection);
            return reply;
        }
        wait(duration, &connection);
        return connection.gone() ? no_answer() : execute(call);
    }
    case FaultKind::blocked_token: {
        const std::lock_guard lock(mutex_);
        Account* account = world_.account(first(call.exchange.headers, "x-bltoken"));
        if (account == nullptr) return html(502, page_502);
        if (journal_.has(call.seq)) journal_.at(call.seq).error_code = "ERROR_BLOCKED_TOKEN";
        return block(*account, duration);
    }
    case FaultKind::meanwhile: meanwhile(call); return execute(call);
    default: break;
    }
    Reply reply = call.fault.commits() ? execute(call) : Reply{};
    return spoiled_answer(call, std::move(reply));
}

Reply Sandbox::spoiled_answer(Call& call, Reply reply) const {
    switch (call.fault.kind) {
    case FaultKind::drop_before:
    case FaultKind::drop_after: return no_answer();
    case FaultKind::html_502: return html(502, page_502);
    case FaultKind::html_403: return html(403, page_403);
    case FaultKind::truncated: reply.delivery = Reply::Delivery::half; return reply;
    case FaultKind::status_before:
    case FaultKind::status_after: {
        Reply other;
        other.status = static_cast<int>(call.fault.code);
        other.body = call.fault.body.empty() ? R"({"Message":"An error has occurred."})" : call.fault.body;
        return other;
    }
    case FaultKind::redirect: {
        Reply other;
        other.status = 307;
        other.headers.emplace_back("Location", call.fault.location.empty() ? "http://127.0.0.1:9/" : call.fault.location);
        return other;
    }
    case FaultKind::nesting:
        reply = Reply{};
        reply.body.assign(deep, '[');
        return reply;
    case FaultKind::huge:
        if (reply.body.empty()) reply.body = "{}";
        reply.padding = huge_bytes;
        return reply;
    case FaultKind::empty_listing: {
        const BaseMethod* method = find_method(call.operation);
        if (call.side == "ongoing" || method == nullptr || method->collection.empty()) {
            reply.body = "[]";
        } else {
            reply.body = php_encode(success().set(method->collection, json::Value::array()));
        }
        return reply;
    }
    default: return reply;
    }
}

void Sandbox::meanwhile(const Call& call) {
    const json::Value& asked = call.fault.admin;
    const auto act = [&](const json::Value& one) {
        const std::string target(one["path"].text());
        const std::vector<std::string> parts = split(target, '?');
        Exchange exchange{std::string(one["method"].text()), parts.front(), {}, {}, {}, false, call.exchange.connection};
        if (parts.size() > 1)
            for (const std::string& pair : split(parts[1], '&')) {
                const auto equals = pair.find('=');
                exchange.query.emplace_back(pair.substr(0, equals), equals == std::string::npos ? "" : pair.substr(equals + 1));
            }
        if (const json::Value* body = one.find("body")) exchange.body = body->dump();
        if (const Reply reply = admin(exchange); reply.status != 200) {
            const std::lock_guard lock(mutex_);
            violate(call.seq, "bad_admin_call", target, reply.body);
        }
    };
    if (asked.is_object()) act(asked);
    for (const json::Value& one : asked.elements()) act(one);
}

void Sandbox::kill_client(const Call& call) {
    int pid = process_of_port(call.exchange.connection.peer_port, port_);
    {
        const std::lock_guard lock(mutex_);
        if (pid == 0) pid = registered_client_;
    }
    if (pid <= 1 || pid == ::getpid() || ::kill(pid, SIGKILL) != 0) return;
    wait(longest_wait, &call.exchange.connection);
}

void Sandbox::wait(Milliseconds duration, const Connection* until_gone) const {
    const Milliseconds end = steady_now() + duration;
    while (steady_now() < end && !server_.stopping()) {
        if (until_gone != nullptr && until_gone->gone()) return;
        std::this_thread::sleep_for(std::min(slice, end - steady_now()));
    }
}

} // namespace blongo::sandbox

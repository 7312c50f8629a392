// SPDX-License-Identifier: Apache-2.0
#include "running.hpp"

#include <chrono>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::test {

namespace {

const httplib::Headers token = {{"X-BLToken", "sandbox-token"}};

httplib::Headers login() {
    return {{"Authorization", "Basic " + base64_encode("WSI-SANDBOX:sandbox-password")}};
}

} // namespace

json::Value parsed(const std::string& text) {
    auto value = json::Value::parse(text);
    if (!value) throw std::runtime_error(value.error().text());
    return std::move(*value);
}

std::string form(const std::string& method, const std::string& parameters) {
    return "method=" + percent_encode(method) + "&parameters=" + percent_encode(parameters);
}

json::Value small_order(const std::string& number, const std::string& article, int pieces) {
    json::Value order = parsed(R"({"goodsOwnerId":1,"deliveryDate":"2026-11-24T12:00:00.000+00:00",
        "consignee":{"name":"Anna Testowa","customerNumber":"7"},"orderLines":[{"rowNumber":"1"}]})");
    order.set("orderNumber", number);
    order["orderLines"].elements().front().set("articleNumber", article).set("numberOfItems", pieces);
    return order;
}

Running::Running(sandbox::Options options) {
    auto made = sandbox::Sandbox::create(options);
    if (!made) throw std::runtime_error(made.error().text());
    sandbox_ = std::move(*made);
    port_ = sandbox_->bind(0);
    thread_ = std::thread([this] { sandbox_->run(); });
    admin_ = client();
    while (admin("GET", "/options").status != 200) std::this_thread::yield();
}

Running::~Running() {
    base_.reset();
    ongoing_.reset();
    admin_.reset();
    sandbox_->stop();
    thread_.join();
}

std::unique_ptr<httplib::Client> Running::client() const {
    auto made = std::make_unique<httplib::Client>("127.0.0.1", port_);
    made->set_keep_alive(true);
    made->set_read_timeout(20);
    made->set_tcp_nodelay(true);
    return made;
}

void Running::fresh() {
    base_.reset();
    ongoing_.reset();
}

Answer Running::send(std::unique_ptr<httplib::Client>& kept, const std::string& verb, const std::string& path,
                     const std::string& body, const httplib::Headers& headers, const std::string& content_type) {
    if (!kept) kept = client();
    httplib::Request request;
    request.method = verb;
    request.path = path;
    request.headers = headers;
    request.body = body;
    if (!body.empty()) request.set_header("Content-Type", content_type);
    const httplib::Result result = kept->send(request);
    if (!result) return {};
    Answer answer{result->status, result->body, {}};
    if (auto value = json::Value::parse(result->body)) answer.body = std::move(*value);
    return answer;
}

Answer Running::base(const std::string& method, const json::Value& parameters) {
    return base_raw(form(method, parameters.dump()), token);
}

Answer Running::base_raw(const std::string& body, const httplib::Headers& headers, const std::string& content_type) {
    return send(base_, "POST", "/connector.php", body, headers, content_type);
}

Answer Running::ongoing(const std::string& verb, const std::string& path, const json::Value& body) {
    return ongoing_raw(verb, path, body.is_null() ? std::string{} : body.dump(), login());
}

Answer Running::ongoing_raw(const std::string& verb, const std::string& path, const std::string& body,
                            const httplib::Headers& headers, const std::string& content_type) {
    return send(ongoing_, verb, "/sandbox/api/v1" + path, body, headers, content_type);
}

Answer Running::admin(const std::string& verb, const std::string& path, const json::Value& body) {
    return send(admin_, verb, "/_admin" + path, body.is_null() ? std::string{} : body.dump(), {}, "application/json");
}

std::vector<std::string> Running::violations() {
    std::vector<std::string> kinds;
    const Answer answer = admin("GET", "/violations");
    for (const json::Value& row : answer.rows()) kinds.emplace_back(row["kind"].text());
    return kinds;
}

json::Value::Array Running::journal(const std::string& operation) {
    return admin("GET", "/journal" + (operation.empty() ? std::string{} : "?operation=" + percent_encode(operation))).rows();
}

void Running::wait_for_done(std::size_t entries) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
        std::size_t done = 0;
        for (const json::Value& row : journal()) done += row["done"].is_true() ? 1U : 0U;
        if (done >= entries) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("the calls did not end");
}

void Running::plant_article(const std::string& number, int pieces) {
    json::Value article = json::Value::object();
    article.set_path("data.articleNumber", number);
    article.set_path("stock.1.items", pieces);
    REQUIRE(admin("POST", "/ongoing/articles", article).status == 200);
}

} // namespace blongo::test

// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/returns.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace blongo::test {

namespace {

std::vector<std::string> with_products(std::vector<std::string> options) {
    options.insert(options.begin(), {"--products", "6"});
    return options;
}

} // namespace

std::string returns_on(const std::string& more) {
    return fmt::format("[connections.demo.returns]\nenabled = true\n{}\n", more);
}

json::Value return_line(const std::string& sku, std::int64_t quantity, json::Value more) {
    json::Value line = json::Value::object().set("sku", sku).set("name", "Towar " + sku).set("quantity", quantity);
    for (const auto& [name, value] : more.members()) line.set(name, value);
    return line;
}

json::Value base_return(std::int64_t id, std::int64_t order, const std::vector<json::Value>& lines, json::Value more) {
    json::Value products = json::Value::array();
    std::int64_t row = id * 10;
    for (json::Value line : lines) {
        if (line.find("order_return_product_id") == nullptr) line.set("order_return_product_id", ++row);
        products.push_back(std::move(line));
    }
    json::Value out = json::Value::object()
                          .set("return_id", id)
                          .set("order_id", order)
                          .set("status_id", return_status::accepted)
                          .set("date_add", "-1h")
                          .set("products", std::move(products));
    for (const auto& [name, value] : more.members()) out.set(name, value);
    return out;
}

ReturnShop::ReturnShop(const std::string& returns, const std::string& more, const std::string& orders,
                       std::vector<std::string> options)
    : sandbox(with_products(std::move(options))), installation(sandbox, {}, returns + more, orders_on(orders)) {
    sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 2), base_line(synthetic_sku(2), 3)}));
    sandbox.base_orders(base_order(2, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(1), 1)}));
    REQUIRE(sync_orders(installation).exit_code == 0);
    sandbox.reset_journal();
}

json::Value ReturnShop::base_return_of(std::int64_t id) {
    const json::Value found = sandbox.get(fmt::format("/_admin/baselinker/returns?id={}", id));
    return found.size() == 0 ? json::Value() : found.elements().front();
}

std::int64_t ReturnShop::status_of(std::int64_t id) {
    return base_return_of(id)["status_id"].integer();
}

void ReturnShop::work(const std::string& number, json::Value task) {
    task.set("returnOrderNumber", number);
    sandbox.post("/_admin/ongoing/returns", task);
}

json::Value ReturnShop::there(const std::string& number) {
    const json::Value found = sandbox.get("/_admin/ongoing/returns?number=" + number);
    return found.size() == 0 ? json::Value() : found.elements().front();
}

std::size_t ReturnShop::return_orders() {
    return sandbox.get("/_admin/ongoing/returns").size();
}

std::string ReturnShop::expected(const std::string& number) {
    std::map<std::int64_t, std::string> articles;
    const json::Value orders = sandbox.orders();
    for (const auto& [name, order] : orders.members())
        for (const auto& line : order["lines"].elements()) articles[line["id"].integer()] = line["data"]["articleNumber"].text();
    std::string out;
    const json::Value return_order = there(number);
    for (const auto& line : return_order["lines"].elements())
        out += fmt::format("{}{} x {}", out.empty() ? "" : ", ", articles[line["orderLineId"].integer()],
                           line["expected"].integer());
    return out;
}

Finished ReturnShop::sync(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"returns", "sync", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto finished = installation.blongo(arguments);
    UNSCOPED_INFO(finished.out << finished.err);
    return finished;
}

std::map<std::string, json::Value> ReturnShop::listed() const {
    std::map<std::string, json::Value> out;
    for (const auto& row : lines_of(installation.blongo({"returns", "list", "--json"}), "return"))
        out.emplace(row["key"].text(), row);
    return out;
}

std::int64_t ReturnShop::status_writes(std::int64_t id, std::int64_t status) {
    std::int64_t count = 0;
    const json::Value calls = sandbox.get("/_admin/journal?side=baselinker&operation=setOrderReturnStatus");
    for (const auto& call : calls.elements()) {
        const json::Value& sent = call["parameters"];
        const bool meant = sent["return_id"].integer() == id && sent["status_id"].integer() == status;
        count += meant && call["committed"].is_true() ? 1 : 0;
    }
    return count;
}

} // namespace blongo::test

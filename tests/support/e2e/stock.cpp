// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/stock.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace blongo::test {

namespace {

std::vector<std::string> sandbox_options(const StockSetup& setup) {
    std::vector<std::string> options{"--products", std::to_string(setup.products), "--set",
                                     fmt::format("new_article_stock={}", setup.on_the_shelf)};
    options.insert(options.end(), setup.options.begin(), setup.options.end());
    return options;
}

void must(const Finished& run, const std::string& what) {
    if (run.exit_code != 0) throw std::runtime_error(fmt::format("{}: {}\n{}{}", what, run.exit_code, run.out, run.err));
}

} // namespace

std::string stock_on(const std::string& more, const std::string& warehouse) {
    return fmt::format("[connections.demo.stock]\nenabled = true\nwarehouse = \"{}\"\n{}\n", warehouse, more);
}

StockShop::StockShop(const StockSetup& setup)
    : sandbox(sandbox_options(setup)), installation(sandbox, {}, setup.stock, orders_on(setup.orders, setup.start_from)) {
    must(installation.blongo({"articles", "sync"}), "articles sync");
    must(installation.blongo({"orders", "sync"}), "orders sync");
    sandbox.reset_journal();
}

void StockShop::article(const std::string& sku, const json::Value& members) {
    json::Value row = members;
    row.set("data", json::Value::object().set("articleNumber", sku));
    sandbox.post("/_admin/ongoing/articles", row);
}

void StockShop::shelf(const std::string& sku, const std::string& pieces, const std::string& warehouse) {
    article(sku, json::Value::object().set("stock", json::Value::object().set(warehouse, json::Value::number(pieces))));
}

void StockShop::shelf_all(const std::string& pieces) {
    json::Value rows = json::Value::array();
    const json::Value articles = sandbox.articles();
    for (const auto& [number, article] : articles.members())
        rows.push_back(json::Value::object()
                           .set("data", json::Value::object().set("articleNumber", number))
                           .set("stock", json::Value::object().set("1", json::Value::number(pieces))));
    sandbox.post("/_admin/ongoing/articles", rows);
}

std::int64_t StockShop::held(int n, const std::string& warehouse) {
    return held_of(synthetic_id + n, warehouse);
}

std::int64_t StockShop::held_of(std::int64_t id, const std::string& warehouse) {
    const json::Value rows = sandbox.get(fmt::format("/_admin/baselinker/products?id={}", id));
    if (rows.size() != 1) throw std::runtime_error(fmt::format("there is no product {}", id));
    return rows.elements().front()["stock"][warehouse].integer(0);
}

void StockShop::set_held(int n, std::int64_t pieces) {
    sandbox.base_products(
        json::Value::object().set("id", synthetic_id + n).set("stock", json::Value::object().set("bl_206", pieces)));
}

Finished StockShop::push(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"stock", "push", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto run = installation.blongo(arguments);
    UNSCOPED_INFO("stock push -> " << run.exit_code << "\n"
                                   << run.out.substr(run.out.size() > 3000 ? run.out.size() - 3000 : 0) << run.err);
    return run;
}

void StockShop::push_well(std::vector<std::string> more) const {
    REQUIRE(push(std::move(more)).exit_code == 0);
}

void StockShop::sync_well() const {
    REQUIRE(sync_orders(installation).exit_code == 0);
}

std::int64_t StockShop::updates() {
    return sandbox.calls("baselinker", "updateInventoryProductsStock");
}

std::multiset<std::int64_t> StockShop::written() {
    std::multiset<std::int64_t> ids;
    const json::Value calls = sandbox.get("/_admin/journal?side=baselinker&operation=updateInventoryProductsStock");
    for (const auto& call : calls.elements())
        for (const auto& [id, quantities] : call["parameters"]["products"].members()) ids.insert(json::Value(id).integer());
    return ids;
}

void StockShop::expect_idle() {
    sandbox.reset_journal();
    const auto run = push();
    CHECK(run.exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().empty());
}

void StockShop::make_full_read_due() const {
    edit_state(installation, "UPDATE cursors SET value = value - 25200000 WHERE name LIKE 'stock.%'");
}

std::map<std::string, std::string> actions_of(const Finished& run) {
    std::map<std::string, std::string> out;
    for (const auto& line : lines_of(run, "action")) {
        CHECK(line["flow"].text() == "stock");
        CHECK(line["verb"].text() == "update");
        out[std::string(line["key"].text())] = fmt::format("{}/{}", line["reason"].text(), line["outcome"].text());
    }
    return out;
}

json::Value from_text(const std::string& text) {
    auto value = json::Value::parse(text);
    if (!value) throw std::runtime_error(value.error().text());
    return std::move(*value);
}

json::Value pieces_of(int n, std::int64_t quantity) {
    return base_line(synthetic_sku(n), quantity);
}

} // namespace blongo::test

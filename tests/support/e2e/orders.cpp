// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/orders.hpp"

#include <cinttypes>
#include <cstdio>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace blongo::test {

json::Value base_line(const std::string& sku, std::int64_t quantity, json::Value more) {
    json::Value line = json::Value::object()
                           .set("sku", sku)
                           .set("name", "Towar " + sku)
                           .set("quantity", quantity)
                           .set("price_brutto", json::Value::number("12.50"));
    std::int64_t n = 0;
    if (std::sscanf(sku.c_str(), "P%06" SCNd64, &n) == 1) line.set("product_id", std::to_string(synthetic_id + n));
    for (const auto& [name, value] : more.members()) line.set(name, value);
    return line;
}

json::Value base_order(std::int64_t id, const std::vector<json::Value>& lines, json::Value more) {
    json::Value products = json::Value::array();
    std::int64_t row = id * 10;
    for (json::Value line : lines) {
        if (line.find("order_product_id") == nullptr) line.set("order_product_id", ++row);
        products.push_back(std::move(line));
    }
    json::Value order = json::Value::object()
                            .set("order_id", id)
                            .set("order_status_id", status::to_warehouse)
                            .set("confirmed", true)
                            .set("date_confirmed", "-1h")
                            .set("date_add", "-2h")
                            .set("date_in_status", "-1h")
                            .set("email", "jan@example.com")
                            .set("phone", "+48600100200")
                            .set("delivery_fullname", "Jan Kowalski")
                            .set("delivery_address", "Polna 1")
                            .set("delivery_postcode", "00-001")
                            .set("delivery_city", "Warszawa")
                            .set("delivery_country_code", "PL")
                            .set("delivery_method", "Kurier")
                            .set("products", std::move(products));
    for (const auto& [name, value] : more.members()) order.set(name, value);
    return order;
}

json::Value one_piece(std::int64_t id, json::Value more) {
    return base_order(id, {base_line(synthetic_sku(1 + static_cast<int>(id % 20)))}, std::move(more));
}

void expect_each_once(Sandbox& sandbox, const std::vector<std::int64_t>& ids) {
    const json::Value orders = sandbox.orders();
    CHECK(orders.size() == ids.size());
    for (const auto id : ids) {
        const json::Value order = orders[std::to_string(id)];
        INFO("order " << id);
        REQUIRE(order.is_object());
        CHECK(order["data"]["goodsOwnerOrderId"].text() == std::to_string(id));
        CHECK(order["writes"].integer() == 1);
    }
}

std::string synthetic_sku(int n) {
    return fmt::format("P{:06}", n);
}

std::string orders_on(const std::string& more, const std::string& start_from, const std::string& statuses) {
    return fmt::format("enabled = true\nstatuses = {}\nstart_from = {}\ncancel_statuses = [8073]\n{}\n", statuses, start_from,
                       more);
}

json::Value with(const std::string& name, json::Value value) {
    return json::Value::object().set(name, std::move(value));
}

namespace seller {

namespace {

/// An action of POST /_admin/baselinker/edit; answers the order that it made or changed.
std::int64_t act(Sandbox& sandbox, const std::string& action, std::int64_t order, json::Value task = json::Value::object()) {
    const json::Value done = sandbox.post("/_admin/baselinker/edit", task.set("action", action).set("order_id", order));
    return done.elements().at(0)["order_id"].integer();
}

} // namespace

void edit(Sandbox& sandbox, std::int64_t order, json::Value members) {
    sandbox.base_orders(members.set("order_id", order));
}
void add_line(Sandbox& sandbox, std::int64_t order, const json::Value& line) {
    act(sandbox, "add_line", order, json::Value::object().set("line", line));
}
void edit_line(Sandbox& sandbox, std::int64_t order, std::int64_t line, const json::Value& members) {
    act(sandbox, "edit_line", order, json::Value::object().set("order_product_id", line).set("line", members));
}
void remove_line(Sandbox& sandbox, std::int64_t order, std::int64_t line) {
    act(sandbox, "remove_line", order, json::Value::object().set("order_product_id", line));
}
std::int64_t split(Sandbox& sandbox, std::int64_t order, const std::vector<std::pair<std::int64_t, std::int64_t>>& pieces,
                   const json::Value& more) {
    json::Value lines = json::Value::array();
    for (const auto& [line, quantity] : pieces)
        lines.push_back(json::Value::object().set("order_product_id", line).set("quantity", quantity));
    return act(sandbox, "split", order, json::Value::object().set("lines", std::move(lines)).set("order", more));
}
std::int64_t copy(Sandbox& sandbox, std::int64_t order, const json::Value& more) {
    return act(sandbox, "copy", order, json::Value::object().set("order", more));
}
void merge(Sandbox& sandbox, std::int64_t main_order, const std::vector<std::int64_t>& others) {
    json::Value list = json::Value::array();
    for (const auto other : others) list.push_back(other);
    act(sandbox, "merge", main_order, json::Value::object().set("orders", std::move(list)));
}
void erase(Sandbox& sandbox, std::int64_t order) {
    act(sandbox, "delete", order);
}
void confirm(Sandbox& sandbox, std::int64_t order) {
    act(sandbox, "confirm", order);
}
void unconfirm(Sandbox& sandbox, std::int64_t order) {
    act(sandbox, "unconfirm", order);
}

} // namespace seller

namespace people {

namespace {

void act(Sandbox& sandbox, const std::string& number, const std::string& name, json::Value value) {
    sandbox.post("/_admin/ongoing/edit", json::Value::object().set("orderNumber", number).set(name, std::move(value)));
}

json::Value only(json::Value element) {
    json::Value list = json::Value::array();
    list.push_back(std::move(element));
    return list;
}

} // namespace

void edit(Sandbox& sandbox, const std::string& number, const json::Value& members) {
    act(sandbox, number, "set", members);
}
void edit_line(Sandbox& sandbox, const std::string& number, const std::string& row, const json::Value& members) {
    json::Value line = members;
    act(sandbox, number, "lines", only(line.set("rowNumber", row)));
}
void add_line(Sandbox& sandbox, const std::string& number, const json::Value& line) {
    act(sandbox, number, "add_lines", only(line));
}
void delete_line(Sandbox& sandbox, const std::string& number, const std::string& row) {
    act(sandbox, number, "delete_lines", only(row));
}
void make_order(Sandbox& sandbox, const std::string& number, const std::string& goods_owner_order_id, const std::string& row,
                const std::string& article, std::int64_t pieces, std::int64_t status) {
    sandbox.edit_article(article, json::Value::object());
    json::Value rows = json::Value::array();
    rows.push_back(
        json::Value::object()
            .set("data", json::Value::object().set("rowNumber", row).set("articleNumber", article).set("numberOfItems", pieces))
            .set("ordered", pieces));
    sandbox.post("/_admin/ongoing/orders",
                 json::Value::object()
                     .set("data", json::Value::object()
                                      .set("orderNumber", number)
                                      .set("goodsOwnerOrderId", goods_owner_order_id)
                                      .set("consignee", json::Value::object().set("name", "Jan Kowalski")))
                     .set("lines", rows)
                     .set("status", status));
}
void set_status(Sandbox& sandbox, const std::string& number, std::int64_t status) {
    act(sandbox, number, "status", status);
}

} // namespace people

Finished sync_orders(const Installation& installation, std::vector<std::string> more) {
    std::vector<std::string> arguments{"orders", "sync", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto finished = installation.blongo(arguments);
    UNSCOPED_INFO(finished.out.substr(finished.out.size() > 3000 ? finished.out.size() - 3000 : 0) << finished.err);
    return finished;
}

std::string edit_state(const Installation& installation, const std::string& sql) {
    const std::string config = read_file(installation.config_file());
    const auto path = config.find("sqlite://") + 9;
    Spawn spawn;
    spawn.argv = {"sqlite3", "-cmd", ".timeout 5000", config.substr(path, config.find('"', path) - path), sql};
    const Finished finished = run(spawn);
    if (finished.exit_code != 0) throw std::runtime_error("sqlite3: " + finished.err);
    return finished.out;
}

void age_intents(const Installation& installation) {
    edit_state(installation, "UPDATE intents SET created = created - 3600000, send_deadline = send_deadline - 3600000");
}

} // namespace blongo::test

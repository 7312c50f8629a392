// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/commands.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace blongo::test {

const std::string dpd_rule = "[[connections.demo.shipments.couriers]]\n"
                             "courier_code = \"dpd\"\naccount_id = 58381\n"
                             "fields = { service = \"classic\", cod = \"{cod_amount}\" }\n";
const std::string locker_rule = "[[connections.demo.shipments.couriers]]\n"
                                "delivery_method = [\"*paczkomat*\"]\n"
                                "courier_code = \"paczkomaty\"\n"
                                "fields = { size = \"A\", cod = \"{cod_amount}\" }\n";

std::string shipments_on(const std::string& more, const std::string& rules) {
    return "[connections.demo.shipments]\nenabled = true\nstart_from = 2020-01-01T00:00:00Z\n" + more + "\n" + rules;
}

namespace {

std::vector<std::string> with_products(std::vector<std::string> options) {
    options.insert(options.begin(), {"--products", "5"});
    return options;
}

} // namespace

Shop::Shop(const std::string& shipments, const std::string& more, std::vector<std::string> given)
    : options(with_products(std::move(given))), sandbox(options),
      installation(sandbox, {}, shipments + "\n" + more, orders_on()) {}

void Shop::restart(const std::string& port) {
    const TempDir folder;
    write_file(folder / "world.json", sandbox.get("/_admin/world").dump());
    sandbox.end();
    std::this_thread::sleep_for(std::chrono::seconds{1});
    sandbox.begin({"--world", folder / "world.json", "--port", port});
}

void Shop::order(std::int64_t id, const json::Value& more) {
    sandbox.base_orders(
        base_order(id, {base_line(synthetic_sku(1), 1, json::Value::object().set("weight", json::Value::number("0.5")))}, more));
    const auto synced = sync_orders(installation);
    if (synced.exit_code != 0) throw std::runtime_error("orders sync: " + synced.out + synced.err);
}

void Shop::orders(std::int64_t first, int count) {
    json::Value list = json::Value::array();
    for (int i = 0; i < count; ++i)
        list.push_back(base_order(
            first + i, {base_line(synthetic_sku(1), 1, json::Value::object().set("weight", json::Value::number("0.5")))}));
    sandbox.base_orders(list);
    const auto synced = sync_orders(installation);
    if (synced.exit_code != 0) throw std::runtime_error("orders sync: " + synced.out + synced.err);
}

void Shop::send(std::int64_t id, const json::Value& more) {
    json::Value parcels = json::Value::array();
    parcels.push_back(json::Value::object()
                          .set("weight", json::Value::number("1.2"))
                          .set("length", json::Value::number("0.3"))
                          .set("width", json::Value::number("0.2"))
                          .set("height", json::Value::number("0.15")));
    json::Value task = json::Value::object()
                           .set("orderNumber", std::to_string(id))
                           .set("action", "pick_and_send")
                           .set("parcels", std::move(parcels));
    for (const auto& [name, value] : more.members()) task.set(name, value);
    sandbox.post("/_admin/ongoing/work", task);
}

std::size_t Shop::packages(std::int64_t order) {
    const json::Value rows = sandbox.get("/_admin/baselinker/packages");
    std::size_t count = 0;
    for (const auto& row : rows.elements())
        if (order == 0 || row["order_id"].integer() == order) ++count;
    return count;
}

std::vector<std::string> Shop::files(std::int64_t order) {
    const json::Value there = sandbox.orders()[std::to_string(order)];
    std::vector<std::string> names;
    for (const auto& file : there["files"].elements()) names.emplace_back(file["fileName"].text());
    return names;
}

Finished said(const Installation& installation, std::vector<std::string> arguments,
              std::map<std::string, std::string> environment) {
    std::string line = "blongo";
    for (const auto& argument : arguments) line += " " + argument;
    auto finished = installation.blongo(std::move(arguments), std::move(environment));
    UNSCOPED_INFO(line << " -> " << finished.exit_code << "\n" << finished.out << finished.err);
    return finished;
}

void expect_text(const std::string& text, const std::string& part) {
    INFO("\"" << part << "\" in:\n" << text);
    CHECK(text.find(part) != std::string::npos);
}

void expect_no_text(const std::string& text, const std::string& part) {
    INFO("no \"" << part << "\" in:\n" << text);
    CHECK(text.find(part) == std::string::npos);
}

} // namespace blongo::test

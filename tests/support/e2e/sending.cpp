// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/sending.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/faults.hpp"

namespace blongo::test {

namespace {

std::string shipments_table(const SendingSetup& setup) {
    std::string text = "[connections.demo.shipments]\nenabled = true\n";
    if (!setup.start_from.empty()) text += "start_from = " + setup.start_from + "\n";
    return text + setup.shipments + "\n" + setup.couriers;
}

std::vector<std::string> sandbox_options(const SendingSetup& setup) {
    std::vector<std::string> options{"--products", "20"};
    options.insert(options.end(), setup.options.begin(), setup.options.end());
    return options;
}

} // namespace

std::string dpd_rule(const std::string& conditions, const std::string& more) {
    return "[[connections.demo.shipments.couriers]]\n" + conditions + "\ncourier_code = \"dpd\"\naccount_id = 58381\n" +
           (more.empty() ? "fields = { service = \"classic\", cod = \"{cod_amount}\" }" : more) + "\n";
}

Sending::Sending(const SendingSetup& setup)
    : sandbox(sandbox_options(setup)), installation(sandbox, {}, shipments_table(setup), orders_on(setup.orders)) {}

void Sending::import(const std::vector<json::Value>& orders) {
    json::Value list = json::Value::array();
    for (const auto& order : orders) list.push_back(order);
    sandbox.base_orders(list);
    const auto finished = sync_orders(installation);
    REQUIRE(finished.exit_code == 0);
}

void Sending::edit_base(std::int64_t order, json::Value members) {
    sandbox.base_orders(members.set("order_id", order));
}

void Sending::work(const std::string& number, const std::string& action, const json::Value& more) {
    json::Value task = json::Value::object().set("orderNumber", number).set("action", action);
    for (const auto& [name, value] : more.members()) task.set(name, value);
    sandbox.post("/_admin/ongoing/work", task);
}

void Sending::press_send(const std::string& number) {
    work(number, "pick_and_send", parcels({"1.2"}));
}

void Sending::press_send_again(const std::string& number, const json::Value& more) {
    work(number, "reopen");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    work(number, "send", more);
}

void Sending::edit_warehouse(const std::string& number, const json::Value& members) {
    json::Value data = members;
    sandbox.post("/_admin/ongoing/orders", with("data", data.set("orderNumber", number)));
}

Finished Sending::blongo(const std::vector<std::string>& arguments) const {
    auto finished = installation.blongo(arguments);
    constexpr std::size_t shown = 6000;
    UNSCOPED_INFO("blongo " << (arguments.empty() ? "" : arguments.front()) << " ... -> " << finished.exit_code << "\n"
                            << finished.out.substr(finished.out.size() > shown ? finished.out.size() - shown : 0)
                            << finished.err);
    return finished;
}

Finished Sending::send(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"shipments", "send", "--json"});
    return blongo(arguments);
}

std::vector<json::Value> Sending::packages(std::int64_t order) {
    std::vector<json::Value> out;
    const json::Value all = sandbox.get("/_admin/baselinker/packages");
    for (const auto& package : all.elements())
        if (order == 0 || package["order_id"].integer() == order) out.push_back(package);
    return out;
}

std::int64_t Sending::bought(std::int64_t order) {
    std::int64_t count = 0;
    for (const auto& package : packages(order)) count += package["created_by"].text() == "client" ? 1 : 0;
    return count;
}

json::Value Sending::there(const std::string& number) {
    const json::Value rows = sandbox.get("/_admin/ongoing/orders?number=" + number);
    if (rows.size() != 1) throw std::runtime_error("no order " + number + " in Ongoing");
    return rows.elements().front();
}

std::vector<json::Value> Sending::files(const std::string& number) {
    return there(number)["files"].elements();
}

std::vector<json::Value> Sending::print_jobs() {
    return sandbox.get("/_admin/ongoing/print-jobs").elements();
}

std::string Sending::instruction(const std::string& number) {
    return std::string(there(number)["data"]["warehouseInstruction"].text());
}

std::int64_t Sending::base_status(std::int64_t order) {
    return sandbox.base_order(order)["order_status_id"].integer();
}

std::int64_t Sending::ongoing_id(const std::string& number) {
    return there(number)["orderId"].integer();
}

std::map<std::string, std::string> Sending::causes() const {
    std::map<std::string, std::string> out;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        out[std::string(row["key"].text())] = row["cause"].text();
    return out;
}

std::string Sending::why(std::int64_t order) const {
    const auto finished = installation.blongo({"shipments", "why", std::to_string(order)});
    return finished.out + finished.err;
}

void Sending::let_pass(std::int64_t seconds) const {
    const std::int64_t ms = seconds * 1000;
    edit_state(installation, fmt::format("UPDATE due SET at = at - {0} WHERE kind <> 'send';"
                                         "UPDATE deliveries SET booked_at = booked_at - {0}, printed_at = printed_at - {0};"
                                         "UPDATE intents SET created = created - {0}, send_deadline = send_deadline - {0}",
                                         ms));
}

void Sending::expect_lawful() {
    test::expect_lawful(sandbox);
}

json::Value parcels(const std::vector<std::string>& weights) {
    json::Value list = json::Value::array();
    for (const auto& weight : weights) list.push_back(with("weight", json::Value::number(weight)));
    return with("parcels", std::move(list));
}

json::Value picked(std::int64_t order, const std::vector<std::int64_t>& pieces, const std::vector<std::string>& weights) {
    json::Value task = weights.empty() ? json::Value::object() : parcels(weights);
    json::Value rows = json::Value::object();
    std::int64_t row = order * 10;
    for (const auto count : pieces) rows.set(std::to_string(++row), count);
    return task.set("quantities", std::move(rows));
}

json::Value read_json(const std::string& text) {
    auto value = json::Value::parse(text);
    if (!value) throw std::runtime_error("no JSON: " + text);
    return std::move(*value);
}

std::vector<json::Value> actions(const Finished& finished, const std::string& verb) {
    auto rows = lines_of(finished, "action");
    std::erase_if(rows, [&](const json::Value& row) { return row["verb"].text() != verb; });
    return rows;
}

std::string field_of(const json::Value& package, const std::string& id) {
    for (const auto& field : package["fields"].elements())
        if (field["id"].text() == id) return std::string(field["value"].text());
    return {};
}

} // namespace blongo::test

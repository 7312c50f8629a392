// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/demo_day.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "support/e2e/shipments.hpp"

namespace blongo::test {
namespace {

constexpr const char* sent_before = "184400101";                              ///< its package is booked and labelled
constexpr std::int64_t broker_order = 184'400'900, first_fresh = 184'400'901; ///< no orders of the demo shop's own
constexpr std::int64_t fresh_orders = 40;
constexpr const char* mug = "KUB-CER-330";

const std::string settings = R"([connections.demo.stock]
enabled = true
warehouse = "bl_206"
[connections.demo.returns]
enabled = true
[connections.demo.shipments]
start_from = 2020-01-01T00:00:00Z
status_after_send = 8071
default_weight = "1"
print = { report_id = 17, fallback_workstation_id = 7 }
[[connections.demo.shipments.couriers]]
delivery_method = ["*broker*"]
courier_code = "brokersystem"
fields = { service = "{auto}" }
[[connections.demo.shipments.couriers]]
courier_code = "dpd"
account_id = 58381
fields = { service = "classic", cod = "{cod_amount}" }
)";

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

DemoDay::DemoDay(const std::string& more)
    : sandbox({"--demo", "--set", "new_article_stock=60"}), installation(sandbox, {}, settings + more, orders_on()) {
    json::Value orders = json::Value::array();
    for (std::int64_t id = first_fresh; id < first_fresh + fresh_orders; ++id) {
        fresh_.push_back(id);
        orders.push_back(base_order(id, {base_line(mug)}, with("payment_method_cod", id % 2 == 0 ? "1" : "0")));
    }
    orders.push_back(base_order(broker_order, {base_line(mug)}, with("delivery_method", "Broker 24h")));
    sandbox.base_orders(orders);
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 3);
    REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 3);
    sku_ = mug;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        if (row["flow"].text() == "orders") parked_ = row["key"].text();
    REQUIRE_FALSE(parked_.empty());
    for (const std::int64_t order : {184'400'101, 184'400'102, 184'400'103}) send_in_warehouse(sandbox, order, {"1.2"});
    REQUIRE(installation.blongo({"shipments", "send"}).exit_code == 0);
    REQUIRE(installation.blongo({"stock", "push"}).exit_code == 0);
    REQUIRE(installation.blongo({"returns", "sync"}).exit_code == 0);
}

std::int64_t DemoDay::fresh_order() {
    REQUIRE_FALSE(fresh_.empty());
    const std::int64_t id = fresh_.back();
    fresh_.pop_back();
    return id;
}

std::int64_t DemoDay::sent_order() {
    const std::int64_t id = fresh_order();
    send_in_warehouse(sandbox, id, {"1.2"});
    return id;
}

std::int64_t DemoDay::lost_booking(bool booked) {
    const std::int64_t id = sent_order();
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "createPackage")
                      .set("fault", booked ? "drop_after" : "drop_before")
                      .set("times", 1));
    const auto lost = installation.blongo({"send", std::to_string(id)});
    UNSCOPED_INFO(lost.out << lost.err);
    REQUIRE(lost.exit_code == 8);
    sandbox.clear_faults();
    age_intents(installation);
    return id;
}

std::string DemoDay::object_for(const std::string& command) {
    if (command.starts_with("parked retry")) return parked_;
    if (command.starts_with("unknown resolve")) return std::to_string(lost_booking(has(command, "--package")));
    if (has(command, "hold ")) return "184400109"; // not sent yet
    if (command.starts_with("list courier-services")) return std::to_string(broker_order);
    if (command.starts_with("shipments cancel") || command.starts_with("shipments rebook") ||
        command.starts_with("shipments add") || command.starts_with("pii erase")) {
        const std::int64_t id = sent_order();
        REQUIRE(installation.blongo({"send", std::to_string(id)}).exit_code == 0);
        return std::to_string(id);
    }
    const bool sends = command.starts_with("send ") || command.starts_with("shipments send N");
    if (sends && !has(command, "--reprint")) return std::to_string(sent_order());
    return sent_before;
}

std::string DemoDay::in_place(const std::string& command) {
    std::string out, order;
    for (const std::string& word : split(command, ' ')) {
        if (word.empty()) continue;
        std::string value = word;
        if (word == "N")
            value = order.empty() ? order = object_for(command) : order;
        else if (word == "X")
            value = command.starts_with("parked") ? parked_ : sku_;
        else if (word == "ID")
            value = std::string(packages_of(sandbox, std::stoll(order)).at(0)["package_id"].text());
        else if (word == "NAME")
            value = "demo";
        else if (word == "COMMAND")
            value = "articles sync";
        else if (word == "CODE")
            value = "dpd";
        else if (word == "FILE")
            value = installation.folder() / (command.starts_with("state backup") ? "backup" : "written");
        else if (word == "DATE")
            value = "2020-01-01";
        else if (word == "M")
            value = "2026-11";
        else if (word == "AMOUNT")
            value = "10.00";
        else if (word == "WEIGHT")
            value = "1.5kg";
        out += (out.empty() ? "" : " ") + value;
    }
    return out;
}

Finished DemoDay::run(const std::string& command, const std::string& added) {
    Spawn spawn;
    const std::string line = "exec \"$BLONGO\" " + in_place(command) + (added.empty() ? "" : " " + added);
    UNSCOPED_INFO(line);
    spawn.argv = {"/bin/sh", "-c", line};
    spawn.environment = {{"BLONGO", blongo_binary()}, {"BLONGO_CONFIG", installation.config_file()}};
    if (has(command, "watch")) spawn.environment["BLONGO_MAX_DURATION"] = "2s"; // else it ends on a signal only
    spawn.working_directory = installation.folder().path().string();
    return test::run(spawn);
}

std::set<int> DemoDay::right_codes(const std::string& command) {
    if (command.starts_with("orders reimport")) return {3};                                 // Ongoing has the order: refused
    if (command.starts_with("parked retry")) return {0, 3};                                 // it still waits
    if (command.starts_with("shipments send") || command.starts_with("run")) return {0, 3}; // orders whose package was cancelled
    if (command == "state rebuild") return {7};                                             // the state is not lost
    if (command == "init") return {2};                                                      // there is no terminal to ask at
    if (command == "unknown resolve N") return {2};                                         // asks what was found
    return {0};
}

} // namespace blongo::test

// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/order_life.hpp"

#include <algorithm>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"

namespace blongo::test {

namespace {

constexpr std::string_view told_begins = "STOP "; // map::PackerMessage::stop in English

std::vector<std::string> sandbox_options(const LifeSetup& setup) {
    std::vector<std::string> options{"--products", "4", "--set", setup.journal ? "journal=true" : "journal=false"};
    options.insert(options.end(), setup.options.begin(), setup.options.end());
    return options;
}

json::Value numbers(const std::string& shop) {
    return json::Value::object()
        .set("order_source", "allegro")
        .set("order_source_id", 4417)
        .set("external_order_id", shop)
        .set("payment_done", json::Value::number("100.00"));
}

void add(std::string& list, const std::string& one, const char* between) {
    if (!list.empty()) list += between;
    list += one;
}

/// "A2 B1" of pairs, sorted, each line on its own.
std::string said_lines(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& line : lines) add(out, line, " ");
    return out;
}

} // namespace

Life::Life(const LifeSetup& setup)
    : sandbox(sandbox_options(setup)), installation(sandbox, {}, shipments_on(setup.shipments), orders_on(setup.orders)) {
    json::Value list = json::Value::array();
    list.push_back(base_order(O, {base_line(synthetic_sku(1), 2), base_line(synthetic_sku(2), 1)}, numbers("AL-101")));
    list.push_back(base_order(V, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(3), 1)}, numbers("AL-102")));
    sandbox.base_orders(list);
    REQUIRE(run({"articles", "sync"}) == 0);
    REQUIRE(run() == 0);
    REQUIRE(there(true) == "O 300: A2 B1; V 300: A1 C1");
    start_ = std::make_unique<Snapshot>(sandbox, installation);
    rewind();
}

void Life::rewind() {
    start_->restore();
    history_.clear();
}

void Life::bring_to(std::int64_t order, std::int64_t ongoing_status) {
    const std::string number = number_of(order);
    if (ongoing_status != 400 && ongoing_status != 450) return people::set_status(sandbox, number, ongoing_status);
    if (ongoing_status == 450) return send_in_warehouse(sandbox, order, {"1.2"});
    sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", number).set("action", "pick"));
}

int Life::run(const std::vector<std::string>& command) {
    const auto finished = installation.blongo(command);
    output_ = finished.out + finished.err;
    std::string line = "blongo";
    for (const auto& word : command) line += " " + word;
    history_ += fmt::format("{} -> {}\n{}", line, finished.exit_code, output_);
    return finished.exit_code;
}

std::string Life::writes() {
    std::map<std::int64_t, std::string> names; // of Ongoing's ids
    const json::Value stored = sandbox.get("/_admin/ongoing/orders");
    for (const auto& order : stored.elements())
        names[order["orderId"].integer()] = name_of(json::Value(order["orderNumber"].text()).integer());
    static const std::map<std::string, std::string> verbs = {{"PUT /orders", "put"},
                                                             {"PUT /orders/{orderId}", "put"},
                                                             {"DELETE /orders", "delete"},
                                                             {"DELETE /orders/{orderId}", "delete"},
                                                             {"PATCH /orders/{orderId}/warehouseInstruction", "note"},
                                                             {"PATCH /orders/{orderId}/servicePointCode", "point"},
                                                             {"PATCH /orders/{orderId}/orderRemark", "remark"},
                                                             {"createPackage", "book"}};
    std::string ongoing, base;
    const json::Value journal = sandbox.get("/_admin/journal");
    for (const auto& call : journal.elements()) {
        const std::string operation(call["operation"].text());
        if (operation.starts_with("get") || operation.starts_with("GET")) continue;
        const json::Value& sent = call["parameters"];
        std::string& list = call["side"].text() == "ongoing" ? ongoing : base;
        const std::string refused = call["committed"].is_true() ? "" : "!";
        if (operation.starts_with("setOrderStatus")) {
            const std::string status = sent["status_id"].dump();
            if (sent.find("order_id") != nullptr) add(list, status + " " + name_of(sent["order_id"].integer()) + refused, ", ");
            for (const auto& id : sent["order_ids"].elements()) add(list, status + " " + name_of(id.integer()) + refused, ", ");
            continue;
        }
        const auto verb = verbs.find(operation);
        std::string name;
        const std::string path(call["path"].text());
        if (sent.find("orderNumber") != nullptr) {
            name = name_of(json::Value(sent["orderNumber"].text()).integer());
        } else if (sent.find("order_id") != nullptr) {
            name = name_of(sent["order_id"].integer());
        } else if (const auto at = path.find("/orders/"); at != std::string::npos) {
            const auto id = path.substr(at + 8);
            name = names[json::Value(id.substr(0, id.find_first_of("/?"))).integer()];
        } else if (const auto query = path.find("orderNumber="); query != std::string::npos) {
            const auto number = path.substr(query + 12);
            name = name_of(json::Value(number.substr(0, number.find('&'))).integer());
        }
        add(list, (verb == verbs.end() ? "(" + operation + ")" : verb->second) + " " + name + refused, ", ");
    }
    sandbox.reset_journal();
    if (!base.empty()) add(ongoing, base, ", ");
    return ongoing;
}

std::string Life::there(bool with_v) {
    std::map<std::string, std::string> orders; // by number; two of one number cannot pass
    const json::Value stored = sandbox.orders();
    for (const auto& [number, order] : stored.members()) {
        const std::string name = name_of(json::Value(number).integer());
        if (name == "V" && !with_v) continue;
        std::vector<std::string> lines;
        for (const auto& line : order["lines"].elements())
            lines.push_back(letter_of(std::string(line["data"]["articleNumber"].text())) + line["ordered"].dump());
        std::string text = fmt::format("{} {}: {}", name, order["status"].integer(), said_lines(std::move(lines)));
        if (const auto street = text_at(order, "consignee.address1"); street != "Polna 1") text += ", " + street;
        if (text_at(order, "warehouseInstruction").starts_with(told_begins)) text += " told";
        orders[number] = text;
    }
    std::string out;
    for (const auto& [number, text] : orders) add(out, text, "; ");
    return out;
}

std::string Life::base() {
    std::string out = "O gone", others;
    const json::Value stored = sandbox.get("/_admin/baselinker/orders");
    for (const auto& order : stored.elements()) {
        const std::string name = name_of(order["order_id"].integer());
        const std::string text = name + " " + order["order_status_id"].dump();
        if (name == "O") out = text;
        if (name == "N") add(others, text, "; ");
    }
    if (!others.empty()) add(out, others, "; ");
    return out;
}

std::string Life::parked() {
    std::vector<std::string> all;
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        if (row["flow"].text() == "orders") all.push_back(name_of(row["key"].integer()) + " " + std::string(row["cause"].text()));
    std::sort(all.begin(), all.end());
    std::string out;
    for (const auto& one : all) add(out, one, "; ");
    return out;
}

std::string Life::cause_of(std::int64_t order) {
    for (const auto& row : lines_of(installation.blongo({"parked", "list", "--json"}), "parked"))
        if (row["flow"].text() == "orders" && row["key"].integer() == order) return std::string(row["cause"].text());
    return {};
}

std::string Life::booked() {
    std::map<std::string, int> counts;
    const json::Value packages = sandbox.get("/_admin/baselinker/packages");
    for (const auto& package : packages.elements())
        if (package["created_by"].text() == "client") ++counts[name_of(package["order_id"].integer())];
    std::string out;
    for (const auto& [name, count] : counts) add(out, count == 1 ? name : name + std::to_string(count), "; ");
    return out;
}

json::Value Life::in_ongoing(std::int64_t order) {
    return sandbox.orders()[number_of(order)];
}

std::string Life::instruction(std::int64_t order) {
    return text_at(in_ongoing(order), "warehouseInstruction");
}

std::int64_t Life::base_status(std::int64_t order) {
    return sandbox.base_order(order)["order_status_id"].integer();
}

void Life::send_all(bool with_v) {
    const json::Value stored = sandbox.orders();
    for (const auto& [number, order] : stored.members()) {
        const std::int64_t id = json::Value(number).integer();
        if (order["status"].integer() < 450 && (with_v || id != V)) send_in_warehouse(sandbox, id, {"1.2"});
    }
    (void)run({"shipments", "send"});
}

std::map<std::string, std::int64_t> Life::pieces_there() {
    std::map<std::string, std::int64_t> pieces;
    const json::Value stored = sandbox.orders();
    for (const auto& [number, order] : stored.members())
        if (order["status"].integer() != 1000)
            for (const auto& line : order["lines"].elements())
                pieces[letter_of(std::string(line["data"]["articleNumber"].text()))] += line["ordered"].integer();
    return pieces;
}

std::map<std::string, std::int64_t> Life::pieces_in_base() {
    std::map<std::string, std::int64_t> pieces;
    const json::Value stored = sandbox.get("/_admin/baselinker/orders");
    for (const auto& order : stored.elements())
        for (const auto& line : order["products"].elements())
            pieces[letter_of(std::string(line["sku"].text()))] += line["quantity"].integer();
    return pieces;
}

std::string Life::name_of(std::int64_t order) {
    return order == O ? "O" : order == V ? "V" : "N";
}

std::string Life::letter_of(const std::string& sku) {
    for (int n = 1; n <= 4; ++n)
        if (sku == synthetic_sku(n)) return std::string(1, static_cast<char>('A' + n - 1));
    return sku;
}

std::string text_at(const json::Value& order, const std::string& path) {
    return std::string(order["data"].at_path(path).text());
}

void move_to(Life& life, std::int64_t base_status) {
    seller::edit(life.sandbox, Life::O, with("order_status_id", base_status));
}

void runs(Life& life, const std::string& writes, int code) {
    const int now = life.run();
    INFO(life.history());
    CHECK(now == code);
    CHECK(life.writes() == writes);
}

void idle(Life& life) {
    runs(life, "");
    runs(life, "");
    expect_lawful(life.sandbox);
}

} // namespace blongo::test

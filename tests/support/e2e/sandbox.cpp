// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/sandbox.hpp"

#include <sys/stat.h>

#include <sstream>
#include <stdexcept>

#include <httplib.h>

#include "support/e2e/json_rows.hpp"

namespace blongo::test {

namespace {

/// The rows of an admin answer: a list, or an object that holds one.
const json::Value::Array& rows_of(const json::Value& answer) {
    if (answer.is_array()) return answer.elements();
    for (const auto& [name, value] : answer.members())
        if (value.is_array()) return value.elements();
    return answer.elements();
}

json::Value parsed(const std::string& body, const std::string& path) {
    auto value = json::Value::parse(body);
    if (!value) throw std::runtime_error("sandbox " + path + " answered: " + body.substr(0, 500));
    return std::move(*value);
}

void write_secret(const std::string& file, const std::string& text) {
    write_file(file, text);
    chmod(file.c_str(), 0600);
}

} // namespace

Sandbox::Sandbox(std::vector<std::string> options, std::map<std::string, std::string> environment)
    : environment_(std::move(environment)) {
    begin(std::move(options));
}

void Sandbox::begin(std::vector<std::string> options) {
    Spawn spawn;
    spawn.argv = {BLONGO_SANDBOX_BINARY, "--port", "0"};
    spawn.argv.insert(spawn.argv.end(), options.begin(), options.end());
    spawn.environment = environment_;
    process_ = std::make_unique<Process>(spawn);
    const std::string line = process_->wait_for_line("listening on ");
    url_ = line.substr(line.find("http://"));
}

json::Value Sandbox::get(const std::string& path) {
    httplib::Client client(url_);
    client.set_read_timeout(120);
    const auto answer = client.Get(path);
    if (!answer || answer->status != 200) throw std::runtime_error("sandbox GET " + path + " failed");
    return parsed(answer->body, path);
}

json::Value Sandbox::send(const std::string& method, const std::string& path, const json::Value& body) {
    httplib::Client client(url_);
    client.set_read_timeout(120);
    const auto answer = method == "PUT"      ? client.Put(path, body.dump(), "application/json")
                        : method == "DELETE" ? client.Delete(path)
                                             : client.Post(path, body.dump(), "application/json");
    if (!answer || answer->status >= 300)
        throw std::runtime_error("sandbox " + method + " " + path + " failed: " + (answer ? answer->body : "no answer"));
    return answer->body.empty() ? json::Value{} : parsed(answer->body, path);
}

void Sandbox::clear_faults() {
    send("DELETE", "/_admin/faults", {});
}

std::vector<std::string> Sandbox::violations() {
    std::vector<std::string> out;
    const json::Value answer = get("/_admin/violations");
    for (const auto& row : rows_of(answer)) out.push_back(row.dump());
    return out;
}

std::int64_t Sandbox::calls(const std::string& side, const std::string& operation) {
    const json::Value answer = get("/_admin/counts");
    return answer[side][operation].integer(0);
}

std::int64_t Sandbox::calls(const std::string& side) {
    const json::Value answer = get("/_admin/counts");
    std::int64_t sum = 0;
    for (const auto& [operation, count] : answer[side].members()) sum += count.integer();
    return sum;
}

std::int64_t Sandbox::writes() {
    const json::Value answer = get("/_admin/counts");
    std::int64_t sum = 0;
    for (const auto& [operation, count] : answer["baselinker"].members())
        if (!operation.starts_with("get")) sum += count.integer();
    for (const auto& [operation, count] : answer["ongoing"].members())
        if (!operation.starts_with("GET")) sum += count.integer();
    return sum;
}

json::Value Sandbox::articles() {
    const json::Value answer = get("/_admin/ongoing/articles");
    json::Value by_number = json::Value::object();
    for (const auto& row : rows_of(answer)) {
        json::Value article = row["data"];
        article.set("articleSystemId", row["articleSystemId"]);
        by_number.members().emplace_back(article["articleNumber"].text(), std::move(article));
    }
    return by_number;
}

json::Value Sandbox::stored_article(const std::string& number) {
    const json::Value answer = get("/_admin/ongoing/articles");
    for (const auto& row : rows_of(answer))
        if (row["data"]["articleNumber"].text() == number) return row;
    return json::Value::object().set("data", json::Value::object().set("articleNumber", number).set("isActive", true));
}

void Sandbox::edit_article(const std::string& number, const json::Value& members) {
    json::Value row = stored_article(number);
    for (const auto& [name, value] : members.members()) row["data"].set(name, value);
    post("/_admin/ongoing/articles", row);
}

void Sandbox::set_stock(const std::string& number, std::int64_t pieces) {
    json::Value row = stored_article(number);
    row.set("stock", json::Value::object().set("1", json::Value::object().set("items", pieces)));
    post("/_admin/ongoing/articles", row);
}

json::Value Sandbox::base_order(std::int64_t id) {
    const json::Value answer = get("/_admin/baselinker/orders?id=" + std::to_string(id));
    const auto& rows = rows_of(answer);
    return rows.empty() ? json::Value{} : rows.front();
}

json::Value Sandbox::orders() {
    const json::Value answer = get("/_admin/ongoing/orders");
    json::Value by_number = json::Value::object();
    for (const auto& row : rows_of(answer)) {
        const std::string number(row["orderNumber"].text());
        if (by_number.find(number) != nullptr) throw std::runtime_error("two orders " + number + " in Ongoing");
        by_number.set(number, row);
    }
    return by_number;
}

std::int64_t Sandbox::status_writes(std::int64_t order, std::int64_t status) {
    std::int64_t count = 0;
    for (const std::string operation : {"setOrderStatus", "setOrderStatuses"}) {
        const json::Value calls = get("/_admin/journal?side=baselinker&operation=" + operation);
        for (const auto& call : rows_of(calls)) {
            const json::Value& sent = call["parameters"];
            if (!call["committed"].is_true() || sent["status_id"].integer() != status) continue;
            count += sent["order_id"].integer() == order ? 1 : 0;
            for (const auto& id : sent["order_ids"].elements()) count += id.integer() == order ? 1 : 0;
        }
    }
    return count;
}

Installation::Installation(const Sandbox& sandbox, const std::string& articles, const std::string& more,
                           const std::string& orders) {
    write_secret(folder_ / "token", "sandbox-token\n");
    write_secret(folder_ / "password", "sandbox-password\n");
    std::ostringstream config;
    config << "[state]\nurl = \"sqlite://" << folder_ / "state.db"
           << "\"\n"
           << "[connections.demo.baselinker]\nurl = \"" << sandbox.url() << "/connector.php\"\n"
           << "token_file = \"" << folder_ / "token"
           << "\"\ninventory_id = 307\nrequests_per_minute = 100000\n"
           << "[connections.demo.ongoing]\nurl = \"" << sandbox.url() << "/sandbox\"\nusername = \"WSI-SANDBOX\"\n"
           << "password_file = \"" << folder_ / "password"
           << "\"\ngoods_owner_id = 1\n"
           << "[connections.demo.articles]\n"
           << articles << "\n[connections.demo.orders]\n"
           << orders << "\n"
           << more << "\n";
    config_ = config.str();
    write_config(config_);
}

void Installation::limit_requests(std::int64_t per_minute, const std::string& more) const {
    const std::string unlimited = "requests_per_minute = 100000";
    std::string config = config_;
    config.replace(config.find(unlimited), unlimited.size(), "requests_per_minute = " + std::to_string(per_minute) + "\n" + more);
    write_config(config);
}

void Installation::write_config(const std::string& text) const {
    write_file(config_file(), text);
}

Spawn Installation::spawn(std::vector<std::string> arguments, std::map<std::string, std::string> environment) const {
    Spawn spawn;
    spawn.argv = {BLONGO_BINARY};
    spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
    spawn.environment = std::move(environment);
    spawn.environment.emplace("BLONGO_CONFIG", config_file());
    spawn.working_directory = folder_.path().string();
    return spawn;
}

Finished Installation::blongo(std::vector<std::string> arguments, std::map<std::string, std::string> environment) const {
    return run(spawn(std::move(arguments), std::move(environment)));
}

std::unique_ptr<Process> Installation::start(std::vector<std::string> arguments,
                                             std::map<std::string, std::string> environment) const {
    return std::make_unique<Process>(spawn(std::move(arguments), std::move(environment)));
}

std::string blongo_binary() {
    return BLONGO_BINARY;
}

std::vector<json::Value> lines_of(const Finished& finished, const std::string& message_type) {
    std::vector<json::Value> out;
    for (const std::string* text : {&finished.out, &finished.err}) {
        std::istringstream lines(*text);
        for (std::string line; std::getline(lines, line);) {
            auto value = json::Value::parse(line);
            if (!value) continue;
            if (const std::string wrong = unlisted(*value); !wrong.empty())
                throw std::runtime_error("blongo-json(7) does not list " + wrong + ": " + line.substr(0, 1000));
            if ((*value)["message_type"].text() == message_type) out.push_back(std::move(*value));
        }
    }
    return out;
}

json::Value summary_of(const Finished& finished) {
    auto rows = lines_of(finished, "summary");
    return rows.empty() ? json::Value{} : rows.back();
}

} // namespace blongo::test

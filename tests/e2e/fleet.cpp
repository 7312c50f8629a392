// SPDX-License-Identifier: Apache-2.0
#include "e2e/fleet.hpp"

#include <algorithm>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/commands.hpp"

namespace blongo::test {

namespace {

void write_secret_file(const std::string& file, const std::string& text) {
    write_file(file, text + "\n");
    chmod(file.c_str(), 0600);
}

std::string client_table(const Fleet& fleet, int client) {
    const std::string folder = fleet.installation.folder().path().string(), name = Fleet::name(client);
    return fmt::format(R"([connections.{0}.baselinker]
url = "{1}/connector.php"
token_file = "{2}/{0}.token"
inventory_id = 307
requests_per_minute = 100000
[connections.{0}.ongoing]
url = "{1}/sandbox"
username = "WSI-SANDBOX"
password_file = "{2}/{0}.password"
goods_owner_id = {3}
[connections.{0}.shipments]
enabled = true
start_from = 2020-01-01T00:00:00Z
[[connections.{0}.shipments.couriers]]
courier_code = "dpd"
account_id = 58381
fields = {{ service = "classic" }}
[connections.{0}.orders]
statuses = [8069]
start_from = 2020-01-01T00:00:00Z
cancel_statuses = [8073]
)",
                       name, fleet.sandbox.url(), folder, client);
}

} // namespace

Fleet::Fleet(int clients, const std::string& head, const std::function<std::string(int, std::string)>& table,
             std::vector<std::string> options)
    : sandbox(std::move(options)), installation(sandbox), clients_(clients) {
    const json::Value world = sandbox.get("/_admin/world");
    json::Value account = world["accounts"].elements().front(), owner = world["goods_owners"].elements().front();
    std::string config = fmt::format("[state]\nurl = \"sqlite://{}\"\n{}\n", installation.folder() / "state.db", head);
    for (int client = 1; client <= clients; ++client) {
        sandbox.post("/_admin/accounts", account.set("token", fmt::format("token-{}", client)));
        sandbox.post("/_admin/goods-owners",
                     owner.set("goodsOwnerId", client).set("password", fmt::format("password-{}", client)));
        write_secret_file(installation.folder() / (name(client) + ".token"), fmt::format("token-{}", client));
        write_password(client, fmt::format("password-{}", client));
        const std::string text = client_table(*this, client);
        config += table ? table(client, text) : text;
    }
    installation.write_config(config);
}

std::string Fleet::name(int client) {
    return fmt::format("c{:02}", client);
}

void Fleet::order(int client, const json::Value& order) {
    sandbox.post(fmt::format("/_admin/baselinker/orders?account=token-{}", client), order);
}

void Fleet::orders(int client, int count) {
    json::Value list = json::Value::array();
    for (int i = 1; i <= count; ++i) list.push_back(one_piece(client * 1000 + i));
    order(client, list);
}

std::vector<std::int64_t> Fleet::arrived(int client) {
    const json::Value answer = sandbox.get(fmt::format("/_admin/ongoing/orders?warehouse=sandbox&goods_owner={}", client));
    std::vector<std::int64_t> ids;
    for (const auto& row : answer.is_array() ? answer.elements() : answer.members().front().second.elements()) {
        ids.push_back(std::stoll(std::string(row["data"]["goodsOwnerOrderId"].text())));
    }
    std::sort(ids.begin(), ids.end());
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    return ids;
}

void Fleet::write_password(int client, const std::string& text) const {
    write_secret_file(installation.folder() / (name(client) + ".password"), text);
}

void Fleet::block(int client) {
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "*")
                      .set("times", 1)
                      .set("fault", "blocked_token")
                      .set("seconds", 600));
    const Finished met = installation.blongo(
        {"orders", "sync", "-C", name(client), "--state", "sqlite://" + (installation.folder() / "another.db")});
    CHECK(met.exit_code == 5);
    sandbox.clear_faults();
}

Finished Fleet::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "run");
    return said(installation, std::move(arguments));
}

std::map<std::string, json::Value> endings(const Finished& run) {
    std::map<std::string, json::Value> rows;
    for (const auto& row : lines_of(run, "run")) rows[std::string(row["connection"].text())] = row;
    return rows;
}

} // namespace blongo::test

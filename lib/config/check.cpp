// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/check.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/config/checker.hpp>

namespace blongo::config {
namespace {

/// What BaseLinker allows in a minute is 100; above this nothing is left for others.
constexpr std::int64_t requests_to_warn_above = 95;

void check_name(const Checker& check) {
    const std::string& name = check.connection.name;
    const bool good = !name.empty() && name.size() <= 40 && name.front() != '-' &&
                      std::all_of(name.begin(), name.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (!good) check.error("", "has a name that is not made of a-z, 0-9 and dashes (at most 40, the first one no dash)");
}

void check_secret(const Checker& check, const SecretSource& source, const std::string& prefix, const std::string& what) {
    std::vector<std::string> ways;
    if (!source.file.empty()) ways.push_back(prefix + "_file");
    if (!source.command.empty()) ways.push_back(prefix + "_command");
    if (!source.env.empty()) ways.push_back(prefix + "_env");
    if (!source.credential.empty()) ways.push_back(prefix + "_credential");
    const bool refused = check.reading.is_invalid(prefix + "_command") || check.reading.is_invalid(prefix + "_env") ||
                         check.reading.is_invalid(prefix + "_credential");
    if (ways.size() > 1)
        check.error(ways.back(),
                    fmt::format("is one of {} sources of one secret ({}); leave one", ways.size(), join(ways, ", ")));
    else if (ways.empty() && !refused)
        check.require(prefix + "_file", false,
                      "name the file that holds " + what + " (or write one of the same key with _command, _env, _credential)");
    if (!source.env.empty())
        check.warning(prefix + "_env", "the environment of a process can be read in /proc/PID/environ and is inherited "
                                       "by its children; a file or a systemd credential is safer");
}

void check_baselinker(const Checker& check) {
    const BaseLinker& side = check.connection.baselinker;
    check_secret(check, side.token, "baselinker.token", "the API token of BaseLinker (My account, API)");
    check.require("baselinker.inventory_id", side.inventory_id.value() > 0,
                  "write the number of the catalogue (blongo list inventories)");
    if (side.reserve >= side.requests_per_minute)
        check.error("baselinker.reserve",
                    fmt::format("is {}; it must be below requests_per_minute ({})", side.reserve, side.requests_per_minute));
    if (side.requests_per_minute > requests_to_warn_above)
        check.warning("baselinker.requests_per_minute",
                      fmt::format("{} requests a minute leave nothing of BaseLinker's 100 to other programs; right only "
                                  "if your contract allows more",
                                  side.requests_per_minute));
}

void check_ongoing(const Checker& check) {
    Ongoing& side = check.connection.ongoing;
    check.require("ongoing.url", !side.url.empty(),
                  "write the address of your warehouse, for example \"https://api.ongoingsystems.se/acme\"");
    check.require("ongoing.username", !side.username.empty(), "write the name of the API user, for example \"WSI-ACME\"");
    check_secret(check, side.password, "ongoing.password", "the password of the API user");
    check.require("ongoing.goods_owner_id", side.goods_owner_id.value() > 0, "write the number of the goods owner");
    if (constexpr std::string_view api = "/api/v1"; side.url.ends_with(api)) {
        side.url.resize(side.url.size() - api.size());
        check.warning("ongoing.url", "/api/v1 is added by itself; leave it out");
    }
    if (!side.username.empty() && !side.username.starts_with("WSI"))
        check.warning("ongoing.username",
                      quote(side.username) + " does not start with WSI, as API users of Ongoing do; is it a person's?");
}

void check_orders(const Checker& check) {
    const Orders& orders = check.connection.orders;
    for (const StatusRef& status : orders.statuses)
        if (std::find(orders.cancel_statuses.begin(), orders.cancel_statuses.end(), status) != orders.cancel_statuses.end())
            check.error("orders.cancel_statuses", fmt::format("holds the status {}, which orders.statuses holds too: such "
                                                              "an order would be sent and cancelled",
                                                              show(status)));
    const auto cancels = [&](const StatusRef& status) {
        return status != StatusRef{} &&
               std::find(orders.cancel_statuses.begin(), orders.cancel_statuses.end(), status) != orders.cancel_statuses.end();
    };
    if (cancels(orders.status_after_import))
        check.error("orders.status_after_import", "is one of cancel_statuses: every order would be cancelled after its import");
    if (!orders.enabled) return;
    check.require("orders.statuses", !orders.statuses.empty(),
                  "write the statuses whose orders go to the warehouse (blongo list statuses)");
    check.require("orders.start_from", orders.start_from.has_value(),
                  "orders confirmed before this time are left alone; write for example 2026-11-24T06:00:00+01:00");
    check.require("orders.cancel_statuses", orders.cancel_statuses_none || !orders.cancel_statuses.empty(),
                  "write the statuses that mean cancelled, or \"none\" if no status means that");
}

void check_stock(const Checker& check) {
    const Stock& stock = check.connection.stock;
    const auto is_own = [](const std::string& warehouse) { return warehouse.starts_with("bl_") && warehouse.size() > 3; };
    constexpr std::string_view remedy = "; BaseLinker takes stock for its own warehouses only, bl_NUMBER "
                                        "(blongo list warehouses)";
    if (!stock.warehouse.empty() && !is_own(stock.warehouse))
        check.error("stock.warehouse", fmt::format("is {}{}", quote(stock.warehouse), remedy));
    for (const auto& [id, warehouse] : stock.warehouses)
        if (!is_own(warehouse))
            check.error("stock.warehouses", fmt::format("gives {} for warehouse {}{}", quote(warehouse), id, remedy));
    if (!stock.warehouse.empty() && !stock.warehouses.empty())
        check.warning("stock.warehouse", "is not used, since stock.warehouses is set");
    if (stock.enabled && stock.warehouses.empty())
        check.require("stock.warehouse", !stock.warehouse.empty(),
                      "write the warehouse of BaseLinker that the stock goes to, for example \"bl_206\"");
}

} // namespace

std::string show(const StatusRef& status) {
    return status.name.empty() ? std::to_string(status.id) : quote(status.name);
}

void Checker::error(const std::string& key, const std::string& what) const {
    const Place at = reading.place_of(key).value_or(place);
    const std::string subject =
        key.empty() ? "connections." + connection.name : fmt::format("connections.{}.{}", connection.name, key);
    connection.errors[flow_of(key)].push_back(fmt::format("{}: {} {}", at.text(), subject, what));
}

void Checker::require(const std::string& key, bool present, const std::string& remedy) const {
    // What is written wrongly is not missing: that was said already.
    if (!present && !reading.is_invalid(key)) error(key, "is missing; " + remedy);
}

void Checker::warning(const std::string& key, const std::string& what) const {
    const Place at = reading.place_of(key).value_or(place);
    reading.warn(at, fmt::format("connections.{}.{}: {}", connection.name, key, what));
}

void check_connection(ReadConnection& read, const Http& http) {
    read.connection.errors = read.reading.invalid_by_flow();
    if (!read.reading.connection_errors().empty()) return; // a misspelled key would be told as a missing one, too
    const Checker check{read.connection, read.reading, read.place};
    check_name(check);
    if (read.connection.mode == "live" && !read.connection.pilot_orders.empty())
        check.warning("pilot_orders", "has no effect in mode \"live\", where every order is sent");
    check_baselinker(check);
    check_ongoing(check);
    check_orders(check);
    check_stock(check);
    check_shipments(check, http);
    check_mapping(check);
}

void check_identities(std::vector<ReadConnection>& connections) {
    std::map<std::string, std::vector<ReadConnection*>> by_identity;
    for (ReadConnection& read : connections) {
        const Connection& c = read.connection;
        const bool known =
            !c.ongoing.url.empty() && c.ongoing.goods_owner_id.value() > 0 && c.baselinker.inventory_id.value() > 0;
        if (!c.enabled || !known) continue;
        by_identity[fmt::format("{} {} {} {}", c.ongoing.url, c.ongoing.goods_owner_id, c.baselinker.url,
                                c.baselinker.inventory_id)]
            .push_back(&read);
    }
    for (const auto& [identity, same] : by_identity) {
        if (same.size() < 2) continue;
        for (ReadConnection* one : same)
            for (const ReadConnection* other : same)
                if (one != other)
                    Checker{one->connection, one->reading, one->place}.error(
                        "", fmt::format("connects the same goods owner and the same catalogue as connections.{} ({}); "
                                        "disable one of them",
                                        other->connection.name, other->place.text()));
    }
}

} // namespace blongo::config

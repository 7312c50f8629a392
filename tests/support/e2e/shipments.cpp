// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/shipments.hpp"

#include <filesystem>
#include <set>

#include <catch2/catch.hpp>

#include "support/postgres.hpp"

namespace blongo::test {

namespace {

constexpr std::int64_t cancelled = 10; // tracking status, contract baselinker.md 4.5

/// The database of an installation on PostgreSQL; empty: it is SQLite's.
std::string postgres_of(const Installation& installation) {
    const std::string config = read_file(installation.config_file());
    const auto at = config.find("postgresql://");
    return at == std::string::npos ? std::string{} : config.substr(at, config.find('"', at) - at);
}

/// What makes up the state of an installation on SQLite: the database with its side files, and the labels.
bool is_state(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    return name.starts_with("state.db") || name == "labels";
}

/// PostgreSQL copies a database that nobody is connected to.
void copy_database(const std::string& from, const std::string& to) {
    auto& server = PostgresServer::instance();
    server.sql("postgres", "DROP DATABASE IF EXISTS " + to + " WITH (FORCE)");
    server.sql("postgres", "CREATE DATABASE " + to + " TEMPLATE " + from);
}

} // namespace

std::string sends_on(const std::string& more) {
    return "[connections.demo.shipments]\nenabled = true\nstart_from = \"2020-01-01T00:00:00Z\"\n"
           "status_after_send = 8071\nstatus_after_short_send = 8074\n"
           "print = { report_id = 12, to = \"sender\", fallback_workstation_id = 7 }\n" +
           more +
           "\n[[connections.demo.shipments.couriers]]\ndelivery_method = [\"*paczkomat*\"]\n"
           "courier_code = \"paczkomaty\"\naccount_id = 58370\n"
           "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\naccount_id = 58381\n";
}

json::Value to_a_locker() {
    return json::Value::object()
        .set("delivery_method", "InPost paczkomat")
        .set("delivery_point_id", "LOD57M")
        .set("delivery_point_name", "Paczkomat LOD57M");
}

void send_in_warehouse(Sandbox& sandbox, std::int64_t order, const std::vector<std::string>& parcel_weights, json::Value more) {
    json::Value task = json::Value::object().set("orderNumber", std::to_string(order)).set("action", "pick_and_send");
    if (!parcel_weights.empty()) {
        json::Value parcels = json::Value::array();
        for (const auto& weight : parcel_weights)
            parcels.push_back(json::Value::object().set("weight", json::Value::number(weight)));
        task.set("parcels", std::move(parcels));
    }
    for (const auto& [name, value] : more.members()) task.set(name, value);
    sandbox.post("/_admin/ongoing/work", task);
}

std::vector<json::Value> packages_of(Sandbox& sandbox, std::int64_t order, const std::string& created_by) {
    std::vector<json::Value> out;
    const json::Value all = sandbox.get("/_admin/baselinker/packages");
    for (const auto& package : all.elements())
        if (package["order_id"].integer() == order && package["tracking_status"].integer() != cancelled &&
            (created_by.empty() || package["created_by"].text() == created_by))
            out.push_back(package);
    return out;
}

std::int64_t bookings_of(Sandbox& sandbox, std::int64_t order) {
    std::int64_t count = 0;
    const json::Value calls = sandbox.get("/_admin/journal?side=baselinker&operation=createPackage");
    for (const auto& call : calls.elements())
        if (call["committed"].is_true() && call["parameters"]["order_id"].integer() == order) ++count;
    return count;
}

std::int64_t print_jobs_of(Sandbox& sandbox, std::int64_t order) {
    std::int64_t count = 0;
    const json::Value jobs = sandbox.get("/_admin/ongoing/print-jobs");
    for (const auto& job : jobs.elements())
        if (job["orderNumber"].text() == std::to_string(order)) ++count;
    return count;
}

std::vector<json::Value> deliveries_of(const Installation& installation) {
    return lines_of(installation.blongo({"shipments", "list", "--json"}), "shipment");
}

std::string read_any_state(const Installation& installation, const std::string& sql) {
    const std::string url = postgres_of(installation);
    return url.empty() ? edit_state(installation, sql) : PostgresServer::instance().sql(PostgresServer::database_of(url), sql);
}

void age_sends(const Installation& installation) {
    (void)read_any_state(installation, "UPDATE intents SET created = created - 3600000, send_deadline = send_deadline - 3600000");
    (void)read_any_state(installation, "UPDATE due SET at = at - 3600000");
}

std::string in_short(const Finished& run) {
    std::string out = "exit " + std::to_string(run.exit_code) + "\n";
    for (const auto& line : lines_of(run, "action")) {
        out += " ";
        for (const std::string member : {"verb", "key", "reason", "cause", "step", "outcome", "detail"})
            if (!line[member].text().empty()) out += " " + std::string(line[member].text());
        out += "\n";
    }
    return out + run.err;
}

std::vector<std::int64_t> packages_not_in(const std::set<std::int64_t>& known, Sandbox& sandbox, std::int64_t order) {
    std::vector<std::int64_t> fresh;
    for (const auto& package : packages_of(sandbox, order, "client"))
        if (!known.contains(package["package_id"].integer())) fresh.push_back(package["package_id"].integer());
    return fresh;
}

std::vector<std::string> resolution_of(std::int64_t order, const std::vector<std::int64_t>& fresh) {
    std::vector<std::string> command{"unknown", "resolve", std::to_string(order)};
    if (fresh.empty()) {
        command.emplace_back("--nothing-was-booked");
    } else {
        command.emplace_back("--package");
        command.push_back(std::to_string(fresh.front()));
    }
    return command;
}

int settle_by_hand(Sandbox& sandbox, const Installation& installation) {
    std::set<std::int64_t> known;
    for (const auto& row : deliveries_of(installation)) known.insert(row["package_id"].integer(0));
    int settled = 0;
    for (const auto& row : lines_of(installation.blongo({"unknown", "list", "--json"}), "unknown")) {
        if (row["action"].text() != "create_package") continue;
        const std::int64_t order = row["key"].integer();
        const auto fresh = packages_not_in(known, sandbox, order);
        const auto command = resolution_of(order, fresh);
        const auto said = installation.blongo(command);
        INFO(command[3] << " of order " << order << "\n" << said.out << said.err);
        CHECK(fresh.size() <= 1);
        CHECK((said.exit_code == 0 || said.exit_code == 3)); // 3: beside ours stands a package of the seller's
        ++settled;
    }
    return settled;
}

Snapshot::Snapshot(Sandbox& sandbox, const Installation& installation)
    : sandbox_(sandbox), installation_(installation), world_(sandbox.get("/_admin/world")),
      options_(sandbox.get("/_admin/options")) {
    if (const std::string url = postgres_of(installation); !url.empty()) {
        database_ = PostgresServer::database_of(url);
        copy_database(database_, database_ + "_kept");
        return;
    }
    for (const auto& file : std::filesystem::directory_iterator(installation.folder().path()))
        if (is_state(file.path()))
            std::filesystem::copy(file.path(), kept_.path() / file.path().filename(), std::filesystem::copy_options::recursive);
}

void Snapshot::restore() const {
    if (!database_.empty()) copy_database(database_ + "_kept", database_);
    std::vector<std::filesystem::path> old;
    for (const auto& file : std::filesystem::directory_iterator(installation_.folder().path()))
        if (is_state(file.path())) old.push_back(file.path());
    for (const auto& file : old) std::filesystem::remove_all(file);
    for (const auto& file : std::filesystem::directory_iterator(kept_.path()))
        std::filesystem::copy(file.path(), installation_.folder().path() / file.path().filename(),
                              std::filesystem::copy_options::recursive);
    sandbox_.clear_faults();
    sandbox_.send("PUT", "/_admin/options", options_);
    sandbox_.send("PUT", "/_admin/world", world_);
    sandbox_.reset_journal();
}

} // namespace blongo::test

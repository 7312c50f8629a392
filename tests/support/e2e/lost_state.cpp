// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/lost_state.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

#include "support/e2e/shipments.hpp"

namespace blongo::test {

namespace {

json::Value task_of(const std::string& number, const std::string& action) {
    return json::Value::object().set("orderNumber", number).set("action", action);
}

json::Value one_parcel() {
    json::Value parcels = json::Value::array();
    parcels.push_back(with("weight", json::Value::number("1.2")));
    return parcels;
}

} // namespace

LostShop::LostShop(const std::string& more, const std::string& rules)
    : Shop(shipments_on(
          "status_after_send = 8071\nprint = { report_id = 12, to = \"sender\", fallback_workstation_id = 7 }\n" + more, rules)) {
}

void LostShop::lose_state() {
    for (const char* part : {"state.db", "state.db-wal", "state.db-shm", "labels"})
        std::filesystem::remove_all(installation.folder() / part);
}

Finished LostShop::rebuild(int code) {
    sandbox.reset_journal();
    auto rebuilt = said(installation, {"state", "rebuild"});
    CHECK(rebuilt.exit_code == code);
    CHECK(sandbox.writes() == 0);
    return rebuilt;
}

void LostShop::settle() {
    lose_state();
    const auto before = packages();
    (void)rebuild();
    for (int i = 0; i < 2; ++i) {
        CHECK(said(installation, {"run"}).exit_code == 0);
        CHECK(packages() == before);
        CHECK(sandbox.calls("baselinker", "createPackage") == 0);
    }
    CHECK(said(installation, {"check", "--exit-code"}).exit_code == 0);
}

void LostShop::change(const std::string& number, const json::Value& members) {
    json::Value order = with("orderNumber", number).set("data", with("orderNumber", number));
    for (const auto& [name, value] : members.members()) order.set(name, value);
    sandbox.post("/_admin/ongoing/orders", order);
}

void LostShop::forget_package(const std::string& number) {
    json::Value parcels = sandbox.orders()[number]["parcels"];
    for (auto& parcel : parcels.elements()) parcel.set("tracking", nullptr);
    change(number,
           with("files", json::Value::array()).set("way_bill", "").set("tracking", json::Value::array()).set("parcels", parcels));
}

void LostShop::five_pieces(std::int64_t id) {
    sandbox.base_orders(base_order(id, {base_line(synthetic_sku(1), 5, with("weight", json::Value::number("0.5")))}));
    CHECK(sync_orders(installation).exit_code == 0);
}

void LostShop::send_in_two(std::int64_t id, const std::string& first_action) {
    five_pieces(id);
    const std::string number = std::to_string(id);
    sandbox.post("/_admin/ongoing/work",
                 task_of(number, "pick").set("quantities", with(std::to_string(id * 10 + 1), 3)).set("parcels", one_parcel()));
    sandbox.post("/_admin/ongoing/work", task_of(number, first_action));
    CHECK(said(installation, {"run"}).exit_code == 0);
    sandbox.post("/_admin/ongoing/work", task_of(number, "back_order"));
}

void LostShop::send_rest(std::int64_t id) {
    sandbox.post("/_admin/ongoing/work", task_of(std::to_string(id) + "-B1", "pick_and_send").set("parcels", one_parcel()));
}

std::size_t LostShop::print_jobs() {
    return sandbox.get("/_admin/ongoing/print-jobs").size();
}

} // namespace blongo::test

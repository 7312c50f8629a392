// SPDX-License-Identifier: Apache-2.0
#include "two_hosts.hpp"

#include <cstdlib>
#include <thread>

#include <catch2/catch.hpp>

namespace blongo::test {

TwoHosts::TwoHosts(bool on_postgresql) : shop(shipments_on("unknown_wait = [1, 2, 3]\nmax_bookings_at_once = 1000")) {
    if (!on_postgresql) return;
    database = PostgresServer::instance().make_database();
    use_state(database);
}

void TwoHosts::use_state(const std::string& url) const {
    std::string config = shop.installation.config_text();
    const auto from = config.find("sqlite://"), to = config.find('"', from);
    config.replace(from, to - from, url);
    shop.installation.write_config(config);
}

namespace {

std::map<std::string, std::string> on_host(const std::string& host) {
    return {{"LD_PRELOAD", BLONGO_OTHER_HOST}, {"BLONGO_TEST_HOST", host}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
}

} // namespace

std::unique_ptr<Process> TwoHosts::start(const std::string& host, const std::vector<std::string>& arguments) const {
    return shop.installation.start(arguments, on_host(host));
}

Finished TwoHosts::run(const std::string& host, const std::vector<std::string>& arguments) const {
    return said(shop.installation, arguments, on_host(host));
}

void TwoHosts::cut_connections(bool only_idle_transactions) const {
    (void)PostgresServer::instance().sql(
        "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'blongo'" +
                        std::string(only_idle_transactions ? " AND state = 'idle in transaction'" : ""));
}

void TwoHosts::recover(const std::string& host) {
    Finished last;
    for (int round = 1; round <= 12; ++round) {
        age_sends(shop.installation);
        if (round > 3 && last.exit_code == 8) settle_by_hand(shop.sandbox, shop.installation);
        last = run(host, {"shipments", "send", "--json"});
        if (last.exit_code == 0 && round > 1) break;
    }
    INFO(in_short(last));
    CHECK(last.exit_code == 0);
}

void TwoHosts::expect_one_each(std::int64_t first, int count) {
    const json::Value there = shop.sandbox.orders();
    for (std::int64_t id = first; id < first + count; ++id) {
        INFO("order " << id);
        CHECK(packages_of(shop.sandbox, id).size() == 1);
        CHECK(bookings_of(shop.sandbox, id) == 1);
        CHECK(there[std::to_string(id)]["files"].size() == 1);
    }
    CHECK(shop.packages() == static_cast<std::size_t>(count));
    CHECK(shop.sandbox.violations().empty());
}

void wait_for(const std::string& what, const std::function<bool()>& holds, std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        INFO("waited for: " << what);
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

int sends(int usual) {
    const char* chosen = std::getenv("BLONGO_SENDS");
    return chosen == nullptr ? usual : std::atoi(chosen);
}

} // namespace blongo::test

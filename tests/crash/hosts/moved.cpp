// SPDX-License-Identifier: Apache-2.0
// state move in the middle of a busy day, and killed at any point.
//   BLONGO_SENDS=200: so many sends; BLONGO_KILLS=60: so many kills each way.
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include <catch2/catch.hpp>

#include "two_hosts.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t first_order = 6'000'001;

int kills(int usual) {
    const char* chosen = std::getenv("BLONGO_KILLS");
    return chosen == nullptr ? usual : std::atoi(chosen);
}

std::string sqlite_url(const TwoHosts& hosts, const std::string& name) {
    return "sqlite://" + (hosts.shop.installation.folder() / name);
}

/// Whether the state at this place works and knows so many orders.
bool is_usable(const TwoHosts& hosts, const std::string& url, std::size_t orders) {
    const Finished listed = hosts.shop.installation.blongo({"orders", "list", "--json", "--state", url});
    return listed.exit_code == 0 && lines_of(listed, "order").size() == orders;
}

/// Sends while a watch and cron work on the old state; in the middle it moves.
void move_on_a_busy_day(bool to_postgresql) {
    TwoHosts hosts(!to_postgresql);
    const int count = sends(24);
    const std::string target = to_postgresql ? PostgresServer::instance().make_database() : sqlite_url(hosts, "new.db");
    hosts.shop.orders(first_order, count);
    hosts.shop.sandbox.reset_journal();
    auto watch = hosts.start("alpha", {"shipments", "watch", "--every", "100ms"});
    for (int i = 0; i < count / 2; ++i) hosts.shop.send(first_order + i);
    wait_for("bookings", [&] { return hosts.shop.sandbox.calls("baselinker", "createPackage") > count / 6; });
    const auto by_name = hosts.start("alpha", {"send", std::to_string(first_order + count / 2 - 1)});
    const Finished moved = hosts.run("alpha", {"state", "move", "--to", target});
    CHECK(moved.exit_code == 0);
    const int named_code = by_name->wait().exit_code;
    CHECK((named_code == 0 || named_code == 2)); // it was done before the move, or told where the state is
    const Finished watched = watch->wait();
    CHECK(watched.exit_code == 2);
    expect_text(watched.err, "has moved to");
    const Finished cron = hosts.run("alpha", {"run"});
    CHECK(cron.exit_code == 2);
    expect_text(cron.err, "has moved to");
    expect_text(cron.err, "url = \"" + target + "\"");

    hosts.use_state(target);
    watch = hosts.start("beta", {"shipments", "watch", "--every", "100ms"});
    for (int i = count / 2; i < count; ++i) hosts.shop.send(first_order + i);
    for (int round = 0; round < 100 && hosts.shop.packages() < static_cast<std::size_t>(count); ++round)
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    watch->signal(SIGTERM);
    CHECK(watch->wait().exit_code == 143);
    hosts.recover("beta");
    hosts.expect_one_each(first_order, count);
    CHECK(hosts.run("beta", {"run"}).exit_code == 0);
    CHECK(hosts.shop.sandbox.orders().size() == static_cast<std::size_t>(count));
    CHECK(hosts.run("beta", {"state", "check"}).exit_code == 0);
}

/// Moves on and on, killed at random; after each kill one place is the state, and the same command ends the move.
void kill_moves(bool from_postgresql) {
    constexpr std::size_t orders = 30;
    TwoHosts hosts(from_postgresql);
    hosts.shop.orders(first_order, orders);
    for (int i = 0; i < 5; ++i) hosts.shop.send(first_order + i);
    CHECK(hosts.run("alpha", {"shipments", "send"}).exit_code == 0);
    std::mt19937 random(from_postgresql ? 1 : 2); // NOLINT(cert-msc51-cpp)
    std::string here = from_postgresql ? hosts.database : sqlite_url(hosts, "state.db");
    int killed = 0;
    std::chrono::milliseconds whole{400}; // how long one takes
    for (int round = 0; round < kills(8); ++round) {
        const bool to_postgresql = here.starts_with("sqlite");
        const std::string there = to_postgresql ? PostgresServer::instance().make_database()
                                                : sqlite_url(hosts, "state-" + std::to_string(round) + ".db");
        hosts.use_state(here);
        const auto begun = std::chrono::steady_clock::now();
        const auto move = hosts.start("alpha", {"state", "move", "--to", there});
        std::this_thread::sleep_for(
            std::chrono::milliseconds{std::uniform_int_distribution<int>(10, static_cast<int>(whole.count()))(random)});
        move->signal(SIGKILL);
        const bool died = move->wait().exit_code != 0;
        if (!died) whole = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
        killed += died ? 1 : 0;
        INFO("round " << round << " from " << here << " to " << there);
        const bool old_works = is_usable(hosts, here, orders);
        CHECK(old_works != is_usable(hosts, there, orders));
        // The same command again ends it, whatever was missing.
        const Finished again = hosts.run("alpha", {"state", "move", "--to", there});
        if (old_works) CHECK(again.exit_code == 0);
        CHECK_FALSE(is_usable(hosts, here, orders));
        CHECK(is_usable(hosts, there, orders));
        here = there;
    }
    CHECK(killed > 0);
    hosts.use_state(here);
    CHECK(hosts.run("alpha", {"state", "check"}).exit_code == 0);
    hosts.shop.sandbox.reset_journal();
    CHECK(hosts.run("alpha", {"run"}).exit_code == 0);
    CHECK(hosts.shop.sandbox.calls("baselinker", "createPackage") == 0);
    CHECK(hosts.shop.packages() == 5);
}

} // namespace

TEST_CASE("a state moves in the middle of a busy day: nothing lost, nothing doubled", "[hosts]") {
    move_on_a_busy_day(true);
    move_on_a_busy_day(false);
}

TEST_CASE("a move is killed at any point: exactly one place is the state", "[hosts]") {
    kill_moves(false);
    kill_moves(true);
}

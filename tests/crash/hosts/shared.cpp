// SPDX-License-Identifier: Apache-2.0
// Two hosts on one PostgreSQL: killed, cut off from the database, stopped at every step of a send and continued later. No
// delivery has two packages, and whoever comes back late writes nothing.
//   BLONGO_SENDS=200: so many sends.
#include <csignal>
#include <map>
#include <thread>

#include <catch2/catch.hpp>

#include "two_hosts.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t first_order = 5'000'001;
constexpr int between_kills = 20;

const std::vector<std::string> watch{"shipments", "watch", "--every", "100ms", "--json"};

/// What goes wrong in the middle of each batch of sends, to the watch that is at work.
using Trouble = std::function<void(TwoHosts&, std::map<std::string, std::unique_ptr<Process>>&)>;

/// The host whose process claimed something last.
std::string active(const TwoHosts& hosts) {
    std::string name = hosts.sql("SELECT host FROM intents ORDER BY id DESC LIMIT 1");
    while (!name.empty() && name.back() == '\n') name.pop_back();
    return name == "beta" ? "beta" : "alpha";
}

/// Both hosts watch all day; batch by batch the warehouse sends, and something happens meanwhile.
void busy_day(int count, const Trouble& trouble) {
    TwoHosts hosts;
    hosts.shop.orders(first_order, count);
    hosts.shop.sandbox.reset_journal();
    std::map<std::string, std::unique_ptr<Process>> watches;
    for (const std::string host : {"alpha", "beta"}) watches[host] = hosts.start(host, watch);
    for (int sent = 0; sent < count; sent += between_kills) {
        const int batch = std::min(between_kills, count - sent);
        const std::int64_t before = hosts.shop.sandbox.calls("baselinker", "createPackage");
        for (int i = 0; i < batch; ++i) hosts.shop.send(first_order + sent + i);
        wait_for("bookings", [&] { return hosts.shop.sandbox.calls("baselinker", "createPackage") > before + batch / 3; });
        trouble(hosts, watches);
    }
    // What was claimed by a process that died on the other host waits for its time; that comes now.
    for (int round = 0; round < 100 && hosts.shop.packages() < static_cast<std::size_t>(count); ++round) {
        if (round % 20 == 19) age_sends(hosts.shop.installation);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    for (auto& [host, process] : watches) {
        process->signal(SIGTERM);
        CHECK(process->wait().exit_code == 143);
    }
    hosts.recover("beta");
    hosts.expect_one_each(first_order, count);
}

/// A trigger that makes the database slow at one kind of change of a booking's intent: the process is at that step then.
std::string slow_at(const std::string& condition) {
    return "CREATE OR REPLACE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; "
           "END'; "
           "CREATE TRIGGER slow BEFORE UPDATE ON intents FOR EACH ROW WHEN (NEW.action = 'create_package' AND " +
           condition + ") EXECUTE FUNCTION slowly()";
}

struct Step {
    const char* name;
    const char* stalled; ///< operation of BaseLinker that stalls; "": the database does, at:
    const char* condition;
};
const std::vector<Step> steps = {
    {"before the intent", "getOrderPackages", ""},
    {"between intent and call", "", "NEW.state = 0 AND NEW.send_deadline <> OLD.send_deadline"},
    {"during a stalled createPackage", "createPackage", ""},
    {"before the result is recorded", "", "NEW.state = 1"},
};

/// alpha is stopped at the step, beta does what is to be done, alpha goes on.
void stop_at(TwoHosts& hosts, const Step& step, std::int64_t order) {
    INFO(step.name << ", order " << order);
    Sandbox& sandbox = hosts.shop.sandbox;
    hosts.shop.send(order);
    const bool by_database = *step.stalled == 0;
    sandbox.reset_journal();
    if (by_database) {
        (void)hosts.sql(slow_at(step.condition));
    } else {
        sandbox.fault(json::Value::object()
                          .set("side", "baselinker")
                          .set("operation", step.stalled)
                          .set("nth", 1)
                          .set("fault", "stall")
                          .set("milliseconds", 1500));
    }
    const auto alpha = hosts.start("alpha", {"send", std::to_string(order), "--json"});
    wait_for("the step", [&] {
        if (!by_database) return sandbox.calls("baselinker", step.stalled) > 0;
        return hosts.sql("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").front() != '0';
    });
    alpha->signal(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::milliseconds{2200}); // what was under way has arrived
    // Its transaction would hold up all others: the database ends it (here at once, else after 15 s).
    hosts.cut_connections(true);
    if (by_database) (void)hosts.sql("DROP TRIGGER slow ON intents");
    sandbox.clear_faults();
    hosts.recover("beta");
    CHECK(packages_of(sandbox, order).size() == 1);
    const std::int64_t bookings = bookings_of(sandbox, order);
    const auto before = sandbox.writes();
    alpha->signal(SIGCONT);
    (void)alpha->wait();
    CHECK(sandbox.writes() == before); // who comes back late writes nothing
    CHECK(bookings_of(sandbox, order) == bookings);
    CHECK(bookings <= 1);
    CHECK(packages_of(sandbox, order).size() == 1);
    CHECK(hosts.shop.files(order).size() == 1);
}

} // namespace

TEST_CASE("two hosts, and the one at work is killed every 20 sends: one package and one label each", "[hosts]") {
    busy_day(sends(40), [](TwoHosts& hosts, auto& watches) {
        const std::string host = active(hosts);
        watches[host]->signal(SIGKILL);
        (void)watches[host]->wait();
        watches[host] = hosts.start(host, watch);
    });
}

TEST_CASE("the database cuts off the hosts every 20 sends: one package and one label each", "[hosts]") {
    busy_day(sends(40), [](TwoHosts& hosts, auto&) { hosts.cut_connections(); });
}

TEST_CASE("a host is stopped at each step of a send and continued later: one package and one label", "[hosts]") {
    TwoHosts hosts;
    const int count = sends(static_cast<int>(steps.size()));
    hosts.shop.orders(first_order, count);
    for (int i = 0; i < count; ++i) stop_at(hosts, steps[static_cast<std::size_t>(i) % steps.size()], first_order + i);
    CHECK(hosts.shop.packages() == static_cast<std::size_t>(count));
    CHECK(hosts.shop.sandbox.violations().empty());
}

TEST_CASE("a host that is stopped within a transaction holds the others up for no longer than they wait", "[hosts]") {
    TwoHosts hosts;
    hosts.shop.orders(first_order, 2);
    hosts.shop.send(first_order);
    (void)hosts.sql(slow_at("NEW.state = 1"));
    const auto alpha = hosts.start("alpha", {"send", std::to_string(first_order)});
    wait_for("the step",
             [&] { return hosts.sql("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").front() != '0'; });
    alpha->signal(SIGSTOP);
    hosts.shop.send(first_order + 1);
    const Finished other = hosts.run("beta", {"send", std::to_string(first_order + 1)});
    CHECK(other.exit_code == 0);
    CHECK(packages_of(hosts.shop.sandbox, first_order + 1).size() == 1);
    alpha->signal(SIGCONT);
    CHECK(alpha->wait().exit_code != 0);
    (void)hosts.sql("DROP TRIGGER slow ON intents");
    hosts.recover("beta");
    hosts.expect_one_each(first_order, 2);
}

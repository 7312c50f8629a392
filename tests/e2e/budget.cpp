// SPDX-License-Identifier: Apache-2.0
// One account, several processes: as the server counts them.
#include <catch2/catch.hpp>

#include <chrono>

#include <blongo/base/time.hpp>

#include "support/e2e/commands.hpp"
#include "support/replaced.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// Three connections of one account, each with a goods owner of its own.
void write_three(const Installation& installation, const Sandbox& sandbox, const std::string& rate) {
    std::string text = installation.config_text();
    const std::string state = text.substr(0, text.find("[connections"));
    const std::string connection = replaced(text.substr(text.find("[connections")), "requests_per_minute = 100000",
                                            "requests_per_minute = " + rate + "\nreserve = 2");
    std::string all = state;
    for (int i = 1; i <= 3; ++i) {
        std::string one = connection;
        for (std::size_t at; (at = one.find("connections.demo")) != std::string::npos;)
            one.replace(at, 16, "connections.c" + std::to_string(i));
        all += replaced(one, sandbox.url() + "/sandbox\"\n",
                        sandbox.url() + "/" + (i == 1 ? "sandbox" : "sandbox" + std::to_string(i)) + "\"\n");
    }
    installation.write_config(all);
}

/// Goods owners for the second and the third connection.
void add_goods_owners(Sandbox& sandbox) {
    for (int i = 2; i <= 3; ++i)
        sandbox.post("/_admin/goods-owners", json::Value::object()
                                                 .set("warehouse", "sandbox" + std::to_string(i))
                                                 .set("goodsOwnerId", 1)
                                                 .set("name", "Sandbox " + std::to_string(i))
                                                 .set("user", "WSI-SANDBOX")
                                                 .set("password", "sandbox-password"));
}

/// What the server counted for the one account.
json::Value rate_of(Sandbox& sandbox) {
    const json::Value accounts = sandbox.get("/_admin/rate");
    REQUIRE(accounts.elements().size() == 1);
    return accounts.elements().front();
}

std::vector<Timestamp> arrivals(Sandbox& sandbox) {
    std::vector<Timestamp> out;
    const json::Value journal = sandbox.get("/_admin/journal?side=baselinker");
    for (const auto& row : journal.elements()) {
        const auto at = parse_timestamp(row["at"].text());
        REQUIRE(at);
        out.push_back(*at);
    }
    return out;
}

} // namespace

TEST_CASE("three processes on one account never pass the configured number of calls in any 60 seconds", "[F10]") {
    constexpr std::int64_t rate = 12;
    // The server blocks the token at the first call too many. Without a shared budget three processes
    // would make three times as many.
    Sandbox sandbox({"--products", "900", "--rate-limit", std::to_string(rate)});
    add_goods_owners(sandbox);
    const Installation installation(sandbox, "batch = 20");
    write_three(installation, sandbox, std::to_string(rate));
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 1; i <= 3; ++i)
        processes.push_back(
            installation.start({"articles", "sync", "-C", "c" + std::to_string(i), "--max-duration", "80s", "--json"}));
    for (auto& process : processes) {
        const auto ended = process->wait();
        INFO(ended.err);
        CHECK(ended.exit_code == 5); // time ran out with work left, which is right at this rate
    }
    const json::Value counted = rate_of(sandbox);
    WARN("as the server counts: " << counted["total"].integer() << " calls, most in any 60 s "
                                  << counted["most_in_60_s"].integer() << " of " << rate);
    CHECK(counted["most_in_60_s"].integer() <= rate);
    CHECK(counted["refused"].integer() == 0);
    // More calls than one window allows, and most of what it allows is used, or this shows nothing.
    CHECK(counted["total"].integer() > rate);
    CHECK(counted["most_in_60_s"].integer() >= rate - 4);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a blocked token silences all processes until the time given, then one of them probes", "[F10]") {
    constexpr Milliseconds latency{500};
    Sandbox sandbox({"--products", "250", "--latency-baselinker", std::to_string(latency.count())});
    add_goods_owners(sandbox);
    const Installation installation(sandbox, "batch = 10");
    write_three(installation, sandbox, "10000");
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "getInventoryProductsData")
                      .set("nth", 12)
                      .set("fault", "blocked_token")
                      .set("seconds", 15));
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 1; i <= 3; ++i)
        processes.push_back(installation.start({"articles", "sync", "-C", "c" + std::to_string(i), "--json"}));
    for (auto& process : processes) {
        const auto ended = process->wait();
        INFO(ended.err);
        CHECK(ended.exit_code == 0);
    }
    CHECK(sandbox.articles().size() == 250);
    // called_while_blocked would stand here; only calls that were on their way when the block fell may be refused.
    CHECK(sandbox.violations().empty());
    CHECK(rate_of(sandbox)["refused"].integer() <= 5);

    const auto times = arrivals(sandbox);
    std::size_t probe = 1;
    for (std::size_t i = 1; i < times.size(); ++i)
        if (times[i] - times[i - 1] > times[probe] - times[probe - 1]) probe = i;
    CHECK(times[probe] - times[probe - 1] > Seconds{13});
    // The probe goes alone: the next call comes when its answer is there.
    REQUIRE(probe + 1 < times.size());
    CHECK(times[probe + 1] - times[probe] >= latency);
}

TEST_CASE("what is kept back for a packer is there for a send when other flows have used up the rest", "[F10]") {
    constexpr std::int64_t n = 84512301;
    Shop shop;
    shop.order(n);
    shop.send(n);
    shop.installation.limit_requests(60, "reserve = 58");
    CHECK(shop.installation.blongo({"articles", "sync", "--max-duration", "1s"}).exit_code == 5); // nothing is left for it
    const auto begun = std::chrono::steady_clock::now();
    CHECK(said(shop.installation, {"send", std::to_string(n)}).exit_code == 0);
    CHECK(shop.packages(n) == 1);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{25});
}

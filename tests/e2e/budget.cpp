// SPDX-License-Identifier: Apache-2.0
// One account, several processes: as the server counts them.
#include <catch2/catch.hpp>

#include <algorithm>

#include <blongo/base/time.hpp>

#include "support/e2e/sandbox.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

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

std::vector<Timestamp> arrivals(Sandbox& sandbox) {
    std::vector<Timestamp> out;
    const json::Value journal = sandbox.get("/_admin/journal?side=baselinker");
    const auto& rows = journal.is_array() ? journal.elements() : journal.members().front().second.elements();
    for (const auto& row : rows)
        if (const auto at = parse_timestamp(row["at"].text())) out.push_back(*at);
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

TEST_CASE("three processes on one account never pass the configured number of calls in any 60 seconds") {
    constexpr std::size_t rate = 12;
    Sandbox sandbox({"--products", "900"});
    for (int i = 2; i <= 3; ++i)
        sandbox.post("/_admin/goods-owners",
                     json::Value::object().set("warehouse", "sandbox" + std::to_string(i)).set("goods_owner_id", 1));
    Installation installation(sandbox, "batch = 20");
    write_three(installation, sandbox, std::to_string(rate));
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 1; i <= 3; ++i)
        processes.push_back(installation.start(
            {"articles", "sync", "-C", "c" + std::to_string(i), "--max-duration", "130s", "--json"}));
    for (auto& process : processes) {
        const auto ended = process->wait();
        INFO(ended.err);
        CHECK(ended.exit_code == 5); // time ran out with work left, which is right at this rate
    }
    const auto times = arrivals(sandbox);
    // More calls than one window allows, or the test shows nothing.
    REQUIRE(times.size() > rate);
    std::size_t most = 0;
    for (std::size_t from = 0, to = 0; to < times.size(); ++to) {
        while (times[to] - times[from] >= Seconds{60}) ++from;
        most = std::max(most, to - from + 1);
    }
    WARN("calls: " << times.size() << ", most in any 60 s: " << most << " of " << rate);
    CHECK(most <= rate);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a blocked token silences all processes until the time given, then one of them probes") {
    Sandbox sandbox({"--products", "400", "--latency-ongoing", "3"});
    for (int i = 2; i <= 3; ++i)
        sandbox.post("/_admin/goods-owners",
                     json::Value::object().set("warehouse", "sandbox" + std::to_string(i)).set("goods_owner_id", 1));
    Installation installation(sandbox, "batch = 10");
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
    // called_while_blocked would stand here; calls already on their way when the block fell may be there.
    std::size_t while_blocked = 0;
    for (const auto& violation : sandbox.violations())
        if (violation.find("called_while_blocked") != std::string::npos) ++while_blocked;
    CHECK(while_blocked <= 5);

    const auto times = arrivals(sandbox);
    Milliseconds longest{0};
    std::size_t after = 0;
    for (std::size_t i = 1; i < times.size(); ++i)
        if (times[i] - times[i - 1] > longest) {
            longest = times[i] - times[i - 1];
            after = i;
        }
    CHECK(longest >= Seconds{15});
    // One probe goes first: the next call comes only when its answer is there.
    const json::Value journal = sandbox.get("/_admin/journal?side=baselinker");
    const auto& rows = journal.is_array() ? journal.elements() : journal.members().front().second.elements();
    REQUIRE(after < rows.size());
    CHECK(rows[after]["status"].integer() == 200);
    CHECK(sandbox.articles().size() == 400);
}

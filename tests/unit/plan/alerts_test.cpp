// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/alerts.hpp>

using namespace blongo;
using namespace blongo::plan;

namespace {

constexpr Timestamp noon{Milliseconds{1'795'435'200'000}};
constexpr std::chrono::hours day{24};
const std::vector<std::string> all_kinds{"unknown", "guard", "auth", "stale", "sent_without_shipment", "parked"};

Alert alert(const std::string& kind, const std::string& key, std::int64_t count = 1) {
    return {kind, key, "orders", {}, "admin", "something is wrong", "blongo status", count, noon - day * 3};
}

/// "problem parked unpaid 2, ..."; "forgotten: ..." behind it.
std::string words(const AlertPlan& plan) {
    std::string out;
    for (const AlertMessage& message : plan.messages)
        out += std::string(to_string(message.state)) + " " + message.alert.kind + " " + message.alert.key + " " +
               std::to_string(message.alert.count) + ", ";
    for (const Alert& one : plan.forgotten) out += "forgotten " + one.kind + " " + one.key + ", ";
    return out;
}

} // namespace

TEST_CASE("alerts: what stands is told once, and again after the time of remind, with the count of then") {
    const std::vector standing{alert("parked", "unpaid", 2)};
    CHECK(words(plan_alerts(standing, {}, all_kinds, day, noon)) == "problem parked unpaid 2, ");
    const auto told = [](Milliseconds ago) { return std::vector{ToldAlert{alert("parked", "unpaid", 1), noon - ago}}; };
    CHECK(words(plan_alerts(standing, told(day - Milliseconds{1}), all_kinds, day, noon)).empty());
    CHECK(words(plan_alerts(standing, told(day), all_kinds, day, noon)) == "reminder parked unpaid 2, ");
    CHECK(plan_alerts(standing, told(day), all_kinds, day, noon).messages.at(0).told_before == noon - day);
}

TEST_CASE("alerts: what is gone is told as solved with the words of before, but only to those who were told of it") {
    const std::vector told{ToldAlert{alert("guard", "stock", 3), noon - day * 2}, ToldAlert{alert("auth", "orders"), {}}};
    const auto plan = plan_alerts({}, told, all_kinds, day, noon);
    CHECK(words(plan) == "solved guard stock 3, forgotten auth orders, ");
    CHECK(plan.messages.at(0).told_before == noon - day * 2);
}

TEST_CASE("alerts: what could not be told is new until it is") {
    const std::vector standing{alert("auth", "orders")};
    const std::vector told{ToldAlert{alert("auth", "orders"), {}}};
    const auto plan = plan_alerts(standing, told, all_kinds, day, noon);
    CHECK(words(plan) == "problem auth orders 1, ");
    CHECK_FALSE(plan.messages.at(0).told_before);
}

TEST_CASE("alerts: kinds that nobody wants are neither told nor kept; kinds and keys tell problems apart") {
    const std::vector standing{alert("parked", "unpaid"), alert("stale", "orders"), alert("guard", "orders")};
    const std::vector told{ToldAlert{alert("parked", "unpaid"), noon}, ToldAlert{alert("guard", "stock"), noon}};
    const std::vector<std::string> some{"guard", "stale"};
    CHECK(words(plan_alerts(standing, told, some, day, noon)) ==
          "problem stale orders 1, problem guard orders 1, solved guard stock 1, forgotten parked unpaid, ");
}

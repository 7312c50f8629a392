// SPDX-License-Identifier: Apache-2.0
// What goes wrong with the calls of a shop: about 2 of 100, all kinds that the sandbox knows.
#include <utility>

#include "shop.hpp"
#include "support/e2e/history_sides.hpp"

namespace blongo::bench {

namespace {

constexpr int faults_in_100 = 2, most_calls = 300; // a run of one connection makes fewer

struct Kind {
    const char* name;
    int weight;
};
constexpr Kind kinds[] = {
    {"drop_before", 10}, {"drop_after", 10}, {"status_before", 12}, {"status_after", 12}, {"html_502", 8},    {"html_403", 4},
    {"truncated", 10},   {"stall", 8},       {"late_commit", 8},    {"blocked_token", 2}, {"kill_before", 3}, {"kill_after", 3},
    {"nesting", 4},      {"huge", 1},        {"redirect", 4},       {"empty_listing", 4}, {"skew", 4},        {"meanwhile", 6}};

} // namespace

json::Value SoakShop::fault(int call) {
    int total = 0;
    for (const Kind& kind : kinds) total += kind.weight;
    int drawn = pick(total);
    std::string name;
    for (const Kind& kind : kinds)
        if (name.empty() && (drawn -= kind.weight) < 0) name = kind.name;
    json::Value rule = json::Value::object().set("operation", "*").set("fault", name).set("nth", call);
    if (name.starts_with("status")) rule.set("code", one_in(3) ? 503 : 500);
    if (name == "status_before" && one_in(6)) rule.set("code", 429).set("side", "ongoing"); // BaseLinker's stops for 10 minutes
    if (name.starts_with("html") || name == "redirect" || name == "stall") rule.set("commit", one_in(2));
    if (name == "stall") rule.set("milliseconds", 1'300);
    if (name == "late_commit") rule.set("milliseconds", 20 + pick(400));
    if (name == "blocked_token") rule.set("side", "baselinker").set("seconds", 5);
    if (name == "skew") rule.set("milliseconds", (one_in(2) ? 1 : -1) * 3'600'000);
    // Lists that may be empty for once: the catalogue and the orders of a status.
    if (name == "empty_listing")
        rule.set("operation", one_in(2) ? "getOrders" : "getInventoryProductsList").set("nth", 1 + call % 4);
    if (name == "meanwhile")
        rule.set("admin",
                 json::Value::object().set("method", "POST").set("path", "/_admin/baselinker/orders").set("body", new_order()));
    return rule;
}

void SoakShop::spoil() {
    json::Value rules = json::Value::array();
    for (int call = 1; call <= most_calls; ++call)
        if (pick(100) < faults_in_100) rules.push_back(fault(call));
    if (rules.size() > 0) sandbox_.fault(rules);
}

void SoakShop::end_faults() {
    const json::Value rules = sandbox_.get("/_admin/faults");
    for (const auto& rule : rules.elements()) {
        const std::int64_t fired = rule["fired"].integer(0);
        faults += fired;
        if (fired > 0) faults_by[std::string(rule["fault"].text())] += fired;
    }
    sandbox_.clear_faults();
    // Calls that outlive their clients end as well: no service carries one out a quarter of an hour late.
    (void)test::history::writes_since(sandbox_, last_call_);
}

} // namespace blongo::bench

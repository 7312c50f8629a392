// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/faults.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace blongo::test {
namespace {

unsigned number_from_environment(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

unsigned share() {
    return std::max(1U, number_from_environment("BLONGO_SHARE", 1));
}

} // namespace

const std::string impatient = "[http]\nread_timeout = \"1s\"\n"
                              "retry_ongoing = [\"5ms\", \"10ms\", \"20ms\"]\n"
                              "retry_baselinker = [\"5ms\", \"10ms\", \"20ms\", \"40ms\"]\n";

json::Value fault_rule(const Operation& operation, const std::string& fault, const std::string& connection, int stall_seconds) {
    json::Value rule = json::Value::object()
                           .set("side", operation.side)
                           .set("operation", operation.name)
                           .set("nth", 1)
                           .set("connection", connection)
                           .set("fault", fault);
    if (fault == "status_before") rule.set("code", 503);
    if (fault == "status_after") rule.set("code", 500);
    if (fault == "stall") rule.set("seconds", stall_seconds);
    if (fault == "late_commit") rule.set("seconds", json::Value::number("0.05"));
    return rule;
}

bool fault_fired(Sandbox& sandbox) {
    return sandbox.get("/_admin/faults").dump().find("\"fired\":1") != std::string::npos;
}

void expect_lawful(Sandbox& sandbox) {
    const auto violations = sandbox.violations();
    INFO((violations.empty() ? std::string{} : violations.front()));
    CHECK(violations.empty());
}

void expect_lawful_and_idle(Sandbox& sandbox, const Installation& installation, const std::string& flow) {
    expect_lawful(sandbox);
    sandbox.reset_journal();
    CHECK(installation.blongo({flow, flow == "shipments" ? "send" : "sync"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

bool in_share(std::size_t cell) {
    // Mixed, so that no fault or request falls out of every share of a matrix.
    return (static_cast<std::uint32_t>(cell + 1) * 2'654'435'761U >> 16) % share() == 0;
}

void for_each_seed(unsigned schedules, const std::function<void(unsigned)>& play) {
    const unsigned first = number_from_environment("BLONGO_FIRST_SEED", 1);
    const unsigned count = number_from_environment("BLONGO_SCHEDULES", std::max(1U, schedules / share()));
    for (unsigned seed = first; seed < first + count; ++seed) {
        INFO("BLONGO_FIRST_SEED=" << seed << " BLONGO_SCHEDULES=1 plays this one alone");
        play(seed);
    }
}

} // namespace blongo::test

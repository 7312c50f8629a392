// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <set>

#include <blongo/map/packer_words.hpp>
#include <blongo/plan/causes.hpp>

using namespace blongo;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now{Milliseconds{1'800'000'000'000}};

std::optional<Milliseconds> wait_after(std::string_view cause, int attempts) {
    const auto next = plan::next_try(*plan::find_cause(cause), attempts, now);
    if (!next) return std::nullopt;
    return *next - now;
}

} // namespace

TEST_CASE("Every cause names its owner, a meaning, a remedy and a command") {
    const std::set<std::string_view> owners{"seller", "warehouse", "admin", "courier"};
    std::set<std::string_view> names;
    for (const auto& cause : plan::causes()) {
        INFO(cause.name);
        CHECK(names.insert(cause.name).second);
        CHECK(owners.contains(cause.owner));
        CHECK_FALSE(cause.meaning.empty());
        CHECK_FALSE(cause.remedy.empty());
        CHECK(cause.command.starts_with("blongo "));
        CHECK(cause.command.find("{key}") != std::string_view::npos);
        CHECK(plan::find_cause(cause.name) == &cause);
    }
    CHECK(names.size() == 46);
    CHECK(plan::find_cause("no_such_cause") == nullptr);
}

TEST_CASE("The packer has words for every cause, but for those that keep an order out of the warehouse") {
    const std::set<std::string_view> before_the_warehouse{"unknown_sku",  "no_sku",        "duplicate_sku",       "empty_order",
                                                          "bad_quantity", "foreign_lines", "exists_in_warehouse", "key_too_long"};
    for (const auto& cause : plan::causes()) {
        INFO(cause.name);
        CHECK(map::has_own_words(cause.name) != before_the_warehouse.contains(cause.name));
    }
}

TEST_CASE("Causes belong to those who can end them") {
    CHECK(plan::find_cause("duplicate_sku")->owner == "seller");
    CHECK(plan::find_cause("nothing_picked")->owner == "warehouse");
    CHECK(plan::find_cause("key_too_long")->owner == "admin");
    CHECK(plan::find_cause("label_pending")->owner == "courier");
}

TEST_CASE("The command comes with the object's key in place") {
    CHECK(plan::command_for(*plan::find_cause("duplicate_sku"), "AB 1") == "blongo articles show --sku AB 1");
    CHECK(plan::command_for(*plan::find_cause("remote_rejected"), "84512345") == "blongo parked retry 84512345");
}

TEST_CASE("A parked object whose judgement costs nothing is judged at every run") {
    CHECK_FALSE(wait_after("duplicate_sku", 1));
    CHECK_FALSE(wait_after("duplicate_sku", 1000));
}

TEST_CASE("A parked object whose judgement costs a call is tried at five runs, then ever more rarely", "[F12]") {
    CHECK_FALSE(wait_after("remote_rejected", 1));
    CHECK_FALSE(wait_after("remote_rejected", 5));
    CHECK(wait_after("remote_rejected", 6) == 5min);
    CHECK(wait_after("remote_rejected", 7) == 10min);
    CHECK(wait_after("remote_rejected", 12) == 320min);
    CHECK(wait_after("remote_rejected", 13) == 6h);
    CHECK(wait_after("remote_rejected", 1'000'000) == 6h);
}

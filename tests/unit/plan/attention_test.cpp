// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/attention.hpp>

#include <catch2/catch.hpp>

using namespace blongo;
using namespace blongo::plan;

namespace {

const Timestamp morning = from_unix_seconds(1'795'000'000);

Matter parked_matter(const std::string& key, std::chrono::minutes age, const std::string& cause = "unknown_sku") {
    return {MatterKind::parked, "orders", cause, key, "seller", "detail of " + key, "blongo orders why " + key, morning - age, 1};
}

std::string_view words_of(int code) {
    return code == 4 ? "credentials refused" : "other";
}

FlowRuns well() {
    return {"orders", morning - std::chrono::minutes{10}, morning - std::chrono::minutes{10}, 0, false};
}

} // namespace

TEST_CASE("a few parked orders are told one by one, the oldest first; many of one cause are one matter") {
    std::vector<Matter> matters;
    for (int i = 1; i <= 5; ++i) matters.push_back(parked_matter(std::to_string(i), std::chrono::minutes{i}));
    const auto few = digest(matters);
    REQUIRE(few.size() == 5);
    CHECK(few.front().key == "5");
    CHECK(few.front().command == "blongo orders why 5");

    matters.push_back(parked_matter("6", std::chrono::minutes{60}));
    matters.push_back(parked_matter("7", std::chrono::minutes{1}, "empty_order"));
    const auto many = digest(matters);
    REQUIRE(many.size() == 2);
    CHECK(many[0].count == 6);
    CHECK(many[0].key.empty());
    CHECK(many[0].command == "blongo parked list --cause unknown_sku");
    CHECK(many[0].since == morning - std::chrono::minutes{60});
    CHECK(many[1].key == "7");
}

TEST_CASE("what may cost money stands before what can wait") {
    std::vector<Matter> matters{{MatterKind::held, {}, {}, "1", {}, {}, {}, morning - std::chrono::hours{900}, 1},
                                parked_matter("2", std::chrono::minutes{900}),
                                {MatterKind::unknown, {}, {}, "3", {}, {}, {}, morning, 1}};
    const auto told = digest(matters);
    REQUIRE(told.size() == 3);
    CHECK(told[0].key == "3");
    CHECK(told[1].key == "2");
    CHECK(told[2].key == "1");
}

TEST_CASE("a flow is sick when it failed, or when it did not run") {
    const auto judge = [](const FlowRuns& runs) { return sickness_of(runs, std::chrono::minutes{40}, morning, words_of); };
    CHECK_FALSE(judge(well()));
    for (const int calm : {0, 3, 9, 11, 130, 143}) {
        FlowRuns runs = well();
        runs.last_code = calm;
        INFO(calm);
        CHECK_FALSE(judge(runs));
    }
    FlowRuns refused = well();
    refused.last_code = 4;
    REQUIRE(judge(refused));
    CHECK(judge(refused)->code == 4);
    CHECK(judge(refused)->detail == "the last good run was 10 min ago; the last one ended with 4: credentials refused");

    FlowRuns stale = well();
    stale.last_good = morning - std::chrono::minutes{41};
    REQUIRE(judge(stale));
    CHECK(judge(stale)->code == 5);
    CHECK(judge(stale)->since == stale.last_good);

    CHECK(judge(FlowRuns{"orders", {}, {}, {}, false})->detail == "it never ran");
    CHECK(judge(FlowRuns{"orders", {}, morning, {}, false})->detail ==
          "no run has ended well yet; the last one did not end (killed?)");
    CHECK(judge(FlowRuns{"orders", {}, morning, {}, true})->detail == "no run has ended well yet");
}

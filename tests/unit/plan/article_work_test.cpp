// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/action.hpp>
#include <blongo/plan/article_plan.hpp>

using namespace blongo;

TEST_CASE("Details are read for new articles first, then for those read longest ago") {
    std::vector<plan::DetailWork> work{{5, false, 30}, {4, false, 10}, {3, true, 0}, {2, false, 10}, {1, true, 0}};
    plan::order_detail_work(work);
    std::vector<std::int64_t> ids;
    for (const auto& item : work) ids.push_back(item.product_id);
    CHECK(ids == std::vector<std::int64_t>{1, 3, 2, 4, 5});
}

TEST_CASE("An empty listing deactivates nothing") {
    const auto verdict = plan::judge_deactivations(3, 1, 100, true);
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().kind == ErrorKind::guard);
    CHECK_THAT(verdict.error().message, Catch::Contains("1 of 3"));
    CHECK_FALSE(verdict.error().remedy.empty());
    CHECK(plan::judge_deactivations(0, 0, 20, true));
}

TEST_CASE("More deactivations than the setting allows stop the run before the first") {
    CHECK(plan::judge_deactivations(25, 5, 20, false));
    const auto verdict = plan::judge_deactivations(25, 6, 20, false);
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().kind == ErrorKind::guard);
    CHECK_THAT(verdict.error().message, Catch::Contains("6 of 25") && Catch::Contains("20 %"));
    CHECK_THAT(verdict.error().remedy, Catch::Contains("max_deactivated_percent"));
}

TEST_CASE("Fewer than five deactivations are no alarm, however small the catalogue") {
    CHECK(plan::judge_deactivations(4, 4, 20, false));
    CHECK_FALSE(plan::judge_deactivations(5, 5, 20, false));
    CHECK(plan::judge_deactivations(5, 5, 100, false));
}

TEST_CASE("Verbs and outcomes are printed in the words of the contract") {
    using plan::Outcome;
    using plan::Verb;
    std::string words;
    for (const auto verb :
         {Verb::create, Verb::update, Verb::adopt, Verb::cancel, Verb::same, Verb::skip, Verb::park, Verb::reprint})
        words += std::string(plan::to_string(verb)) + " ";
    for (const auto outcome : {Outcome::planned, Outcome::done, Outcome::rejected, Outcome::unknown, Outcome::queued})
        words += std::string(plan::to_string(outcome)) + " ";
    CHECK(words == "create update adopt cancel same skip park reprint planned done rejected unknown queued ");
}

// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/packages.hpp>

using namespace blongo;
using namespace blongo::plan;
using baselinker::CourierAccountId;
using baselinker::OrderPackage;
using baselinker::PackageId;
using Verdict = PackageLook::Verdict;
using Existing = ExistingPackages::Verdict;
using Ids = std::set<PackageId>;

namespace {

OrderPackage package(std::int64_t id, const std::string& courier = "dpd", std::int64_t account = 5) {
    OrderPackage made;
    made.package_id = PackageId{id};
    made.courier_code = courier;
    made.account_id = CourierAccountId{account};
    made.tracking_status = 1;
    return made;
}

OrderPackage returned(std::int64_t id) {
    OrderPackage made = package(id);
    made.package_type = 1;
    made.is_return = true;
    return made;
}

OrderPackage with_status(std::int64_t id, std::int64_t tracking_status) {
    OrderPackage made = package(id);
    made.tracking_status = tracking_status;
    return made;
}

const ExpectedPackage expected{"dpd", CourierAccountId{5}};

PackageLook look(const std::vector<OrderPackage>& now, const Ids& before = {}, const Ids& others = {},
                 const ExpectedPackage& like = expected) {
    return look_at_packages(before, others, now, like);
}

std::vector<std::int64_t> ids(const std::vector<OrderPackage>& packages) {
    std::vector<std::int64_t> made;
    for (const auto& one : packages) made.push_back(one.package_id.value());
    return made;
}

constexpr Timestamp called{Milliseconds{1'800'000'000'000}};
constexpr Milliseconds second{1'000};

UnknownOutcome unknown() {
    UnknownOutcome made;
    made.called = called;
    made.send_deadline = called + 20 * second;
    made.call_timeout = 120 * second;
    made.waits = {15 * second, 60 * second, 180 * second};
    made.rebook_after = 600 * second;
    return made;
}

} // namespace

TEST_CASE("a package is like ours by courier, account, direction and tracking status") {
    CHECK(is_like(package(1), expected));
    CHECK(is_like(with_status(1, 0), expected));
    CHECK_FALSE(is_like(with_status(1, 2), expected));
    CHECK_FALSE(is_like(with_status(1, 10), expected));
    CHECK_FALSE(is_like(package(1, "inpost"), expected));
    CHECK_FALSE(is_like(package(1, "dpd", 6), expected));
    CHECK_FALSE(is_like(returned(1), expected));
    CHECK(is_like(package(1, "inpost", 6), ExpectedPackage{"", std::nullopt}));
    CHECK_FALSE(is_like(returned(1), ExpectedPackage{"", std::nullopt}));
}

TEST_CASE("one new package like the expected one is ours") {
    const auto seen = look({package(3), package(7)}, {PackageId{3}});
    CHECK(seen.verdict == Verdict::one);
    CHECK(ids(seen.fresh) == std::vector<std::int64_t>{7});
}

TEST_CASE("packages that were there before, of other deliveries, and returns are nothing new") {
    const auto seen = look({package(3), package(5), returned(9)}, {PackageId{3}}, {PackageId{5}});
    CHECK(seen.verdict == Verdict::none);
    CHECK(seen.fresh.empty());
    CHECK(look({}).verdict == Verdict::none);
}

TEST_CASE("two new packages, or one of another kind, are for a person to judge") {
    const auto two = look({package(8), package(7)});
    CHECK(two.verdict == Verdict::several);
    CHECK(ids(two.fresh) == std::vector<std::int64_t>{7, 8});
    CHECK(look({package(7), package(8, "inpost")}).verdict == Verdict::several);
    CHECK(look({package(7, "inpost")}).verdict == Verdict::several);
    CHECK(look({package(7, "dpd", 6)}).verdict == Verdict::several);
    CHECK(look({with_status(7, 10)}).verdict == Verdict::several);
}

TEST_CASE("a package that the answer lists twice is one") {
    CHECK(look({package(7), package(7)}).verdict == Verdict::one);
    CHECK(judge_existing(std::vector{package(7), package(7)}, {}, expected, true, false).verdict == Existing::adopt);
}

TEST_CASE("a package that was there before the first attempt is adopted only where that is safe") {
    const std::vector<OrderPackage> one{package(7)};
    const auto judged = judge_existing(one, {}, expected, true, false);
    CHECK(judged.verdict == Existing::adopt);
    CHECK(ids(judged.found) == std::vector<std::int64_t>{7});
    CHECK(judge_existing(one, {}, expected, false, false).verdict == Existing::park);
    CHECK(judge_existing(one, {}, expected, true, true).verdict == Existing::park);
    CHECK(judge_existing(std::vector{package(7), package(8)}, {}, expected, true, false).verdict == Existing::park);
    CHECK(judge_existing(std::vector{package(7, "inpost")}, {}, expected, true, false).verdict == Existing::park);
    CHECK(judge_existing(std::vector{with_status(7, 2)}, {}, expected, true, false).verdict == Existing::park);
    CHECK(judge_existing(std::vector{returned(7)}, {}, expected, true, false).verdict == Existing::park);
}

TEST_CASE("packages of our own earlier deliveries stand in nobody's way") {
    CHECK(judge_existing({}, {}, expected, true, false).verdict == Existing::none);
    const std::vector<OrderPackage> two{package(7), package(8)};
    CHECK(judge_existing(two, {PackageId{7}, PackageId{8}}, expected, true, true).verdict == Existing::none);
    const auto other = judge_existing(two, {PackageId{7}}, expected, true, true);
    CHECK(other.verdict == Existing::park);
    CHECK(ids(other.found) == std::vector<std::int64_t>{8});
}

TEST_CASE("looks after a lost answer follow the configured waits and then end") {
    auto outcome = unknown();
    CHECK(next_look(outcome) == called + 15 * second);
    outcome.empty_looks = 2;
    CHECK(next_look(outcome) == called + 180 * second);
    outcome.empty_looks = 3;
    CHECK_FALSE(next_look(outcome));
    outcome.waits.clear();
    outcome.empty_looks = 0;
    CHECK_FALSE(next_look(outcome));
}

TEST_CASE("nothing is booked again before rebook_after and two empty looks a minute apart") {
    auto outcome = unknown();
    const Timestamp from = outcome.send_deadline + 600 * second;
    outcome.late_empty_looks = {from, from + 60 * second};
    CHECK(may_book_again(outcome, from + 60 * second));
    CHECK_FALSE(may_book_again(outcome, from - Milliseconds{1}));

    outcome.late_empty_looks = {from, from + 59 * second};
    CHECK_FALSE(may_book_again(outcome, from + 60 * second));
    outcome.late_empty_looks = {from};
    CHECK_FALSE(may_book_again(outcome, from + 3600 * second));
    outcome.late_empty_looks = {from - 100 * second, from}; // the first one came too early to count
    CHECK_FALSE(may_book_again(outcome, from + 60 * second));
    outcome.late_empty_looks = {from, from + 30 * second, from + 61 * second};
    CHECK(may_book_again(outcome, from + 61 * second));
    outcome.late_empty_looks = {from, from + 500 * second}; // a look of a time to come
    CHECK_FALSE(may_book_again(outcome, from + 60 * second));
}

TEST_CASE("never, and after a macro, means never") {
    auto outcome = unknown();
    const Timestamp late = outcome.send_deadline + 86'400 * second;
    outcome.late_empty_looks = {late - 600 * second, late - 60 * second};
    CHECK(may_book_again(outcome, late));
    outcome.macro = true;
    CHECK_FALSE(may_book_again(outcome, late));
    outcome.macro = false;
    outcome.rebook_after.reset();
    CHECK_FALSE(may_book_again(outcome, late));
}

TEST_CASE("a rebook_after below three call time-outs waits for these") {
    auto outcome = unknown();
    outcome.rebook_after = second;
    const Timestamp from = outcome.send_deadline + 360 * second;
    outcome.late_empty_looks = {from - 120 * second, from - 60 * second};
    CHECK_FALSE(may_book_again(outcome, from + second));
    outcome.late_empty_looks = {from, from + 60 * second};
    CHECK(may_book_again(outcome, from + 60 * second));
}

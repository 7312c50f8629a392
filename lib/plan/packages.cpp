// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/packages.hpp>

#include <algorithm>

namespace blongo::plan {

namespace {

using baselinker::OrderPackage;
using baselinker::PackageId;

constexpr std::int64_t label_created = 1; ///< tracking_status; 0: unknown (contract 4.5)
constexpr int call_timeouts_before_rebooking = 3;
constexpr Milliseconds between_late_looks{60'000};

/// Each package once, ascending by id.
void order_by_id(std::vector<OrderPackage>& packages) {
    std::ranges::stable_sort(packages, {}, &OrderPackage::package_id);
    const auto twice = std::ranges::unique(packages, {}, &OrderPackage::package_id);
    packages.erase(twice.begin(), twice.end());
}

} // namespace

bool is_like(const OrderPackage& package, const ExpectedPackage& expected) {
    return !package.is_return && (package.tracking_status == 0 || package.tracking_status == label_created) &&
           (expected.courier_code.empty() || package.courier_code == expected.courier_code) &&
           (!expected.account_id || package.account_id == *expected.account_id);
}

PackageLook look_at_packages(const std::set<PackageId>& before, const std::set<PackageId>& of_other_deliveries,
                             std::span<const OrderPackage> now, const ExpectedPackage& expected) {
    using Verdict = PackageLook::Verdict;
    PackageLook look;
    for (const OrderPackage& package : now)
        if (!package.is_return && !before.contains(package.package_id) && !of_other_deliveries.contains(package.package_id))
            look.fresh.push_back(package);
    order_by_id(look.fresh);
    if (look.fresh.empty())
        look.verdict = Verdict::none;
    else
        look.verdict = look.fresh.size() == 1 && is_like(look.fresh.front(), expected) ? Verdict::one : Verdict::several;
    return look;
}

ExistingPackages judge_existing(std::span<const OrderPackage> packages, const std::set<PackageId>& ours,
                                const ExpectedPackage& expected, bool may_adopt, bool booked_before) {
    using Verdict = ExistingPackages::Verdict;
    ExistingPackages existing;
    for (const OrderPackage& package : packages)
        if (!ours.contains(package.package_id)) existing.found.push_back(package);
    order_by_id(existing.found);
    if (existing.found.empty()) return existing;
    const bool adopts = may_adopt && !booked_before && existing.found.size() == 1 && is_like(existing.found.front(), expected);
    existing.verdict = adopts ? Verdict::adopt : Verdict::park;
    return existing;
}

std::optional<Timestamp> next_look(const UnknownOutcome& outcome) {
    const auto made = static_cast<std::size_t>(std::max(outcome.empty_looks, 0));
    if (made >= outcome.waits.size()) return std::nullopt;
    return outcome.called + outcome.waits[made];
}

bool may_book_again(const UnknownOutcome& outcome, Timestamp now) {
    if (outcome.macro || !outcome.rebook_after) return false;
    const Timestamp from =
        outcome.send_deadline + std::max(*outcome.rebook_after, outcome.call_timeout * call_timeouts_before_rebooking);
    if (now < from) return false;
    std::optional<Timestamp> first, last;
    for (const Timestamp look : outcome.late_empty_looks) {
        if (look < from || look > now) continue;
        first = first ? std::min(*first, look) : look;
        last = last ? std::max(*last, look) : look;
    }
    return first && *last - *first >= between_late_looks;
}

} // namespace blongo::plan

// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/package_owners.hpp>

#include <algorithm>

#include <blongo/plan/check.hpp>

namespace blongo::plan {

namespace {

using baselinker::OrderPackage;
using Booking = PossibleOwner::Booking;

bool has_label(const PossibleOwner& owner, std::int64_t package) {
    return std::ranges::any_of(
        owner.files, [&](const std::string& file) { return package_of_label(owner.there->order_number, file) == package; });
}

bool shows(const PossibleOwner& owner, const OrderPackage& package) {
    return (!package.package_number.empty() && shows_number(*owner.there, package.package_number)) ||
           (!package.courier_inner_number.empty() && shows_number(*owner.there, package.courier_inner_number));
}

/// The label of a package of ours, or a number that somebody was given: it was booked once.
bool was_booked(const PossibleOwner& owner) {
    const auto is_label = [&](const std::string& file) { return package_of_label(owner.there->order_number, file).has_value(); };
    const auto has_number = [](const auto& row) { return !row.waybill.empty(); };
    return !owner.there->way_bill.empty() || std::ranges::any_of(owner.there->tracking, has_number) ||
           std::ranges::any_of(owner.files, is_label);
}

std::optional<std::size_t> by_label_or_number(const OrderPackage& package, std::span<const PossibleOwner> orders) {
    for (std::size_t i = 0; i < orders.size(); ++i)
        if (has_label(orders[i], package.package_id.value())) return i;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (!shows(orders[i], package)) continue;
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

} // namespace

PackageOwners package_owners(std::span<const OrderPackage> packages, std::span<const PossibleOwner> orders) {
    PackageOwners out;
    out.open.assign(orders.size(), false);
    std::vector<bool> has_standing(orders.size(), false), has_any(orders.size(), false);
    std::vector<std::size_t> left; // standing packages that nothing names
    const auto give = [&](std::size_t package, std::size_t order) {
        out.of[package] = order;
        has_any[order] = true;
        if (stands(packages[package])) has_standing[order] = true;
    };
    out.of.resize(packages.size());
    for (std::size_t i = 0; i < packages.size(); ++i) {
        if (const auto owner = by_label_or_number(packages[i], orders))
            give(i, *owner);
        else if (orders.size() == 1 && orders.front().booking != Booking::never)
            give(i, 0);
        else if (stands(packages[i]))
            left.push_back(i);
    }
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < orders.size(); ++i)
        if (!has_standing[i] && orders[i].booking != Booking::never) free.push_back(i);
    const bool by_age =
        left.size() == free.size() && std::ranges::all_of(free, [&](std::size_t i) { return orders[i].booking == Booking::due; });
    for (std::size_t i = 0; by_age && i < left.size(); ++i) give(left[i], free[i]);
    for (const std::size_t i : free) {
        if (has_standing[i] || orders[i].booking != Booking::due) continue;
        out.open[i] = !left.empty() || (!has_any[i] && was_booked(orders[i]));
    }
    return out;
}

} // namespace blongo::plan

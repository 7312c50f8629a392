// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/baselinker/package_wire.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::plan {

/// An order of Ongoing that packages of one BaseLinker order may be of: the order itself, or a back order of it. It was sent.
struct PossibleOwner {
    enum class Booking : std::uint8_t {
        due,     ///< its status means that it is booked
        perhaps, ///< it may have been booked before it came into its status
        never    ///< its status means that nothing is booked
    };
    const ongoing::Order* there = nullptr;
    std::vector<std::string> files; ///< names of the order's files
    Booking booking = Booking::due;
};

struct PackageOwners {
    std::vector<std::optional<std::size_t>> of; ///< by package: its order; none: nobody knows
    std::vector<bool> open;                     ///< by order: nobody knows whether it was booked; a person has to say
};

/// Which order each package is of when nobody remembers (state rebuild). In this order: the order that has its label file,
/// which is named after both; the only one that shows its number; by age, but only where as many packages as orders are left
/// of which each was or is to be booked. The only order of all has what is left, unless nothing of it is ever booked. An order
/// without a standing package is open when a package is left over that may be its own, and when it shows a number or a
/// label file of a package that is not there any more.
/// `packages` and `orders` ascending by id; return packages left out, cancelled ones not.
[[nodiscard]] PackageOwners package_owners(std::span<const baselinker::OrderPackage> packages,
                                           std::span<const PossibleOwner> orders);

} // namespace blongo::plan

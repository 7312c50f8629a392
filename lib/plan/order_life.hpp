// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace blongo::plan {

/// Ongoing's status numbers that mean the same everywhere (contract ongoing 3.5).
inline constexpr std::int64_t returned_in_ongoing = 800, cancelled_in_ongoing = 1000;
/// From here on an order has left the warehouse, where `send` names no lower number.
inline constexpr std::int64_t sent_in_ongoing = 450;

/// Whether an order in this status of Ongoing may still be changed or cancelled. No status is published; this is the
/// contract's safe rule (ongoing 3.3).
enum class Changeable : std::uint8_t {
    yes,      ///< below 300
    try_once, ///< released: once for each new content, and a refusal is an answer
    no        ///< allocated and beyond: never tried
};
[[nodiscard]] constexpr Changeable changeable(std::int64_t ongoing_status) noexcept {
    constexpr std::int64_t released = 300, allocated = 320;
    if (ongoing_status < released) return Changeable::yes;
    return ongoing_status < allocated ? Changeable::try_once : Changeable::no;
}

/// Whether so many imported orders are gone from BaseLinker at once that its answers are not to be trusted (another
/// account's token, an outage): at least 10, and more than half of those that were looked at.
[[nodiscard]] constexpr bool too_many_gone(std::size_t gone, std::size_t looked_at) noexcept {
    constexpr std::size_t fewest = 10;
    return gone >= fewest && gone * 2 > looked_at;
}

/// What was tried, so that it is not tried again unchanged: a content, or a cancellation, in a status.
[[nodiscard]] std::string attempt_mark(const std::string& what, std::int64_t ongoing_status);

/// From here on an order is finished: the lowest status of `send` that means book or no_shipment, at most 800.
[[nodiscard]] std::int64_t lowest_finished(const std::map<std::int64_t, std::string>& send);
/// The lowest status that means that an order has left: the lowest one of `send` that means book or no_shipment.
[[nodiscard]] std::int64_t lowest_sent(const std::map<std::int64_t, std::string>& send);

} // namespace blongo::plan

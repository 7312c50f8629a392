// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>

namespace blongo::plan {

/// Whether an order of BaseLinker is to be in Ongoing, as far as the order itself tells.
enum class Admission : std::uint8_t {
    admit,
    unconfirmed,    ///< never sent
    foreign_status, ///< not in an accepted status
    before_cutover, ///< entered its status before start_from: counted, taken by backfill
    delayed,        ///< import_delay holds it back
    other_source    ///< order_sources, exclude_sources
};
[[nodiscard]] std::string_view to_string(Admission admission) noexcept;

/// The command that sends an order which start_from or import_delay leaves out; else empty.
[[nodiscard]] std::string what_lifts(Admission admission, BaseOrderId order);

struct AdmissionRules {
    std::set<OrderStatusId> statuses;    ///< accepted
    std::optional<Timestamp> start_from; ///< none: everything (backfill)
    Milliseconds import_delay{0};
    std::vector<std::string> order_sources, exclude_sources; ///< "allegro", or "allegro:12" for one account
};

/// The same without start_from and import_delay: for orders that were asked for.
[[nodiscard]] AdmissionRules lifted(AdmissionRules rules);

/// When the order became one of ours: the later of date_confirmed and date_in_status.
[[nodiscard]] Timestamp entered(const baselinker::Order& order);

/// `still_accepted`: it is parked, and the status in which it is was set by our own status_on_error.
[[nodiscard]] Admission admit(const baselinker::Order& order, const AdmissionRules& rules, bool still_accepted, Timestamp now);

/// Oldest confirmation first; ties by id.
void oldest_first(std::vector<baselinker::Order>& orders);

} // namespace blongo::plan

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// What was ever done for one connection, cancelled packages included.
struct Totals {
    std::int64_t bookings = 0; ///< deliveries with a time of booking
    std::int64_t labels = 0;   ///< deliveries with a time of the label's arrival in Ongoing
};
[[nodiscard]] Result<Totals> totals_of(Store& store, ConnectionKey connection);

} // namespace blongo::state

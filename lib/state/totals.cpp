// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/session_impl.hpp>
#include <blongo/state/totals.hpp>

namespace blongo::state {

Result<Totals> totals_of(Store& store, ConnectionKey connection) {
    return reading(store.session(), "count what was done", [&](soci::session& sql) -> Result<Totals> {
        Totals totals;
        sql << "SELECT COUNT(booked_at), COUNT(labelled_at) FROM deliveries WHERE connection = :c", soci::use(connection),
            soci::into(totals.bookings), soci::into(totals.labels);
        return totals;
    });
}

} // namespace blongo::state

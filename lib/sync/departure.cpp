// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/departure.hpp>

#include <utility>

#include <fmt/format.h>

namespace blongo::sync {

http::Departure renewing(state::Store& store, state::ConnectionKey connection, std::vector<std::int64_t> intents, Clock& clock) {
    return [&store, connection, intents = std::move(intents), &clock]() -> Result<Milliseconds> {
        // Before the transaction: however long that takes, the request leaves before its send_deadline.
        const Milliseconds leave_until = clock.boot_time() + leave_within;
        BLONGO_CHECK(store.in_transaction([&]() -> Result<void> {
            state::Intents table(store, connection);
            for (const std::int64_t id : intents) {
                BLONGO_TRY(const bool open, table.renew(id, leave_within));
                if (!open)
                    return fail(
                        ErrorKind::not_sent,
                        fmt::format("intent {} was settled by another run while its request waited: nothing was sent", id),
                        store.place(), "the next run looks at the object and goes on from there");
            }
            return {};
        }));
        return leave_until;
    };
}

} // namespace blongo::sync

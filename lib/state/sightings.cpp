// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/deliveries.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_sightings = "read what was seen in the warehouse";

/// The values of one sighting in the types that SOCI binds.
struct Values {
    std::int64_t ongoing_id = 0, status = 0, event_id = 0, seen_at = 0;
    OptionalTime shipped, first_send_seen;

    Values() = default;
    explicit Values(const SightingRow& row)
        : ongoing_id(row.ongoing_id.value()), status(row.status), event_id(row.event_id),
          seen_at(to_unix_milliseconds(row.seen_at)), shipped(row.shipped), first_send_seen(row.first_send_seen) {}

    static const Table& table() {
        static const Table sightings{"sightings", {"ongoing_id", "status", "event_id", "seen_at", "shipped", "first_send_seen"}};
        return sightings;
    }

    [[nodiscard]] SightingRow row() const {
        return {OngoingOrderId{ongoing_id},     status, shipped.time(), event_id, first_send_seen.time(),
                from_unix_milliseconds(seen_at)};
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.ongoing_id, &self.status, &self.event_id, &self.seen_at}) body(*number);
        for (auto* time : {&self.shipped, &self.first_send_seen}) body(*time);
    }
};

} // namespace

Result<std::optional<SightingRow>> Sightings::find(OngoingOrderId order) {
    BLONGO_TRY(const auto rows, find_many(std::span(&order, 1)));
    if (rows.empty()) return std::nullopt;
    return std::optional(rows.front());
}

Result<std::vector<SightingRow>> Sightings::find_many(std::span<const OngoingOrderId> orders) {
    return reading(store_.session(), read_sightings, [&](soci::session& sql) {
        return Result<std::vector<SightingRow>>(select_orders<Values>(sql, connection_, orders, "ongoing_id"));
    });
}

Result<std::vector<SightingRow>> Sightings::without_delivery(Timestamp sent_from, std::int64_t lowest_status) {
    const std::int64_t from = to_unix_milliseconds(sent_from);
    return reading(store_.session(), read_sightings, [&](soci::session& sql) {
        // States of deliveries: 0 due, 6 cancelled; neither is a package.
        const std::string standing =
            "AND status >= :lowest AND COALESCE(shipped, first_send_seen, seen_at) >= :from "
            "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.connection = sightings.connection "
            "AND d.ongoing_id = sightings.ongoing_id AND d.state NOT IN (0, 6)) "
            "AND NOT EXISTS (SELECT 1 FROM due u WHERE u.connection = sightings.connection AND u.kind = 'send' "
            "AND u.key = CAST(sightings.ongoing_id AS {text})) ORDER BY ongoing_id";
        const std::string text = sql.get_backend_name() == "postgresql" ? "VARCHAR" : "TEXT";
        std::string where = standing;
        where.replace(where.find("{text}"), 6, text);
        return Result<std::vector<SightingRow>>(select_rows<Values>(sql, connection_, where, [&](soci::statement& statement) {
            statement.exchange(soci::use(lowest_status));
            statement.exchange(soci::use(from));
        }));
    });
}

Result<void> Sightings::put(const SightingRow& row) {
    return writing(store_, "record what was seen in the warehouse", [&](soci::session&) -> Result<void> {
        upsert_rows<Values>(store_.session(), connection_, 1, [&](std::size_t) { return Values(row); });
        return {};
    });
}

} // namespace blongo::state

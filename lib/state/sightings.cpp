// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/deliveries.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_sightings = "read what was seen in the warehouse";

/// The values of one sighting in the types that SOCI binds.
struct Values {
    std::int64_t order_id = 0, status = 0, event_id = 0, seen_at = 0;
    OptionalTime shipped, first_send_seen;

    Values() = default;
    explicit Values(const SightingRow& row)
        : order_id(row.order_id.value()), status(row.status), event_id(row.event_id),
          seen_at(to_unix_milliseconds(row.seen_at)), shipped(row.shipped), first_send_seen(row.first_send_seen) {}

    static const Table& table() {
        static const Table sightings{
            "sightings", {"order_id", "status", "event_id", "seen_at", "shipped", "first_send_seen"}};
        return sightings;
    }

    [[nodiscard]] SightingRow row() const {
        return {BaseOrderId{order_id}, status, shipped.time(), event_id, first_send_seen.time(),
                from_unix_milliseconds(seen_at)};
    }

    void read_by(soci::statement& statement) {
        for (auto* number : {&order_id, &status, &event_id, &seen_at}) read_value(statement, *number);
        for (auto* time : {&shipped, &first_send_seen}) read_value(statement, *time);
    }
    void write_by(soci::statement& statement) const {
        for (const auto* number : {&order_id, &status, &event_id, &seen_at}) write_value(statement, *number);
        for (const auto* time : {&shipped, &first_send_seen}) write_value(statement, *time);
    }
};

} // namespace

Result<std::optional<SightingRow>> Sightings::find(BaseOrderId order) {
    BLONGO_TRY(auto rows, find_many(std::span(&order, 1)));
    if (rows.empty()) return std::nullopt;
    return std::optional(std::move(rows.front()));
}

Result<std::vector<SightingRow>> Sightings::find_many(std::span<const BaseOrderId> orders) {
    return reading(store_.session(), read_sightings, [&](soci::session& sql) {
        return Result<std::vector<SightingRow>>(select_orders<Values>(sql, connection_, orders));
    });
}

Result<void> Sightings::put(const SightingRow& row) {
    return writing(store_, "record what was seen in the warehouse", [&](soci::session& sql) -> Result<void> {
        upsert_rows<Values>(sql, connection_, 1, [&](std::size_t) { return Values(row); });
        return {};
    });
}

} // namespace blongo::state

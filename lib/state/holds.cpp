// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/audit.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_holds = "read the orders on hold";

/// The values of one hold in the types that SOCI binds.
struct Values {
    std::int64_t order_id = 0, since = 0;
    std::string who, reason;

    static const Table& table() {
        static const Table holds{"holds", {"order_id", "since", "who", "reason"}};
        return holds;
    }

    [[nodiscard]] HoldRow row() const { return {BaseOrderId{order_id}, from_unix_milliseconds(since), who, reason}; }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.since}) body(*number);
        for (auto* text : {&self.who, &self.reason}) body(*text);
    }
};

} // namespace

Result<bool> Holds::put(const HoldRow& row) {
    return writing(store_, "put an order on hold", [&](soci::session& sql) -> Result<bool> {
        const auto known = select_orders<Values>(sql, connection_, std::span(&row.order_id, 1));
        HoldRow kept = known.empty() ? row : known.front();
        if (!known.empty() && (row.reason.empty() || row.reason == kept.reason)) return false;
        kept.reason = row.reason;
        upsert_rows<Values>(store_.session(), connection_, 1, [&](std::size_t) {
            return Values{kept.order_id.value(), to_unix_milliseconds(kept.since), kept.who, kept.reason};
        });
        Audit(store_, connection_)
            .note({.kind = "act",
                   .object = "order:" + std::to_string(row.order_id.value()),
                   .verb = "hold",
                   .outcome = "done",
                   .detail = row.reason});
        return known.empty();
    });
}

Result<bool> Holds::release(BaseOrderId order) {
    return writing(store_, "release an order that is on hold", [&](soci::session& sql) -> Result<bool> {
        const std::int64_t id = order.value();
        soci::statement statement =
            (sql.prepare << "DELETE FROM holds WHERE connection = :c AND order_id = :o", soci::use(connection_), soci::use(id));
        statement.execute(true);
        if (statement.get_affected_rows() == 0) return false;
        Audit(store_, connection_)
            .note({.kind = "act", .object = "order:" + std::to_string(id), .verb = "unhold", .outcome = "done"});
        return true;
    });
}

Result<std::optional<HoldRow>> Holds::find(BaseOrderId order) {
    BLONGO_TRY(auto rows, find_many(std::span(&order, 1)));
    if (rows.empty()) return std::nullopt;
    return std::optional(std::move(rows.front()));
}

Result<std::vector<HoldRow>> Holds::find_many(std::span<const BaseOrderId> orders) {
    return reading(store_.session(), read_holds, [&](soci::session& sql) {
        if (orders.size() == 1) // as before each write of an order
            return Result<std::vector<HoldRow>>(
                select_kept<Values, ByOrder>(store_.session(), connection_, orders.front().value()));
        return Result<std::vector<HoldRow>>(select_orders<Values>(sql, connection_, orders));
    });
}

Result<std::vector<HoldRow>> Holds::list() {
    return reading(store_.session(), read_holds, [&](soci::session& sql) {
        return Result<std::vector<HoldRow>>(
            select_rows<Values>(sql, connection_, "ORDER BY since, order_id", [](soci::statement&) {}));
    });
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/forecasts.hpp>

#include <blongo/state/deliveries.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

constexpr auto imported = static_cast<std::int64_t>(OrderState::imported);
constexpr auto cancelled_delivery = static_cast<std::int64_t>(DeliveryState::cancelled);

/// Takes :delivery, the state of deliveries that do not stand.
constexpr const char* has_delivery =
    "EXISTS (SELECT 1 FROM deliveries d WHERE d.connection = f.connection AND d.order_id = f.order_id AND d.state <> "
    ":delivery)";

} // namespace

Result<std::vector<ForecastRow>> Forecasts::select(std::int64_t order) {
    return reading(store_.session(), "read the forecasts", [&](soci::session& sql) {
        std::vector<ForecastRow> rows;
        std::int64_t id = 0, since = 0;
        std::string number;
        ForecastRow row;
        soci::statement statement =
            (sql.prepare << std::string("SELECT f.order_id, f.order_number, f.cause, f.detail, f.since FROM forecasts f "
                                        "JOIN orders o ON o.connection = f.connection AND o.order_id = f.order_id "
                                        "WHERE f.connection = :c AND o.state = :imported AND o.closed_at = 0 AND "
                                        "(:any = 0 OR f.order_id = :id) AND NOT ") +
                                has_delivery + " ORDER BY f.since, f.order_id",
             soci::into(id), soci::into(number), soci::into(row.cause), soci::into(row.detail), soci::into(since),
             soci::use(connection_), soci::use(imported), soci::use(order), soci::use(order), soci::use(cancelled_delivery));
        statement.execute();
        while (statement.fetch()) {
            row.order_id = BaseOrderId{id};
            row.order_number = OrderNumber{number};
            row.since = from_unix_milliseconds(since);
            rows.push_back(row);
        }
        return Result<std::vector<ForecastRow>>(std::move(rows));
    });
}

Result<std::optional<ForecastRow>> Forecasts::find(BaseOrderId order) {
    BLONGO_TRY(auto rows, select(order.value()));
    return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

Result<std::vector<ForecastRow>> Forecasts::list() {
    return select(0);
}

Result<void> Forecasts::put(const ForecastRow& row) {
    return writing(store_, "record a forecast", [&](soci::session& sql) -> Result<void> {
        const std::int64_t order = row.order_id.value(), since = to_unix_milliseconds(row.since);
        const std::string number = row.order_number.value();
        sql << "INSERT INTO forecasts (connection, order_id, order_number, cause, detail, since) VALUES (:c, :id, "
               ":number, :cause, :detail, :since) ON CONFLICT (connection, order_id) DO UPDATE SET order_number = "
               "excluded.order_number, since = CASE WHEN forecasts.cause = excluded.cause THEN forecasts.since ELSE "
               "excluded.since END, cause = excluded.cause, detail = excluded.detail",
            soci::use(connection_), soci::use(order), soci::use(number), soci::use(row.cause), soci::use(row.detail),
            soci::use(since);
        return {};
    });
}

Result<void> Forecasts::erase(BaseOrderId order) {
    return writing(store_, "erase a forecast", [&](soci::session& sql) -> Result<void> {
        const std::int64_t id = order.value();
        sql << "DELETE FROM forecasts WHERE connection = :c AND order_id = :id", soci::use(connection_), soci::use(id);
        return {};
    });
}

Result<void> Forecasts::erase_all() {
    return writing(store_, "erase the forecasts", [&](soci::session& sql) -> Result<void> {
        sql << "DELETE FROM forecasts WHERE connection = :c", soci::use(connection_);
        return {};
    });
}

Result<void> Forecasts::erase_settled() {
    return writing(store_, "erase settled forecasts", [&](soci::session& sql) -> Result<void> {
        sql << std::string("DELETE FROM forecasts AS f WHERE f.connection = :c AND (") + has_delivery +
                   " OR EXISTS (SELECT 1 FROM orders o WHERE o.connection = f.connection AND o.order_id = f.order_id AND "
                   "(o.state <> :imported OR o.closed_at <> 0)))",
            soci::use(connection_), soci::use(cancelled_delivery), soci::use(imported);
        return {};
    });
}

} // namespace blongo::state

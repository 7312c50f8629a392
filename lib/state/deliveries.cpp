// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/deliveries.hpp>

#include <limits>
#include <tuple>

#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_deliveries = "read the deliveries";
constexpr const char* record_deliveries = "record the deliveries";

/// The values of one delivery in the types that SOCI binds.
struct Values {
    std::int64_t order_id = 0, number = 0, state = 0, ongoing_id = 0, is_short = 0, account_id = 0, package_id = 0,
                 tracking_status = 0, adopted = 0, sent_at = 0;
    std::string order_number, event, quantities, parcels, parcels_fingerprint, rule, strategy, courier_code, package_number,
        inner_number, tracking_url, cod, steps, kept_instruction, wishes;
    OptionalTime booked_at, labelled_at, done_at, printed_at, cancelled_at;

    Values() = default;
    explicit Values(const DeliveryRow& row)
        : order_id(row.order_id.value()), number(row.number), state(static_cast<std::int64_t>(row.state)),
          ongoing_id(row.ongoing_id.value()), is_short(row.is_short ? 1 : 0), account_id(row.account_id),
          package_id(row.package_id), tracking_status(row.tracking_status), adopted(row.adopted ? 1 : 0),
          sent_at(to_unix_milliseconds(row.sent_at)), order_number(row.order_number.value()), event(row.event),
          quantities(row.quantities), parcels(row.parcels), parcels_fingerprint(row.parcels_fingerprint), rule(row.rule),
          strategy(row.strategy), courier_code(row.courier_code), package_number(row.package_number),
          inner_number(row.inner_number), tracking_url(row.tracking_url), cod(row.cod), steps(row.steps),
          kept_instruction(row.kept_instruction), wishes(row.wishes), booked_at(row.booked_at), labelled_at(row.labelled_at),
          done_at(row.done_at), printed_at(row.printed_at), cancelled_at(row.cancelled_at) {}

    /// Without `manifest` and `manifested`: what is on a manifest stays so whatever becomes of the row.
    static const Table& table() {
        static const Table deliveries{
            "deliveries",
            {"order_id",     "number",      "state",           "ongoing_id",       "is_short",
             "account_id",   "package_id",  "tracking_status", "adopted",          "sent_at",
             "order_number", "event",       "quantities",      "parcels",          "parcels_fingerprint",
             "rule",         "strategy",    "courier_code",    "package_number",   "inner_number",
             "tracking_url", "cod",         "steps",           "kept_instruction", "wishes",
             "booked_at",    "labelled_at", "done_at",         "printed_at",       "cancelled_at"},
            2};
        return deliveries;
    }

    [[nodiscard]] DeliveryRow row() const {
        DeliveryRow out;
        out.order_id = BaseOrderId{order_id};
        out.number = number;
        out.state = static_cast<DeliveryState>(state);
        out.order_number = OrderNumber{order_number};
        out.ongoing_id = OngoingOrderId{ongoing_id};
        out.event = event;
        out.quantities = quantities;
        out.is_short = is_short != 0;
        out.parcels = parcels;
        out.parcels_fingerprint = parcels_fingerprint;
        out.rule = rule;
        out.strategy = strategy;
        out.courier_code = courier_code;
        out.account_id = account_id;
        out.package_id = package_id;
        out.package_number = package_number;
        out.inner_number = inner_number;
        out.tracking_url = tracking_url;
        out.tracking_status = tracking_status;
        out.adopted = adopted != 0;
        out.cod = cod;
        out.steps = steps;
        out.kept_instruction = kept_instruction;
        out.wishes = wishes;
        out.sent_at = from_unix_milliseconds(sent_at);
        out.booked_at = booked_at.time();
        out.labelled_at = labelled_at.time();
        out.done_at = done_at.time();
        out.printed_at = printed_at.time();
        out.cancelled_at = cancelled_at.time();
        return out;
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.number, &self.state, &self.ongoing_id, &self.is_short, &self.account_id,
                             &self.package_id, &self.tracking_status, &self.adopted, &self.sent_at}) {
            body(*number);
        }
        for (auto* text : {&self.order_number, &self.event, &self.quantities, &self.parcels, &self.parcels_fingerprint,
                           &self.rule, &self.strategy, &self.courier_code, &self.package_number, &self.inner_number,
                           &self.tracking_url, &self.cod, &self.steps, &self.kept_instruction, &self.wishes}) {
            body(*text);
        }
        for (auto* time : {&self.booked_at, &self.labelled_at, &self.done_at, &self.printed_at, &self.cancelled_at}) {
            body(*time);
        }
    }
};

constexpr const char* oldest_first = " ORDER BY sent_at, order_id, number";

/// Rows that fit one of these, which exclude each other, as what follows "WHERE connection = :c". Each has an index of
/// its own that is in order: joined with OR or IN, SQLite would walk through all deliveries.
std::string one_of(const std::vector<std::string>& questions) {
    std::string out = questions.front();
    for (std::size_t i = 1; i < questions.size(); ++i) {
        out += " UNION ALL " + select_text(Values::table(), questions[i], ":c" + std::to_string(i));
    }
    return out;
}

} // namespace

Result<std::optional<DeliveryRow>> Deliveries::find(BaseOrderId order, std::int64_t number) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const std::int64_t id = order.value();
        auto rows = select_rows<Values>(sql, connection_, "AND order_id = :o AND number = :n", [&](soci::statement& statement) {
            statement.exchange(soci::use(id));
            statement.exchange(soci::use(number));
        });
        return Result<std::optional<DeliveryRow>>(rows.empty() ? std::nullopt : std::optional(std::move(rows.front())));
    });
}

Result<std::vector<DeliveryRow>> Deliveries::of_order(BaseOrderId order) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const std::int64_t id = order.value();
        return Result<std::vector<DeliveryRow>>(
            select_rows<Values>(sql, connection_, "AND order_id = :o ORDER BY number",
                                [&](soci::statement& statement) { statement.exchange(soci::use(id)); }));
    });
}

Result<std::vector<DeliveryRow>> Deliveries::in_states(std::span<const DeliveryState> states, int limit) {
    std::vector<std::int64_t> wanted;
    for (const DeliveryState state : states) wanted.push_back(static_cast<std::int64_t>(state));
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty()) return {};
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        std::vector<std::string> questions;
        for (std::size_t i = 0; i < wanted.size(); ++i) questions.push_back("AND state = :s" + std::to_string(i));
        const std::string rest = one_of(questions) + oldest_first + limited(limit);
        return Result<std::vector<DeliveryRow>>(select_rows<Values>(sql, connection_, rest, [&](soci::statement& statement) {
            for (const std::int64_t& state : wanted) {
                if (&state != &wanted.front()) statement.exchange(soci::use(connection_));
                statement.exchange(soci::use(state));
            }
        }));
    });
}

Result<std::vector<DeliveryRow>> Deliveries::list(std::optional<Timestamp> since, int limit) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const std::int64_t from = since ? to_unix_milliseconds(*since) : std::numeric_limits<std::int64_t>::min();
        return Result<std::vector<DeliveryRow>>(select_rows<Values>(
            sql, connection_, "AND sent_at >= :since ORDER BY sent_at DESC, order_id DESC, number DESC" + limited(limit),
            [&](soci::statement& statement) { statement.exchange(soci::use(from)); }));
    });
}

Result<std::vector<DeliveryRow>> Deliveries::booked(Timestamp from, Timestamp until) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const std::int64_t first = to_unix_milliseconds(from), end = to_unix_milliseconds(until);
        return Result<std::vector<DeliveryRow>>(select_rows<Values>(
            sql, connection_,
            "AND booked_at >= :from AND booked_at < :until AND package_id <> 0 ORDER BY booked_at, order_id, number",
            [&](soci::statement& statement) {
                statement.exchange(soci::use(first));
                statement.exchange(soci::use(end));
            }));
    });
}

Result<std::vector<DeliveryRow>> Deliveries::search(const std::string& number) {
    if (number.empty()) return {};
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const std::string rest = one_of({"AND package_number = :p", "AND inner_number = :i AND package_number <> :n"});
        auto rows = select_rows<Values>(sql, connection_, rest, [&](soci::statement& statement) {
            statement.exchange(soci::use(number));
            statement.exchange(soci::use(connection_));
            for (int i = 0; i < 2; ++i) statement.exchange(soci::use(number));
        });
        // Sorted here: SQLite would walk through all deliveries in this order.
        std::sort(rows.begin(), rows.end(), [](const DeliveryRow& a, const DeliveryRow& b) {
            return std::tie(a.sent_at, a.order_id, a.number) < std::tie(b.sent_at, b.order_id, b.number);
        });
        return Result<std::vector<DeliveryRow>>(std::move(rows));
    });
}

Result<void> Deliveries::put(const DeliveryRow& row) {
    return writing(store_, record_deliveries, [&](soci::session& sql) -> Result<void> {
        upsert_rows<Values>(store_.session(), connection_, 1, [&](std::size_t) { return Values(row); });
        // What was erased does not come back with the next look at the parcel.
        const std::int64_t order = row.order_id.value();
        sql << "UPDATE deliveries SET kept_instruction = '', tracking_url = '' WHERE connection = :c AND order_id = :o AND "
               "number = :n AND "
               "EXISTS (SELECT 1 FROM orders x WHERE x.connection = deliveries.connection AND x.order_id = deliveries.order_id "
               "AND "
               "x.erased_at <> 0)",
            soci::use(connection_), soci::use(order), soci::use(row.number);
        return {};
    });
}

Result<bool> Deliveries::put_instruction(const DeliveryRow& row) {
    bool stands = false;
    BLONGO_CHECK(store_.in_transaction([&]() -> Result<void> {
        BLONGO_TRY(auto stored, find(row.order_id, row.number));
        stands = !stored || stored->state == row.state;
        if (!stands) return {};
        if (!stored) stored = row;
        stored->kept_instruction = row.kept_instruction;
        return put(*stored);
    }));
    return stands;
}

Result<bool> Deliveries::holds_package(std::int64_t package_id, BaseOrderId but_order, std::int64_t but_number) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) -> Result<bool> {
        const std::int64_t order = but_order.value();
        std::int64_t count = 0;
        sql << "SELECT COUNT(*) FROM deliveries WHERE connection = :c AND package_id = :p AND NOT (order_id = :o AND "
               "number = :n)",
            soci::use(connection_), soci::use(package_id), soci::use(order), soci::use(but_number), soci::into(count);
        return count > 0;
    });
}

Result<void> Deliveries::erase_due(BaseOrderId order, std::int64_t number) {
    return writing(store_, record_deliveries, [&](soci::session& sql) -> Result<void> {
        const std::int64_t id = order.value(), due = static_cast<std::int64_t>(DeliveryState::due);
        sql << "DELETE FROM deliveries WHERE connection = :c AND order_id = :o AND number = :n AND state = :s",
            soci::use(connection_), soci::use(id), soci::use(number), soci::use(due);
        return {};
    });
}

Result<std::optional<bool>> Deliveries::were_weighed() {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) -> Result<std::optional<bool>> {
        for (const bool weighed : {true, false}) {
            const std::string pattern = weighed ? R"(%"weighed":true%)" : R"(%"weighed":false%)";
            std::int64_t some = 0;
            sql << "SELECT COUNT(*) FROM (SELECT 1 AS found FROM deliveries WHERE connection = :c AND steps LIKE "
                   ":pattern LIMIT 1) AS first_found",
                soci::use(connection_), soci::use(pattern), soci::into(some);
            if (some > 0) return std::optional{weighed};
        }
        return std::optional<bool>{};
    });
}

Result<std::int64_t> Deliveries::count(std::optional<DeliveryState> state) {
    return reading(store_.session(), "count the deliveries", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        if (state) {
            const auto wanted = static_cast<std::int64_t>(*state);
            sql << "SELECT COUNT(*) FROM deliveries WHERE connection = :c AND state = :s", soci::use(connection_),
                soci::use(wanted), soci::into(count);
        } else {
            sql << "SELECT COUNT(*) FROM deliveries WHERE connection = :c", soci::use(connection_), soci::into(count);
        }
        return count;
    });
}

Result<std::vector<DeliveryRow>> Deliveries::not_on_manifest(const std::string& courier_code) {
    return reading(store_.session(), read_deliveries, [&](soci::session& sql) {
        const auto cancelled = static_cast<std::int64_t>(DeliveryState::cancelled);
        return Result<std::vector<DeliveryRow>>(
            select_rows<Values>(sql, connection_,
                                std::string("AND courier_code = :courier AND package_id <> manifested AND package_id <> 0 AND "
                                            "state <> :cancelled") +
                                    oldest_first,
                                [&](soci::statement& statement) {
                                    statement.exchange(soci::use(courier_code));
                                    statement.exchange(soci::use(cancelled));
                                }));
    });
}

Result<void> Deliveries::mark_manifested(std::span<const std::int64_t> package_ids, const std::string& manifest) {
    if (package_ids.empty()) return {};
    return writing(store_, record_deliveries, [&](soci::session& sql) -> Result<void> {
        // 0 is no package: it would name every delivery without one.
        std::vector<std::int64_t> packages(package_ids.begin(), package_ids.end());
        std::erase(packages, 0);
        execute_for_keys(sql, packages,
                         "UPDATE deliveries SET manifest = :m, manifested = package_id WHERE connection = :c AND package_id IN ",
                         [&](soci::statement& statement) {
                             statement.exchange(soci::use(manifest));
                             statement.exchange(soci::use(connection_));
                         });
        return {};
    });
}

} // namespace blongo::state

// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/returns.hpp>

#include <limits>
#include <map>

#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_returns = "read the returns";
constexpr const char* record_returns = "record the returns";

/// The values of one return in the types that SOCI binds.
struct Values {
    std::int64_t return_id = 0, order_id = 0, ongoing_id = 0, state = 0, adopted = 0, base_status = 0, sent_status = 0, fate = 0,
                 sent_at = 0, seen_at = 0, looked_at = 0, received_at = 0;
    std::string number, fingerprint;

    Values() = default;
    explicit Values(const ReturnRow& row)
        : return_id(row.return_id.value()), order_id(row.order_id.value()), ongoing_id(row.ongoing_id),
          state(static_cast<std::int64_t>(row.state)), adopted(row.adopted ? 1 : 0), base_status(row.base_status.value()),
          sent_status(row.sent_status.value()), fate(static_cast<std::int64_t>(row.fate)),
          sent_at(to_unix_milliseconds(row.sent_at)), seen_at(to_unix_milliseconds(row.seen_at)),
          looked_at(to_unix_milliseconds(row.looked_at)), received_at(to_unix_milliseconds(row.received_at)),
          number(row.number.value()), fingerprint(row.fingerprint) {}

    static const Table& table() {
        static const Table returns{"returns",
                                   {"return_id", "order_id", "ongoing_id", "state", "adopted", "base_status", "sent_status",
                                    "fate", "sent_at", "seen_at", "looked_at", "received_at", "number", "fingerprint"}};
        return returns;
    }

    [[nodiscard]] ReturnRow row() const {
        ReturnRow out;
        out.return_id = ReturnId{return_id};
        out.order_id = BaseOrderId{order_id};
        out.number = ReturnNumber{number};
        out.ongoing_id = ongoing_id;
        out.state = static_cast<ReturnState>(state);
        out.adopted = adopted != 0;
        out.fingerprint = fingerprint;
        out.base_status = ReturnStatusId{base_status};
        out.sent_status = ReturnStatusId{sent_status};
        out.fate = static_cast<ReturnStatusFate>(fate);
        out.sent_at = from_unix_milliseconds(sent_at);
        out.seen_at = from_unix_milliseconds(seen_at);
        out.looked_at = from_unix_milliseconds(looked_at);
        out.received_at = from_unix_milliseconds(received_at);
        return out;
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.return_id, &self.order_id, &self.ongoing_id, &self.state, &self.adopted, &self.base_status,
                             &self.sent_status, &self.fate, &self.sent_at, &self.seen_at, &self.looked_at, &self.received_at}) {
            body(*number);
        }
        for (auto* text : {&self.number, &self.fingerprint}) body(*text);
    }
};

/// A line with the return that it belongs to.
struct Line {
    std::int64_t return_id = 0;
    ReturnLineRow line;
};

struct LineValues {
    std::int64_t return_id = 0, position = 0, quantity = 0;
    std::string row_number, article, received;

    static const Table& table() {
        static const Table lines{"return_lines", {"return_id", "position", "quantity", "row_number", "article", "received"}, 2};
        return lines;
    }
    [[nodiscard]] Line row() const {
        return {return_id, {row_number, ArticleNumber{article}, quantity, Decimal::parse(received).value_or(Decimal{})}};
    }
    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.return_id, &self.position, &self.quantity}) body(*number);
        for (auto* text : {&self.row_number, &self.article, &self.received}) body(*text);
    }
};

/// The rows with their lines.
Result<std::vector<ReturnEntry>> with_lines(soci::session& sql, const ConnectionKey& connection, std::vector<ReturnRow> rows) {
    std::vector<std::int64_t> ids;
    for (const ReturnRow& row : rows) ids.push_back(row.return_id.value());
    std::map<std::int64_t, std::vector<ReturnLineRow>> lines;
    in_slices(sql, ids, [&](const auto& bind, const std::string& list) {
        for (Line& line :
             select_rows<LineValues>(sql, connection, "AND return_id IN " + list + " ORDER BY return_id, position", bind))
            lines[line.return_id].push_back(std::move(line.line));
    });
    std::vector<ReturnEntry> out;
    for (ReturnRow& row : rows) {
        auto& of_row = lines[row.return_id.value()];
        out.push_back({std::move(row), std::move(of_row)});
    }
    return out;
}

template <class Bind>
Result<std::vector<ReturnEntry>> entries(Store& store, const ConnectionKey& connection, const std::string& rest, Bind&& bind) {
    return reading(store.session(), read_returns, [&](soci::session& sql) {
        return with_lines(sql, connection, select_rows<Values>(sql, connection, rest, bind));
    });
}

void nothing_more(soci::statement&) {}

} // namespace

Result<std::int64_t> Returns::count() {
    return reading(store_.session(), "count the returns", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        sql << "SELECT COUNT(*) FROM returns WHERE connection = :c", soci::use(connection_), soci::into(count);
        return count;
    });
}

Result<std::optional<ReturnEntry>> Returns::find(ReturnId id) {
    BLONGO_TRY(auto found, find_many(std::span(&id, 1)));
    if (found.empty()) return std::nullopt;
    return std::optional(std::move(found.front()));
}

Result<std::vector<ReturnEntry>> Returns::find_many(std::span<const ReturnId> ids) {
    return reading(store_.session(), read_returns, [&](soci::session& sql) {
        return with_lines(sql, connection_, select_orders<Values>(sql, connection_, ids, "return_id"));
    });
}

Result<std::vector<ReturnEntry>> Returns::open(int limit) {
    // 0 sent, 2 missing
    return entries(store_, connection_, "AND state IN (0, 2) ORDER BY looked_at, return_id" + limited(limit), nothing_more);
}

Result<std::vector<ReturnEntry>> Returns::wanted(int limit) {
    return entries(store_, connection_, "AND fate = 1 ORDER BY received_at, return_id" + limited(limit), nothing_more);
}

Result<std::vector<ReturnEntry>> Returns::list(std::optional<Timestamp> since, int limit) {
    const std::int64_t from = since ? to_unix_milliseconds(*since) : std::numeric_limits<std::int64_t>::min();
    return entries(store_, connection_, "AND sent_at >= :since ORDER BY sent_at DESC, return_id DESC" + limited(limit),
                   [&](soci::statement& statement) { statement.exchange(soci::use(from)); });
}

Result<void> Returns::put(const ReturnEntry& entry) {
    return writing(store_, record_returns, [&](soci::session& sql) -> Result<void> {
        const std::int64_t id = entry.row.return_id.value();
        upsert_rows<Values>(store_.session(), connection_, 1, [&](std::size_t) { return Values(entry.row); });
        sql << "DELETE FROM return_lines WHERE connection = :c AND return_id = :r", soci::use(connection_), soci::use(id);
        upsert_rows<LineValues>(store_.session(), connection_, entry.lines.size(), [&](std::size_t i) {
            const ReturnLineRow& line = entry.lines[i];
            return LineValues{id,
                              static_cast<std::int64_t>(i),
                              line.quantity,
                              line.row_number,
                              line.article.value(),
                              line.received.to_string()};
        });
        return {};
    });
}

Result<void> Returns::touch(std::span<const std::pair<ReturnId, ReturnStatusId>> seen, Timestamp at) {
    if (seen.empty()) return {};
    return writing(store_, record_returns, [&](soci::session& sql) -> Result<void> {
        std::map<std::int64_t, std::vector<std::int64_t>> of_status;
        for (const auto& [id, status] : seen) of_status[status.value()].push_back(id.value());
        const std::int64_t time = to_unix_milliseconds(at);
        for (const auto& [status, ids] : of_status) {
            execute_for_keys(sql, ids,
                             "UPDATE returns SET seen_at = :at, base_status = :s WHERE connection = :c AND return_id IN ",
                             [&](soci::statement& statement) {
                                 statement.exchange(soci::use(time));
                                 statement.exchange(soci::use(status));
                                 statement.exchange(soci::use(connection_));
                             });
        }
        return {};
    });
}

Result<void> Returns::touch_looked(std::span<const ReturnId> looked, Timestamp at) {
    if (looked.empty()) return {};
    return writing(store_, record_returns, [&](soci::session& sql) -> Result<void> {
        const std::int64_t time = to_unix_milliseconds(at);
        execute_for_keys(sql, bound(looked), "UPDATE returns SET looked_at = :at WHERE connection = :c AND return_id IN ",
                         [&](soci::statement& statement) {
                             statement.exchange(soci::use(time));
                             statement.exchange(soci::use(connection_));
                         });
        return {};
    });
}

} // namespace blongo::state

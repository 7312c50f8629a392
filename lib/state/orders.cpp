// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/orders.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include <blongo/base/keyed.hpp>
#include <blongo/state/erased_order_impl.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_orders = "read the orders";
constexpr const char* record_orders = "record the orders";

/// The values of one order in the types that SOCI binds.
struct Values {
    std::string number, identity, fingerprint, agreed, market_number, order_source, source_mark, tried, freed;
    std::int64_t order_id = 0, ongoing_id = 0, state = 0, adopted = 0, attempt = 0, base_status = 0, status_set = 0,
                 ongoing_status = 0, date_confirmed = 0, imported_at = 0, seen_at = 0, newest_id = 0, absent_at = 0,
                 warehouse_told = 0, merged_into = 0, closed_at = 0;

    Values() = default;
    explicit Values(const OrderRow& row)
        : number(row.number.value()), identity(row.identity), fingerprint(row.fingerprint), agreed(row.agreed),
          market_number(row.market_number), order_source(row.order_source), source_mark(row.source_mark), tried(row.tried),
          freed(row.freed), order_id(row.order_id.value()), ongoing_id(row.ongoing_id.value()),
          state(static_cast<std::int64_t>(row.state)), adopted(row.adopted ? 1 : 0), attempt(row.attempt),
          base_status(row.base_status.value()), status_set(row.status_set.value()), ongoing_status(row.ongoing_status),
          date_confirmed(to_unix_milliseconds(row.date_confirmed)), imported_at(to_unix_milliseconds(row.imported_at)),
          seen_at(to_unix_milliseconds(row.seen_at)), newest_id(row.newest_id.value()),
          absent_at(to_unix_milliseconds(row.absent_at)), warehouse_told(row.warehouse_told),
          merged_into(row.merged_into.value()), closed_at(to_unix_milliseconds(row.closed_at)) {}

    static const Table& table() {
        static const Table orders{"orders", {"order_id",      "ongoing_id",   "state",          "adopted",        "attempt",
                                             "base_status",   "status_set",   "ongoing_status", "date_confirmed", "imported_at",
                                             "seen_at",       "newest_id",    "absent_at",      "warehouse_told", "merged_into",
                                             "closed_at",     "number",       "identity",       "fingerprint",    "agreed",
                                             "market_number", "order_source", "source_mark",    "tried",          "freed"}};
        return orders;
    }

    [[nodiscard]] OrderRow row() const {
        OrderRow out;
        out.order_id = BaseOrderId{order_id};
        out.number = OrderNumber{number};
        out.ongoing_id = OngoingOrderId{ongoing_id};
        out.state = static_cast<OrderState>(state);
        out.adopted = adopted != 0;
        out.attempt = static_cast<int>(attempt);
        out.identity = identity;
        out.fingerprint = fingerprint;
        out.agreed = agreed;
        out.market_number = market_number;
        out.order_source = order_source;
        out.base_status = OrderStatusId{base_status};
        out.status_set = OrderStatusId{status_set};
        out.ongoing_status = ongoing_status;
        out.date_confirmed = from_unix_milliseconds(date_confirmed);
        out.imported_at = from_unix_milliseconds(imported_at);
        out.seen_at = from_unix_milliseconds(seen_at);
        out.source_mark = source_mark;
        out.newest_id = BaseOrderId{newest_id};
        out.tried = tried;
        out.absent_at = from_unix_milliseconds(absent_at);
        out.warehouse_told = warehouse_told;
        out.freed = freed;
        out.merged_into = BaseOrderId{merged_into};
        out.closed_at = from_unix_milliseconds(closed_at);
        return out;
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.ongoing_id, &self.state, &self.adopted, &self.attempt, &self.base_status,
                             &self.status_set, &self.ongoing_status, &self.date_confirmed, &self.imported_at, &self.seen_at,
                             &self.newest_id, &self.absent_at, &self.warehouse_told, &self.merged_into, &self.closed_at}) {
            body(*number);
        }
        for (auto* text : {&self.number, &self.identity, &self.fingerprint, &self.agreed, &self.market_number, &self.order_source,
                           &self.source_mark, &self.tried, &self.freed}) {
            body(*text);
        }
    }
};

/// An order's id alone: one receiver may have very many orders.
struct IdValues {
    std::int64_t order_id = 0;

    static const Table& table() {
        static const Table orders{"orders", {"order_id"}, 1};
        return orders;
    }

    [[nodiscard]] BaseOrderId row() const { return BaseOrderId{order_id}; }

    template <class Self, class Body> static void each(Self& self, Body&& body) { body(self.order_id); }
};

/// A line of an order, in the types that SOCI binds.
struct LineValues {
    std::int64_t order_id = 0, position = 0, quantity = 0;
    std::string row_number, article;

    static const Table& table() {
        static const Table lines{"order_lines", {"order_id", "position", "quantity", "row_number", "article"}, 2};
        return lines;
    }

    [[nodiscard]] OrderLineRow row() const { return {row_number, ArticleNumber{article}, quantity}; }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.position, &self.quantity}) body(*number);
        for (auto* text : {&self.row_number, &self.article}) body(*text);
    }
};

/// The same with the order that it is of.
struct OwnedLineValues : LineValues {
    [[nodiscard]] std::pair<BaseOrderId, OrderLineRow> row() const { return {BaseOrderId{order_id}, LineValues::row()}; }
};

struct ByRowNumber {
    using Key = std::tuple<std::string>;
    static constexpr std::string_view rest = "AND row_number = :n";
};

/// Not closed, or not before then.
struct ByReceiver {
    using Key = std::tuple<std::string, std::int64_t, std::int64_t>;
    static constexpr std::string_view rest =
        "AND receiver = :receiver AND state = :state AND (closed_at = 0 OR closed_at >= :from)";
};

/// What tells of a buyer, if only as a hash or a mark: it stands in the state under a key.
template <class Row> auto marks_of(Row& row) {
    return std::array{&row.fingerprint, &row.agreed, &row.source_mark, &row.tried};
}

/// The rows with their marks readable. What was stored under a lost key counts as never agreed.
Result<std::vector<OrderRow>> opened(Store& store, std::vector<OrderRow> rows) {
    if (rows.empty()) return rows;
    const std::string& key = store.session().mark_key();
    for (OrderRow& row : rows)
        for (std::string* mark : marks_of(row)) *mark = unseal(key, *mark).value_or("");
    return rows;
}

/// A receiver's name is short: its mark is kept under the state's key, too.
std::string receiver_key(Store::Session& session, const std::string& mark) {
    return hmac_hex(session.mark_key(), "receiver\n" + mark).substr(0, 32);
}

void set_receiver(Store::Session& session, ConnectionKey connection, BaseOrderId order, const std::string& mark,
                  bool only_if_none = false) {
    const std::string key = receiver_key(session, mark);
    const std::int64_t id = order.value(), any = only_if_none ? 0 : 1;
    execute_kept(session,
                 "UPDATE orders SET receiver = :r WHERE connection = :c AND order_id = :o AND erased_at = 0 AND (:any = 1 OR "
                 "receiver = '')",
                 In(key), In(connection), In(id), In(any));
}

void write_row(Store& store, ConnectionKey connection, const OrderRow& row) {
    Store::Session& session = store.session();
    const std::string& key = session.mark_key();
    OrderRow kept = row;
    for (std::string* mark : marks_of(kept)) *mark = seal(key, *mark);
    const std::int64_t order = row.order_id.value(), attempt = row.attempt;
    if (attempt > 1) { // it may be sent anew now
        session.sql()
            << "UPDATE orders SET erased_at = 0 WHERE connection = :c AND order_id = :o AND erased_at <> 0 AND attempt < :a",
            soci::use(connection), soci::use(order), soci::use(attempt);
    }
    upsert_rows<Values>(session, connection, 1, [&](std::size_t) { return Values(kept); });
    if (!row.receiver.empty()) set_receiver(session, connection, row.order_id, row.receiver);
    // A run that read the row before its data were erased does not bring them back.
    blank_if_erased(session, connection, row.order_id);
}

} // namespace

void blank_if_erased(Store::Session& session, ConnectionKey connection, BaseOrderId order) {
    const std::int64_t id = order.value();
    execute_kept(
        session,
        "UPDATE orders SET fingerprint = '', agreed = '', source_mark = '', tried = '', receiver = '', closed_at = CASE "
        "WHEN closed_at = 0 THEN erased_at ELSE closed_at END WHERE connection = :c AND order_id = :o AND erased_at <> 0",
        In(connection), In(id));
}

Result<std::int64_t> Orders::count() {
    return reading(store_.session(), "count the orders", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        sql << "SELECT COUNT(*) FROM orders WHERE connection = :c", soci::use(connection_), soci::into(count);
        return count;
    });
}

Result<std::optional<OrderRow>> Orders::find(BaseOrderId order) {
    return reading(store_.session(), read_orders, [&](soci::session&) -> Result<std::optional<OrderRow>> {
        BLONGO_TRY(auto rows, opened(store_, select_kept<Values, ByOrder>(store_.session(), connection_, order.value())));
        return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
    });
}

Result<std::vector<OrderRow>> Orders::find_many(std::span<const BaseOrderId> orders) {
    return reading(store_.session(), read_orders,
                   [&](soci::session& sql) { return opened(store_, select_orders<Values>(sql, connection_, orders)); });
}

Result<std::vector<OrderRow>> Orders::find_many_there(std::span<const OngoingOrderId> orders) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        return opened(store_, select_orders<Values>(sql, connection_, orders, "ongoing_id"));
    });
}

Result<std::vector<OrderRow>> Orders::search(const std::string& text) {
    if (text.empty()) return {};
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        // "0" would find every order whose Ongoing id is not known, "007" what nobody asked for.
        const std::int64_t id = parse_id(text).value_or(0);
        const bool is_id = id != 0 && std::to_string(id) == text;
        // One search per index: joined with OR, SQLite reads every order of the connection.
        std::string matches;
        const auto add = [&](const std::string& column) {
            matches += (matches.empty() ? "" : " UNION ALL ") + ("SELECT order_id FROM orders WHERE connection = :c_" + column) +
                       " AND " + column + " = :v_" + column;
        };
        add("number");
        add("market_number");
        if (is_id) add("ongoing_id");
        return opened(store_, select_rows<Values>(sql, connection_, "AND order_id IN (" + matches + ") ORDER BY order_id",
                                                  [&](soci::statement& statement) {
                                                      for (int i = 0; i < 2; ++i) {
                                                          statement.exchange(soci::use(connection_));
                                                          statement.exchange(soci::use(text));
                                                      }
                                                      if (!is_id) return;
                                                      statement.exchange(soci::use(connection_));
                                                      statement.exchange(soci::use(id));
                                                  }));
    });
}

Result<std::vector<OrderRow>> Orders::list(std::optional<Timestamp> since, int limit) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const std::int64_t from = since ? to_unix_milliseconds(*since) : std::numeric_limits<std::int64_t>::min();
        return opened(store_,
                      select_rows<Values>(sql, connection_,
                                          "AND imported_at >= :since ORDER BY imported_at DESC, order_id DESC" + limited(limit),
                                          [&](soci::statement& statement) { statement.exchange(soci::use(from)); }));
    });
}

Result<std::vector<OrderRow>> Orders::in_state(OrderState state, int limit) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const auto wanted = static_cast<std::int64_t>(state);
        return opened(store_,
                      select_rows<Values>(sql, connection_, "AND state = :state ORDER BY seen_at, order_id" + limited(limit),
                                          [&](soci::statement& statement) { statement.exchange(soci::use(wanted)); }));
    });
}

Result<std::vector<OrderRow>> Orders::watched() {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const auto imported = static_cast<std::int64_t>(OrderState::imported);
        return opened(store_,
                      select_rows<Values>(sql, connection_, "AND state = :state AND closed_at = 0 ORDER BY seen_at, order_id",
                                          [&](soci::statement& statement) { statement.exchange(soci::use(imported)); }));
    });
}

Result<std::vector<BaseOrderId>> Orders::watched_ids() {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const auto imported = static_cast<std::int64_t>(OrderState::imported);
        auto ids = select_rows<IdValues>(sql, connection_, "AND state = :state AND closed_at = 0",
                                         [&](soci::statement& statement) { statement.exchange(soci::use(imported)); });
        std::ranges::sort(ids);
        return Result<std::vector<BaseOrderId>>(std::move(ids));
    });
}

Result<std::vector<BaseOrderId>> Orders::of_receiver(const std::string& mark, Timestamp closed_from) {
    return reading(store_.session(), read_orders, [&](soci::session&) {
        const std::string key = receiver_key(store_.session(), mark);
        const auto imported = static_cast<std::int64_t>(OrderState::imported);
        const std::int64_t from = to_unix_milliseconds(closed_from);
        auto ids = select_kept<IdValues, ByReceiver>(store_.session(), connection_, key, imported, from);
        std::ranges::sort(ids); // see of_market_number()
        return Result<std::vector<BaseOrderId>>(std::move(ids));
    });
}

Result<std::vector<OrderRow>> Orders::without_receiver(BaseOrderId after, int limit) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const std::int64_t id = after.value();
        return opened(store_, select_rows<Values>(sql, connection_,
                                                  "AND order_id > :after AND receiver = '' AND agreed <> '' AND erased_at = 0 "
                                                  "ORDER BY order_id" +
                                                      limited(limit),
                                                  [&](soci::statement& statement) { statement.exchange(soci::use(id)); }));
    });
}

Result<void> Orders::fill_receivers(std::span<const OrderRow> rows) {
    return writing(store_, record_orders, [&](soci::session&) -> Result<void> {
        for (const OrderRow& row : rows) set_receiver(store_.session(), connection_, row.order_id, row.receiver, true);
        return {};
    });
}

Result<std::multimap<std::string, BaseOrderId>> Orders::owners_of_rows(std::span<const std::string> row_numbers) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        std::multimap<std::string, BaseOrderId> owners;
        if (row_numbers.size() == 1) { // an order of one line, as most are
            for (const auto& [order, line] :
                 select_kept<OwnedLineValues, ByRowNumber>(store_.session(), connection_, row_numbers.front()))
                owners.emplace(line.row_number, order);
            return Result<std::multimap<std::string, BaseOrderId>>(std::move(owners));
        }
        const std::vector<std::string> numbers(row_numbers.begin(), row_numbers.end());
        in_slices(sql, numbers, [&](const auto& bind, const std::string& list) {
            const auto lines = select_rows<OwnedLineValues>(sql, connection_, "AND row_number IN " + list, bind);
            for (const auto& [order, line] : lines) owners.emplace(line.row_number, order);
        });
        return Result<std::multimap<std::string, BaseOrderId>>(std::move(owners));
    });
}

Result<std::map<BaseOrderId, std::vector<OrderLineRow>>> Orders::lines_of(std::span<const BaseOrderId> orders) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        std::map<BaseOrderId, std::vector<OrderLineRow>> out;
        in_slices(sql, bound(orders), [&](const auto& bind, const std::string& list) {
            auto lines =
                select_rows<OwnedLineValues>(sql, connection_, "AND order_id IN " + list + " ORDER BY order_id, position", bind);
            for (auto& [order, line] : lines) out[order].push_back(std::move(line));
        });
        return Result<std::map<BaseOrderId, std::vector<OrderLineRow>>>(std::move(out));
    });
}

Result<std::vector<OrderRow>> Orders::of_market_number(const std::string& number) {
    if (number.empty()) return {};
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        auto rows = select_rows<Values>(sql, connection_, "AND market_number = :number",
                                        [&](soci::statement& statement) { statement.exchange(soci::use(number)); });
        // Sorted here: asked for the order of the key, SQLite walks through all orders in it to find these few.
        std::ranges::sort(rows, {}, &OrderRow::order_id);
        return opened(store_, std::move(rows));
    });
}

Result<void> Orders::put(const OrderRow& row, std::span<const OrderLineRow> lines) {
    return writing(store_, record_orders, [&](soci::session&) -> Result<void> {
        const std::int64_t order = row.order_id.value();
        write_row(store_, connection_, row);
        execute_kept(store_.session(), "DELETE FROM order_lines WHERE connection = :c AND order_id = :o", In(connection_),
                     In(order));
        upsert_rows<LineValues>(store_.session(), connection_, lines.size(), [&](std::size_t i) {
            return LineValues{order, static_cast<std::int64_t>(i), lines[i].quantity, lines[i].row_number,
                              lines[i].article.value()};
        });
        return {};
    });
}

Result<void> Orders::update(const OrderRow& row) {
    return writing(store_, record_orders, [&](soci::session& sql) -> Result<void> {
        const std::int64_t order = row.order_id.value();
        std::int64_t known = 0;
        sql << "SELECT COUNT(*) FROM orders WHERE connection = :c AND order_id = :o", soci::use(connection_), soci::use(order),
            soci::into(known);
        if (known == 0) {
            return fail(ErrorKind::not_found, "the state knows no order of this id", std::to_string(order),
                        "this is a bug of blongo: please report it");
        }
        write_row(store_, connection_, row);
        return {};
    });
}

Result<void> Orders::touch(std::span<const std::pair<BaseOrderId, OrderStatusId>> seen, Timestamp at) {
    if (seen.empty()) return {};
    return writing(store_, record_orders, [&](soci::session& sql) -> Result<void> {
        std::map<std::int64_t, std::int64_t> last;
        for (const auto& [order, status] : seen) last[order.value()] = status.value();
        std::map<std::int64_t, std::vector<std::int64_t>> of_status;
        for (const auto& [order, status] : last) of_status[status].push_back(order);
        const std::int64_t time = to_unix_milliseconds(at);
        for (const auto& [status, orders] : of_status) {
            execute_for_keys(
                sql, orders,
                "UPDATE orders SET seen_at = :at, base_status = :s, absent_at = 0 WHERE connection = :c AND order_id IN ",
                [&](soci::statement& statement) {
                    statement.exchange(soci::use(time));
                    statement.exchange(soci::use(status));
                    statement.exchange(soci::use(connection_));
                });
        }
        return {};
    });
}

Result<std::vector<OrderLineRow>> Orders::lines(BaseOrderId order) {
    return reading(store_.session(), read_orders, [&](soci::session& sql) {
        const std::int64_t id = order.value();
        return Result<std::vector<OrderLineRow>>(
            select_rows<LineValues>(sql, connection_, "AND order_id = :o ORDER BY position",
                                    [&](soci::statement& statement) { statement.exchange(soci::use(id)); }));
    });
}

} // namespace blongo::state

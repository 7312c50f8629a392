// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/stock.hpp>

#include <fmt/format.h>

#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

/// What a run comes to know of the stock; `moved` is set by others, too.
struct ObservedValues {
    std::string number, observed, pushed;
    std::int64_t product_id = 0, is_parent = 0;
    OptionalTime pushed_at;

    ObservedValues() = default;
    explicit ObservedValues(const StockRow& row)
        : number(row.number.value()), observed(row.observed), pushed(row.pushed), product_id(row.product_id.value()),
          is_parent(row.is_parent ? 1 : 0), pushed_at(row.pushed_at) {}

    static const Table& table() {
        static const Table stock{"stock", {"number", "observed", "pushed", "product_id", "is_parent", "pushed_at"}};
        return stock;
    }
    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* text : {&self.number, &self.observed, &self.pushed}) body(*text);
        for (auto* number : {&self.product_id, &self.is_parent}) body(*number);
        body(self.pushed_at);
    }
};

struct StockValues : ObservedValues {
    std::int64_t moved = 0;

    StockValues() = default;
    explicit StockValues(const StockRow& row) : ObservedValues(row), moved(row.moved ? 1 : 0) {}

    static const Table& table() {
        static const Table stock = [] {
            Table whole = ObservedValues::table();
            whole.columns.emplace_back("moved");
            return whole;
        }();
        return stock;
    }
    [[nodiscard]] StockRow row() const {
        return {ArticleNumber{number}, ProductId{product_id}, observed, pushed, is_parent != 0, moved != 0, pushed_at.time()};
    }
    template <class Self, class Body> static void each(Self& self, Body&& body) {
        ObservedValues::each(self, body);
        body(self.moved);
    }
};

struct DemandValues {
    std::int64_t order_id = 0, status = 0, state = 0, confirmed = 0;
    std::string lines, asked, waiting;

    DemandValues() = default;
    explicit DemandValues(const DemandRow& row)
        : order_id(row.order_id.value()), status(row.status.value()), state(static_cast<std::int64_t>(row.state)),
          confirmed(to_unix_milliseconds(row.confirmed)), lines(row.lines), asked(row.asked), waiting(row.waiting) {}

    static const Table& table() {
        static const Table demands{"demands", {"order_id", "status", "state", "confirmed", "lines", "asked", "waiting"}};
        return demands;
    }
    [[nodiscard]] DemandRow row() const {
        return {BaseOrderId{order_id},
                OrderStatusId{status},
                static_cast<DemandState>(state),
                lines,
                asked,
                waiting,
                from_unix_milliseconds(confirmed)};
    }
    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.status, &self.state, &self.confirmed}) body(*number);
        for (auto* text : {&self.lines, &self.asked, &self.waiting}) body(*text);
    }
};

/// execute_for_keys() of a statement that names the connection only.
template <class Key>
void for_keys(soci::session& sql, const ConnectionKey& connection, const std::vector<Key>& keys, const std::string& text) {
    execute_for_keys(sql, keys, text, [&](soci::statement& statement) { statement.exchange(soci::use(connection)); });
}

template <class Values> Result<void> put_rows(Store& store, const ConnectionKey& connection, std::span<const StockRow> rows) {
    if (rows.empty()) return {};
    return writing(store, "record the stock", [&](soci::session&) -> Result<void> {
        const auto unique = without_doubles(rows, [](const StockRow& row) -> std::string_view { return row.number.value(); });
        upsert_rows<Values>(store.session(), connection, unique.size(), [&](std::size_t i) { return Values(*unique[i]); });
        return {};
    });
}

} // namespace

Result<std::vector<StockRow>> Stock::all() {
    return reading(store_.session(), "read the stock", [&](soci::session& sql) {
        return Result<std::vector<StockRow>>(
            select_rows<StockValues>(sql, connection_, "ORDER BY number", [](soci::statement&) {}));
    });
}

Result<std::int64_t> Stock::count() {
    return reading(store_.session(), "count the stock", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t count = 0;
        sql << "SELECT COUNT(*) FROM stock WHERE connection = :c", soci::use(connection_), soci::into(count);
        return count;
    });
}

Result<void> Stock::put(std::span<const StockRow> rows) {
    return put_rows<StockValues>(store_, connection_, rows);
}

Result<void> Stock::put_observed(std::span<const StockRow> rows) {
    return put_rows<ObservedValues>(store_, connection_, rows);
}

Result<void> Stock::erase(std::span<const ArticleNumber> numbers) {
    if (numbers.empty()) return {};
    return writing(store_, "forget the stock", [&](soci::session& sql) -> Result<void> {
        for_keys(sql, connection_, bound(numbers), "DELETE FROM stock WHERE connection = :c AND number IN ");
        return {};
    });
}

Result<void> Stock::mark_moved(std::span<const ArticleNumber> numbers, bool moved) {
    if (numbers.empty()) return {};
    return writing(store_, "record the stock", [&](soci::session& sql) -> Result<void> {
        for_keys(sql, connection_, bound(numbers),
                 fmt::format("UPDATE stock SET moved = {} WHERE connection = :c AND number IN ", moved ? 1 : 0));
        return {};
    });
}

Result<std::vector<DemandRow>> Demands::all() {
    return reading(store_.session(), "read what orders ask of the stock", [&](soci::session& sql) {
        return Result<std::vector<DemandRow>>(
            select_rows<DemandValues>(sql, connection_, "ORDER BY order_id", [](soci::statement&) {}));
    });
}

Result<void> Demands::put(std::span<const DemandRow> rows) {
    if (rows.empty()) return {};
    return writing(store_, "record what orders ask of the stock", [&](soci::session&) -> Result<void> {
        upsert_rows<DemandValues>(store_.session(), connection_, rows.size(),
                                  [&](std::size_t i) { return DemandValues(rows[i]); });
        return {};
    });
}

Result<void> Demands::erase(std::span<const BaseOrderId> orders) {
    if (orders.empty()) return {};
    return writing(store_, "forget what orders asked of the stock", [&](soci::session& sql) -> Result<void> {
        for_keys(sql, connection_, bound(orders), "DELETE FROM demands WHERE connection = :c AND order_id IN ");
        return {};
    });
}

} // namespace blongo::state

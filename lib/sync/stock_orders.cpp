// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/stock_orders.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/state/articles.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/demand_ledger.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

using state::DemandState;

constexpr std::chrono::hours overlap{1}; ///< contract baselinker 3.1: after a restart, which every run is
constexpr std::chrono::minutes clock_tolerance{10};
constexpr std::chrono::hours held_looked_at{24 * 30}; ///< older ones that Ongoing holds whole change no more
constexpr std::chrono::hours closed_kept{3};          ///< longer than the overlap: a listing shows them again
constexpr std::size_t judged_at_once = 500;           ///< a long listing is never held whole
constexpr std::size_t cheaper_one_by_one = 2;         ///< so many orders of a status are read by id, more by a listing
const std::string confirmed_cursor = "stock.orders_confirmed", id_cursor = "stock.orders_newest_id";

} // namespace

StockOrders::StockOrders(Session& session) : session_(session) {}

Result<void> StockOrders::resolve_statuses() {
    const auto& connection = session_.connection();
    StatusNames resolve(session_);
    const auto done = [&](const config::StatusRef& status) -> Result<void> {
        BLONGO_TRY(const auto id, resolve(status));
        if (id.value() != 0) done_statuses_.insert(id);
        return {};
    };
    BLONGO_TRY(done_statuses_, resolve_cancel_statuses(session_, resolve));
    for (const auto& status : connection.orders.finished_statuses) BLONGO_CHECK(done(status));
    BLONGO_CHECK(done(connection.shipments.status_after_send));
    BLONGO_CHECK(done(connection.shipments.status_after_short_send));
    for (const auto& rule : connection.shipments.couriers) BLONGO_CHECK(done(rule.status_after_send));
    return {};
}

Result<void> StockOrders::load() {
    const auto& connection = session_.connection();
    if (!connection.orders.start_from)
        return fail(ErrorKind::config, fmt::format("connections.{}.orders.start_from is missing", connection.name), "[orders]",
                    "the stock subtracts the orders that were confirmed since then and are not in Ongoing yet");
    const Timestamp now = session_.runtime().clock.now();
    start_from_ = *connection.orders.start_from;
    list_from_ = std::max(start_from_, now - connection.orders.late_window); // what is older and open is remembered
    BLONGO_CHECK(resolve_statuses());
    BLONGO_TRY(const auto rows, state::Demands(session_.store(), session_.key()).all());
    for (const auto& row : rows) {
        rows_.emplace(row.order_id, row);
        count(row, 1);
    }
    state::Cursors cursors(session_.store(), session_.key());
    BLONGO_TRY(const auto confirmed, cursors.number(confirmed_cursor));
    BLONGO_TRY(const auto newest_id, cursors.number(id_cursor));
    if (confirmed) newest_ = from_unix_seconds(*confirmed);
    newest_id_ = BaseOrderId{newest_id.value_or(0)};
    first_ = !newest_;
    return {};
}

Result<void> StockOrders::read(bool complete) {
    BLONGO_CHECK(load());
    baselinker::OrderQuery query;
    query.date_confirmed_from = first_ ? start_from_ : complete ? list_from_ : std::max(list_from_, *newest_ - overlap);
    if (!newest_) newest_ = list_from_;
    const BaseOrderId came_last = newest_id_;
    BLONGO_CHECK(list(query, false, false));
    if (!complete && came_last.value() != 0) { // what came late from a market place was confirmed long ago
        baselinker::OrderQuery late;
        late.id_from = came_last;
        BLONGO_CHECK(list(late, false, false));
    }
    return look_again();
}

Result<std::set<ArticleNumber>> StockOrders::read_new() {
    fresh_.clear();
    baselinker::OrderQuery query;
    query.date_confirmed_from = std::max(list_from_, *newest_ - clock_tolerance);
    BLONGO_CHECK(list(query, true, false));
    return fresh_;
}

Result<void> StockOrders::list(const baselinker::OrderQuery& query, bool late, bool only_known) {
    std::size_t unreadable = 0;
    BLONGO_TRY(const auto listing, session_.baselinker().each_order(
                                       query,
                                       [&](baselinker::Order&& order) -> Result<void> {
                                           if (only_known && !rows_.contains(order.order_id)) return {};
                                           listed_.push_back(std::move(order));
                                           return listed_.size() < judged_at_once ? Result<void>{} : take_listed(late);
                                       },
                                       [&](baselinker::BadOrder&&) -> Result<void> {
                                           ++unreadable;
                                           return {};
                                       }));
    if (unreadable > 0)
        session_.runtime().reporter.warning(session_.connection().name,
                                            fmt::format("{} orders cannot be read: what they ask of the stock is not known; "
                                                        "see them with blongo parked list",
                                                        unreadable));
    if (listing.newest && !query.status_id) newest_ = std::max(*newest_, *listing.newest);
    return take_listed(late);
}

/// A listing of a status that is to show these orders: from the oldest of them on.
Result<void> StockOrders::list_status(OrderStatusId status, const std::vector<const state::DemandRow*>& wanted) {
    baselinker::OrderQuery query;
    query.status_id = status;
    query.date_confirmed_from =
        (*std::ranges::min_element(wanted, {}, [](const auto* row) { return row->confirmed; }))->confirmed;
    return list(query, false, true);
}

/// Orders that were open and that no listing showed: where are they now? One listing for each of their statuses, and the
/// rest by id.
Result<void> StockOrders::look_again() {
    std::map<OrderStatusId, std::vector<const state::DemandRow*>> open;
    for (auto& [id, row] : rows_) {
        if (row.state == DemandState::closed || seen_.contains(id)) continue;
        if (row.state == DemandState::held) {
            BLONGO_TRY(const bool sent, was_sent(id));
            const bool settled = row.waiting == "{}" && row.confirmed + held_looked_at < session_.runtime().clock.now();
            if (sent || settled) { // it left the warehouse: Ongoing's stock has told of it
                count(row, -1);
                row.state = DemandState::closed;
                change(row);
                continue;
            }
        }
        open[row.status].push_back(&row);
    }
    for (const auto& [status, rows] : open) {
        if (rows.size() <= cheaper_one_by_one) continue;
        BLONGO_CHECK(list_status(status, rows));
    }
    std::vector<BaseOrderId> rest;
    for (const auto& [id, row] : rows_)
        if (row.state != DemandState::closed && !seen_.contains(id)) rest.push_back(id);
    std::set<OrderStatusId> listed;
    for (auto id = rest.begin(); id != rest.end(); ++id) {
        if (session_.out_of_time()) return fail(ErrorKind::timeout, "time ran out while reading open orders");
        if (seen_.contains(*id)) continue;
        BLONGO_CHECK(read_one(*id));
        // Orders are moved on in bulk: what one of them moved to shows the others, too.
        std::vector<const state::DemandRow*> left;
        for (auto next = id; next != rest.end(); ++next) left.push_back(&rows_.at(*next));
        const auto moved_to = left.front()->status;
        if (left.size() > cheaper_one_by_one && listed.insert(moved_to).second) BLONGO_CHECK(list_status(moved_to, left));
    }
    for (const auto& [id, row] : rows_)
        if (row.state == DemandState::closed && newest_ && row.confirmed + closed_kept < *newest_) erased_.insert(id);
    return {};
}

Result<void> StockOrders::read_one(BaseOrderId id) {
    BLONGO_TRY(auto page, session_.baselinker().get_order(id));
    if (page.orders.empty() && page.bad.empty()) { // deleted, or merged into another one
        BLONGO_CHECK(close(rows_.at(id)));
        return {};
    }
    listed_ = std::move(page.orders);
    return take_listed(false);
}

/// Whether a package of the order stands: the warehouse has sent it.
Result<bool> StockOrders::was_sent(BaseOrderId id) {
    BLONGO_TRY(const auto deliveries, state::Deliveries(session_.store(), session_.key()).of_order(id));
    return std::ranges::any_of(deliveries, [](const state::DeliveryRow& row) {
        return row.state >= state::DeliveryState::booked && row.state != state::DeliveryState::cancelled;
    });
}

Result<void> StockOrders::take_listed(bool late) {
    std::vector<baselinker::Order> orders;
    orders.swap(listed_);
    if (orders.empty()) return {};
    std::vector<BaseOrderId> ids;
    for (const auto& order : orders) ids.push_back(order.order_id);
    BLONGO_TRY(const auto known, state::Orders(session_.store(), session_.key()).find_many(ids));
    std::set<BaseOrderId> held;
    for (const auto& row : known)
        if (row.state != state::OrderState::cancelled) held.insert(row.order_id);

    state::Articles articles(session_.store(), session_.key());
    std::optional<Error> unread; // a line that cannot be looked up must not count as none
    const map::NumberLookup lookup = [&](ProductId id, bool or_only_variant) -> std::optional<ArticleNumber> {
        auto rows = articles.find_by_source(id);
        if (rows) std::erase_if(*rows, [](const auto& row) { return row.gone; });
        if (rows && rows->empty() && or_only_variant) rows = articles.find_variants(id);
        if (!rows) unread = rows.error();
        if (!rows || rows->size() != 1) return std::nullopt;
        return rows->front().number;
    };
    const auto options = order_map_options(session_.connection());
    std::vector<map::Demand> lines;
    std::set<ArticleNumber> numbers;
    for (const auto& order : orders) {
        lines.push_back(map::order_demand(order, options, lookup));
        for (const auto& [number, pieces] : lines.back()) numbers.insert(number);
    }
    if (unread) return fail(*unread);
    BLONGO_CHECK(read_components(numbers));
    for (std::size_t i = 0; i < orders.size(); ++i)
        BLONGO_CHECK(take(orders[i], lines[i], held.contains(orders[i].order_id), late));
    return {};
}

/// The components of those that are structures in Ongoing, each asked for once a run.
Result<void> StockOrders::read_components(const std::set<ArticleNumber>& numbers) {
    std::vector<ArticleNumber> unknown;
    for (const auto& number : numbers)
        if (asked_components_.insert(number).second) unknown.push_back(number);
    BLONGO_TRY(const auto rows, state::Articles(session_.store(), session_.key()).find_many(unknown));
    std::vector<ArticleNumber> structures;
    for (const auto& row : rows)
        if (row.kind == "Structure") structures.push_back(row.number);
    constexpr auto most = static_cast<std::size_t>(ongoing::limits::numbers_per_lookup);
    for (std::size_t from = 0; from < structures.size(); from += most) {
        const std::span batch(structures.data() + from, std::min(most, structures.size() - from));
        BLONGO_TRY(const auto definitions, session_.ongoing().find_structures(batch));
        for (const auto& definition : definitions) {
            auto& parts = components_[definition.article_number];
            for (const auto& part : definition.rows) {
                const bool whole = part.number_of_items.is_whole();
                parts.emplace_back(part.article_number, part.number_of_items.floor() + (whole ? 0 : 1));
            }
        }
    }
    return {};
}

Result<void> StockOrders::take(const baselinker::Order& order, const map::Demand& lines, bool held, bool late) {
    const auto found = rows_.find(order.order_id);
    const bool is_known = found != rows_.end();
    seen_.insert(order.order_id);
    if (!late) newest_id_ = std::max(newest_id_, order.order_id); // one that came in between is listed by id once more
    const bool counts = order.confirmed && order.date_confirmed && *order.date_confirmed >= start_from_ &&
                        !done_statuses_.contains(order.order_status_id);
    if (!counts) {
        if (is_known && found->second.state != DemandState::closed) {
            found->second.status = order.order_status_id;
            BLONGO_CHECK(close(found->second));
        }
        return {};
    }
    // The stock was read before: what went to Ongoing since is not in it.
    if (late) held = is_known && found->second.state == DemandState::held;
    const map::Demand asked = map::by_components(lines, components_);
    map::Demand waits = asked;
    if (held) {
        map::Demand told = late ? told_before(found->second) : map::Demand{};
        if (!late) {
            BLONGO_TRY(told, told_to_ongoing(order.order_id));
        }
        waits = not_held(asked, told);
    }
    const auto state = held ? DemandState::held : DemandState::waiting;
    state::DemandRow row{order.order_id,     order.order_status_id, state, demand_text(lines), demand_text(asked),
                         demand_text(waits), *order.date_confirmed};
    if (held && (!is_known || found->second.state == DemandState::closed)) {
        BLONGO_TRY(const bool sent, was_sent(order.order_id));
        if (sent) return {};
    }
    if (is_known) {
        auto& before = found->second;
        const bool same = before.state == row.state && before.lines == row.lines && before.waiting == row.waiting;
        if (same && before.status == row.status) return {};
        if (!same) {
            touch(before);
            touch(row);
        }
        count(before, -1);
        count(row, 1);
        before = row;
    } else {
        if (!first_ || late) touch(row);
        count(row, 1);
        rows_.emplace(row.order_id, row);
    }
    change(row);
    return {};
}

/// The lines that Ongoing was told of an order, by components; of no warehouse in particular.
Result<map::Demand> StockOrders::told_to_ongoing(BaseOrderId id) {
    BLONGO_TRY(const auto lines, state::Orders(session_.store(), session_.key()).lines(id));
    map::Demand told;
    std::set<ArticleNumber> numbers;
    for (const auto& line : lines) {
        told[line.article][WarehouseKey{}] += line.quantity;
        numbers.insert(line.article);
    }
    BLONGO_CHECK(read_components(numbers));
    return map::by_components(told, components_);
}

Result<void> StockOrders::close(state::DemandRow& row) {
    touch(row);
    count(row, -1);
    row.state = DemandState::closed;
    change(row);
    return {};
}

void StockOrders::change(const state::DemandRow& row) {
    changed_.insert(row.order_id);
}

void StockOrders::count(const state::DemandRow& row, int sign) {
    if (row.state == DemandState::closed) return;
    for (const auto& [number, warehouses] : demand_in(row.waiting))
        for (const auto& [key, pieces] : warehouses) waiting_[number][key] += sign * pieces;
}

void StockOrders::touch(const state::DemandRow& row) {
    for (const auto& [number, warehouses] : demand_in(row.asked)) {
        moved_.insert(number);
        fresh_.insert(number);
    }
}

std::vector<WaitingOrder> StockOrders::waiting_for(const ArticleNumber& number) const {
    std::vector<WaitingOrder> out;
    for (const auto& [id, row] : rows_) {
        if (row.state == DemandState::closed) continue;
        const auto demand = demand_in(row.waiting);
        const auto asked = demand.find(number);
        if (asked == demand.end()) continue;
        WaitingOrder order{id, row.status, 0};
        for (const auto& [key, pieces] : asked->second) order.pieces += pieces;
        out.push_back(order);
    }
    return out;
}

Result<void> StockOrders::record() {
    if (changed_.empty() && erased_.empty() && moved_.empty() && !newest_) return {};
    std::vector<state::DemandRow> rows;
    for (const auto& id : changed_)
        if (!erased_.contains(id)) rows.push_back(rows_.at(id));
    const std::vector<BaseOrderId> erased(erased_.begin(), erased_.end());
    const std::vector<ArticleNumber> moved(moved_.begin(), moved_.end()); // each is marked once
    BLONGO_CHECK(session_.store().in_transaction([&]() -> Result<void> {
        state::Demands demands(session_.store(), session_.key());
        BLONGO_CHECK(demands.put(rows));
        BLONGO_CHECK(demands.erase(erased));
        BLONGO_CHECK(state::Stock(session_.store(), session_.key()).mark_moved(moved));
        state::Cursors cursors(session_.store(), session_.key());
        BLONGO_CHECK(cursors.set(id_cursor, fmt::to_string(newest_id_)));
        return cursors.set(confirmed_cursor, fmt::to_string(to_unix_seconds(*newest_)));
    }));
    changed_.clear();
    marked_.insert(moved_.begin(), moved_.end());
    moved_.clear();
    return {};
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_sources.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::hours overlap{1}; ///< contract 3.1: 1 h after a restart, which every run is
constexpr int cheap_sweep_calls = 10;    ///< flows.md Orders 1b: swept at every run up to this cost
constexpr std::chrono::hours longest_between_sweeps{1};
constexpr std::int64_t boundless_orders = 1'000; ///< a status with more is swept back to late_window only
constexpr std::size_t single_reads = 20;         ///< by order_id, per run

const std::string confirmed_cursor = "orders.confirmed";
const std::string swept_cursor = "orders.swept_at";
const std::string sweep_calls_cursor = "orders.sweep_calls";
const std::string watch_calls_cursor = "orders.watch_calls";
const std::string journal_cursor = "orders.journal";
const std::string journal_read_cursor = "orders.journal_read_at";
const std::string newest_cursor = "orders.newest_id";
const std::string complete_cursor = "orders.complete_read_at";
const std::string silent_cursor = "orders.journal_silent_since";
constexpr std::chrono::minutes journal_lag{10}; ///< an entry may come later than the order that it tells of
constexpr std::chrono::hours journal_reach{72}; ///< contract 3.3: events of the last 3 days only

std::string held_cursor(OrderStatusId status) {
    return fmt::format("orders.held:{}", status);
}

bool is_relation(const baselinker::JournalEntry& entry) {
    return entry.log_type == log_type::merged || entry.log_type == log_type::split || entry.log_type == log_type::copied;
}

} // namespace

Result<std::optional<Timestamp>> journal_silent_since(state::Store& store, state::ConnectionKey key) {
    BLONGO_TRY(const auto silent, state::Cursors(store, key).number(silent_cursor));
    BLONGO_TRY(const auto newest, state::Cursors(store, key).number(confirmed_cursor));
    if (!silent || !newest || from_unix_seconds(*newest) < from_unix_seconds(*silent) + journal_lag)
        return std::optional<Timestamp>{};
    return std::optional{from_unix_seconds(*silent)};
}

Result<std::optional<Timestamp>> complete_orders_read(state::Store& store, state::ConnectionKey key) {
    BLONGO_TRY(const auto at, state::Cursors(store, key).number(complete_cursor));
    return at ? std::optional{from_unix_seconds(*at)} : std::optional<Timestamp>{};
}

OrderSources::OrderSources(Flow& flow, const OrderStatuses& statuses, Timestamp start_from, std::set<BaseOrderId> backfilled)
    : flow_(flow), statuses_(statuses), start_from_(start_from), backfilled_(std::move(backfilled)),
      read_at_(flow.session().runtime().clock.now()) {}

Result<void> OrderSources::read() {
    BLONGO_TRY(const auto newest, number_cursor(newest_cursor));
    newest_id_ = BaseOrderId{newest.value_or(0)};
    BLONGO_TRY(watched_, state::Orders(flow_.session().store(), flow_.session().key()).watched());
    BLONGO_CHECK(by_confirmation());
    BLONGO_CHECK(read_journal());
    BLONGO_CHECK(sweeps());
    BLONGO_CHECK(watch_sweeps());
    BLONGO_CHECK(follow_journal());
    BLONGO_CHECK(waiting_ones());
    BLONGO_CHECK(missing_ones());
    cursors_[newest_cursor] = fmt::to_string(newest_id_);
    return {};
}

Result<void> OrderSources::read_named(const std::vector<BaseOrderId>& ids) {
    for (const auto& id : ids) BLONGO_CHECK(read_one(id));
    return {};
}

Result<void> OrderSources::read_range(Timestamp from, Timestamp to) {
    for (const auto& status : statuses_.accepted) {
        baselinker::OrderQuery query;
        query.status_id = status;
        query.date_confirmed_from = from;
        BLONGO_CHECK(list(query, [&](baselinker::Order&& order) -> Result<void> {
            if (order.date_confirmed && *order.date_confirmed >= to) return {};
            return take(std::move(order));
        }));
    }
    return {};
}

Result<baselinker::OrderListing> OrderSources::list(const baselinker::OrderQuery& query,
                                                    const std::function<Result<void>(baselinker::Order&&)>& order) {
    return flow_.session().baselinker().each_order(query, order, [&](baselinker::BadOrder&& bad) -> Result<void> {
        seen_.insert(bad.order_id);
        bad_.push_back(std::move(bad));
        return {};
    });
}

Result<void> OrderSources::take(baselinker::Order&& order) {
    newest_id_ = std::max(newest_id_, order.order_id);
    if (!seen_.insert(order.order_id).second) return {};
    orders_.push_back(std::move(order));
    flow_.progress("reading orders", orders_.size(), 0);
    return {};
}

Result<std::optional<std::int64_t>> OrderSources::number_cursor(const std::string& name) {
    return state::Cursors(flow_.session().store(), flow_.session().key()).number(name);
}

Result<void> OrderSources::by_confirmation() {
    BLONGO_TRY(const auto cursor, number_cursor(confirmed_cursor));
    baselinker::OrderQuery query;
    query.date_confirmed_from = cursor ? from_unix_seconds(*cursor) - overlap : start_from_;
    BLONGO_TRY(const auto listing, list(query, [&](baselinker::Order&& order) { return take(std::move(order)); }));
    if (listing.swept_one_second || listing.unordered)
        flow_.session().runtime().reporter.warning(
            flow_.session().connection().name,
            listing.unordered ? "BaseLinker's orders did not come in the order of their confirmation: read by id instead"
                              : "100 or more orders were confirmed in one second: read by id within that second");
    // What import_delay holds back has to come again.
    const Timestamp settled = read_at_ - flow_.session().connection().orders.import_delay;
    if (listing.newest) cursors_[confirmed_cursor] = std::to_string(to_unix_seconds(std::min(*listing.newest, settled)));
    return {};
}

Result<bool> OrderSources::sweep_is_due() {
    BLONGO_TRY(const auto at, number_cursor(swept_cursor));
    BLONGO_TRY(const auto calls, number_cursor(sweep_calls_cursor));
    if (!at || calls.value_or(0) <= cheap_sweep_calls) return true;
    return from_unix_seconds(*at) + longest_between_sweeps <= read_at_;
}

Result<int> OrderSources::sweep(OrderStatusId status, Timestamp from) {
    baselinker::OrderQuery query;
    query.status_id = status;
    query.date_confirmed_from = from;
    BLONGO_TRY(const auto listing, list(query, [&](baselinker::Order&& order) { return take(std::move(order)); }));
    return listing.calls;
}

Result<void> OrderSources::sweeps() {
    BLONGO_TRY(const bool due, sweep_is_due());
    if (!due && !journal_gap_) return {};
    int calls = 0;
    for (const auto& status : statuses_.accepted) {
        BLONGO_TRY(const auto held, number_cursor(held_cursor(status)));
        const Timestamp from =
            held.value_or(0) <= boundless_orders ? Timestamp{} : read_at_ - flow_.session().connection().orders.late_window;
        std::size_t rows = 0;
        const std::size_t bad_before = bad_.size();
        baselinker::OrderQuery query;
        query.status_id = status;
        query.date_confirmed_from = from;
        BLONGO_TRY(const auto listing, list(query, [&](baselinker::Order&& order) {
                       ++rows;
                       return take(std::move(order));
                   }));
        calls += listing.calls;
        cursors_[held_cursor(status)] = std::to_string(rows + bad_.size() - bad_before);
    }
    swept_ = true;
    cursors_[swept_cursor] = std::to_string(to_unix_seconds(read_at_));
    cursors_[sweep_calls_cursor] = std::to_string(calls);
    return {};
}

/// Where imported orders stand that are not finished. Back to the oldest of them, or, where that costs much, to late_window:
/// older ones are then read by their id.
Result<void> OrderSources::watch_sweeps() {
    if (watched_.empty()) return {};
    BLONGO_TRY(const auto calls_before, number_cursor(watch_calls_cursor));
    const auto oldest = std::ranges::min_element(watched_, {}, &state::OrderRow::date_confirmed);
    Timestamp from = oldest->date_confirmed;
    if (calls_before.value_or(0) > cheap_sweep_calls)
        from = std::max(from, read_at_ - flow_.session().connection().orders.late_window);
    int calls = 0;
    for (const auto& status : statuses_.watched()) {
        BLONGO_TRY(const int made, sweep(status, from));
        calls += made;
    }
    cursors_[watch_calls_cursor] = std::to_string(calls);
    return {};
}

Result<void> OrderSources::read_journal() {
    BLONGO_TRY(const auto last, number_cursor(journal_cursor));
    BLONGO_TRY(const auto read_before, number_cursor(journal_read_cursor));
    if (read_before && from_unix_seconds(*read_before) + journal_reach < read_at_) {
        journal_gap_ = true;
        flow_.session().runtime().reporter.warning(
            flow_.session().connection().name,
            fmt::format("the journal of BaseLinker reaches 3 days back and was last read {}: all statuses are read instead",
                        format_utc(from_unix_seconds(*read_before))));
    }
    const std::vector<int> types{log_type::created,      log_type::confirmed,       log_type::removed,    log_type::merged,
                                 log_type::split,        log_type::delivery_edited, log_type::line_added, log_type::line_edited,
                                 log_type::line_removed, log_type::data_edited,     log_type::copied,     log_type::status};
    BLONGO_TRY(journal_, flow_.session().baselinker().get_journal_list(last.value_or(0), types));
    BLONGO_TRY(const auto silent, number_cursor(silent_cursor));
    if (journal_.empty() && !silent) cursors_[silent_cursor] = std::to_string(to_unix_seconds(read_at_));
    if (!journal_.empty() && silent) cursors_[silent_cursor] = "";
    cursors_[journal_read_cursor] = std::to_string(to_unix_seconds(read_at_));
    std::ranges::copy_if(journal_, std::back_inserter(relations_), is_relation);
    return {};
}

/// The journal names orders that entered an accepted status, and imported ones that changed. Its silence proves nothing:
/// the next sweep finds what it left out.
Result<void> OrderSources::follow_journal() {
    std::set<BaseOrderId> ours;
    for (const auto& row : watched_) ours.insert(row.order_id);
    std::size_t reads = 0;
    for (const auto& entry : journal_) {
        const bool entered = entry.log_type == log_type::confirmed ||
                             (entry.log_type == log_type::status && statuses_.accepted.contains(OrderStatusId{entry.object_id}));
        const bool changed = ours.contains(entry.order_id);
        if (((entered && !swept_) || changed) && !seen_.contains(entry.order_id) && !absent_.contains(entry.order_id)) {
            if (++reads > single_reads) break;
            BLONGO_CHECK(read_one(entry.order_id));
        }
        cursors_[journal_cursor] = std::to_string(entry.log_id);
    }
    return {};
}

/// Parked orders wait in statuses that no source lists (our own status_on_error moved them), and a large status is
/// swept back to late_window only.
Result<void> OrderSources::waiting_ones() {
    const Timestamp now = flow_.session().runtime().clock.now();
    std::vector<std::pair<Timestamp, BaseOrderId>> due;
    for (const auto& [key, row] : flow_.parked()) {
        const auto id = parse_id(key);
        if (!id || seen_.contains(BaseOrderId{*id}) || (row.next_try && *row.next_try > now)) continue;
        due.emplace_back(row.last_try, *id);
    }
    for (const auto& id : backfilled_)
        if (!seen_.contains(id) && !flow_.parked().contains(fmt::to_string(id))) due.emplace_back(Timestamp{}, id);
    std::sort(due.begin(), due.end()); // oldest look first: with many, each has its turn
    if (due.size() > single_reads) due.resize(single_reads);
    for (const auto& [last, id] : due) BLONGO_CHECK(read_one(id));
    return {};
}

/// Imported orders that no sweep brought although it should have: moved elsewhere by a person, or gone. One that stands in
/// an accepted status comes with that one's sweep, which is not due at every run.
Result<void> OrderSources::missing_ones() {
    std::size_t reads = 0;
    for (const auto& row : watched_) {
        if (reads >= single_reads) break;
        if (seen_.contains(row.order_id) || absent_.contains(row.order_id)) continue;
        if (!swept_ && statuses_.accepted.contains(row.base_status)) continue;
        ++reads;
        BLONGO_CHECK(read_one(row.order_id));
    }
    return {};
}

std::size_t OrderSources::watched_looked_at() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        watched_, [&](const state::OrderRow& row) { return seen_.contains(row.order_id) || absent_.contains(row.order_id); }));
}

Result<void> OrderSources::read_one(BaseOrderId id) {
    BLONGO_TRY(auto page, flow_.session().baselinker().get_order(id));
    if (page.orders.empty() && page.bad.empty()) absent_.insert(id);
    for (auto& order : page.orders) BLONGO_CHECK(take(std::move(order)));
    for (auto& bad : page.bad) seen_.insert(bad.order_id);
    bad_.insert(bad_.end(), std::make_move_iterator(page.bad.begin()), std::make_move_iterator(page.bad.end()));
    return {};
}

Result<void> OrderSources::commit() {
    if (flow_.dry_run()) return {};
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    for (const auto& [name, value] : cursors_) BLONGO_CHECK(cursors.set(name, value));
    return cursors.set(complete_cursor, std::to_string(to_unix_seconds(read_at_)));
}

} // namespace blongo::sync

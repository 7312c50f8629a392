// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/return_sources.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/state/returns.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::hours overlap{1}; ///< contract 3.1, 3.6: date cursors reach back
constexpr int cheap_sweep_calls = 10;    ///< as of orders: swept at every run up to this cost
constexpr std::chrono::hours longest_between_sweeps{1};
constexpr std::int64_t boundless_returns = 1'000;        ///< a status with more is swept back to late_window only
constexpr std::size_t single_reads = 20;                 ///< by return_id, per run
constexpr std::chrono::minutes between_single_reads{15}; ///< of a known return that no sweep brings
constexpr int watched_at_most = 1'000;

const std::string created_cursor = "returns.created";
const std::string swept_cursor = "returns.swept_at";
const std::string sweep_calls_cursor = "returns.sweep_calls";
const std::string journal_cursor = "returns.journal";

/// Events that may bring a return, or change what the warehouse is told (contract 3.6): created, accepted, cancelled,
/// products, data, status.
const std::vector<int> log_types{1, 2, 4, 7, 8, 9, 10, 11};

std::string held_cursor(ReturnStatusId status) {
    return fmt::format("returns.held:{}", status);
}

} // namespace

ReturnSources::ReturnSources(Flow& flow, const ReturnStatuses& statuses)
    : flow_(flow), statuses_(statuses), client_(flow.session().baselinker()), read_at_(flow.session().runtime().clock.now()) {}

Result<void> ReturnSources::read(const std::set<ReturnId>& asked) {
    BLONGO_TRY(const bool due, sweep_is_due());
    if (due) {
        BLONGO_CHECK(sweeps());
    } else {
        BLONGO_CHECK(newly_created());
        BLONGO_CHECK(journal());
    }
    BLONGO_TRY(const auto created, number_cursor(created_cursor));
    if (newest_ && to_unix_seconds(*newest_) > created.value_or(0))
        cursors_[created_cursor] = std::to_string(to_unix_seconds(*newest_));
    return waiting_ones(asked);
}

Result<void> ReturnSources::read_named(const std::vector<ReturnId>& ids, const std::vector<BaseOrderId>& orders) {
    for (const ReturnId id : ids) BLONGO_CHECK(read_one(id));
    for (const BaseOrderId order : orders) {
        baselinker::ReturnQuery query;
        query.order_id = order;
        BLONGO_TRY([[maybe_unused]] const int calls, list(query));
    }
    return {};
}

Result<int> ReturnSources::list(const baselinker::ReturnQuery& query) {
    return client_.each_return(
        query,
        [&](baselinker::OrderReturn&& one) -> Result<void> {
            take(std::move(one));
            return {};
        },
        [&](baselinker::BadReturn&& bad) -> Result<void> {
            seen_.insert(bad.return_id);
            bad_.push_back(std::move(bad));
            return {};
        });
}

void ReturnSources::take(baselinker::OrderReturn&& one) {
    if (!seen_.insert(one.return_id).second) return;
    if (one.date_add) newest_ = std::max(newest_.value_or(*one.date_add), *one.date_add);
    returns_.push_back(std::move(one));
    flow_.progress("reading returns", returns_.size(), 0);
}

Result<std::optional<std::int64_t>> ReturnSources::number_cursor(const std::string& name) {
    return state::Cursors(flow_.session().store(), flow_.session().key()).number(name);
}

Result<bool> ReturnSources::sweep_is_due() {
    BLONGO_TRY(const auto at, number_cursor(swept_cursor));
    BLONGO_TRY(const auto calls, number_cursor(sweep_calls_cursor));
    if (!at || calls.value_or(0) <= cheap_sweep_calls) return true;
    return from_unix_seconds(*at) + longest_between_sweeps <= read_at_;
}

/// Every return that stands in an accepted status. Never further back than start_from less late_window: an order of the
/// ledger is hardly older, and its returns are younger than itself.
Result<void> ReturnSources::sweeps() {
    const auto& orders = flow_.session().connection().orders;
    const Timestamp recent = read_at_ - orders.late_window;
    const Timestamp oldest = orders.start_from ? std::min(*orders.start_from - orders.late_window, recent) : recent;
    std::set<ReturnStatusId> statuses = statuses_.accepted;
    if (statuses.empty()) statuses.insert(ReturnStatusId{}); // one sweep of all
    int calls = 0;
    for (const ReturnStatusId status : statuses) {
        BLONGO_TRY(const auto held, number_cursor(held_cursor(status)));
        baselinker::ReturnQuery query;
        if (status.value() != 0) query.status_id = status;
        query.date_from = held.value_or(0) <= boundless_returns ? oldest : recent;
        const std::size_t before = returns_.size() + bad_.size();
        BLONGO_TRY(const int of_status, list(query));
        calls += of_status;
        cursors_[held_cursor(status)] = std::to_string(returns_.size() + bad_.size() - before);
    }
    cursors_[swept_cursor] = std::to_string(to_unix_seconds(read_at_));
    cursors_[sweep_calls_cursor] = std::to_string(calls);
    return {};
}

Result<void> ReturnSources::newly_created() {
    BLONGO_TRY(const auto cursor, number_cursor(created_cursor));
    if (!cursor) return {};
    baselinker::ReturnQuery query;
    query.date_from = from_unix_seconds(*cursor) - overlap;
    BLONGO_TRY([[maybe_unused]] const int calls, list(query));
    return {};
}

/// Its silence proves nothing: the next sweep finds what it left out.
Result<void> ReturnSources::journal() {
    BLONGO_TRY(const auto last, number_cursor(journal_cursor));
    BLONGO_TRY(const auto entries, client_.get_journal_list(last.value_or(0), log_types));
    std::size_t reads = 0;
    for (const auto& entry : entries) {
        if (!seen_.contains(entry.return_id)) {
            if (++reads > single_reads) break;
            BLONGO_CHECK(read_one(entry.return_id));
        }
        cursors_[journal_cursor] = std::to_string(entry.log_id);
    }
    return {};
}

Result<void> ReturnSources::waiting_ones(const std::set<ReturnId>& asked) {
    const Timestamp now = flow_.session().runtime().clock.now();
    std::vector<std::pair<Timestamp, ReturnId>> due;
    for (const ReturnId id : asked)
        if (!seen_.contains(id)) due.emplace_back(Timestamp{}, id);
    for (const auto& [key, row] : flow_.parked()) {
        const auto id = parse_id(key);
        if (!id || seen_.contains(ReturnId{*id}) || (row.next_try && *row.next_try > now)) continue;
        due.emplace_back(row.last_try, *id);
    }
    BLONGO_TRY(const auto open, state::Returns(flow_.session().store(), flow_.session().key()).open(watched_at_most));
    for (const auto& entry : open)
        if (!seen_.contains(entry.row.return_id) && entry.row.seen_at + between_single_reads <= now)
            due.emplace_back(entry.row.seen_at, entry.row.return_id);
    std::sort(due.begin(), due.end()); // oldest look first: with many, each has its turn
    for (std::size_t i = 0, reads = 0; i < due.size() && reads < single_reads; ++i) {
        if (seen_.contains(due[i].second)) continue;
        ++reads;
        BLONGO_CHECK(read_one(due[i].second));
    }
    return {};
}

Result<void> ReturnSources::read_one(ReturnId id) {
    auto page = client_.get_return(id);
    // No code is documented for a return that is not there: one that is refused says nothing, and stops no other.
    if (!page && page.error().kind == ErrorKind::rejected) return {};
    if (!page) return fail(std::move(page).error());
    if (page->returns.empty() && page->bad.empty()) gone_.push_back(id);
    for (auto& one : page->returns) take(std::move(one));
    for (auto& bad : page->bad) {
        seen_.insert(bad.return_id);
        bad_.push_back(std::move(bad));
    }
    seen_.insert(id);
    return {};
}

Result<void> ReturnSources::commit() {
    if (flow_.dry_run()) return {};
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    for (const auto& [name, value] : cursors_) BLONGO_CHECK(cursors.set(name, value));
    return {};
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
// What the warehouse received of the returns that it was told of.
#include <algorithm>

#include <fmt/format.h>

#include <blongo/sync/return_writer.hpp>

namespace blongo::sync {

namespace {

using state::ReturnState;

constexpr int looks_a_run = 500; ///< returns asked after, oldest look first: with more, each has its turn
constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;

/// By what Ongoing expects now, which people may have changed: all of it, and at least something.
bool has_come(const ongoing::ReturnOrder& there) {
    const bool some = std::ranges::any_of(there.lines, [](const auto& line) { return line.returned > Decimal{}; });
    return some && std::ranges::all_of(there.lines, [](const auto& line) { return line.returned >= line.to_be_returned; });
}

} // namespace

bool ReturnWriter::receive(state::ReturnEntry& entry, const ongoing::ReturnOrder& there) const {
    bool news = false;
    for (auto& line : entry.lines) {
        const auto found = std::ranges::find(there.lines, line.row_number, &ongoing::ReturnOrderLine::row_number);
        if (found == there.lines.end() || found->returned == line.received) continue;
        line.received = found->returned;
        news = true;
    }
    const ReturnState state = has_come(there) ? ReturnState::received : ReturnState::sent;
    if (state == entry.row.state) return news;
    entry.row.state = state;
    if (state != ReturnState::received) return true;
    entry.row.received_at = flow_.session().runtime().clock.now();
    if (statuses_.after_received.value() != 0 && entry.row.fate == state::ReturnStatusFate::none)
        entry.row.fate = state::ReturnStatusFate::wanted;
    return true;
}

void ReturnWriter::report_received(const state::ReturnEntry& entry) {
    auto line = flow_.action(plan::Verb::update, return_key(entry.row.return_id), "received");
    line.step = "received";
    if (entry.row.state == ReturnState::missing) {
        line.reason = "gone in Ongoing";
        line.detail = fmt::format("Ongoing has no return order {} any more", entry.row.number);
        return flow_.report(line);
    }
    for (const auto& row : entry.lines)
        line.changes.push_back({row.row_number, json::Value(row.quantity), json::Value(row.received)});
    std::string pieces;
    for (const auto& row : entry.lines)
        pieces += fmt::format("{}{} of {} x {}", pieces.empty() ? "" : ", ", row.received.to_string(), row.quantity, row.article);
    line.detail = pieces;
    flow_.report(line);
}

Result<void> ReturnWriter::read_back(bool named) {
    std::vector<state::ReturnEntry> open;
    if (named) {
        BLONGO_TRY(open, ledger_.find_many(met_));
        std::erase_if(open, [](const auto& entry) {
            return entry.row.state != ReturnState::sent && entry.row.state != ReturnState::missing;
        });
    } else {
        BLONGO_TRY(open, ledger_.open(looks_a_run));
    }
    std::erase_if(open, [&](const auto& entry) { return read_.contains(entry.row.return_id); });
    for (std::size_t from = 0; from < open.size(); from += batch_size) {
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            return {};
        }
        const std::size_t to = std::min(open.size(), from + batch_size);
        std::vector<ReturnNumber> numbers;
        std::vector<ReturnId> looked;
        for (std::size_t i = from; i < to; ++i) {
            numbers.push_back(open[i].row.number);
            looked.push_back(open[i].row.return_id);
        }
        BLONGO_TRY(const auto found, client_.find(numbers));
        if (!flow_.dry_run()) BLONGO_CHECK(ledger_.touch_looked(looked, flow_.session().runtime().clock.now()));
        for (std::size_t i = from; i < to; ++i) {
            auto& entry = open[i];
            const auto there = std::ranges::find(found, entry.row.number, &ongoing::ReturnOrder::number);
            bool news = false;
            if (there != found.end()) {
                news = receive(entry, *there);
            } else if (entry.row.state != ReturnState::missing) {
                entry.row.state = ReturnState::missing;
                news = true;
            }
            if (!news) continue;
            entry.row.looked_at = flow_.session().runtime().clock.now();
            BLONGO_CHECK(keep(entry));
            report_received(entry);
            if (flow_.dry_run() && entry.row.fate == state::ReturnStatusFate::wanted) status_.plan(entry.row);
        }
        flow_.progress("reading what came back", to, open.size());
    }
    return {};
}

} // namespace blongo::sync

// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_writer.hpp>

#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include <blongo/ongoing/article_listing.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/article_ledger.hpp>

namespace blongo::sync {

namespace {

const std::string done_cursor = "articles.boot_read";       ///< when it was complete
const std::string place_cursor = "articles.boot_read.next"; ///< the id in Ongoing to go on from, until then

} // namespace

Result<void> ArticleWriter::boot_read_once() {
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto done, cursors.get(done_cursor));
    if (done) return {};
    BLONGO_TRY(const auto place, cursors.number(place_cursor));
    std::vector<state::ArticleRow> page;
    std::size_t read = 0;
    const auto take = [&](ongoing::Article&& article) -> Result<void> {
        flow_.progress("reading Ongoing's articles", ++read, 0);
        if (flow_.dry_run() && remember_ && !remember_(article.article_number)) return {};
        page.push_back(row_of(article, targets_));
        return {};
    };
    ongoing::ArticleListing listing(flow_.session().ongoing(), ArticleSystemId{place.value_or(0)});
    for (;;) {
        BLONGO_TRY(const bool more, listing.next(take));
        if (!more) break;
        BLONGO_CHECK(
            keep_read(std::exchange(page, {}), [&] { return cursors.set(place_cursor, fmt::to_string(listing.from())); }));
    }
    boot_read_now_ = !place;
    if (flow_.dry_run()) return {};
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(cursors.erase(place_cursor));
        return cursors.set(done_cursor, format_utc(flow_.session().runtime().clock.now()));
    });
}

/// What the ledger knows already is newer than what was read. `and_place`: recorded with the rows, in one transaction.
Result<void> ArticleWriter::keep_read(std::vector<state::ArticleRow> rows, const std::function<Result<void>()>& and_place) {
    if (flow_.dry_run()) {
        for (auto& row : rows) dry_ledger_.emplace(row.number, std::move(row));
        return {};
    }
    std::vector<ArticleNumber> numbers;
    for (const auto& row : rows) numbers.push_back(row.number);
    BLONGO_TRY(const auto known, ledger_.find_many(numbers));
    std::unordered_set<ArticleNumber> there;
    for (const auto& row : known) there.insert(row.number);
    std::erase_if(rows, [&](const auto& row) { return there.contains(row.number); });
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(ledger_.put(rows));
        return and_place();
    });
}

} // namespace blongo::sync

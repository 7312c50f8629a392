// SPDX-License-Identifier: Apache-2.0
// What happens to a batch before its articles are written one by one: what is known of each, whose they are,
// and what is about to be sent.
#include <algorithm>

#include <fmt/format.h>

#include <blongo/sync/article_item.hpp>
#include <blongo/sync/article_ledger.hpp>

namespace blongo::sync {

Result<void> ArticleWriter::process(std::vector<map::ArticleDocument> documents) {
    std::vector<Item> items;
    items.reserve(documents.size());
    for (auto& document : documents) {
        Item item;
        item.fingerprint = document.fingerprint() + settings_mark_;
        item.document = std::move(document);
        items.push_back(std::move(item));
    }
    BLONGO_CHECK(sort_out(items));
    BLONGO_CHECK(announce(items));
    for (auto& item : items) {
        if (item.done) continue;
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
        BLONGO_CHECK(apply(item));
    }
    if (flow_.session().runtime().clock.boot_time() - pending_since_ >= longest_pending) return flush();
    return {};
}

/// Whether the ledger has an article as it is, so that nothing is to be done.
template <class Row> bool ArticleWriter::is_same(const Item& item, const Row& row) const {
    return row.fingerprint == item.fingerprint && row.active && !row.gone && row.source_id == item.document.source_id &&
           row.product_id == item.document.product_id && row.is_bundle == item.document.is_bundle && !compare_always_;
}

Result<void> ArticleWriter::leave_alone(Item& item) {
    flow_.report(flow_.action(plan::Verb::same, item.document.number.value(), "unchanged"));
    if (!flow_.dry_run()) touched_.push_back(item.document.number);
    item.done = true;
    ++left_alone_;
    return flow_.release(item.document.number.value());
}

/// Ends the items that are as they were agreed, which most are in most runs: by the few columns that tell. Answers the
/// numbers of the others that the ledger knows.
Result<std::vector<ArticleNumber>> ArticleWriter::leave_same(std::vector<Item>& items) {
    std::vector<ArticleNumber> numbers, known;
    for (const auto& item : items) numbers.push_back(item.document.number);
    BLONGO_TRY(auto marks, ledger_.marks(numbers));
    std::unordered_map<ArticleNumber, state::ArticleMark> by_number;
    for (auto& mark : marks) by_number.emplace(mark.number, std::move(mark));
    for (auto& item : items) {
        const auto mark = by_number.find(item.document.number);
        if (mark == by_number.end()) continue;
        if (is_same(item, mark->second)) {
            BLONGO_CHECK(leave_alone(item));
        } else {
            known.push_back(item.document.number);
        }
    }
    return known;
}

/// Finds what is known of each item, and ends those for which nothing is to be done.
Result<void> ArticleWriter::sort_out(std::vector<Item>& items) {
    BLONGO_TRY(const auto numbers, leave_same(items));
    BLONGO_TRY(auto rows, ledger_.find_many(numbers));
    std::unordered_map<ArticleNumber, state::ArticleRow> by_number;
    for (auto& row : rows) by_number.emplace(row.number, std::move(row));

    std::vector<Item*> strangers;
    for (auto& item : items) {
        if (item.done) continue;
        if (auto found = by_number.find(item.document.number); found != by_number.end())
            item.known = std::move(found->second);
        else if (auto dry = dry_ledger_.find(item.document.number); dry != dry_ledger_.end())
            item.known = dry->second;
        if (item.known && is_same(item, *item.known)) {
            BLONGO_CHECK(leave_alone(item));
            continue;
        }
        if (flow_.must_wait(item.document.number.value(), item.fingerprint)) {
            BLONGO_CHECK(flow_.keep_parked(item.document.number.value()));
            item.done = true;
            continue;
        }
        if (item.document.source_id.value() != 0 && (!item.known || item.known->source_id != item.document.source_id)) {
            BLONGO_TRY(auto former, ledger_.find_by_source(item.document.source_id));
            for (auto& row : former)
                if (row.number != item.document.number && row.system_id.value() != 0) item.former = std::move(row);
        }
        if (!item.known) strangers.push_back(&item);
    }
    if (!strangers.empty() && !boot_read_now_) BLONGO_CHECK(look_up(strangers));
    for (auto& item : items)
        if (!item.done) BLONGO_CHECK(settle_owner(item));
    return {};
}

/// Whose article is it that has the number? One number may have moved from product to product.
Result<void> ArticleWriter::settle_owner(Item& item) {
    const ProductId holder = item.known ? item.known->source_id : ProductId{};
    if (holder.value() != 0 && holder != item.document.source_id && lives_ && lives_(holder)) {
        deferred_.push_back(std::move(item.document));
        item.done = true;
        return {};
    }
    if (!item.known || !item.former || flow_.dry_run()) return {};
    if (item.known->system_id == item.former->system_id) {
        // Renamed by a run of ours that was killed before its record: the history goes on.
        BLONGO_CHECK(flush());
        BLONGO_CHECK(ledger_.rename(item.former->number, item.document.number, flow_.session().runtime().clock.now()));
        const ArticleNumber number = item.document.number;
        item.known = std::move(item.former);
        item.known->number = number;
        return {};
    }
    if (holder == item.document.source_id || item.known->system_id.value() == 0) return {};
    item.done = true;
    return flow_.park({"exists_in_warehouse", item.document.number.value(), "sku",
                       fmt::format("renamed from {} in BaseLinker, but Ongoing already has another article {}",
                                   item.former->number, item.document.number),
                       item.document.name, item.document.source_id},
                      item.fingerprint);
}

Result<void> ArticleWriter::process_deferred() {
    while (!deferred_.empty()) {
        BLONGO_CHECK(flush());
        auto documents = std::move(deferred_);
        deferred_.clear();
        const std::size_t before = documents.size();
        BLONGO_CHECK(process(std::move(documents)));
        if (deferred_.size() == before) break;
    }
    for (const auto& document : deferred_)
        BLONGO_CHECK(flow_.park({"duplicate_sku", document.number.value(), "sku",
                                 fmt::format("SKUs were exchanged: {} still is another product's article in Ongoing, and "
                                             "only people can say what lies on its place; give one of them a free SKU "
                                             "first",
                                             document.number),
                                 document.name, document.source_id}));
    deferred_.clear();
    return {};
}

/// Writes down what is about to be sent, for the whole batch at once (see sent_member).
Result<void> ArticleWriter::announce(const std::vector<Item>& items) {
    if (flow_.dry_run()) return {};
    std::int64_t left = flow_.writes_left();
    const std::int64_t most_new = flow_.session().connection().articles.max_new_articles;
    std::int64_t new_left = most_new == 0 ? left : most_new - created_;
    std::vector<state::ArticleRow> rows;
    for (const auto& item : items) {
        if (item.done || left-- <= 0) continue;
        state::ArticleRow row;
        json::Value agreed = json::Value::object();
        const bool is_in_ledger = item.known || item.former;
        if (is_in_ledger) {
            row = item.known ? *item.known : *item.former;
            agreed = parsed_object(row.agreed);
        } else {
            if (new_left-- <= 0) continue;
            row = row_for(item.document);
        }
        agreed.set(sent_member, plan::article_agreed(item.document));
        std::string announced = agreed.dump();
        if (is_in_ledger && announced == row.agreed) continue; // as at an attempt before
        row.agreed = std::move(announced);
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return {};
    BLONGO_CHECK(flush());
    return ledger_.put(rows);
}

/// Articles that the ledger does not know may exist: made by people, by another connector, or by
/// a run of ours that was killed between its PUT and its record.
Result<void> ArticleWriter::look_up(std::vector<Item*>& strangers) {
    for (std::size_t from = 0; from < strangers.size(); from += ongoing::limits::numbers_per_lookup) {
        std::vector<ArticleNumber> numbers;
        const std::size_t to = std::min(strangers.size(), from + ongoing::limits::numbers_per_lookup);
        for (std::size_t i = from; i < to; ++i) numbers.push_back(strangers[i]->document.number);
        BLONGO_TRY(const auto found, flow_.session().ongoing().find_articles(numbers));
        for (const auto& article : found)
            for (std::size_t i = from; i < to; ++i)
                if (strangers[i]->document.number == article.article_number) strangers[i]->known = row_of(article, targets_);
    }
    return {};
}

} // namespace blongo::sync
